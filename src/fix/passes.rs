//! Pass after pass: audit, fix, and audit what came out, until nothing is left that is to be fixed.

use super::apply::{Harmful, Request, apply};
use super::weigh;
use crate::finding::{Finding, Fixed, Report, RuleId, Severity};
use crate::load::Loaded;
use crate::rules;
use crate::yaml::edit::Defect;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use thiserror::Error;

/// So many passes may edit.
const MOST_PASSES: usize = 10;
/// So many times it begins anew without the fixes that did harm, and as often without any fix of their objects.
const MOST_ATTEMPTS: usize = 8;

/// What came of fixing.
pub struct Outcome {
    /// What was read at last.
    pub loaded: Loaded,
    /// What is left to be said of it.
    pub report: Report,
    /// The edited texts by the names of their files.
    pub texts: BTreeMap<String, String>,
    /// The texts that they had before.
    pub originals: BTreeMap<String, String>,
    /// What was fixed, in order.
    pub applied: Vec<Fixed>,
    /// What was not, because an error would have come of it: with the rule of that error.
    pub undone: Vec<(Fixed, RuleId)>,
}

/// Why nothing is fixed.
#[derive(Debug, Error)]
pub enum Stuck {
    /// The audit itself cannot be made.
    #[error("{0}")]
    Audit(String),
    /// An edited text is not what it should be.
    #[error("{file}: {defect}: nothing is written; this is a defect of edms-lint, please report it with the file")]
    Defect {
        /// The file.
        file: String,
        /// What is wrong with it.
        defect: Defect,
    },
    /// Fixes undo each other.
    #[error("the fixes of {0} do not come to an end: nothing is written; fix them one by one with --fix-only")]
    Endless(String),
    /// Without some fixes, others do harm.
    #[error(
        "fixes bring new errors of {0}, whichever are left out: nothing is written; fix them one by one with --fix-only"
    )]
    Harmful(String),
}

/// Fixes what is wanted. `audit` reads everything with these texts in place of those on the disk, by the names of
/// their files, and audits it.
pub fn run(
    request: &Request,
    mut audit: impl FnMut(&BTreeMap<String, String>) -> Result<(Loaded, Report), String>,
) -> Result<Outcome, Stuck> {
    let (loaded, report) = audit(&BTreeMap::new()).map_err(Stuck::Audit)?;
    let before = Before::of(&loaded, &report);
    let mut start = (loaded, report);
    let mut harmful = Harmful::default();
    let mut undone: Vec<(Fixed, RuleId)> = Vec::new();
    let mut attempts = 0;
    loop {
        let outcome = converge(request, start, &harmful, &mut audit)?;
        let mut harm = harm(&outcome, &before);
        if harm.is_empty() {
            return Ok(Outcome { undone, ..outcome });
        }
        attempts += 1;
        if attempts > 2 * MOST_ATTEMPTS {
            let rules: BTreeSet<&str> = harm.iter().map(|it| it.1.as_str()).collect();
            return Err(Stuck::Harmful(rules.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if attempts > MOST_ATTEMPTS {
            harmful.bar_objects(&mut harm, &outcome.applied);
        }
        harmful.fixes.extend(harm.iter().map(|it| it.0.fingerprint.clone()));
        undone.extend(harm);
        start = audit(&BTreeMap::new()).map_err(Stuck::Audit)?;
    }
}

/// Passes until one finds nothing to fix.
fn converge(
    request: &Request,
    (mut loaded, mut report): (Loaded, Report),
    harmful: &Harmful,
    audit: &mut impl FnMut(&BTreeMap<String, String>) -> Result<(Loaded, Report), String>,
) -> Result<Outcome, Stuck> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: HashSet<BTreeMap<String, String>> = HashSet::new();
    let mut originals = BTreeMap::new();
    let mut applied = Vec::new();
    loop {
        weigh(&mut report, &loaded.environments);
        let pass = apply(&report, &loaded.sources, request, harmful);
        let pass =
            pass.map_err(|defect| Stuck::Defect { file: loaded.sources.get(defect.source).name().to_owned(), defect })?;
        if pass.texts.is_empty() {
            return Ok(Outcome { loaded, report, texts, originals, applied, undone: Vec::new() });
        }
        // What an earlier pass edited, or made, is none.
        let is_original = |name: &str| pass.texts.contains_key(name) && !texts.contains_key(name);
        for (_, source) in loaded.sources.iter().filter(|it| is_original(it.1.name())) {
            originals.insert(source.name().to_owned(), source.text().to_string());
        }
        let rules: BTreeSet<&str> = pass.applied.iter().map(|it| it.rule.as_str()).collect();
        seen.insert(texts.clone());
        texts.extend(pass.texts);
        if seen.len() > MOST_PASSES || seen.contains(&texts) {
            return Err(Stuck::Endless(rules.into_iter().collect::<Vec<_>>().join(", ")));
        }
        applied.extend(pass.applied);
        (loaded, report) = audit(&texts).map_err(Stuck::Audit)?;
    }
}

/// The errors before anything was fixed.
struct Before {
    /// Each in each environment.
    errors: HashSet<(String, String)>,
    /// Each in whichever environment.
    anywhere: HashSet<String>,
    environments: HashSet<String>,
}

impl Before {
    fn of(loaded: &Loaded, report: &Report) -> Before {
        let errors = report.findings.iter().filter(|it| it.severity == Severity::Error);
        let each = errors.flat_map(|it| it.environments.iter().map(|name| (key(it), name.clone())).collect::<Vec<_>>());
        let errors: HashSet<(String, String)> = each.collect();
        let anywhere = errors.iter().map(|it| it.0.clone()).collect();
        let environments = loaded.environments.iter().map(|it| it.name.clone()).collect();
        Before { errors, anywhere, environments }
    }

    /// Whether an error was there. What is mended may make environments come together or part: then what was in any of
    /// them is not new in one that is called otherwise.
    fn has(&self, finding: &Finding, environment: &str) -> bool {
        let key = key(finding);
        let was_moved = !self.environments.contains(environment) && self.anywhere.contains(&key);
        was_moved || self.errors.contains(&(key, environment.to_owned()))
    }
}

/// What recognises a finding in whichever environments it is found.
fn key(finding: &Finding) -> String {
    let subject = &finding.subject;
    format!("{}|{}|{subject}|{}", finding.rule, subject.group, finding.path)
}

/// The fixes from which errors came that were not there, each with the rule of one.
fn harm(outcome: &Outcome, before: &Before) -> Vec<(Fixed, RuleId)> {
    let mut harm = Vec::new();
    let is_new =
        |it: &&Finding| it.severity == Severity::Error && it.environments.iter().any(|name| !before.has(it, name));
    for finding in outcome.report.findings.iter().filter(is_new) {
        let suspects = suspects(finding, outcome);
        harm.extend(suspects.into_iter().map(|it| (it.clone(), finding.rule)));
    }
    harm.sort_by(|one, other| one.0.fingerprint.cmp(&other.0.fingerprint));
    harm.dedup_by(|one, other| one.0.fingerprint == other.0.fingerprint);
    harm
}

/// Whatever edited the object of a new error, or else its file, or else its environments, or else anything. Nothing where
/// a fix said beforehand that such an error may come to light.
fn suspects<'o>(finding: &Finding, outcome: &'o Outcome) -> Vec<&'o Fixed> {
    let name = outcome.loaded.sources.get(finding.span.source).name();
    let around = files_around(finding, &outcome.loaded);
    let of = |is_one: &dyn Fn(&&Fixed) -> bool| outcome.applied.iter().filter(is_one).collect::<Vec<_>>();
    let near = of(&|it| it.files.iter().any(|it| around.contains(it.as_str())));
    let near = if near.is_empty() { of(&|_| true) } else { near };
    if near.iter().any(|it| uncovers(it, finding.rule)) {
        return Vec::new();
    }
    let about_it = of(&|it| it.subject == finding.subject);
    let beside = of(&|it| it.files.iter().any(|it| it == name));
    [about_it, beside, near].into_iter().find(|it| !it.is_empty()).unwrap_or_default()
}

/// Whether the page of a fix says that errors of a rule may come to light.
fn uncovers(fixed: &Fixed, rule: RuleId) -> bool {
    let remedy = rules::find(fixed.rule.as_str()).and_then(|it| it.page().remedy.as_ref());
    remedy.is_some_and(|remedy| remedy.uncovers.iter().any(|it| rule == **it))
}

/// The files of a finding's environments.
fn files_around<'l>(finding: &Finding, loaded: &'l Loaded) -> HashSet<&'l str> {
    let environments = loaded.environments.iter().filter(|it| finding.environments.contains(&it.name));
    let objects = environments.flat_map(|it| &it.objects);
    objects.map(|it| loaded.sources.get(it.name_span().source).name()).collect()
}
