//! `alert-namespace-unscoped`

use crate::index::monitoring::{AlertRule, Selection};
use crate::rule::{Context, Similar, Verdict, rule};

const HELP: &str = "names are unique in a namespace only: add namespace=\"…\" to the selector";

/// Labels that name one object of a namespace.
const NAMES: &[&str] = &["deployment", "statefulset", "daemonset", "horizontalpodautoscaler"];

rule!(AlertNamespaceUnscoped, "monitoring/alert-namespace-unscoped.md", |walk| walk
    .each(|index| index.alert_rules().iter().filter(|it| it.is_alert), judge));

fn judge(rule: &AlertRule<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(expression) = rule.expression() else { return Verdict::NotApplicable };
    let selections = expression.selections();
    let Some((label, name)) = selections.iter().find_map(unscoped) else { return Verdict::Pass };
    let message = format!("alert {} watches {label} {name} of every namespace", rule.name);
    let verdict = "watch objects by name in every namespace";
    let alike = Similar { noun: "alerts", verdict, name: rule.name.clone(), help: HELP };
    cx.fail(rule.object, rule.place.clone(), message).help(HELP).listed_with_similar(alike).verdict()
}

/// The object that a selection names without its namespace.
fn unscoped<'e>(selection: &Selection<'e>) -> Option<(&'static str, &'e str)> {
    let is_of_objects = selection.metric().is_some_and(|it| it.starts_with("kube_"));
    let has_namespace = selection.labels().any(|it| it.0.ends_with("namespace"));
    if !is_of_objects || has_namespace || selection.is_open() {
        return None;
    }
    NAMES.iter().find_map(|label| {
        let wanted = selection.wanted(label).find(|it| it.is_positive() && it.is_literal() && !it.text.is_empty())?;
        Some((*label, wanted.text))
    })
}
