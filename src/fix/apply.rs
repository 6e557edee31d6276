//! One pass: the fixes that are wanted, made side by side in the texts of a run.

use super::{make, order};
use crate::finding::{Finding, Fixed, Report, Safety, Subject};
use crate::source::Sources;
use crate::yaml::edit::{Defect, Edited, Editor};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which fixes are wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// The least that a fix is to be trusted.
    pub least: Safety,
    /// The only rules that are fixed; all if there are none.
    pub only: Vec<String>,
    /// The rules and components that the command line names: then tools and the platform are fixed, too.
    pub named: Vec<String>,
}

impl Request {
    /// Whether a finding is to be fixed. What makes others wrong was found out before.
    pub(super) fn wants(&self, finding: &Finding, harmful: &BTreeSet<String>) -> bool {
        let Some(fix) = &finding.fix else { return false };
        let is_named = |names: &[String]| names.iter().any(|it| *it == finding.rule);
        fix.safety >= self.least
            && !fix.edits.is_empty()
            && (self.only.is_empty() || is_named(&self.only))
            && (!fix.is_aside || is_named(&self.only) || is_named(&self.named))
            && !harmful.contains(&finding.fingerprint())
    }
}

/// What a pass made.
pub(super) struct Pass {
    /// The edited texts by the names of their files.
    pub(super) texts: BTreeMap<String, String>,
    pub(super) applied: Vec<Fixed>,
}

/// Makes the fixes that are wanted and do not meet. Of each object only those of the first turn are made: what follows
/// looks at the object as it is then.
pub(super) fn apply(
    report: &Report,
    sources: &Sources,
    request: &Request,
    harmful: &BTreeSet<String>,
) -> Result<Pass, Defect> {
    let mut wanted: Vec<&Finding> = report.findings.iter().filter(|it| request.wants(it, harmful)).collect();
    wanted.sort_by_key(|it| it.fix.as_ref().map(|fix| order(it, fix)));
    let mut first: HashMap<&Subject, u8> = HashMap::new();
    for finding in &wanted {
        let Some(fix) = &finding.fix else { continue };
        let turn = first.entry(&finding.subject).or_insert(fix.stage.turn());
        *turn = fix.stage.turn().min(*turn);
    }
    let mut editor = Editor::new(sources);
    let mut applied = Vec::new();
    for finding in wanted {
        let Some(fix) = finding.fix.as_ref().filter(|it| first.get(&finding.subject) == Some(&it.stage.turn())) else {
            continue;
        };
        // What meets another one waits for the next pass.
        if make(fix, &mut editor).is_err() {
            continue;
        }
        let files: BTreeSet<String> =
            fix.edits.iter().map(|it| sources.get(it.span.source).name().to_owned()).collect();
        applied.push(Fixed {
            rule: finding.rule,
            title: fix.title.to_string(),
            safety: fix.safety,
            subject: finding.subject.clone(),
            files: files.into_iter().collect(),
            fingerprint: finding.fingerprint(),
        });
    }
    let named = |it: Edited| (sources.get(it.source).name().to_owned(), it.text.to_string());
    Ok(Pass { texts: editor.finish()?.into_iter().map(named).collect(), applied })
}
