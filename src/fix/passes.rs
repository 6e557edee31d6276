//! Pass after pass: audit, fix, and audit what came out, until nothing is left that is to be fixed.

use super::apply::{Harmful, Request, apply};
use super::harm::{Errors, harm};
use super::weigh;
use crate::finding::{Fixed, Report, RuleId};
use crate::load::{Loaded, Parses};
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
    /// How many fixes were asked for and not made, by the names of the reasons.
    pub refused: BTreeMap<&'static str, usize>,
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
/// their files, and audits it; what was parsed already, it need not parse. Where it runs some rules only, `others` says
/// what the others find, which no fix may make worse.
///
/// # Errors
/// Why nothing is fixed.
pub fn run(
    request: &Request,
    mut audit: impl FnMut(&BTreeMap<String, String>, Parses) -> Result<(Loaded, Report), String>,
    others: impl Fn(&Loaded) -> Option<Report>,
) -> Result<Outcome, Stuck> {
    let (loaded, report) = audit(&BTreeMap::new(), Parses::default()).map_err(Stuck::Audit)?;
    let mut before: Option<Errors> = None;
    let mut start = (loaded, report);
    let mut harmful = Harmful::default();
    let mut undone: Vec<(Fixed, RuleId)> = Vec::new();
    let mut attempts = 0;
    loop {
        let before = before.get_or_insert_with(|| Errors::of(&start.0, [Some(&start.1), others(&start.0).as_ref()]));
        let outcome = converge(request, start, &harmful, &mut audit)?;
        let of = |report: &Report| harm(&outcome.applied, &outcome.loaded, report, before);
        let mut harm = of(&outcome.report);
        if harm.is_empty() && !outcome.applied.is_empty() {
            harm = others(&outcome.loaded).as_ref().map(of).unwrap_or_default();
        }
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
        harmful.bar(&harm);
        undone.extend(harm);
        start = audit(&BTreeMap::new(), outcome.loaded.parses).map_err(Stuck::Audit)?;
    }
}

/// Passes until one finds nothing to fix.
fn converge(
    request: &Request,
    (mut loaded, mut report): (Loaded, Report),
    harmful: &Harmful,
    audit: &mut impl FnMut(&BTreeMap<String, String>, Parses) -> Result<(Loaded, Report), String>,
) -> Result<Outcome, Stuck> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: HashSet<BTreeMap<String, String>> = HashSet::new();
    let mut originals = BTreeMap::new();
    let mut applied = Vec::new();
    loop {
        weigh(&mut report, &loaded.environments);
        harmful.refuse(&mut report);
        let pass = apply(&report, &loaded, request);
        let pass =
            pass.map_err(|defect| Stuck::Defect { file: loaded.sources.get(defect.source).name().to_owned(), defect })?;
        if pass.texts.is_empty() {
            let refused = pass.refused;
            return Ok(Outcome { loaded, report, texts, originals, applied, refused, undone: Vec::new() });
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
        let mut parses = std::mem::take(&mut loaded.parses);
        for (edited, documents) in pass.edited {
            parses.learn(edited.source, edited.text, documents);
        }
        (loaded, report) = audit(&texts, parses).map_err(Stuck::Audit)?;
    }
}
