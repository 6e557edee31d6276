//! `pdb-selects-nothing`

use crate::index::{BudgetId, Index, Nearness};
use crate::model::{Object, Operator, Selector};
use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct PdbSelectsNothing;

impl Rule for PdbSelectsNothing {
    const PAGE: &'static str = include_str!("../../../rules/disruption/pdb-selects-nothing.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        let index = cx.index();
        for (id, budget) in index.budgets() {
            let Some(object) = budget.manifest() else { continue };
            match &budget.selector {
                None => no_selector(object, cx),
                Some(selector) => check_selector(id, object, selector, cx),
            }
        }
    }
}

fn no_selector(object: &Object, cx: &mut Context<'_>) {
    let is_written = object.node().at(&["spec", "selector"]).is_some();
    let (message, help) = if is_written {
        ("an empty selector selects nothing in policy/v1beta1", "name the pods' labels, and move to policy/v1")
    } else {
        ("without a selector the budget selects nothing", "add spec.selector with the labels of the pods")
    };
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help);
}

fn check_selector(id: BudgetId, object: &Object, selector: &Selector<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    if !index.selected_by(id).is_empty() {
        return cx.pass(object);
    }
    if is_template(selector) {
        return cx.not_verifiable(object, "a label of the selector is filled in later");
    }
    let elsewhere = index.selects_anywhere(selector).map(|it| index.pods(it).owner);
    let near_miss = nearest(index, object, selector);
    if elsewhere.is_none() && near_miss.is_none() {
        if !has_candidate(index, object) {
            return cx.not_verifiable(object, "no workload of its namespace is in the manifests");
        }
        if let Some(maker) = index.unseen_maker_near(object) {
            return cx.not_verifiable(object, format!("{} may make the pods", maker.title()));
        }
        if cx.anywhere_in_run(|it| it.selects_anywhere(selector).is_some()) {
            return cx.not_verifiable(object, "the pods are in another environment of this run");
        }
    }
    let message = format!("{} selects no pods: none has {selector}", object.title());
    let draft = cx
        .fail(object, object.place(&["spec", "selector"]), message)
        .help("the budget protects nothing; it matches labels of the pods, in its own namespace");
    match (elsewhere, near_miss) {
        (Some(owner), _) => {
            let namespace = owner.namespace().unwrap_or("another namespace");
            let here = object.namespace().unwrap_or("default");
            drop(draft.label(owner.name_span(), format!("has these labels, but in {namespace}, not in {here}")));
        }
        (None, Some(miss)) => {
            drop(draft.label(miss.owner.name_span(), format!("its pods have {}: was that meant?", miss.label)))
        }
        (None, None) => {}
    }
}

fn is_template(selector: &Selector<'_>) -> bool {
    let is_open = |it: &str| it.contains("${") || it.contains("{{") || it.contains("$(");
    selector.requirements.iter().any(|it| is_open(&it.key) || it.values.iter().any(|value| is_open(value)))
}

/// Whether a workload that the budget could mean is in its namespace.
fn has_candidate(index: &Index<'_>, budget: &Object) -> bool {
    index
        .workloads()
        .iter()
        .any(|it| it.kind.is_replicated() && index.nearness(budget, it.object) != Nearness::Different)
}

/// A workload whose label is one slip away from what the selector asks for.
struct NearMiss<'a> {
    owner: &'a Object,
    label: String,
}

fn nearest<'a>(index: &Index<'a>, budget: &Object, selector: &Selector<'_>) -> Option<NearMiss<'a>> {
    for set in index.pod_sets() {
        if index.nearness(budget, set.owner) == Nearness::Different {
            continue;
        }
        let mut misses = Vec::new();
        for requirement in selector.requirements.iter().filter(|it| it.operator == Operator::In) {
            let [wanted] = requirement.values.as_slice() else { return None };
            if let Some(value) = set.labels.get(&requirement.key) {
                if value != wanted.as_ref() {
                    misses.push((requirement.key.to_string(), value.to_owned(), wanted.to_string()));
                }
                continue;
            }
            misses.push((requirement.key.to_string(), String::new(), wanted.to_string()));
        }
        if let [(key, value, wanted)] = misses.as_slice()
            && wanted.len() > 3
            && strsim::osa_distance(value, wanted) == 1
        {
            return Some(NearMiss { owner: set.owner, label: format!("{key}={value}") });
        }
    }
    None
}
