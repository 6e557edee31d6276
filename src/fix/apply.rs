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
            && !fix.changes.is_empty()
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
    let mut wanted: Vec<(&Finding, &Fix)> = report
        .findings
        .iter()
        .filter(|it| request.wants(it, harmful))
        .filter_map(|it| Some((it, it.fix.as_deref()?)))
        .collect();
    wanted.sort_by_key(|(finding, fix)| (fix.stage.turn(), order(finding, fix)));
    let mut pass = Making {
        request,
        sources,
        editor: Editor::new(sources),
        new_files: request.folder.as_deref().map(|it| NewFiles::new(sources, it)),
        applied: Vec::new(),
    };
    let mut turns: HashMap<&Subject, u8> = HashMap::new();
    for (finding, fix) in wanted {
        let turn = fix.stage.turn();
        if turns.get(&finding.subject).is_some_and(|it| *it < turn) {
            continue;
        }
        let is_first = pass.applied.is_empty();
        match pass.make(finding, fix) {
            Ok(()) => _ = turns.entry(&finding.subject).or_insert(turn),
            // What meets another one waits for the next pass, and what follows waits for it.
            Err(Refusal::Overlap(_)) if !is_first => _ = turns.entry(&finding.subject).or_insert(turn),
            Err(_) => {}
        }
    }
    let Making { editor, new_files, applied, .. } = pass;
    let named = |it: Edited| (sources.get(it.source).name().to_owned(), it.text.to_string());
    let mut texts: BTreeMap<String, String> = editor.finish()?.into_iter().map(named).collect();
    texts.extend(new_files.map(NewFiles::into_texts).unwrap_or_default());
    Ok(Pass { texts, applied })
}

/// A pass in the making.
struct Making<'a> {
    request: &'a Request,
    sources: &'a Sources,
    editor: Editor<'a>,
    new_files: Option<NewFiles<'a>>,
    applied: Vec<Fixed>,
}

impl Making<'_> {
    /// Makes a fix, or changes nothing.
    fn make(&mut self, finding: &Finding, fix: &Fix) -> Result<(), Refusal> {
        let comments = self.editor.lost_comments().len();
        let (least, new_files) = (self.request.least, self.new_files.as_ref());
        let (new, safety) = self.editor.attempt(|editor| {
            let new = make_apart(fix, editor, new_files)?;
            // What takes a comment along is for a person to decide.
            let loses = editor.lost_comments().len() > comments;
            let safety = if loses { fix.safety.min(Safety::Unsafe) } else { fix.safety };
            if safety < least { Err(Refusal::Comment) } else { Ok((new, safety)) }
        })?;
        let names: Vec<String> = new.iter().map(|it| it.0.clone()).collect();
        if let Some(files) = &mut self.new_files {
            files.keep(new);
        }
        let edited = self.editor.last_attempt().into_iter().map(|it| self.sources.get(it.0).name().to_owned());
        let files: BTreeSet<String> = edited.chain(names).collect();
        self.applied.push(Fixed {
            rule: finding.rule,
            title: fix.title.to_string(),
            safety,
            subject: finding.subject.clone(),
            files: files.into_iter().collect(),
            fingerprint: finding.fingerprint(),
        });
        Ok(())
    }
}

/// Makes the changes of a fix; new objects come into files of their own if there is a folder for them.
fn make_apart(
    fix: &Fix,
    editor: &mut Editor<'_>,
    new_files: Option<&NewFiles<'_>>,
) -> Result<Vec<(String, String)>, Refusal> {
    let Some(new_files) = new_files else { return make(fix, editor).map(|()| Vec::new()) };
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
}
