//! The audit itself: a pure function from environments and configuration to a report.

mod alike;
mod told;

use crate::config::{Config, Level};
use crate::finding::{
    EnvironmentSummary, Finding, Label, Outcome, Passed, Report, RuleId, Subject, Suppressed, Verdict,
};
use crate::index::Index;
use crate::model::Environment;
use crate::rule::{Context, Entry, Said};
use crate::rules;
use crate::source::Sources;
use crate::suppress;
use rayon::prelude::*;
use std::collections::HashMap;

/// Audits environments.
///
/// No files, no clock, no printing: the same input gives the same report, whatever the order of threads.
/// `sources` are the texts that the environments' spans point into.
///
/// ```
/// use edms_lint::{config::Config, engine, load, source::Sources};
///
/// let loaded = load::from_texts(&[("app.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n")]);
/// let report = engine::run(&loaded.sources, &loaded.environments, &Config::default());
/// assert!(report.findings.is_empty());
/// ```
pub fn run(sources: &Sources, environments: &[Environment], config: &Config) -> Report {
    run_and_ask(sources, environments, config, |_| ()).0
}

/// Audits environments and asks each one's index something more, so that what only some callers want costs the
/// others nothing. The answers are in the order of the environments.
pub fn run_and_ask<T>(
    sources: &Sources,
    environments: &[Environment],
    config: &Config,
    question: impl Fn(&Index<'_>) -> T,
) -> (Report, Vec<T>) {
    let rules: Vec<&'static Entry> = rules::all().filter(|it| is_enabled(it, config)).collect();
    let indexes: Vec<Index<'_>> = environments
        .par_iter()
        .map(|it| {
            let mut index = Index::new(it, sources, config);
            if rules.iter().any(|it| TYPE_RULES.contains(&it.id())) {
                index.check_types();
            }
            index
        })
        .collect();
    let mut report = Report { rules: rules.iter().map(|it| it.id()).collect(), ..Report::default() };
    let mut found: Vec<Finding> = Vec::new();
    for (at, index) in indexes.iter().enumerate() {
        let said: Vec<Said> = rules.par_iter().map(|rule| check(rule, index, &indexes, config)).collect();
        let mut findings = Vec::new();
        let mut told = Vec::new();
        let mut outcomes = Vec::new();
        let mut gatherable = alike::Gatherable::new();
        for (rule, said) in rules.iter().zip(said) {
            findings.extend(said.findings);
            told.extend(said.told);
            outcomes.extend(said.outcomes);
            gatherable.extend(said.alike.into_iter().map(|(span, alike)| ((rule.id(), span), alike)));
            report.passed.extend(passed(rule.id(), at, said.passed));
        }
        told::settle(told, &mut findings, &mut outcomes);
        attach_blocked(&mut findings, &outcomes);
        let mut summary = summarise(index);
        let comments = suppress::Comments::read(index.environment(), sources);
        summary.remarks.extend(comments.remarks(sources));
        let (kept, suppressed) = comments.apply(findings);
        found.extend(alike::gather(kept, &gatherable));
        report.suppressed.extend(suppressed);
        report.outcomes.extend(outcomes);
        report.environments.push(summary);
    }
    report.findings = merge(found);
    finish(&mut report);
    let answers = indexes.iter().map(question).collect();
    (report, answers)
}

/// The rules that ask what an object's type says.
const TYPE_RULES: [&str; 2] = ["manifest-invalid", "manifest-unknown-field"];

fn check<'a>(rule: &'static Entry, index: &'a Index<'a>, run: &'a [Index<'a>], config: &Config) -> Said {
    let mut context = Context::new(index, run, rule.page());
    rule.check(config, &mut context);
    context.finish(config)
}

/// Whether a rule runs: selected, not ignored, and not off in all its cases.
fn is_enabled(rule: &'static Entry, config: &Config) -> bool {
    let id = rule.id();
    let page = rule.page();
    let named = |names: &[String]| names.iter().any(|it| it == id || *it == page.component);
    if named(&config.ignore) || (!config.select.is_empty() && !named(&config.select)) {
        return false;
    }
    let configured: Option<Level> = config.rules.get(id).and_then(|it| it.level);
    match configured {
        Some(level) => level.is_some(),
        None => {
            page.levels.of(config.profile).is_some() || page.cases.values().any(|it| it.of(config.profile).is_some())
        }
    }
}

fn passed(rule: RuleId, environment: usize, mut objects: Vec<u32>) -> Option<Passed> {
    objects.sort_unstable();
    objects.shrink_to_fit();
    let environment = u32::try_from(environment).unwrap_or(u32::MAX);
    (!objects.is_empty()).then_some(Passed { rule, environment, objects })
}

/// Shows what is blocked as labels of the findings that block it.
fn attach_blocked(findings: &mut [Finding], outcomes: &[Outcome]) {
    let mut blocked: HashMap<(RuleId, &Subject), Vec<&Label>> = HashMap::new();
    for outcome in outcomes {
        if let Verdict::Blocked { by, carrier, label } = &outcome.verdict {
            blocked.entry((by, carrier)).or_default().push(label);
        }
    }
    for finding in findings {
        let Some(labels) = blocked.remove(&(finding.rule, &finding.subject)) else { continue };
        for label in labels {
            if !finding.labels.contains(label) {
                finding.labels.push(label.clone());
            }
        }
    }
}

fn summarise(index: &Index<'_>) -> EnvironmentSummary {
    let environment = index.environment();
    EnvironmentSummary {
        name: environment.name.clone(),
        reason: environment.reason.clone(),
        remarks: environment.remarks.clone(),
        documents: std::sync::Arc::clone(&environment.documents),
        components: index.classification(),
    }
}

/// Makes one finding of those that two environments share: same rule, place and words.
fn merge(found: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(found.len());
    let mut at: HashMap<(RuleId, crate::source::Span, String), usize> = HashMap::new();
    for finding in found {
        let key = (finding.rule, finding.span, finding.message.clone());
        let Some(there) = at.get(&key) else {
            at.insert(key, merged.len());
            merged.push(finding);
            continue;
        };
        let there = &mut merged[*there];
        there.severity = there.severity.max(finding.severity);
        there.environments.extend(finding.environments);
        for label in finding.labels {
            if !there.labels.contains(&label) {
                there.labels.push(label);
            }
        }
    }
    merged
}

/// Puts everything in its one order.
fn finish(report: &mut Report) {
    for finding in &mut report.findings {
        finding.environments.sort();
        finding.environments.dedup();
    }
    report.findings.sort_by(|one, other| {
        let key = |it: &Finding| (std::cmp::Reverse(it.severity), it.rule, it.span);
        key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
    });
    report.outcomes.sort();
    report.passed.sort_unstable();
    report.suppressed.sort_by(|one: &Suppressed, other| {
        (one.finding.span, one.finding.rule).cmp(&(other.finding.span, other.finding.rule))
    });
}
