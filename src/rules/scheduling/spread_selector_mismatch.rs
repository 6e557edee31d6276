//! `spread-selector-mismatch`

use super::beside_the_system::runs_beside_the_system;
use super::fault::{Fault, effect_without_nodes, judge, name};
use crate::index::{PodSpec, SpreadTerm};
use crate::model::Place;
use crate::rule::{Context, NoParams, Rule, Walk, cases};

pub(crate) struct SpreadSelectorMismatch;

cases!(SpreadSelectorMismatch: OTHER = "other", SELECTOR_ABSENT = "selector-absent", TOPOLOGY_KEY = "topology-key");

impl Rule for SpreadSelectorMismatch {
    const PAGE: &'static str = include_str!("../../../rules/scheduling/spread-selector-mismatch.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for spec in cx.pod_specs() {
                let terms = cx.spread_terms(&spec);
                let mut is_right = !terms.is_empty();
                for term in terms.iter() {
                    is_right &= check_term(term, &terms, &spec, cx);
                }
                if is_right {
                    cx.pass(spec.object);
                }
            }
        });
    }
}

/// Reports what is wrong with a constraint; whether nothing is.
fn check_term(term: &SpreadTerm<'_>, all: &[SpreadTerm<'_>], spec: &PodSpec<'_>, cx: &mut Context<'_>) -> bool {
    match judge(term, all, spec, cx) {
        Fault::None => return true,
        Fault::Unverifiable(reason) => cx.not_verifiable(spec.object, reason),
        Fault::Key(meant) => wrong_key(term, meant, spec, cx),
        Fault::Unlabelled(title) => unlabelled(term, &title, spec, cx),
        Fault::NoSelector => no_selector(term, spec, cx),
        Fault::OtherNamespaces(names) => other_namespaces(term, &names, spec, cx),
        Fault::SelectsNone(slip) => selects_none(term, slip, spec, cx),
    }
    false
}

fn wrong_key(term: &SpreadTerm<'_>, meant: &'static str, spec: &PodSpec<'_>, cx: &mut Context<'_>) {
    let object = spec.object;
    let key = term.key.unwrap_or_default();
    let message = format!("no node of a cluster carries the label {key}: {}", effect_without_nodes(term.form));
    let case = if runs_beside_the_system(object, cx) { OTHER } else { TOPOLOGY_KEY };
    cx.fail(object, object.place_in(term.node, &["topologyKey"]), message)
        .case(case)
        .heuristic()
        .help(format!("did you mean {meant}?"));
}

fn unlabelled(term: &SpreadTerm<'_>, title: &str, spec: &PodSpec<'_>, cx: &mut Context<'_>) {
    let object = spec.object;
    let key = term.key.unwrap_or_default();
    let message = format!("no node of {title} carries the label {key}: {}", effect_without_nodes(term.form));
    let case = if runs_beside_the_system(object, cx) { OTHER } else { TOPOLOGY_KEY };
    cx.fail(object, object.place_in(term.node, &["topologyKey"]), message)
        .case(case)
        .heuristic()
        .help("give the nodes the label, where the cluster is described; or ask softly, with ScheduleAnyway");
}

fn no_selector(term: &SpreadTerm<'_>, spec: &PodSpec<'_>, cx: &mut Context<'_>) {
    let object = spec.object;
    let effect = if term.form.is_constraint() {
        "it counts no pods, and switches the scheduler's own spreading off"
    } else {
        "it keeps away from no pods"
    };
    let case = if runs_beside_the_system(object, cx) { OTHER } else { SELECTOR_ABSENT };
    let place = object.place_in(term.node, &["labelSelector"]);
    // The item of a list has no key to point at; its topologyKey shows which one it is.
    let place = Place { span: term.node.place(&["topologyKey"]), ..place };
    let help = format!("add labelSelector with {}", wanted(spec, cx));
    cx.fail(object, place, format!("{} has no labelSelector: {effect}", name(term))).case(case).help(help);
}

fn other_namespaces(term: &SpreadTerm<'_>, names: &[String], spec: &PodSpec<'_>, cx: &mut Context<'_>) {
    let object = spec.object;
    let own = object.namespace().unwrap_or_default();
    let key = if names.is_empty() { "namespaceSelector" } else { "namespaces" };
    let there = if names.is_empty() { "other namespaces".to_owned() } else { names.join(", ") };
    let message = format!("{} looks into {there} only, and the pods are in {own}", name(term));
    let runs_beside_the_system = runs_beside_the_system(object, cx);
    let draft = cx
        .fail(object, object.place_in(term.node, &[key]), message)
        .help(format!("it keeps none of these pods apart: remove {key}, so that it means their own namespace"));
    if runs_beside_the_system {
        draft.case(OTHER);
    }
}

fn selects_none(term: &SpreadTerm<'_>, slip: Option<String>, spec: &PodSpec<'_>, cx: &mut Context<'_>) {
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
    let runs_beside_the_system = runs_beside_the_system(object, cx);
    let draft = cx.fail(object, object.place_in(term.node, &["labelSelector"]), message).help(help);
    if runs_beside_the_system {
        draft.case(OTHER);
    }
}

/// Labels by which the pods could be selected.
fn wanted(spec: &PodSpec<'_>, cx: &Context<'_>) -> String {
    cx.index().identity_of(spec)
}
