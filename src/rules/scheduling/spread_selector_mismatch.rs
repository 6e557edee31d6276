//! `spread-selector-mismatch`

use super::beside_the_system::runs_beside_the_system;
use super::fault::{self, Fault, effect_without_nodes, name};
use super::repairs::{KEYS_SINCE, by_revision};
use crate::index::{Index, PodSpec, SpreadTerm};
use crate::model::{Object, Place};
use crate::rule::{CaseName, Context, Repair, Verdict, cases, rule};
use crate::rules::new_objects::copy_selector;
use crate::rules::repairs::restarts_some;

cases!(SpreadSelectorMismatch: OTHER = "other", SELECTOR_ABSENT = "selector-absent", TOPOLOGY_KEY = "topology-key");

rule!(SpreadSelectorMismatch, "scheduling/spread-selector-mismatch.md", |walk| walk.pod_specs(judge));

fn judge<'a>(spec: &PodSpec<'a>, cx: &mut Context<'a>) -> Verdict {
    let terms = cx.spread_terms(spec);
    let mut overall = if terms.is_empty() { Verdict::NotApplicable } else { Verdict::Pass };
    for term in terms.iter() {
        let verdict = judge_term(term, &terms, spec, cx);
        if verdict != Verdict::Pass {
            cx.judge(spec.object, verdict);
            overall = Verdict::NotApplicable;
        }
    }
    overall
}

fn judge_term(term: &SpreadTerm<'_>, all: &[SpreadTerm<'_>], spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    match fault::judge(term, all, spec, cx) {
        Fault::None => Verdict::Pass,
        Fault::Unverifiable(reason) => Verdict::open(reason),
        Fault::Key(meant) => no_node(term, "a cluster", format!("did you mean {meant}?"), spec, cx),
        Fault::Unlabelled(title) => no_node(term, &title, LABEL_NODES.to_owned(), spec, cx),
        Fault::NoSelector => no_selector(term, spec, cx),
        Fault::OtherNamespaces(names) => other_namespaces(term, &names, spec, cx),
        Fault::SelectsNone(slip) => selects_none(term, slip, spec, cx),
    }
}

const LABEL_NODES: &str =
    "give the nodes the label, where the cluster is described; or ask softly, with ScheduleAnyway";

/// The case of what is no application's, or the one that the fault has by itself.
fn case_of(object: &Object, own: Option<CaseName>, cx: &Context<'_>) -> Option<CaseName> {
    if runs_beside_the_system(object, cx) { Some(OTHER) } else { own }
}

/// No node carries the topology key; `whose` nodes are meant.
fn no_node(term: &SpreadTerm<'_>, whose: &str, help: String, spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    let key = term.key.unwrap_or_default();
    let message = format!("no node of {whose} carries the label {key}: {}", effect_without_nodes(term.form));
    let case = case_of(object, Some(TOPOLOGY_KEY), cx);
    let place = object.place_in(term.node, &["topologyKey"]);
    cx.fail(object, place, message).maybe_case(case).heuristic().help(help).verdict()
}

fn no_selector(term: &SpreadTerm<'_>, spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    let effect = if term.form.is_constraint() {
        "it counts no pods, and switches the scheduler's own spreading off"
    } else {
        "it keeps away from no pods"
    };
    let case = case_of(object, Some(SELECTOR_ABSENT), cx);
    let place = object.place_in(term.node, &["labelSelector"]);
    // The item of a list has no key to point at; its topologyKey shows which one it is.
    let place = Place { span: term.node.place(&["topologyKey"]), ..place };
    let help = format!("add labelSelector with {}", wanted(spec, cx));
    let message = format!("{} has no labelSelector: {effect}", name(term));
    let repair = own_selector(spec, term, cx.index());
    cx.fail(object, place, message).maybe_case(case).help(help).fix(repair).verdict()
}

fn other_namespaces(term: &SpreadTerm<'_>, names: &[String], spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    let own = object.namespace().unwrap_or_default();
    let key = if names.is_empty() { "namespaceSelector" } else { "namespaces" };
    let there = if names.is_empty() { "other namespaces".to_owned() } else { names.join(", ") };
    let message = format!("{} looks into {there} only, and the pods are in {own}", name(term));
    let case = case_of(object, None, cx);
    cx.fail(object, object.place_in(term.node, &[key]), message)
        .maybe_case(case)
        .help(format!("it keeps none of these pods apart: remove {key}, so that it means their own namespace"))
        .verdict()
}

fn selects_none(term: &SpreadTerm<'_>, slip: Option<String>, spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    let selector = term.selector.as_ref().map(ToString::to_string).unwrap_or_default();
    let (whose, term_name) = (object.title(), name(term));
    let message = if term.form.is_constraint() {
        format!("{term_name} counts none of the pods of {whose}: none has {selector}")
    } else {
        format!("{term_name} keeps none of the pods of {whose} apart: none has {selector}")
    };
    let help = match slip {
        Some(label) => format!("the pods have {label}: was that meant?"),
        None => format!("select the pods' own labels: {}", wanted(spec, cx)),
    };
    let case = case_of(object, None, cx);
    let place = object.place_in(term.node, &["labelSelector"]);
    let repair = own_selector(spec, term, cx.index());
    cx.fail(object, place, message).maybe_case(case).help(help).fix(repair).verdict()
}

/// The selector of the controller, by which it finds the pods.
fn own_selector(spec: &PodSpec<'_>, term: &SpreadTerm<'_>, index: &Index<'_>) -> Option<Repair> {
    let object = spec.object;
    let repair = Repair::new().set_in(object, term.node, &["labelSelector"], copy_selector(object)?);
    let workload = index.workload_of(object).filter(|_| !index.is_older_than(KEYS_SINCE));
    let repair = match workload {
        Some(workload) => by_revision(repair, object, workload.kind, term),
        None => repair,
    };
    Some(repair.effect(restarts_some(object)))
}

/// Labels by which the pods could be selected.
fn wanted(spec: &PodSpec<'_>, cx: &Context<'_>) -> String {
    cx.index().identity_of(spec)
}
