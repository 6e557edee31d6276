//! `config-reference-missing`

use super::named_objects::Named;
use crate::index::{ConfigReference, Role, Workload, is_everywhere};
use crate::model::{Object, PodTemplate, WorkloadKind};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::absence::doubt_of_absence;
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

pub(crate) struct ConfigReferenceMissing;

/// The group of priority classes.
const GROUP: &str = "scheduling.k8s.io";
/// Priority classes that every cluster has.
const SYSTEM_CLASSES: &[&str] = &["system-cluster-critical", "system-node-critical"];

cases!(ConfigReferenceMissing: SECRET = "secret", PRIORITY_CLASS = "priority-class");

impl Rule for ConfigReferenceMissing {
    const PAGE: &'static str = include_str!("../../../rules/workload/config-reference-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let named = Named::new(index);
            let mut missing: BTreeMap<(&str, Option<&str>, &str), Vec<ConfigReference<'_>>> = BTreeMap::new();
            for workload in index.workloads() {
                let is_waived = workload.role == Role::Ignored
                    && (workload.kind.is_replicated() || workload.kind == WorkloadKind::Pod);
                if is_waived {
                    continue;
                }
                let references = index.config_references(workload);
                let mut is_right = !references.is_empty();
                for reference in references {
                    match look_up(&reference, cx) {
                        Found::Right => {}
                        Found::Open => is_right = false,
                        Found::Missing => {
                            is_right = false;
                            let key = (reference.kind, reference.object.namespace(), reference.name);
                            missing.entry(key).or_default().push(reference);
                        }
                    }
                }
                if is_right {
                    cx.pass(workload.object);
                }
                check_priority(workload, cx);
                named.check(workload, cx);
            }
            for references in missing.into_values() {
                report(&references, cx);
            }
        });
    }
}

enum Found {
    Right,
    Open,
    Missing,
}

/// Looks for what a reference names; an entry that the found object lacks is reported at once.
fn look_up(reference: &ConfigReference<'_>, cx: &mut Context<'_>) -> Found {
    let object = reference.object;
    if is_open(reference.name) {
        cx.not_verifiable(object, format!("the name of a {} is a template placeholder", reference.kind));
        return Found::Open;
    }
    let found = cx.index().find(object, "", reference.kind, reference.name);
    let Some(there) = found else { return Found::Missing };
    let Some((node, key)) = reference.key else { return Found::Right };
    let holds = |it: &&str| there.node().at(&[it]).is_some_and(|it| it.get(key).is_some());
    let is_known = !is_open(key) && !cx.index().has_unseen_entries(there);
    if ["data", "binaryData", "stringData"].iter().any(holds) || !is_known {
        return Found::Right;
    }
    let names = ["data", "stringData"].iter().filter_map(|it| there.node().at(&[it])).flat_map(NodeRef::entries);
    let names: Vec<String> = names.map(|it| it.name().to_owned()).collect();
    if names.iter().any(|it| is_open(it)) {
        return Found::Open;
    }
    let message = format!("{} has no entry {key}: {} does not start", there.title(), container_of(object));
    let draft = cx
        .fail(object, object.place_in(node, &["key"]), message)
        .label(there.name_span(), format!("has {}", list(&names)))
        .help("the kubelet waits for it before it starts a container: correct the key, add it, or set optional: true");
    if reference.kind == "Secret" {
        draft.case(SECRET);
    }
    Found::Open
}

fn container_of(object: &Object) -> String {
    format!("a container of {}", object.title())
}

/// Says that something is not there: once, however many pods name it.
fn report(references: &[ConfigReference<'_>], cx: &mut Context<'_>) {
    let Some(first) = references.first() else { return };
    let (object, kind, name) = (first.object, first.kind, first.name);
    let elsewhere = cx.index().named("", kind, name).first().copied();
    if let Some(reason) = doubt(first, elsewhere, cx) {
        if let Some(reason) = reason {
            cx.not_verifiable(object, reason);
        }
        return;
    }
    let place = match object.namespace() {
        Some(namespace) => format!("in namespace {namespace}"),
        None => "there".to_owned(),
    };
    let message = format!("{} needs {kind} {name}, which is not {place}", object.title());
    let help = if kind == "Secret" {
        "a pod that is started anew waits for it, unless something outside the manifests makes the Secret"
    } else {
        "a pod that is started anew, on another node say, waits for it: add it, or set optional: true"
    };
    let absent: &[&str] = if kind == "Secret" { &["Secret"] } else { &["ConfigMap"] };
    let mut draft = cx.fail(object, object.place_in(first.node, &[first.name_key]), message).help(help).absent(absent);
    let mut seen = vec![object.name_span()];
    for other in &references[1..] {
        let span = other.object.name_span();
        if !seen.contains(&span) && seen.len() < 5 {
            draft = draft.label(other.node.place(&[other.name_key]), format!("{} needs it, too", other.object.title()));
            seen.push(span);
        }
    }
    if let Some(there) = elsewhere {
        let namespace = there.namespace().unwrap_or("default");
        draft = draft.label(there.name_span(), format!("this one is in namespace {namespace}"));
    }
    if kind == "Secret" {
        draft.case(SECRET);
    }
}

/// Why what is not there may be there all the same: for certain (no reason), or perhaps.
#[expect(clippy::option_option, reason = "there is doubt, and it may need no words")]
fn doubt(reference: &ConfigReference<'_>, elsewhere: Option<&Object>, cx: &Context<'_>) -> Option<Option<String>> {
    let index = cx.index();
    let ConfigReference { object, kind, name, .. } = *reference;
    let is_made = index.maker_of_name(object, None, name).is_some()
        || (kind == "ConfigMap" && is_everywhere(name))
        || (kind == "Secret" && index.is_named_by_custom_resource(name));
    if is_made {
        return Some(None);
    }
    if let Some(reason) = doubt_of_absence(object, ("", kind, name), elsewhere, cx) {
        return Some(Some(reason));
    }
    let prefix = format!("{name}-");
    let is_hash = |it: &str| it.len() == 10 && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    let is_hashed = index.of_kind("", kind).any(|it| it.name().strip_prefix(&prefix).is_some_and(is_hash));
    is_hashed.then(|| Some(format!("a later step may add a hash to {kind} {name}")))
}

/// A pod with a priority class that is not there is refused.
fn check_priority(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let Some(spec) = workload.template.and_then(PodTemplate::spec) else { return };
    let Some(name) = spec.str_at(&["priorityClassName"]).filter(|it| !it.is_empty() && !is_open(it)) else { return };
    let is_there = cx.run().with_object(GROUP, "PriorityClass", name).next().is_some();
    if SYSTEM_CLASSES.contains(&name) || is_there {
        return;
    }
    let classes: Vec<&Object> = cx.index().of_kind(GROUP, "PriorityClass").collect();
    let Some(first) = classes.first().filter(|_| !cx.index().environment().is_fragment) else {
        return cx.not_verifiable(object, format!("PriorityClass {name} is not in the manifests"));
    };
    if let Some(maker) = cx.index().unseen_maker_near(first) {
        return cx.not_verifiable(object, format!("{} may make PriorityClass {name}", maker.title()));
    }
    let names: Vec<String> = classes.iter().map(|it| it.name().to_owned()).collect();
    let message = format!("{} asks for PriorityClass {name}, which is not there", object.title());
    cx.fail(object, object.place_in(spec, &["priorityClassName"]), message)
        .case(PRIORITY_CLASS)
        .absent(&["PriorityClass.scheduling.k8s.io"])
        .label(first.name_span(), format!("there is {}", list(&names)))
        .help("the API server refuses the pods: add the class, or correct the name");
}
