//! Which fixes did harm: errors that were not there before, in any environment of the run.

use crate::finding::{Finding, Fixed, Report, RuleId, Severity, Subject};
use crate::load::Loaded;
use crate::model::Environment;
use crate::rules;
use crate::source::SourceId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The errors before anything was fixed.
#[derive(Default)]
pub(super) struct Errors {
    /// Each in each environment.
    each: HashSet<(String, String)>,
    /// Each in whichever environment.
    anywhere: HashSet<String>,
    /// The same with its file.
    of_files: HashSet<(String, String)>,
    /// What each environment was read from.
    files: HashMap<String, HashSet<String>>,
}

impl Errors {
    /// Those of some reports about what was read.
    pub(super) fn of<'r>(loaded: &Loaded, reports: impl IntoIterator<Item = Option<&'r Report>>) -> Errors {
        let files = loaded.environments.iter().map(|it| (it.name.clone(), files_of(it, loaded))).collect();
        let mut all = Errors { files, ..Errors::default() };
        for finding in reports.into_iter().flatten().flat_map(errors) {
            let key = key(finding);
            all.each.extend(finding.environments.iter().map(|it| (key.clone(), it.clone())));
            all.of_files.insert((key.clone(), file(finding, loaded).to_owned()));
            all.anywhere.insert(key);
        }
        all
    }

    /// Whether an error was not there. What is mended may make environments come together or part: then what was in any
    /// of them is not new in one that is called otherwise, nor is what came into one with the file that it is in.
    fn lacks(&self, finding: &Finding, loaded: &Loaded) -> bool {
        let key = key(finding);
        let file = file(finding, loaded);
        let was_there = |it: &String| match self.files.get(it) {
            Some(files) if files.contains(file) => self.each.contains(&(key.clone(), it.clone())),
            Some(_) => self.of_files.contains(&(key.clone(), file.to_owned())),
            None => self.anywhere.contains(&key),
        };
        !finding.environments.iter().all(was_there)
    }
}

/// The file that a finding is in.
fn file<'l>(finding: &Finding, loaded: &'l Loaded) -> &'l str {
    loaded.sources.get(finding.span.source).name()
}

/// The files that an environment was read from.
fn files_of(environment: &Environment, loaded: &Loaded) -> HashSet<String> {
    let sources: BTreeSet<SourceId> = environment.objects.iter().map(|it| it.name_span().source).collect();
    sources.into_iter().map(|it| loaded.sources.get(it).name().to_owned()).collect()
}

fn errors(report: &Report) -> impl Iterator<Item = &Finding> {
    report.shown().filter(|it| it.severity == Severity::Error)
}

/// What recognises a finding in whichever environments it is found.
fn key(finding: &Finding) -> String {
    let subject = &finding.subject;
    format!("{}|{}|{subject}|{}", finding.rule, subject.group, finding.path)
}

/// The fixes from which errors came that were not there, each with the rule of one. What a page says that its fixes
/// uncover is no harm.
pub(super) fn harm(applied: &[Fixed], loaded: &Loaded, report: &Report, before: &Errors) -> Vec<(Fixed, RuleId)> {
    let made = Made::of(applied);
    let mut harm: BTreeMap<&str, (&Fixed, RuleId)> = BTreeMap::new();
    let mut of_all = None;
    for finding in errors(report).filter(|it| before.lacks(it, loaded)) {
        let file = file(finding, loaded);
        let around = files_around(finding, loaded);
        if made.uncovers(finding, file, &around) {
            continue;
        }
        // Whatever edited the object, or else its file, or else its environments, or else anything.
        let suspects = made.of_object(finding).or_else(|| made.by_file.get(file).cloned());
        let suspects = suspects.unwrap_or_else(|| made.around(&around));
        if suspects.is_empty() {
            of_all.get_or_insert(finding.rule);
        }
        for fix in suspects {
            harm.entry(&fix.fingerprint).or_insert((fix, finding.rule));
        }
    }
    for (fix, rule) in applied.iter().filter_map(|it| Some((it, of_all?))) {
        harm.entry(&fix.fingerprint).or_insert((fix, rule));
    }
    harm.into_values().map(|(fix, rule)| (fix.clone(), rule)).collect()
}

/// The files of a finding's environments.
fn files_around<'l>(finding: &Finding, loaded: &'l Loaded) -> BTreeSet<&'l str> {
    let environments = loaded.environments.iter().filter(|it| finding.environments.contains(&it.name));
    let objects = environments.flat_map(|it| &it.objects);
    objects.map(|it| loaded.sources.get(it.name_span().source).name()).collect()
}

/// Where a fix is looked for from which an error may have come.
#[derive(PartialEq, Eq, Hash)]
enum Near<'f> {
    /// In an environment: another one may have an object of the same name.
    Subject(&'f Subject, &'f str),
    File(&'f str),
    /// What edits a Service or an autoscaler uncovers what is wrong with its pods, in whichever file they are.
    Namespace(Option<&'f str>, &'f str),
}

/// The fixes that were made, by what they are about and where.
#[derive(Default)]
struct Made<'f> {
    by_subject: HashMap<&'f Subject, Vec<&'f Fixed>>,
    by_file: HashMap<&'f str, Vec<&'f Fixed>>,
    uncovered: HashSet<(Near<'f>, &'static str)>,
}

impl<'f> Made<'f> {
    fn of(applied: &'f [Fixed]) -> Made<'f> {
        let mut made = Made::default();
        for fix in applied {
            made.by_subject.entry(&fix.subject).or_default().push(fix);
            fix.files.iter().for_each(|it| made.by_file.entry(it).or_default().push(fix));
            let remedy = rules::find(fix.rule.as_str()).and_then(|it| it.page().remedy.as_ref());
            for rule in remedy.iter().flat_map(|it| &it.uncovers) {
                for it in &fix.environments {
                    made.uncovered.insert((Near::Subject(&fix.subject, it), rule));
                    made.uncovered.insert((Near::Namespace(fix.subject.namespace.as_deref(), it), rule));
                }
                made.uncovered.extend(fix.files.iter().map(|it| (Near::File(it), *rule)));
            }
        }
        made
    }

    /// Whether a fix said beforehand that such an error may come to light.
    fn uncovers(&self, finding: &Finding, file: &str, around: &BTreeSet<&str>) -> bool {
        let holds = |it: Near<'_>| self.uncovered.contains(&(it, finding.rule.as_str()));
        let namespace = finding.subject.namespace.as_deref();
        let inside =
            |it: &'_ String| holds(Near::Subject(&finding.subject, it)) || holds(Near::Namespace(namespace, it));
        finding.environments.iter().any(inside)
            || holds(Near::File(file))
            || around.iter().any(|it| holds(Near::File(it)))
    }

    /// What edited the object of a finding, in its environments.
    fn of_object(&self, finding: &Finding) -> Option<Vec<&'f Fixed>> {
        let is_shared = |it: &&&Fixed| it.environments.iter().any(|it| finding.environments.contains(it));
        let own: Vec<&Fixed> = self.by_subject.get(&finding.subject)?.iter().filter(is_shared).copied().collect();
        (!own.is_empty()).then_some(own)
    }

    /// What edited any of these files.
    fn around(&self, files: &BTreeSet<&str>) -> Vec<&'f Fixed> {
        files.iter().filter_map(|it| self.by_file.get(it)).flatten().copied().collect()
    }
}
