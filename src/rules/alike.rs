//! What many workloads lack alike is said once for an environment, with the list.

use crate::finding::Subject;
use crate::model::{Object, Place};
use crate::rule::{Context, Draft};
use crate::yaml::Path;
use std::collections::BTreeMap;

/// More than so many that lack the same are one finding.
const FEW: usize = 5;

/// So many of them are shown at their places; the others are named.
const SHOWN: usize = 10;

/// An object that lacks something.
pub(super) struct Lack<'a> {
    pub(super) object: &'a Object,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) help: String,
    /// The page's case; the page's own levels without one.
    pub(super) case: Option<&'static str>,
}

/// Reports each, or all of one case as one where they are many: `8 workloads have no liveness probe`.
pub(super) fn report(lacks: Vec<Lack<'_>>, what: &str, field: &str, cx: &mut Context<'_>) {
    let mut by_case: BTreeMap<Option<&str>, Vec<Lack<'_>>> = BTreeMap::new();
    for lack in lacks {
        by_case.entry(lack.case).or_default().push(lack);
    }
    for group in by_case.into_values() {
        if group.len() > FEW {
            report_together(&group, what, field, cx);
            continue;
        }
        for lack in group {
            with_case(cx.fail(lack.object, lack.place, lack.message), lack.case).help(lack.help);
        }
    }
}

fn report_together(group: &[Lack<'_>], what: &str, field: &str, cx: &mut Context<'_>) {
    let Some(first) = group.first() else { return };
    let titles: Vec<String> = group.iter().map(|it| it.object.title()).collect();
    // The finding is about the environment, so that it stays the same when one of them is mended.
    let subject = Subject { name: cx.index().environment().name.clone(), ..Subject::default() };
    let case: Vec<&str> = first.case.into_iter().chain([field]).collect();
    let place = Place { span: first.place.span, path: Path::of(&case) };
    let message = format!("{} workloads have {what}, {} first among them", group.len(), first.object.title());
    let mut draft = with_case(cx.fail_for(subject, place, message), first.case)
        .evidence("workloads", titles.join(", "))
        .help(first.help.clone());
    for (at, lack) in group.iter().enumerate().take(SHOWN).skip(1) {
        let rest = &titles[at + 1..];
        let is_last = at + 1 == SHOWN && !rest.is_empty();
        let more = if is_last { format!("; also {}", rest.join(", ")) } else { String::new() };
        draft = draft.label(lack.place.span, format!("{}{more}", titles[at]));
    }
}

fn with_case<'d>(draft: Draft<'d>, case: Option<&'static str>) -> Draft<'d> {
    match case {
        Some(name) => draft.case(name),
        None => draft,
    }
}
