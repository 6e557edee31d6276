//! `alert-namespace-unscoped`

use crate::index::monitoring::Selection;
use crate::rule::{NoParams, Rule, Similar, Walk};

pub(crate) struct AlertNamespaceUnscoped;

const HELP: &str = "names are unique in a namespace only: add namespace=\"…\" to the selector";

/// Labels that name one object of a namespace.
const NAMES: &[&str] = &["deployment", "statefulset", "daemonset", "horizontalpodautoscaler"];

impl Rule for AlertNamespaceUnscoped {
    const PAGE: &'static str = include_str!("../../../rules/monitoring/alert-namespace-unscoped.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for rule in cx.index().alert_rules().iter().filter(|it| it.is_alert) {
                let Some(expression) = rule.expression() else { continue };
                let selections = expression.selections();
                let Some((label, name)) = selections.iter().find_map(unscoped) else {
                    cx.pass(rule.object);
                    continue;
                };
                let message = format!("alert {} watches {label} {name} of every namespace", rule.name);
                cx.fail(rule.object, rule.place.clone(), message).help(HELP).listed_with_similar(Similar {
                    noun: "alerts",
                    verdict: "watch objects by name in every namespace",
                    name: rule.name.clone(),
                    help: HELP,
                });
            }
        });
    }
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
