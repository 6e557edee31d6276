//! What a report of many environments has room for: the overview first, then as much of each environment as fits.

use super::{Judged, Line, lines};
use crate::readiness::{EnvironmentReadiness, Readiness, Standing};
use crate::render::text::count;
use std::collections::BTreeSet;
use std::io;

/// Bytes of a report of several environments, so that a browser, a mail or a comment still takes it.
const ROOM: usize = 290_000;
/// Failing sentences of an environment that is shown in brief.
const SENTENCES: usize = 6;

/// The environments of a report, each in as much detail as there is room for, in the overview's order.
pub(super) struct Fitted<'r> {
    /// The environments that have a part of their own, which are the first of the overview, and that part.
    pub(super) parts: Vec<(&'r EnvironmentReadiness, Vec<u8>)>,
    /// What the reader needs to know of what is not shown.
    pub(super) note: Option<String>,
}

/// Writes as many environments as there is room for beside `taken` bytes: first all in brief, then the most urgent
/// ones whole. A single environment is always shown whole.
///
/// # Errors
/// Those of the writers.
pub(super) fn fit<'r>(
    readiness: &'r Readiness,
    taken: usize,
    whole: impl Fn(&'r EnvironmentReadiness) -> io::Result<Vec<u8>>,
    brief: impl Fn(&'r EnvironmentReadiness) -> io::Result<Vec<u8>>,
) -> io::Result<Fitted<'r>> {
    if let [only] = readiness.environments.as_slice() {
        return Ok(Fitted { parts: vec![(only, whole(only)?)], note: None });
    }
    let mut room = ROOM.saturating_sub(taken);
    let mut parts = Vec::new();
    let environments = readiness.by_urgency();
    let decided: Vec<&EnvironmentReadiness> = environments.into_iter().filter(|it| !it.is_undecided()).collect();
    for environment in &decided {
        let part = brief(environment)?;
        let Some(left) = room.checked_sub(part.len()) else { break };
        room = left;
        parts.push((*environment, part));
    }
    let mut number_whole = 0;
    for (environment, part) in &mut parts {
        let more = whole(environment)?;
        if let Some(left) = (room + part.len()).checked_sub(more.len()) {
            (room, *part) = (left, more);
            number_whole += 1;
        }
    }
    let note = note(number_whole, parts.len() - number_whole, decided.len() - parts.len());
    Ok(Fitted { parts, note })
}

/// `2 environments are shown whole and 3 in brief`, and where the rest is.
fn note(whole: usize, brief: usize, left_out: usize) -> Option<String> {
    if brief + left_out == 0 {
        return None;
    }
    let verb = if whole == 1 { "is" } else { "are" };
    let brief = if brief > 0 { format!(", {brief} in brief") } else { String::new() };
    let left_out = if left_out > 0 { format!(", {left_out} only in this table") } else { String::new() };
    let whole = count(whole, "environment");
    Some(format!(
        "For want of room {whole} {verb} shown whole{brief}{left_out}: --format json has all, and a report of fewer \
         directories shows more"
    ))
}

/// A failing sentence in brief.
pub(super) struct Failing<'r> {
    pub(super) section: &'static str,
    pub(super) judged: &'r Judged,
    /// The first of what fails it, unless another sentence shows that.
    pub(super) line: Option<Line<'r>>,
    /// How much more fails it.
    pub(super) more: usize,
}

/// The first failing sentences of an environment, and how many more there are.
pub(super) fn failing(environment: &EnvironmentReadiness) -> (Vec<Failing<'_>>, usize) {
    let judged = environment.sections.iter().flat_map(|it| it.1.iter().map(|judged| (it.0.id.as_str(), judged)));
    let failing: Vec<(&'static str, &Judged)> = judged.filter(|it| it.1.standing == Standing::Fails).collect();
    let more = failing.len().saturating_sub(SENTENCES);
    let mut told = BTreeSet::new();
    let brief = failing.into_iter().take(SENTENCES).map(|(section, judged)| {
        let first = lines(&judged.reasons).0.into_iter().find(|it| it.mark.fails());
        let line = first.filter(|it| told.insert((it.id.to_string(), it.text.clone(), it.place)));
        let number = judged.reasons.iter().filter(|it| it.fails()).count();
        let more = if line.is_some() { number.saturating_sub(1) } else { 0 };
        Failing { section, judged, line, more }
    });
    (brief.collect(), more)
}
