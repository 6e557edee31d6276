//! One pass: the fixes that are wanted, made side by side in the texts of a run.

use super::new_files::{NewFiles, text_at};
use super::{change, make, order};
use crate::finding::{Change, Finding, Fix, Fixed, Report, RuleId, Safety, Subject};
use crate::load::Loaded;
use crate::rules;
use crate::source::Sources;
use crate::yaml::edit::{Defect, Edited, Editor, Refusal, Reread};
use rayon::prelude::*;
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
    /// Whether a finding is to be fixed, refused or not.
    fn wants(&self, finding: &Finding) -> bool {
        let Some(fix) = &finding.fix else { return false };
        let rule = rules::find(finding.rule.as_str());
        let is_named = |names: &[String]| rule.is_some_and(|it| it.is_named(names));
        fix.refused.map_or(fix.safety, |it| it.safety) >= self.least
            && !fix.changes.is_empty()
            && (self.only.is_empty() || is_named(&self.only))
            && (!fix.is_aside || is_named(&self.only) || is_named(&self.named))
    }
}

/// What made others wrong in an earlier attempt, and the rules of the errors that came of it.
#[derive(Default)]
pub(super) struct Harmful {
    /// By the fingerprints of findings that are not fixed.
    fixes: BTreeMap<String, RuleId>,
    /// By the objects of which nothing is fixed, each in an environment.
    objects: BTreeMap<(Subject, String), RuleId>,
}

impl Harmful {
    /// Takes in what does harm.
    pub(super) fn bar(&mut self, harm: &[(Fixed, RuleId)]) {
        self.fixes.extend(harm.iter().map(|(fixed, rule)| (fixed.fingerprint.clone(), *rule)));
    }

    /// Has nothing be fixed of the objects whose fixes do harm, and counts what was fixed of them among what does.
    pub(super) fn bar_objects(&mut self, harm: &mut Vec<(Fixed, RuleId)>, applied: &[Fixed]) {
        let errors: BTreeMap<(Subject, String), RuleId> =
            harm.iter().flat_map(|(fixed, rule)| objects(fixed).map(|it| (it, *rule))).collect();
        let is_new = |it: &&Fixed| harm.iter().all(|harm| harm.0.fingerprint != it.fingerprint);
        let error = |it: &Fixed| objects(it).find_map(|it| errors.get(&it).copied());
        let beside = applied.iter().filter(is_new).filter_map(|it| Some((it.clone(), error(it)?)));
        let beside: Vec<_> = beside.collect();
        harm.extend(beside);
        self.objects.extend(errors);
    }

    /// Has fixes that do harm be shown only.
    pub(super) fn refuse(&self, report: &mut Report) {
        if self.fixes.is_empty() {
            return;
        }
        for finding in &mut report.findings {
            let error = finding.fix.is_some().then(|| self.error_of(finding)).flatten();
            if let (Some(error), Some(fix)) = (error, &mut finding.fix) {
                fix.refuse("new-error", format!("{error} would then be an error"));
            }
        }
    }

    fn error_of(&self, finding: &Finding) -> Option<RuleId> {
        let of_object = |it: &String| self.objects.get(&(finding.subject.clone(), it.clone())).copied();
        let barred = || finding.environments.iter().find_map(of_object);
        self.fixes.get(&finding.fingerprint()).copied().or_else(barred)
    }
}

/// What a fix is about, in each of its environments: in others an object of the same name is another one.
fn objects(fixed: &Fixed) -> impl Iterator<Item = (Subject, String)> {
    fixed.environments.iter().map(|it| (fixed.subject.clone(), it.clone()))
}

/// What a pass made.
pub(super) struct Pass {
    /// The edited texts by the names of their files.
    pub(super) texts: BTreeMap<String, String>,
    /// The texts that were there before, as they are now, with their documents.
    pub(super) edited: Vec<(Edited, Vec<Reread>)>,
    pub(super) applied: Vec<Fixed>,
    /// How many fixes were asked for and not made, by the names of the reasons.
    pub(super) refused: BTreeMap<&'static str, usize>,
}

/// Makes the fixes that are wanted and do not meet. Of each object only those of the first turn are made: what follows
/// looks at the object as it is then.
pub(super) fn apply(report: &Report, loaded: &Loaded, request: &Request) -> Result<Pass, Defect> {
    let sources = &loaded.sources;
    let wanted = report.findings.iter().filter(|it| request.wants(it)).filter_map(|it| Some((it, it.fix.as_deref()?)));
    let (barred, mut wanted): (Vec<_>, Vec<_>) = wanted.partition(|it| it.1.refused.is_some());
    wanted.sort_by_key(|(finding, fix)| (fix.stage.turn(), fix.yields_to.is_some(), order(finding, fix)));
    let mut pass = Making {
        made: HashSet::new(),
        request,
        sources,
        editor: Editor::of_read(sources, |source, range| loaded.parses.document(source, range)),
        new_files: request.folder.as_deref().map(|it| NewFiles::new(sources, it)),
        applied: Vec::new(),
    };
    let mut refused: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut refuse = |name: &'static str| *refused.entry(name).or_default() += 1;
    barred.iter().filter_map(|it| it.1.refused).for_each(|it| refuse(it.name));
    let mut turns = Turns::default();
    for (finding, fix) in wanted {
        if turns.waits(finding, fix) {
            continue;
        }
        let is_first = pass.applied.is_empty();
        match pass.make(finding, fix) {
            Ok(()) => turns.take(finding, fix),
            // What meets another one waits for the next pass, and what follows waits for it.
            Err(Refusal::Overlap(_)) if !is_first => turns.take(finding, fix),
            // It is one of those that a person decides on.
            Err(Refusal::Comment) => {}
            Err(refusal) => refuse(refusal.name()),
        }
    }
    let Making { editor, new_files, applied, .. } = pass;
    let finish = |source| {
        let mut documents = Vec::new();
        editor.finish_text(source, |it| documents.push(it)).map(|it| (it, documents))
    };
    let edited: Vec<(Edited, Vec<Reread>)> = editor.changed().into_par_iter().map(finish).collect::<Result<_, _>>()?;
    let named = |it: &Edited| (sources.get(it.source).name().to_owned(), it.text.to_string());
    let mut texts: BTreeMap<String, String> = edited.iter().map(|it| named(&it.0)).collect();
    texts.extend(new_files.map(NewFiles::into_texts).unwrap_or_default());
    Ok(Pass { texts, edited, applied, refused })
}

/// Whose turn it is in a pass: of each object in each environment.
#[derive(Default)]
struct Turns<'r> {
    taken: HashMap<(&'r Subject, &'r str), u8>,
    by: HashSet<(&'r Subject, &'r str, RuleId)>,
}

impl<'r> Turns<'r> {
    /// Whether a fix has to wait for what an earlier one makes of the object.
    fn waits(&self, finding: &'r Finding, fix: &Fix) -> bool {
        finding.environments.iter().map(|it| (&finding.subject, it.as_str())).any(|it| {
            self.taken.get(&it).is_some_and(|it| *it < fix.stage.turn())
                || fix.yields_to.is_some_and(|rule| self.by.contains(&(it.0, it.1, rule)))
        })
    }

    fn take(&mut self, finding: &'r Finding, fix: &Fix) {
        for it in finding.environments.iter().map(|it| (&finding.subject, it.as_str())) {
            self.taken.entry(it).or_insert(fix.stage.turn());
            self.by.insert((it.0, it.1, finding.rule));
        }
    }
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
            environments: finding.environments.clone(),
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
