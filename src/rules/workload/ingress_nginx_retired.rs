//! `ingress-nginx-retired`

use crate::model::products;
use crate::rule::{NoParams, Rule, Similar, Walk};

pub(crate) struct IngressNginxRetired;

const HELP: &str = "ingress-nginx was retired in March 2026 and gets no fixes, for security neither: move to the \
                    Gateway API, or to a controller that is maintained";

impl Rule for IngressNginxRetired {
    const PAGE: &'static str = include_str!("../../../rules/workload/ingress-nginx-retired.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            let index = cx.index();
            for workload in index.ingress_controllers(cx.workloads()) {
                let object = workload.object;
                if let Some(container) =
                    workload.containers().find(|it| it.repository().ends_with("ingress-nginx/controller"))
                {
                    let message = format!("{} runs ingress-nginx, which was retired in March 2026", object.title());
                    cx.fail(object, container.place(object, &["image"]), message).help(HELP);
                }
            }
            for release in cx.of_kind(products::FLUX_HELM, "HelmRelease") {
                let keys = ["spec", "chart", "spec", "chart"];
                if release.node().str_at(&keys) == Some("ingress-nginx") {
                    let message =
                        format!("{} installs ingress-nginx, which was retired in March 2026", release.title());
                    cx.fail(release, release.place(&keys), message).help(HELP);
                }
            }
            for ingress in cx.of_kind("networking.k8s.io", "Ingress").chain(cx.of_kind("apps", "Ingress")) {
                let Some(is_certain) = index.is_for_ingress_nginx(ingress) else { continue };
                let class = ["spec", "ingressClassName"];
                let keys: &[&str] =
                    if ingress.node().at(&class).is_some() { &class } else { &["metadata", "annotations"] };
                let message = format!("{} relies on ingress-nginx, which was retired in March 2026", ingress.title());
                let verdict = "rely on ingress-nginx, which was retired in March 2026";
                let alike = Similar { noun: "Ingresses", verdict, name: ingress.name().to_owned(), help: HELP };
                let draft = cx.fail(ingress, ingress.place(keys), message).help(HELP).listed_with_similar(alike);
                if !is_certain {
                    _ = draft.heuristic();
                }
            }
        });
    }
}
