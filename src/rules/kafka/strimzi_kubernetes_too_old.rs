//! `strimzi-kubernetes-too-old`

use crate::index::kafka::releases;
use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct StrimziKubernetesTooOld;

impl Rule for StrimziKubernetesTooOld {
    const PAGE: &'static str = include_str!("../../../rules/kafka/strimzi-kubernetes-too-old.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        let index = cx.index();
        for installation in index.strimzi_installations() {
            let needed = installation.release().and_then(releases::of).and_then(|it| it.kubernetes);
            let Some(needed) = needed else {
                cx.not_verifiable(installation.object, "what Kubernetes its release needs is not known");
                continue;
            };
            let versions = index.kubernetes_versions();
            if versions.is_empty() {
                cx.not_verifiable(installation.object, "the manifests do not tell which Kubernetes it runs on");
                continue;
            }
            let Some((object, place, found)) = versions.into_iter().find(|it| it.2 < needed) else {
                cx.pass(installation.object);
                continue;
            };
            let (major, minor) = found;
            let message = format!(
                "{} runs on Kubernetes {major}.{minor}, {} needs {}.{}",
                object.title(),
                installation.title(),
                needed.0,
                needed.1
            );
            cx.fail(object, place, message)
                .label(installation.span, "the release of the operator")
                .help("upgrade Kubernetes first, or stay on an older release of the operator");
        }
    }
}
