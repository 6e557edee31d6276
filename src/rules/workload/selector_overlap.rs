//! `selector-overlap`

use crate::index::{Index, Nearness, Role, Workload};
use crate::model::{Object, ObjectId, Selector, controller_selector};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::source::SourceId;
use std::collections::BTreeSet;

pub(crate) struct SelectorOverlap;

impl Rule for SelectorOverlap {
    const PAGE: &'static str = include_str!("../../../rules/workload/selector-overlap.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let alternatives = alternatives(index);
            // Each selector is told once, with all the pods of others that it matches.
            let mut seen: BTreeSet<(Option<&str>, String)> = BTreeSet::new();
            let mut told: BTreeSet<(ObjectId, ObjectId)> = BTreeSet::new();
            for workload in index.workloads().iter().filter(|it| is_judged(it)) {
                let Some(selector) = controller_selector(workload.object, workload.kind) else { continue };
                if selector.is_everything() || selector.is_open() || workload.has_open_labels() {
                    continue;
                }
                if !seen.insert((workload.object.namespace(), selector.to_string())) {
                    continue;
                }
                let mut others = matched(workload, &selector, cx);
                others.retain(|it| !are_alternatives(workload.object, it.object, &alternatives));
                let own = workload.object.id();
                let fresh: Vec<&Workload<'_>> =
                    others.iter().copied().filter(|it| !told.contains(&(it.object.id(), own))).collect();
                told.extend(others.iter().map(|it| (own, it.object.id())));
                match fresh.as_slice() {
                    [] if others.is_empty() => cx.pass(workload.object),
                    [] => {}
                    fresh => report(workload, &selector, fresh, cx),
                }
            }
        });
    }
}

/// Pairs of files that both define some object, so that only one of them is deployed.
fn alternatives(index: &Index<'_>) -> BTreeSet<(SourceId, SourceId)> {
    let files = index.duplicates().map(|it| (it.0.document().source(), it.1.document().source()));
    files.flat_map(|(one, other)| [(one, other), (other, one)]).collect()
}

/// Whether two objects are two forms of the same: they share their name, or their files define the same object.
fn are_alternatives(one: &Object, other: &Object, alternatives: &BTreeSet<(SourceId, SourceId)>) -> bool {
    let (file, other_file) = (one.document().source(), other.document().source());
    file != other_file && (one.name() == other.name() || alternatives.contains(&(file, other_file)))
}

/// Whether it runs pods whose number somebody chooses.
fn is_judged(workload: &Workload<'_>) -> bool {
    workload.kind.is_replicated() && workload.role != Role::Ignored && workload.scale.ceiling != Some(0)
}

/// The other workloads of the namespace whose pods a selector matches.
fn matched<'a>(workload: &Workload<'_>, selector: &Selector<'_>, cx: &Context<'a>) -> Vec<&'a Workload<'a>> {
    let index = cx.index();
    let selected = index.select(workload.object, selector).into_iter().filter(|it| it.nearness == Nearness::Same);
    let owners = selected.filter_map(|it| index.workload_of(index.pods(it.pods).owner));
    owners.filter(|it| it.object.id() != workload.object.id() && is_judged(it)).collect()
}

fn report(workload: &Workload<'_>, selector: &Selector<'_>, others: &[&Workload<'_>], cx: &mut Context<'_>) {
    let object = workload.object;
    let first = others[0].object;
    let more = if others.len() > 1 { format!(" and {} more", others.len() - 1) } else { String::new() };
    let message = format!("{} also selects the pods of {}{more}: they have {selector}", object.title(), first.title());
    let is_scaled = cx.index().scalers_of(object).first().copied();
    let mut draft = cx.fail(object, object.place(&["spec", "selector"]), message).help(
        "an autoscaler averages over the pods of both, and budgets and Services with these labels count both: add a \
         label that only one has to selector and template (a selector cannot be changed in place)",
    );
    for other in others.iter().take(3) {
        draft = draft.label(other.object.name_span(), "its pods match, too");
    }
    if let Some(scaler) = is_scaled {
        draft.label(scaler.name_span(), "measures the pods of all of them");
    }
}
