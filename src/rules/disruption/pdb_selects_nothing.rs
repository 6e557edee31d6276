//! `pdb-selects-nothing`

use crate::index::BudgetId;
use crate::model::{Object, Selector};
use crate::rule::{Context, Verdict, rule};
use crate::rules::repairs::correct_label;

rule!(PdbSelectsNothing, "disruption/pdb-selects-nothing.md", |walk| walk.budgets(
    |id, budget, object, cx| match &budget.selector {
        None => no_selector(object, cx),
        Some(selector) => judge_selector(id, object, selector, cx),
    }
));

fn no_selector(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let is_written = object.node().at(&["spec", "selector"]).is_some();
    let (message, help) = if is_written {
        ("an empty selector selects nothing in policy/v1beta1", "name the pods' labels, and move to policy/v1")
    } else {
        ("without a selector the budget selects nothing", "add spec.selector with the labels of the pods")
    };
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help).absent(&[]).verdict()
}

fn judge_selector(id: BudgetId, object: &Object, selector: &Selector<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if !index.selected_by(id).is_empty() {
        return Verdict::Pass;
    }
    if selector.is_open() {
        return Verdict::open("a label of the selector is a template placeholder");
    }
    let near_miss = index.near_miss(object, selector);
    let elsewhere = index.selects_anywhere(selector).map(|it| index.pods(it).owner);
    if near_miss.is_none()
        && let Some(reason) = doubt(object, selector, elsewhere, cx)
    {
        return Verdict::open(reason);
    }
    let message = format!("{} selects no pods: none has {selector}", object.title());
    let mut draft = cx
        .fail(object, object.place(&["spec", "selector"]), message)
        .help("the budget protects nothing; it matches labels of the pods, in its own namespace");
    if let Some(miss) = near_miss {
        draft = draft.fix(correct_label(object, object.node().at(&["spec", "selector", "matchLabels"]), &miss));
        draft = draft
            .label(index.pods(miss.pods).owner.name_span(), format!("its pods have {}: was that meant?", miss.label));
    }
    if let Some(owner) = elsewhere {
        let namespace = owner.namespace().unwrap_or("another namespace");
        let here = object.namespace().unwrap_or("default");
        draft = draft.label(owner.name_span(), format!("has these labels, but in {namespace}, not in {here}"));
    }
    draft.verdict()
}

/// Why the pods may be there all the same.
fn doubt(object: &Object, selector: &Selector<'_>, elsewhere: Option<&Object>, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    if let Some(pods) = index.may_get_labels(object, selector) {
        let owner = index.pods(pods).owner.title();
        return Some(format!("the operator of {owner} may set such labels while the pods run"));
    }
    if let Some(pods) = index.may_be_labelled(object, selector) {
        return Some(format!("pods of {} may get such labels while they run", index.pods(pods).owner.title()));
    }
    if object.namespace() == Some("kube-system") {
        return Some("the cluster itself runs pods in kube-system".to_owned());
    }
    if index.has_open_pods_near(object) {
        return Some("labels of pods in its namespace are template placeholders".to_owned());
    }
    if let Some(maker) = index.unseen_pod_maker_near(object, selector) {
        return Some(format!("{} may make the pods", maker.title()));
    }
    if cx.run().others_have_pods(index, selector) {
        return Some("the pods are in another environment of this run".to_owned());
    }
    if elsewhere.is_none() && !index.has_candidate(object) {
        return Some("no workload of its namespace is in the manifests".to_owned());
    }
    if elsewhere.is_none() && index.environment().is_fragment && !index.has_unprotected_candidate(object) {
        return Some("the pods may stand in another file: every workload here has a budget".to_owned());
    }
    None
}
