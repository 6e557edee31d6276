//! `keda-authentication-missing`

use crate::index::Nearness;
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::absence::doubt_of_absence;
use crate::rules::parts::judge_parts;
use crate::rules::words::is_open;
use crate::suggest::is_slip;
use crate::yaml::NodeRef;

const GROUP: &str = products::KEDA;
const KIND: &str = "TriggerAuthentication";
const OF_CLUSTER: &str = "ClusterTriggerAuthentication";

rule!(KedaAuthenticationMissing, "autoscaling/keda-authentication-missing.md", |walk| {
    walk.of_kinds(&[(GROUP, "ScaledObject"), (GROUP, "ScaledJob")], |scaler, cx| {
        let triggers = scaler.node().items_at(&["spec", "triggers"]);
        let references = triggers.filter_map(|it| it.at(&["authenticationRef"]));
        judge_parts(scaler, references, cx, |it, cx| judge_reference(scaler, it, cx))
    });
    walk.of_kinds(&[(GROUP, KIND)], judge_secrets);
});

fn judge_reference(scaler: &Object, reference: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    // One for the whole cluster is found from everywhere, and its Secrets lie beside KEDA.
    if !matches!(reference.str_at(&["kind"]).unwrap_or_default(), "" | KIND) {
        return Verdict::NotApplicable;
    }
    let Some(name) = reference.str_at(&["name"]).filter(|it| !it.is_empty()) else { return Verdict::NotApplicable };
    if is_open(name) {
        return Verdict::open(format!("the name of a {KIND} is a template placeholder"));
    }
    let index = cx.index();
    if index.find(scaler, GROUP, KIND, name).is_some() {
        return Verdict::Pass;
    }
    let elsewhere = index.named(GROUP, KIND, name).first().copied();
    // One for the whole cluster has no namespace that it could be missing from: only the reference lacks its kind.
    let of_cluster = index.named(GROUP, OF_CLUSTER, name).first().copied();
    if let Some(reason) = doubt_of_absence(scaler, (GROUP, KIND, name), elsewhere.or(of_cluster), cx) {
        return Verdict::open(reason);
    }
    if let Some(there) = of_cluster.filter(|_| elsewhere.is_none()) {
        let message = format!("{} logs in by {KIND} {name}, and only a {OF_CLUSTER} is called so", scaler.title());
        return cx
            .fail(scaler, scaler.place_in(reference, &["name"]), message)
            .label(there.name_span(), "this one is found by its kind alone")
            .help(format!("KEDA asks the source without a login and scales nothing: add kind: {OF_CLUSTER}"))
            .verdict();
    }
    let message = format!("{} logs in by {KIND} {name}, which is not {}", scaler.title(), namespace_of(scaler));
    let near = index.first_in(scaler.namespace(), GROUP, KIND);
    let draft = cx.fail(scaler, scaler.place_in(reference, &["name"]), message).help(
        "KEDA looks for it beside the scaler alone, asks the source without a login and scales nothing: add it there, \
         or use a ClusterTriggerAuthentication",
    );
    match (elsewhere, near) {
        (Some(there), _) => draft.label(there.name_span(), format!("this one is {}", namespace_of(there))),
        (None, Some(near)) => draft.label(near.name_span(), "this one is there"),
        (None, None) => draft,
    }
    .verdict()
}

/// The Secrets that an authentication reads in its own namespace.
fn judge_secrets(authentication: &Object, cx: &mut Context<'_>) -> Verdict {
    let targets = authentication.node().items_at(&["spec", "secretTargetRef"]);
    judge_parts(authentication, targets, cx, |it, cx| judge_secret(authentication, it, cx))
}

/// Secrets are rarely among manifests: only one that stands in the wrong place, or has nearly that name, is certain.
fn judge_secret(authentication: &Object, target: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(name) = target.str_at(&["name"]).filter(|it| !it.is_empty()) else { return Verdict::NotApplicable };
    if is_open(name) {
        return Verdict::open("the name of a Secret is a template placeholder");
    }
    let is_made = index.find(authentication, "", "Secret", name).is_some()
        || index.maker_of_name(authentication, None, name).is_some()
        || index.is_named_by_custom_resource(name);
    if is_made {
        return Verdict::Pass;
    }
    let elsewhere = index.named("", "Secret", name).first().copied();
    let near = || {
        let mut secrets = index.of_kind("", "Secret");
        secrets.find(|it| is_slip(name, it.name()) && index.nearness(authentication, it) != Nearness::Different)
    };
    let Some(there) = elsewhere.or_else(near) else {
        return Verdict::open(format!("Secret {name} is not among the manifests"));
    };
    if let Some(reason) = doubt_of_absence(authentication, ("", "Secret", name), Some(there), cx) {
        return Verdict::open(reason);
    }
    let message =
        format!("{} reads Secret {name}, which is not {}", authentication.title(), namespace_of(authentication));
    let draft = cx
        .fail(authentication, authentication.place_in(target, &["name"]), message)
        .absent(&["Secret"])
        .label(there.name_span(), format!("this one is {}", namespace_of(there)));
    match elsewhere {
        Some(_) => draft.help("KEDA reads Secrets beside the TriggerAuthentication alone: move one of the two"),
        None => draft.help(format!("did you mean {}?", there.name())),
    }
    .verdict()
}

fn namespace_of(object: &Object) -> String {
    object.namespace().map_or_else(|| "in its namespace".to_owned(), |it| format!("in namespace {it}"))
}
