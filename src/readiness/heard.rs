//! What an audit says of each environment: looked up once for all of them, however many there are.

use crate::finding::{Finding, Outcome, Passed, Report, RuleId, Severity, Subject, Suppressed};
use std::collections::{BTreeMap, HashMap};

/// What is said of one environment, in the report's order.
#[derive(Default)]
pub(super) struct Heard<'a> {
    pub(super) findings: Vec<&'a Finding>,
    pub(super) suppressed: Vec<&'a Suppressed>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) passed: Vec<&'a Passed>,
}

/// The levels of what was found anywhere, by rule and object.
pub(super) type Severities<'a> = BTreeMap<(RuleId, &'a Subject), Severity>;

/// The same of each environment, in their order.
pub(super) fn by_environment(report: &Report) -> Vec<Heard<'_>> {
    let names = report.environments.iter().zip(0..);
    let places: HashMap<&str, usize> = names.map(|(it, at)| (it.name.as_str(), at)).collect();
    let places_of = |it: &Finding| -> Vec<usize> {
        it.environments.iter().filter_map(|it| places.get(it.as_str()).copied()).collect()
    };
    let mut heard: Vec<Heard<'_>> = report.environments.iter().map(|_| Heard::default()).collect();
    for finding in &report.findings {
        for at in places_of(finding) {
            heard[at].findings.push(finding);
        }
    }
    for suppressed in &report.suppressed {
        for at in places_of(&suppressed.finding) {
            heard[at].suppressed.push(suppressed);
        }
    }
    for outcome in report.outcomes() {
        if let Some(at) = places.get(outcome.environment.as_str()) {
            heard[*at].outcomes.push(outcome);
        }
    }
    for passed in &report.passed {
        if let Some(it) = heard.get_mut(passed.environment as usize) {
            it.passed.push(passed);
        }
    }
    heard
}

/// The levels of all findings.
pub(super) fn severities(report: &Report) -> Severities<'_> {
    report.findings.iter().map(|it| ((it.rule, &it.subject), it.severity)).collect()
}
