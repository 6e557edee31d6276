//! The audit itself: a pure function from environments and configuration to a report.

mod ask;
mod attested;
mod baseline;
mod dedup;
mod dumped;
mod folded;
mod kept;
mod renamed;
mod rendered;
mod schedule;
mod shared;

pub use ask::ask;
pub use kept::Kept;

use crate::config::{Config, Level};
use crate::finding::{EnvironmentSummary, Finding, Found, Passed, Report, RuleId, Severity, Suppressed, Undecided};
use crate::index::{Environments, Index, Memo};
use crate::model::Environment;
use crate::rule::{Context, Entry, Notice, Part, RuleOutput, Shows, Walk};
use crate::rules;
use crate::source::Sources;
use crate::suppress::{self, Suppressions};
use baseline::Known;
use rayon::prelude::*;
use schedule::Planned;
use shared::Shared;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// So many environments for each thread are looked at together, while what was said of those before is taken in.
const TOGETHER: usize = 4;

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
    audit(sources, environments, config, None, |_| ()).0
}

/// Audits environments of which some stand as they stood when `kept` was filled: what rules said of those is not asked
/// again. The configuration has to be the same.
pub fn run_again(sources: &Sources, environments: &[Environment], config: &Config, kept: &mut Kept) -> Report {
    let report = audit(sources, environments, config, Some(kept), |_| ()).0;
    kept.end_round();
    report
}

/// Audits environments and asks each one's index something more, so that what only some callers want costs the
/// others nothing. The answers are in the order of the environments.
pub fn run_and_ask<T>(
    sources: &Sources,
    environments: &[Environment],
    config: &Config,
    question: impl Fn(&Index<'_>) -> T,
) -> (Report, Vec<T>) {
    audit(sources, environments, config, None, question)
}

fn audit<T>(
    sources: &Sources,
    environments: &[Environment],
    config: &Config,
    kept: Option<&Kept>,
    question: impl Fn(&Index<'_>) -> T,
) -> (Report, Vec<T>) {
    let configs = config.of_environments(environments.iter().map(|it| it.name.as_str()));
    let plans = Plan::of_all(config, &configs);
    let memo = Arc::new(Memo::new(environments.len()));
    let indexed = environments.par_iter().zip(&configs);
    let indexes: Vec<Index<'_>> =
        indexed.map(|(it, config)| Index::in_run(it, sources, config, Arc::clone(&memo))).collect();
    let across = Environments::new(&indexes);
    let mut run = Run::new(environments, config);
    let mut ledger = suppress::Ledger::default();
    let mut notices: Vec<Vec<Notice>> = Vec::new();
    let marked = suppress::MarkedFiles::new(sources);
    let look = |at: usize| {
        let (index, config): (_, &Config) = (&indexes[at], &configs[at]);
        let ask = || schedule::all(&plans[at].rules, index, &across, config);
        let ask_one = |it: &Planned| schedule::one(it, index, &across, config);
        let said = kept.map_or_else(ask, |it| it.said(&plans[at].rules, index.environment(), sources, ask, ask_one));
        (at, said, Suppressions::read(index.environment(), &marked, config))
    };
    let mut take = |said: Vec<(usize, Vec<RuleOutput>, Suppressions<'_>)>| {
        for (at, said, mut suppressions) in said {
            let (single, unverified) = (run.report.single_outcomes.len(), run.report.unverified.len());
            run.take(at, &indexes[at], said, &plans[at], &mut suppressions);
            let own = (&run.report.single_outcomes[single..], &run.report.unverified[unverified..]);
            ledger.add(at, &suppressions, own, &|it| plans[at].ran(it));
            notices.push(suppressions.notices());
        }
    };
    let mut said = Vec::new();
    for from in (0..indexes.len()).step_by(TOGETHER * rayon::current_num_threads()) {
        let together = from..indexes.len().min(from + TOGETHER * rayon::current_num_threads());
        let before = std::mem::take(&mut said);
        said = rayon::join(|| take(before), || together.into_par_iter().map(look).collect()).1;
    }
    take(said);
    for (at, notice) in ledger.unused() {
        notices[at].push(notice);
    }
    for (at, notices) in notices.iter().enumerate().filter(|it| !it.1.is_empty()) {
        run.take_notices(at, &indexes[at], &across, &configs[at], &plans[at], notices);
    }
    let answers = indexes.iter().map(question).collect();
    let mut report = run.finish(sources, &across, &configs, &plans);
    // What many small values are made of takes long to give back.
    indexes.into_par_iter().for_each(drop);
    dumped::reword(&mut report, environments);
    (report, answers)
}

/// The rules that run in an environment, and those of them whose findings are asked for.
struct Plan {
    rules: Vec<Planned>,
    hidden: HashSet<RuleId>,
}

impl Plan {
    /// Those of all environments. Most have no configuration of their own.
    fn of_all(config: &Config, configs: &[Cow<'_, Config>]) -> Vec<Arc<Plan>> {
        let common = Arc::new(Plan::new(config));
        let plan = |it: &Cow<'_, Config>| match it {
            Cow::Borrowed(_) => Arc::clone(&common),
            Cow::Owned(own) => Arc::new(Plan::new(own)),
        };
        configs.iter().map(plan).collect()
    }

    fn new(config: &Config) -> Plan {
        // Whoever asks only for suppressions that do nothing needs to know what there would be to suppress.
        let asks_for_all = config.select.iter().any(|it| *it == suppress::UNUSED || *it == suppress::INVALID);
        let is_on = |it: &&'static Entry| runs(it, config) || (asks_for_all && is_not_off(it, config));
        let rules: Vec<&'static Entry> = rules::all().filter(is_on).collect();
        let hidden = rules.iter().filter(|it| !runs(it, config)).map(|it| it.id()).collect();
        let rules = rules.into_iter().map(|rule| Planned { rule, judge: rule.prepare(config) }).collect();
        Plan { rules, hidden }
    }

    fn ran(&self, rule: RuleId) -> bool {
        self.rules.iter().any(|it| it.rule.id() == rule)
    }
}

/// The report in the making.
struct Run<'c> {
    config: &'c Config,
    report: Report,
    found: Shared,
    known: Known<'c>,
}

impl<'c> Run<'c> {
    fn new(environments: &[Environment], config: &'c Config) -> Run<'c> {
        let names = environments.iter().map(|it| it.lasting_name().to_owned()).collect();
        let known = Known::new(config, names);
        Run { config, report: Report::default(), found: Shared::new(environments), known }
    }

    /// Takes in what the rules said of one environment.
    fn take(
        &mut self,
        at: usize,
        index: &Index<'_>,
        said: Vec<RuleOutput>,
        plan: &Plan,
        suppressions: &mut Suppressions<'_>,
    ) {
        let mut findings = Vec::new();
        findings.reserve_exact(said.iter().map(|it| it.findings.len()).sum());
        let mut told = Vec::new();
        let mut outcomes = Vec::new();
        let mut unverified = Vec::new();
        for (rule, said) in plan.rules.iter().map(|it| it.rule).zip(said) {
            findings.extend(said.findings);
            told.extend(said.told);
            outcomes.extend(said.outcomes);
            unverified.extend(said.unverified);
            for (span, subject) in &said.silent {
                suppressions.touch(rule.id(), Some(*span), subject);
            }
            if !plan.hidden.contains(&rule.id()) {
                self.report.passed.extend(passed(rule.id(), at, said.passed));
            }
        }
        dedup::settle(told, &mut findings, &mut outcomes);
        attested::settle(&mut outcomes, &mut unverified, index.config());
        let passed = self.report.passed.iter().rev().take_while(|it| it.environment as usize == at);
        folded::drop_unfounded(&mut outcomes, &findings, passed, index.environment());
        folded::attach(&mut findings, &outcomes);
        if index.environment().is_undeployed {
            // Who deploys the rest by Flux or Argo CD and not this has it lying there, as far as anyone can tell.
            for finding in &mut findings {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        for outcome in &outcomes {
            if let Undecided::Blocked { label, .. } = &outcome.undecided {
                suppressions.touch(outcome.rule, Some(label.span), &outcome.subject);
            }
        }
        let (kept, suppressed) = suppressions.apply(findings);
        let is_shown = |it: RuleId| !plan.hidden.contains(&it);
        self.report.suppressed.extend(suppressed.into_iter().filter(|it| is_shown(it.finding.rule)));
        let kept = self.leave_out_known(at, kept.into_iter().filter(|it| is_shown(it.rule)).collect());
        self.found.add(at, kept);
        outcomes.retain(|it| is_shown(it.rule));
        self.report.unverified.extend(unverified.into_iter().filter(|it| is_shown(it.rule)));
        self.report.single_outcomes.extend(outcomes);
        self.report.environments.push(summarise(index));
    }

    /// What the baseline does not know; it is remembered for a baseline that is to be written.
    fn leave_out_known(&mut self, at: usize, findings: Vec<Found>) -> Vec<Found> {
        if self.config.records {
            let name = self.known.name(at);
            self.report.fingerprints.extend(findings.iter().map(|it| it.fingerprint_in(name)));
        }
        self.known.take(at, findings, &mut self.report.suppressed)
    }

    /// Lets rules say what was noticed when all others had run.
    fn take_notices<'a>(
        &mut self,
        at: usize,
        index: &'a Index<'a>,
        run: &'a Environments<'a>,
        config: &Config,
        plan: &Plan,
        notices: &'a [Notice],
    ) {
        let is_shown = |it: &&Planned| !plan.hidden.contains(&it.rule.id());
        let has_notice = |planned: &&Planned| notices.iter().any(|it| it.rule == planned.rule.id());
        for it in plan.rules.iter().filter(is_shown).filter(has_notice) {
            let part = Part::new(0..index.len());
            let mut context = Context::new(index, run, it.rule.head(), part).with_notices(notices);
            it.judge.check(&mut Walk::new(&mut context, Shows::Whole));
            let said = context.finish(config);
            let mut settings = Suppressions::of_configuration(index.environment(), config);
            let (kept, suppressed) = settings.apply(said.findings);
            self.report.suppressed.extend(suppressed);
            let kept = self.leave_out_known(at, kept);
            self.found.add(at, kept);
        }
    }

    fn finish(
        mut self,
        sources: &Sources,
        environments: &Environments<'_>,
        configs: &[Cow<'_, Config>],
        plans: &[Arc<Plan>],
    ) -> Report {
        let ran: BTreeSet<RuleId> = plans
            .iter()
            .flat_map(|plan| plan.rules.iter().map(|it| it.rule.id()).filter(|it| !plan.hidden.contains(it)))
            .collect();
        let names: Vec<&str> = environments.all().iter().map(|it| it.environment().lasting_name()).collect();
        let all_ran = |rule: &str, environment: &str| {
            let at = names.iter().position(|it| *it == environment);
            at.is_some_and(|at| plans[at].rules.iter().any(|it| it.rule.id() == *rule))
        };
        if let (Some(notice), Some(index)) = (self.known.stale(&all_ran), environments.all().first()) {
            self.take_notices(0, index, environments, &configs[0], &plans[0], &[notice]);
        }
        let mut report = self.report;
        report.rules = rules::all().map(Entry::id).filter(|it| ran.contains(it)).collect();
        report.findings = self.found.finish();
        rendered::move_to_templates(&mut report, sources);
        finish(&mut report);
        report
    }
}

/// Whether a rule runs by a configuration: selected, not ignored, and not off in all its cases.
pub fn runs(rule: &'static Entry, config: &Config) -> bool {
    if rule.is_named(&config.ignore) || (!config.select.is_empty() && !rule.is_named(&config.select)) {
        return false;
    }
    is_not_off(rule, config)
}

fn is_not_off(rule: &'static Entry, config: &Config) -> bool {
    let configured: Option<Level> = config.rules.get(rule.id().as_str()).and_then(|it| it.level);
    configured.map_or_else(|| rule.is_on(config.profile), |it| it.is_some())
}

fn passed(rule: RuleId, environment: usize, mut objects: Vec<u32>) -> Option<Passed> {
    objects.shrink_to_fit();
    let environment = u32::try_from(environment).unwrap_or(u32::MAX);
    (!objects.is_empty()).then_some(Passed { rule, environment, objects })
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

/// Puts everything in its one order.
fn finish(report: &mut Report) {
    for finding in &mut report.findings {
        finding.environments.sort();
        finding.environments.dedup();
    }
    report.findings.sort_by(|one, other| {
        let key = |it: &Finding| (std::cmp::Reverse(it.severity), it.impact, it.rule, it.span);
        key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
    });
    report.single_outcomes.sort();
    report.passed.sort_unstable();
    report.suppressed.sort_by(|one: &Suppressed, other| {
        (one.finding.span, one.finding.rule).cmp(&(other.finding.span, other.finding.rule))
    });
}
