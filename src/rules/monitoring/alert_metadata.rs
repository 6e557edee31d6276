//! `alert-metadata`

use crate::index::monitoring::{AlertResult, AlertRule, Expression};
use crate::rule::{Context, Similar, Verdict, rule};

const HELP: &str = "without a wait a single scrape wakes somebody, and without a severity Alertmanager cannot tell \
                    whom: set for and labels.severity";

rule!(AlertMetadata, "monitoring/alert-metadata.md", |walk| walk
    .each(|index| index.alert_rules().iter().filter(|it| it.is_alert), judge));

fn judge(rule: &AlertRule<'_>, cx: &mut Context<'_>) -> Verdict {
    let lacks = match (needs_wait(rule) && !rule.waits, rule.has_severity) {
        (true, true) => "does not wait before it fires",
        (false, false) => "has no severity",
        (true, false) => "does not wait before it fires and has no severity",
        (false, true) => return Verdict::Pass,
    };
    let message = format!("alert {} {lacks}", rule.name);
    let verdict = "lack a wait or a severity";
    let alike = Similar { noun: "alerts", verdict, name: rule.name.clone(), help: HELP };
    cx.fail(rule.object, rule.name_place.clone(), message).help(HELP).listed_with_similar(alike).verdict()
}

/// What always fires needs none, and what has a window of its own waits in its way.
fn needs_wait(rule: &AlertRule<'_>) -> bool {
    let waits_anyhow =
        |it: &Expression| it.has_window() || it.changes_slowly() || it.result(&|_| false) == AlertResult::Always;
    rule.expression().is_some_and(|it| !waits_anyhow(it))
}
