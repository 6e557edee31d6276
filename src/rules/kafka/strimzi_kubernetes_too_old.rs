//! `strimzi-kubernetes-too-old`

use crate::index::kafka::operator::Installation;
use crate::index::kafka::releases;
use crate::model::{Object, Place, Version};
use crate::rule::{Context, Verdict, rule};
use crate::source::Span;

rule!(StrimziKubernetesTooOld, "kafka/strimzi-kubernetes-too-old.md", |walk| {
    walk.each(|index| index.strimzi_installations(), judge);
    walk.environment(judge_configured);
});

fn judge(installation: &Installation<'_>, cx: &mut Context<'_>) -> Verdict {
    let needed = installation.release().and_then(releases::of).and_then(|it| it.kubernetes);
    let Some(needed) = needed else {
        return Verdict::open("what Kubernetes its release needs is not known");
    };
    let versions = cx.index().kubernetes_versions();
    if versions.is_empty() {
        return Verdict::open("the manifests do not tell which Kubernetes it runs on");
    }
    match versions.into_iter().find(|it| it.2 < needed) {
        Some(old) => report(old, needed, &installation.title(), installation.span, cx),
        None => Verdict::Pass,
    }
}

/// Where no manifest installs an operator: the release that the configuration names, against the Kubernetes of the
/// manifests.
fn judge_configured(cx: &mut Context<'_>) {
    let index = cx.index();
    let configured = index.configured_strimzi().filter(|_| index.strimzi_installations().is_empty());
    let Some((release, span)) = configured else { return };
    let Some(needed) = releases::of(release).and_then(|it| it.kubernetes) else { return };
    if let Some(old) = index.kubernetes_versions().into_iter().find(|it| it.2 < needed) {
        report(old, needed, &format!("Strimzi {release}"), span, cx);
    }
}

fn report(
    (object, place, version): (&Object, Place, Version),
    needed: Version,
    operator: &str,
    span: Span,
    cx: &mut Context<'_>,
) -> Verdict {
    let message =
        format!("{} runs on Kubernetes {}, {operator} needs {}", object.title(), version.short(), needed.short());
    cx.fail(object, place, message)
        .label(span, "the release of the operator")
        .help("upgrade Kubernetes first, or stay on an older release of the operator")
        .verdict()
}
