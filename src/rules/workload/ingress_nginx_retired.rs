//! `ingress-nginx-retired`

use crate::index::Workload;
use crate::model::{Object, products};
use crate::rule::{Context, Similar, Verdict, rule};

const HELP: &str = "ingress-nginx was retired in March 2026 and gets no fixes, for security neither: move to the \
                    Gateway API, or to a controller that is maintained";

rule!(IngressNginxRetired, "workload/ingress-nginx-retired.md", |walk| {
    walk.each(|index| index.ingress_controllers(index.workloads()), judge_workload);
    walk.of_kinds(&[(products::FLUX_HELM, "HelmRelease")], judge_release);
    walk.of_kinds(&[("networking.k8s.io", "Ingress"), ("apps", "Ingress")], judge_ingress);
});

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(container) = workload.containers().find(|it| it.repository().ends_with("ingress-nginx/controller")) else {
        return Verdict::NotApplicable;
    };
    let message = format!("{} runs ingress-nginx, which was retired in March 2026", object.title());
    cx.fail(object, container.place(object, &["image"]), message).help(HELP).verdict()
}

fn judge_release(release: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "chart", "spec", "chart"];
    if release.node().str_at(&keys) != Some("ingress-nginx") {
        return Verdict::NotApplicable;
    }
    let message = format!("{} installs ingress-nginx, which was retired in March 2026", release.title());
    cx.fail(release, release.place(&keys), message).help(HELP).verdict()
}

fn judge_ingress(ingress: &Object, cx: &mut Context<'_>) -> Verdict {
    let Some(is_certain) = cx.index().is_for_ingress_nginx(ingress) else { return Verdict::NotApplicable };
    let class = ["spec", "ingressClassName"];
    let keys: &[&str] = if ingress.node().at(&class).is_some() { &class } else { &["metadata", "annotations"] };
    let message = format!("{} relies on ingress-nginx, which was retired in March 2026", ingress.title());
    let verdict = "rely on ingress-nginx, which was retired in March 2026";
    let alike = Similar { noun: "Ingresses", verdict, name: ingress.name().to_owned(), help: HELP };
    let draft = cx.fail(ingress, ingress.place(keys), message).help(HELP).listed_with_similar(alike);
    if is_certain { draft.verdict() } else { draft.heuristic().verdict() }
}
