//! What the fixes of a report edit, byte by byte, or why they are only shown.

use super::reach::Reach;
use super::{make, order, place};
use crate::finding::{Edit, Finding, Fix, Found, Report, Safety, Severity, Stage, Subject};
use crate::load::Loaded;
use crate::model::Environment;
use crate::source::{SourceId, Span};
use crate::yaml::Step;
use crate::yaml::edit::{Defect, Editor, Refusal, TextEdit};
use rayon::prelude::*;
use std::collections::HashSet;

/// Rules that say of an object that the API server does not take it as it stands.
const REFUSALS: &[&str] = &["manifest-invalid", "manifest-syntax", "manifest-unknown-field"];

/// Fixes that meet are worked out one after the other, so many times at most; what is left then waits for an edit.
const MOST_ROUNDS: usize = 16;

/// Trusts fixes no more than the whole run allows: what other environments read is theirs as well, and what the API server
/// refuses has no effect today. Whoever only counts fixes needs no more.
pub fn weigh(report: &mut Report, environments: &[Environment]) {
    if report.findings.iter().all(|it| it.fix.is_none()) {
        return;
    }
    let refused = refused(report);
    let reach = Reach::new(environments);
    for finding in report.findings.iter_mut().filter(|it| it.fix.is_some()) {
        let is_refused = refused.contains(&finding.subject);
        let Some(mut fix) = finding.fix.take() else { continue };
        temper(&mut fix, finding, is_refused, &reach);
        finding.fix = Some(fix);
    }
}

/// Gives each fix of a report its edits. What cannot be edited is shown only, and says why.
pub fn work_out(report: &mut Report, loaded: &Loaded) {
    weigh(report, &loaded.environments);
    let mut open: Vec<usize> = (0..report.findings.len()).filter(|it| report.findings[*it].fix.is_some()).collect();
    open.sort_by_key(|it| report.findings[*it].fix.as_ref().map(|fix| order(&report.findings[*it], fix)));
    for _ in 0..MOST_ROUNDS {
        if open.is_empty() {
            break;
        }
        open = round(report, loaded, &open);
    }
}

/// The objects that the API server does not take: what has no effect today is not woken by what is safe.
fn refused(report: &Report) -> HashSet<Subject> {
    let is_refusal = |it: &&Found| it.severity == Severity::Error && REFUSALS.iter().any(|rule| it.rule == **rule);
    report.findings.iter().filter(is_refusal).map(|it| it.subject.clone()).collect()
}

/// Trusts a fix less where more hangs on it than its rule sees.
fn temper(fix: &mut Fix, finding: &Finding, is_refused: bool, reach: &Reach<'_>) {
    let mends_refusal = REFUSALS.iter().any(|it| finding.rule == **it);
    if is_refused && !mends_refusal {
        fix.safety = fix.safety.min(Safety::Unsafe);
    }
    if let Some(what) = fixed_once_stored(finding).filter(|_| !is_refused && fix.stage != Stage::Syntax) {
        fix.refuse("immutable", format!("{what} cannot change: delete it and apply it again"));
    }
    if let Some(live) = fix.changes.iter().map(place).find_map(|it| reach.live(it)) {
        let managers = live.managers(&finding.path);
        let by = managers.first().map_or("it was applied from".to_owned(), |it| format!("{it} applies"));
        fix.refuse("live", format!("it was read from a cluster: change what {by}"));
    }
    let spans = fix.changes.iter().map(place);
    let other = spans.map(|it| it.source).find_map(|it| reach.another(it, &finding.environments));
    if let Some(other) = other {
        fix.refuse("composed", format!("environment {other} reads the same file and does not need it"));
    }
}

/// What a finding is in and the API server does not let anybody change: `ValidatePodUpdate` and `ValidateJobUpdate` of
/// Kubernetes' validation. What it never took, it takes.
fn fixed_once_stored(finding: &Finding) -> Option<&'static str> {
    let is_in = |keys: &[&str]| {
        let steps = &finding.path.0;
        steps.len() > keys.len()
            && steps.iter().zip(keys).all(|(step, key)| matches!(step, Step::Key(it) if it == *key))
    };
    match (finding.subject.group.as_str(), finding.subject.kind.as_str()) {
        ("", "Pod") if is_in(&["spec"]) => Some("what a Pod runs"),
        ("batch", "Job") if is_in(&["spec", "template"]) => Some("what a Job runs"),
        _ => None,
    }
}

/// Works out what can be edited side by side, and returns what meets it.
fn round(report: &mut Report, loaded: &Loaded, open: &[usize]) -> Vec<usize> {
    let mut editor = Editor::of_read(&loaded.sources, |source, range| loaded.parses.document(source, range));
    let mut later = Vec::new();
    let mut edited = Vec::new();
    for at in open {
        let Some(fix) = report.findings[*at].fix.as_mut() else { continue };
        let lost = editor.lost_comments().len();
        match make(fix, &mut editor) {
            Ok(()) => {
                if editor.lost_comments().len() > lost {
                    fix.safety = fix.safety.min(Safety::Unsafe);
                }
                fix.edits = editor.last_attempt().into_iter().map(|(source, it)| edit(source, it)).collect();
                edited.push(*at);
            }
            Err(Refusal::Overlap(_)) if !edited.is_empty() => later.push(*at),
            Err(refusal) => fix.refuse(refusal.name(), refusal.to_string()),
        }
    }
    let check = |it: SourceId| editor.check_text(it).err();
    let defects: Vec<Defect> = editor.changed().into_par_iter().filter_map(check).collect();
    for defect in defects {
        for at in &edited {
            let fix = report.findings[*at]
                .fix
                .as_mut()
                .filter(|it| it.edits.iter().any(|it| it.span.source == defect.source));
            if let Some(fix) = fix {
                fix.edits.clear();
                fix.refuse(
                    "defect",
                    format!("the edit did not come out as it was meant ({defect}); please report this"),
                );
            }
        }
    }
    later
}

fn edit(source: SourceId, TextEdit { range, text }: TextEdit) -> Edit {
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Edit { span: Span { source, start: offset(range.start), end: offset(range.end) }, text }
}
