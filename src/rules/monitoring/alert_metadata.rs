//! `alert-metadata`

use crate::index::monitoring::{AlertResult, AlertRule, Expression};
use crate::rule::{Context, NoParams, Rule, Similar, Walk};

pub(crate) struct AlertMetadata;

const HELP: &str = "without a wait a single scrape wakes somebody, and without a severity Alertmanager cannot tell \
                    whom: set for and labels.severity";

impl Rule for AlertMetadata {
    const PAGE: &'static str = include_str!("../../../rules/monitoring/alert-metadata.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for rule in cx.index().alert_rules().iter().filter(|it| it.is_alert) {
                check_rule(rule, cx);
            }
        });
    }
}

fn check_rule(rule: &AlertRule<'_>, cx: &mut Context<'_>) {
    let lacks = match (needs_wait(rule) && !rule.waits, rule.has_severity) {
        (true, true) => "does not wait before it fires",
        (false, false) => "has no severity",
        (true, false) => "does not wait before it fires and has no severity",
        (false, true) => return cx.pass(rule.object),
    };
    let message = format!("alert {} {lacks}", rule.name);
    let place = rule.name_place.clone();
    let name = rule.name.clone();
    cx.fail(rule.object, place, message).help(HELP).listed_with_similar(Similar {
        noun: "alerts",
        verdict: "lack a wait or a severity",
        name,
        help: HELP,
    });
}

/// What always fires needs none, and what has a window of its own waits in its way.
fn needs_wait(rule: &AlertRule<'_>) -> bool {
    let waits_anyhow =
        |it: &Expression| it.has_window() || it.changes_slowly() || it.result(&|_| false) == AlertResult::Always;
    rule.expression().is_some_and(|it| !waits_anyhow(it))
}
