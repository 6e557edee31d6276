//! `config-reference-missing`

use super::judged::is_waived;
use super::named_objects;
use crate::index::{ConfigReference, Index, Workload, is_everywhere};
use crate::model::{Object, ObjectId, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::absence::doubt_of_absence;
use crate::rules::parts::judge_parts;
use crate::rules::repairs::{correct, correct_name};
use crate::rules::words::{is_open, list, names};
use crate::suggest::Candidates;
use crate::yaml::{Entry, NodeRef};
use std::collections::{BTreeMap, HashMap};

/// The group of priority classes.
const GROUP: &str = "scheduling.k8s.io";
/// Priority classes that every cluster has.
const SYSTEM_CLASSES: &[&str] = &["system-cluster-critical", "system-node-critical"];

cases!(ConfigReferenceMissing: SECRET = "secret", PRIORITY_CLASS = "priority-class");

rule!(ConfigReferenceMissing, "workload/config-reference-missing.md", |walk| {
    walk.environment(|cx| {
        let mut missing = Missing::default();
        cx.judge_each(cx.index().workloads(), |it, cx| judge(it, &mut missing, cx));
        for references in missing.references.into_values() {
            let verdict = judge_missing(&references, cx);
            for reference in references {
                cx.judge(reference.object, verdict.clone());
            }
        }
    });
    walk.workloads(judge_priority);
    walk.each(named_objects::all, named_objects::judge);
});

/// What is referred to: its kind, namespace and name.
type Key<'a> = (&'static str, Option<&'a str>, &'a str);

/// What is not there.
#[derive(Default)]
struct Missing<'a> {
    references: BTreeMap<Key<'a>, Vec<ConfigReference<'a>>>,
    /// Whether something makes it, asked once.
    made: BTreeMap<Key<'a>, bool>,
    /// What objects hold, read once.
    entries: HashMap<ObjectId, Entries<'a>>,
}

/// The names of what an object holds.
struct Entries<'a> {
    /// In words; none where one is a template placeholder.
    told: Option<String>,
    all: Candidates<&'a str>,
}

fn judge<'a>(workload: &Workload<'a>, missing: &mut Missing<'a>, cx: &mut Context<'a>) -> Verdict {
    if is_waived(workload) {
        return Verdict::NotApplicable;
    }
    judge_parts(workload.object, cx.index().config_references(workload), cx, |reference, cx| {
        if is_open(reference.name) {
            return Verdict::open(format!("the name of a {} is a template placeholder", reference.kind));
        }
        let ConfigReference { object, kind, name, .. } = reference;
        if let Some(there) = cx.index().find(object, "", kind, name) {
            let entries = missing.entries.entry(there.id());
            return judge_entry(&reference, there, entries.or_insert_with(|| Entries::of(there)), cx);
        }
        let key = (kind, object.namespace(), name);
        if *missing.made.entry(key).or_insert_with(|| is_made(&reference, cx.index())) {
            return Verdict::Pass;
        }
        missing.references.entry(key).or_default().push(reference);
        Verdict::Fail
    })
}

/// Judges whether what a reference names has the entry that it asks for.
fn judge_entry(
    reference: &ConfigReference<'_>,
    there: &Object,
    entries: &Entries<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = reference.object;
    let Some((node, key)) = reference.key else { return Verdict::Pass };
    let holds = |it: &&str| there.node().at(&[it]).is_some_and(|it| it.get(key).is_some());
    let is_known = !is_open(key) && !cx.index().has_unseen_entries(there);
    if ["data", "binaryData", "stringData"].iter().any(holds) || !is_known {
        return Verdict::Pass;
    }
    let Some(names) = &entries.told else {
        return Verdict::open(format!("the entries of {} are template placeholders", there.title()));
    };
    let message = format!("{} has no entry {key}: a container of {} does not start", there.title(), object.title());
    let repair = entries.all.certain(key).zip(node.get("key")).map(|(meant, it)| correct(object, it, meant));
    cx.fail(object, object.place_in(node, &["key"]), message)
        .fix(repair)
        .label(there.name_span(), format!("has {names}"))
        .help("the kubelet waits for it before it starts a container: correct the key, add it, or set optional: true")
        .maybe_case((reference.kind == "Secret").then_some(SECRET))
        .verdict()
}

impl<'a> Entries<'a> {
    fn of(there: &'a Object) -> Entries<'a> {
        let names = ["data", "stringData"].iter().filter_map(|it| there.node().at(&[it])).flat_map(NodeRef::entries);
        let names: Vec<&str> = names.map(Entry::name).collect();
        let words = || list(&names.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>());
        let told = (!names.iter().any(|it| is_open(it))).then(words);
        Entries { told, all: Candidates::new(names) }
    }
}

/// Judges the first of several references to what is not there, however many pods name it.
fn judge_missing(references: &[ConfigReference<'_>], cx: &mut Context<'_>) -> Verdict {
    let first = &references[0];
    let (object, kind, name) = (first.object, first.kind, first.name);
    let elsewhere = cx.index().named("", kind, name).first().copied();
    if let Some(reason) = doubt(first, elsewhere, cx) {
        return Verdict::open(reason);
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
    let mut seen = vec![object.name_span()];
    let mut others = Vec::new();
    for other in &references[1..] {
        let span = other.object.name_span();
        if !seen.contains(&span) && seen.len() < 5 {
            others.push((other.node.place(&[other.name_key]), format!("{} needs it, too", other.object.title())));
            seen.push(span);
        }
    }
    let there = elsewhere
        .map(|it| (it.name_span(), format!("this one is in namespace {}", it.namespace().unwrap_or("default"))));
    let written = first.node.get(first.name_key).filter(|_| references.len() == 1);
    let repair = correct_name(object, written, name, ("", kind), cx.index());
    cx.fail(object, object.place_in(first.node, &[first.name_key]), message)
        .fix(repair)
        .help(help)
        .absent(absent)
        .labels(others)
        .labels(there)
        .maybe_case((kind == "Secret").then_some(SECRET))
        .verdict()
}

/// Whether something makes what is referred to.
fn is_made(reference: &ConfigReference<'_>, index: &Index<'_>) -> bool {
    let ConfigReference { object, kind, name, .. } = *reference;
    index.maker_of_name(object, None, name).is_some()
        || (kind == "ConfigMap" && is_everywhere(name))
        || (kind == "Secret" && index.is_named_by_custom_resource(name))
}

/// Why what is referred to may be there all the same.
fn doubt(reference: &ConfigReference<'_>, elsewhere: Option<&Object>, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    let ConfigReference { object, kind, name, .. } = *reference;
    if let Some(reason) = doubt_of_absence(object, ("", kind, name), elsewhere, cx) {
        return Some(reason);
    }
    index.has_hashed(kind, name).then(|| format!("a later step may add a hash to {kind} {name}"))
}

/// A pod with a priority class that is not there is refused.
fn judge_priority(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let spec = workload.template.filter(|_| !is_waived(workload)).and_then(PodTemplate::spec);
    let named = spec.and_then(|it| Some((it, it.str_at(&["priorityClassName"])?)));
    let Some((spec, name)) = named.filter(|it| !it.1.is_empty()) else { return Verdict::NotApplicable };
    if is_open(name) {
        return Verdict::open("the name of its PriorityClass is a template placeholder");
    }
    let is_there = cx.run().with_object(GROUP, "PriorityClass", name).next().is_some();
    if SYSTEM_CLASSES.contains(&name) || is_there {
        return Verdict::Pass;
    }
    let classes = cx.index().all_of_kind(GROUP, "PriorityClass");
    let Some(first) = classes.first().filter(|_| !cx.index().environment().is_fragment) else {
        return Verdict::open(format!("PriorityClass {name} is not in the manifests"));
    };
    if let Some(maker) = cx.index().unseen_maker_near(first) {
        return Verdict::open(format!("{} may make PriorityClass {name}", maker.title()));
    }
    let message = format!("{} asks for PriorityClass {name}, which is not there", object.title());
    cx.fail(object, object.place_in(spec, &["priorityClassName"]), message)
        .case(PRIORITY_CLASS)
        .absent(&["PriorityClass.scheduling.k8s.io"])
        .label(first.name_span(), format!("there is {}", names(classes.iter().copied())))
        .help("the API server refuses the pods: add the class, or correct the name")
        .verdict()
}
