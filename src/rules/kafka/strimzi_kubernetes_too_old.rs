//! `strimzi-kubernetes-too-old`

use crate::index::kafka::releases;
use crate::model::{Object, Place, Version};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::source::Span;

pub(crate) struct StrimziKubernetesTooOld;

impl Rule for StrimziKubernetesTooOld {
    const PAGE: &'static str = include_str!("../../../rules/kafka/strimzi-kubernetes-too-old.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            if index.strimzi_installations().is_empty() {
                return check_configured(cx);
            }
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
                match versions.into_iter().find(|it| it.2 < needed) {
                    Some(old) => report(old, needed, &installation.title(), installation.span, cx),
                    None => cx.pass(installation.object),
                }
            }
        });
    }
}

/// The release that the configuration names, against the Kubernetes of the manifests.
fn check_configured(cx: &mut Context<'_>) {
    let Some((release, span)) = cx.index().configured_strimzi() else { return };
    let Some(needed) = releases::of(release).and_then(|it| it.kubernetes) else { return };
    let old = cx.index().kubernetes_versions().into_iter().find(|it| it.2 < needed);
    if let Some(old) = old {
        report(old, needed, &format!("Strimzi {release}"), span, cx);
    }
}

fn report(
    (object, place, version): (&Object, Place, Version),
    needed: Version,
    operator: &str,
    span: Span,
    cx: &mut Context<'_>,
) {
    let message =
        format!("{} runs on Kubernetes {}, {operator} needs {}", object.title(), version.short(), needed.short());
    cx.fail(object, place, message)
        .label(span, "the release of the operator")
        .help("upgrade Kubernetes first, or stay on an older release of the operator");
}
