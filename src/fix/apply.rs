//! One pass: the fixes that are wanted, made side by side in the texts of a run.

use super::new_files::{NewFiles, text_at};
use super::{change, make, order};
use crate::finding::{Change, Finding, Fix, Fixed, Report, RuleId, Safety, Subject};
use crate::rules;
use crate::source::Sources;
use crate::yaml::edit::{Defect, Edited, Editor, Refusal};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Which fixes are wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// The least that a fix is to be trusted.
    pub least: Safety,
    /// The only rules and components that are fixed; all if there are none.
    pub only: Vec<String>,
    /// The folder for files of new objects, as shown; without one they are written behind the objects that they are for.
    pub folder: Option<String>,
    /// The rules and components that the command line names: then tools and the platform are fixed, too.
    pub named: Vec<String>,
}

impl Request {
    /// Whether a finding is to be fixed. What makes others wrong was found out before.
    pub(super) fn wants(&self, finding: &Finding, harmful: &Harmful) -> bool {
        let Some(fix) = &finding.fix else { return false };
        let rule = rules::find(finding.rule.as_str());
        let is_named = |names: &[String]| rule.is_some_and(|it| it.is_named(names));
        fix.safety >= self.least
            && !fix.changes.is_empty()
            && (self.only.is_empty() || is_named(&self.only))
            && (!fix.is_aside || is_named(&self.only) || is_named(&self.named))
            && !harmful.holds(finding)
    }
}

/// What made others wrong in an earlier attempt.
#[derive(Default)]
pub(super) struct Harmful {
    /// The fingerprints of findings that are not fixed.
    pub(super) fixes: BTreeSet<String>,
    /// The objects of which nothing is fixed.
    pub(super) subjects: BTreeSet<Subject>,
}

impl Harmful {
    /// Has nothing be fixed of the objects whose fixes do harm, and counts what was fixed of them among what does.
    pub(super) fn bar_objects(&mut self, harm: &mut Vec<(Fixed, RuleId)>, applied: &[Fixed]) {
        let errors: BTreeMap<Subject, RuleId> = harm.iter().map(|it| (it.0.subject.clone(), it.1)).collect();
        let is_new = |it: &&Fixed| harm.iter().all(|harm| harm.0.fingerprint != it.fingerprint);
        let beside = applied.iter().filter(is_new).filter_map(|it| Some((it.clone(), *errors.get(&it.subject)?)));
        let beside: Vec<_> = beside.collect();
        harm.extend(beside);
        self.subjects.extend(errors.into_keys());
    }

    fn holds(&self, finding: &Finding) -> bool {
        self.subjects.contains(&finding.subject) || self.fixes.contains(&finding.fingerprint())
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
pub(super) fn apply(report: &Report, sources: &Sources, request: &Request, harmful: &Harmful) -> Result<Pass, Defect> {
    let mut wanted: Vec<(&Finding, &Fix)> = report
        .findings
        .iter()
        .filter(|it| request.wants(it, harmful))
        .filter_map(|it| Some((it, it.fix.as_deref()?)))
        .collect();
    wanted.sort_by_key(|(finding, fix)| (fix.stage.turn(), order(finding, fix)));
    let mut pass = Making {
        made: HashSet::new(),
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
    /// The objects that come.
    made: HashSet<NewObject<'a>>,
    request: &'a Request,
    sources: &'a Sources,
    editor: Editor<'a>,
    new_files: Option<NewFiles<'a>>,
    applied: Vec<Fixed>,
}

impl<'a> Making<'a> {
    /// Makes a fix, or changes nothing.
    fn make(&mut self, finding: &'a Finding, fix: &'a Fix) -> Result<(), Refusal> {
        // Of two new objects with one name the second may not be wanted any more.
        let own: Vec<NewObject<'a>> = new_objects(finding, fix).collect();
        if own.iter().any(|it| self.made.contains(it)) {
            return Err(Refusal::Overlap(finding.span));
        }
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
        self.made.extend(own);
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

/// An object that a fix makes: its environment and namespace, its kind and name.
type NewObject<'f> = (&'f str, Option<&'f str>, &'f str, &'f str);

fn new_objects<'f>(finding: &'f Finding, fix: &'f Fix) -> impl Iterator<Item = NewObject<'f>> {
    let objects = fix.changes.iter().flat_map(|it| match it {
        Change::Append(_, objects) => objects.as_slice(),
        _ => &[],
    });
    objects.flat_map(move |object| {
        let (kind, name) = (text_at(object, &["kind"]), text_at(object, &["metadata", "name"]));
        let environments = finding.environments.iter();
        environments.map(move |it| (it.as_str(), finding.subject.namespace.as_deref(), kind, name))
    })
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
