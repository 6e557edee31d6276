//! One pass: the fixes that are wanted, made side by side in the texts of a run.

use super::new_files::NewFiles;
use super::{change, make, order};
use crate::finding::{Change, Finding, Fix, Fixed, Report, Safety, Subject};
use crate::source::Sources;
use crate::yaml::edit::{Defect, Edited, Editor, Refusal};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which fixes are wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// The least that a fix is to be trusted.
    pub least: Safety,
    /// The only rules that are fixed; all if there are none.
    pub only: Vec<String>,
    /// The folder for files of new objects, as shown; without one they are written behind the objects that they are for.
    pub folder: Option<String>,
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
    let mut new_files = request.folder.as_deref().map(|it| NewFiles::new(sources, it));
    let mut applied = Vec::new();
    for finding in wanted {
        let Some(fix) = finding.fix.as_ref().filter(|it| first.get(&finding.subject) == Some(&it.stage.turn())) else {
            continue;
        };
        // What meets another one waits for the next pass.
        let Ok(new) = make_apart(fix, &mut editor, new_files.as_ref()) else { continue };
        let names: Vec<String> = new.iter().map(|it| it.0.clone()).collect();
        if let Some(files) = &mut new_files {
            files.keep(new);
        }
        let edited = editor.last_attempt().into_iter().map(|it| sources.get(it.0).name().to_owned());
        let files: BTreeSet<String> = edited.chain(names).collect();
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
    let mut texts: BTreeMap<String, String> = editor.finish()?.into_iter().map(named).collect();
    texts.extend(new_files.map(NewFiles::into_texts).unwrap_or_default());
    Ok(Pass { texts, applied })
}

/// Makes the changes of a fix, all or none; new objects come into files of their own if there is a folder for them.
fn make_apart(
    fix: &Fix,
    editor: &mut Editor<'_>,
    new_files: Option<&NewFiles<'_>>,
) -> Result<Vec<(String, String)>, Refusal> {
    let Some(new_files) = new_files else { return make(fix, editor).map(|()| Vec::new()) };
    editor.attempt(|editor| {
        let mut files = Vec::new();
        for it in &fix.changes {
            match it {
                Change::Append(beside, objects) => {
                    files.extend(new_files.prepare(beside.node().span().source, objects, editor)?);
                }
                it => change(it, editor)?,
            }
        }
        Ok(files)
    })
}
