//! `strimzi-operator-version-conflict`

use crate::index::kafka::operator::{Installation, Watch};
use crate::model::Place;
use crate::rule::{Context, Verdict, rule};

rule!(StrimziOperatorVersionConflict, "kafka/strimzi-operator-version-conflict.md", |walk| walk.environment(|cx| {
    let all = cx.index().strimzi_installations();
    cx.judge_each(all.iter().enumerate().map(|(at, it)| (it, &all[..at])), |(it, before), cx| judge(it, before, cx));
}));

fn judge(one: &Installation<'_>, before: &[Installation<'_>], cx: &mut Context<'_>) -> Verdict {
    let Some(other) = before.iter().find(|it| conflict(one, it)) else { return Verdict::Pass };
    let message =
        format!("{} and {} watch the same namespaces: each undoes what the other does", one.title(), other.title());
    let place = Place { span: one.span, ..one.object.name_place() };
    cx.fail(one.object, place, message)
        .label(other.span, format!("{} is installed, too", other.title()))
        .help("keep one installation, or give each its own namespaces (watchNamespaces)")
        .verdict()
}

/// Whether two installations of different releases watch the same namespace.
fn conflict(one: &Installation<'_>, other: &Installation<'_>) -> bool {
    let (Some(first), Some(second)) = (one.release(), other.release()) else { return false };
    first != second
        && match (&one.watch, &other.watch) {
            (Watch::Unknown, _) | (_, Watch::Unknown) => false,
            (Watch::All, _) | (_, Watch::All) => true,
            (Watch::Namespaces(one), Watch::Namespaces(other)) => one.iter().any(|it| other.contains(it)),
        }
}
