//! `hpa-target-invalid`

use super::hpa_target_not_scalable;
use crate::index::{Index, Target, scale_target};
use crate::model::{Object, WorkloadKind, is_placeholder, kind_in_other_letters, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::new_objects::written_name;
use crate::rules::repairs::correct;
use crate::yaml::Value;

const REFERENCE: &str = "scaleTargetRef";

rule!(HpaTargetInvalid, "autoscaling/hpa-target-invalid.md", |walk| walk.autoscalers(judge));

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    if [target.name, target.kind, target.group.unwrap_or_default()].iter().any(|it| is_placeholder(it)) {
        return Verdict::open("the target is a template placeholder");
    }
    let Some(group) = target.group.filter(|it| !it.is_empty() || target.kind == "ReplicationController") else {
        return no_group(scaler, target, cx);
    };
    if hpa_target_not_scalable::lack(target).is_some() {
        return Verdict::NotApplicable; // Whether it is there or not.
    }
    if let Some(kind) = kind_in_other_letters(group, target.kind) {
        return other_letters(scaler, target, kind, cx);
    }
    match cx.index().target_of(scaler) {
        Some(object) if group == "extensions" && object.group() == "apps" => old_group(scaler, target, object, cx),
        Some(_) => Verdict::Pass,
        None => dangling(scaler, target, if group == "extensions" { "apps" } else { group }, cx),
    }
}

fn no_group(scaler: &Object, target: Target<'_>, cx: &mut Context<'_>) -> Verdict {
    let (kind, name) = (target.kind, target.name);
    let message = match target.group {
        None => format!("{REFERENCE} has no apiVersion: {kind} {name} is looked for in the core group and not found"),
        Some(_) => format!("{REFERENCE} names the core group, which has no {kind} that can be scaled"),
    };
    let refused = if scaler.kind() == "ScaledObject" {
        "KEDA takes a missing apiVersion for apps/v1, but not a written one"
    } else {
        "API servers since 1.34 refuse it; older ones accept it and never scale"
    };
    let help = match group_of(kind) {
        Some(version) => format!("{refused}; write apiVersion: {version}"),
        None => format!("{refused}; write the target's apiVersion"),
    };
    // In the order of the others, so that the object is there.
    let found =
        ["Deployment", "StatefulSet"].contains(&kind).then(|| cx.index().find(scaler, "apps", kind, name)).flatten();
    let repair = found.and_then(|it| aimed(scaler, it, "apiVersion", "apps/v1", cx));
    cx.fail(scaler, scaler.place(&["spec", REFERENCE, "apiVersion"]), message).help(help).fix(repair).verdict()
}

/// The API version of a built-in kind that an HPA may scale.
fn group_of(kind: &str) -> Option<&'static str> {
    let is_apps = matches!(kind, "Deployment" | "StatefulSet" | "ReplicaSet");
    if is_apps { Some("apps/v1") } else { None }
}

fn other_letters(scaler: &Object, target: Target<'_>, kind: &str, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let message = format!("{} scales nothing: there is no kind {}, only {kind}", scaler.title(), target.kind);
    let meant = index.find(scaler, target.group.unwrap_or_default(), kind, target.name);
    let repair = meant.and_then(|it| aimed(scaler, it, "kind", kind, cx));
    let draft = cx
        .fail(scaler, scaler.place(&["spec", REFERENCE, "kind"]), message)
        .help(format!("kinds are compared letter by letter: write kind: {kind}"));
    match meant {
        Some(meant) => draft.label(meant.name_span(), "not scaled by it").fix(repair),
        None => draft,
    }
    .verdict()
}

/// The group that Deployments left with Kubernetes 1.16.
fn old_group(scaler: &Object, target: Target<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let (title, kind) = (scaler.title(), target.kind);
    let repair = aimed(scaler, object, "apiVersion", "apps/v1", cx);
    let message = format!("{title} scales nothing: group extensions has had no {kind} since Kubernetes 1.16");
    cx.fail(scaler, scaler.place(&["spec", REFERENCE, "apiVersion"]), message)
        .label(object.name_span(), format!("{} is in group apps", object.title()))
        .help("write apiVersion: apps/v1")
        .fix(repair)
        .verdict()
}

fn dangling(scaler: &Object, target: Target<'_>, group: &str, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let slip = index.nearly_named(scaler, group, target.kind, target.name);
    if slip.is_none()
        && let Some(reason) = doubt(scaler, target, group, cx)
    {
        return Verdict::open(reason);
    }
    let is_free = slip.is_some_and(|it| is_free(scaler, it, cx));
    let namespace = scaler.namespace().map(|it| format!(" in namespace {it}")).unwrap_or_default();
    let message = format!("{} scales nothing: there is no {} {}{namespace}", scaler.title(), target.kind, target.name);
    let draft = cx.fail(scaler, scaler.place(&["spec", REFERENCE, "name"]), message);
    if let Some(slip) = slip {
        let help = format!("did you mean {}?", slip.name());
        let written = scaler.node().at(&["spec", REFERENCE, "name"]).filter(|it| it.text() == target.name);
        let repair = written.map(|it| correct(scaler, it, written_name(slip))).filter(|_| is_free);
        return draft.label(slip.name_span(), "was this meant?").help(help).fix(repair).verdict();
    }
    let absent = &["Deployment.apps", "StatefulSet.apps", "Rollout.argoproj.io"];
    let draft =
        draft.absent(absent).help("group, kind and name are those of an object in the autoscaler's own namespace");
    match near(index, scaler, target, group) {
        Some((object, text)) => draft.label(object.name_span(), text),
        None => draft,
    }
    .verdict()
}

/// The autoscaler with another word in its reference, so that it scales what it means.
fn aimed(scaler: &Object, meant: &Object, key: &'static str, word: &str, cx: &Context<'_>) -> Option<Repair> {
    is_free(scaler, meant, cx).then(|| Repair::new().set(scaler, &["spec", REFERENCE, key], Value::text(word)))
}

/// Whether an object may be scaled, and nothing else does it.
fn is_free(scaler: &Object, meant: &Object, cx: &Context<'_>) -> bool {
    let index = cx.index();
    let is_store = index.workload_of(meant).is_some_and(|it| it.role.is_system_store());
    !is_store && index.scalers_of(meant).iter().all(|it| it.id() == scaler.id())
}

/// What is there instead: the same name as another kind, or in another namespace.
fn near<'a>(index: &Index<'a>, scaler: &Object, target: Target<'_>, group: &str) -> Option<(&'a Object, String)> {
    for (group, kind) in [("apps", "Deployment"), ("apps", "StatefulSet"), (products::ARGO, "Rollout")] {
        if let Some(object) = index.find(scaler, group, kind, target.name) {
            return Some((object, format!("this is a {kind}")));
        }
    }
    let elsewhere = index.named(group, target.kind, target.name).into_iter().next()?;
    Some((elsewhere, format!("this one is in namespace {}", elsewhere.namespace().unwrap_or("default"))))
}

/// Why a target that is not there may be there all the same.
fn doubt(scaler: &Object, target: Target<'_>, group: &str, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    if index.is_unseen_makers_name(target.name) {
        return Some(format!("a custom resource called {} may make it", target.name));
    }
    if let Some(maker) = index.unseen_maker_near(scaler) {
        return Some(format!("{} may make it", maker.title()));
    }
    let is_elsewhere = !index.named(group, target.kind, target.name).is_empty();
    let is_workload = group == "apps" || WorkloadKind::of_kind(group, target.kind).is_some();
    let has_candidate = is_elsewhere
        || if is_workload { index.has_workload_near(scaler) } else { index.has_kind_near(scaler, group, target.kind) };
    if !has_candidate {
        return Some("nothing that it could mean is in the manifests".to_owned());
    }
    let is_in_run = cx.run().has_elsewhere(index, group, target.kind, target.name);
    is_in_run.then(|| "the target is in another environment of this run".to_owned())
}
