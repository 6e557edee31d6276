//! `strimzi-operator-version-conflict`

use crate::index::kafka::operator::{Installation, Watch};
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct StrimziOperatorVersionConflict;

impl Rule for StrimziOperatorVersionConflict {
    const PAGE: &'static str = include_str!("../../../rules/kafka/strimzi-operator-version-conflict.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let all = cx.index().strimzi_installations();
            for (at, one) in all.iter().enumerate() {
                match all[..at].iter().find(|other| conflict(one, other)) {
                    Some(other) => say(one, other, cx),
                    None => cx.pass(one.object),
                }
            }
        });
    }
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

fn say(one: &Installation<'_>, other: &Installation<'_>, cx: &mut Context<'_>) {
    let message =
        format!("{} and {} watch the same namespaces: each undoes what the other does", one.title(), other.title());
    let place = crate::model::Place { span: one.span, ..one.object.name_place() };
    cx.fail(one.object, place, message)
        .label(other.span, format!("{} is installed, too", other.title()))
        .help("keep one installation, or give each its own namespaces (watchNamespaces)");
}
