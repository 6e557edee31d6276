//! `selector-overlap`

use crate::index::{Index, Nearness, Role, Workload};
use crate::model::{Object, ObjectId, Selector, controller_selector};
use crate::rule::{Context, Verdict, rule};
use crate::source::SourceId;
use std::collections::BTreeSet;

rule!(SelectorOverlap, "workload/selector-overlap.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let mut seen = Seen { alternatives: alternatives(index), ..Seen::default() };
    cx.judge_each(index.workloads(), |it, cx| judge(it, &mut seen, cx));
}));

/// What is known of the workloads before.
#[derive(Default)]
struct Seen<'a> {
    alternatives: BTreeSet<(SourceId, SourceId)>,
    /// Each selector is told once, with all the pods of others that it matches.
    selectors: BTreeSet<(Option<&'a str>, String)>,
    told: BTreeSet<(ObjectId, ObjectId)>,
}

fn judge<'a>(workload: &Workload<'a>, seen: &mut Seen<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let selector = controller_selector(object, workload.kind).filter(|_| is_judged(workload));
    let Some(selector) = selector.filter(|it| !it.is_everything() && !it.is_open() && !workload.has_open_labels())
    else {
        return Verdict::NotApplicable;
    };
    if !seen.selectors.insert((object.namespace(), selector.to_string())) {
        return Verdict::NotApplicable;
    }
    let mut others = matched(workload, &selector, cx);
    others.retain(|it| !are_alternatives(object, it.object, &seen.alternatives));
    if others.is_empty() {
        return Verdict::Pass;
    }
    let (own, all) = (object.id(), others.iter().map(|it| it.object.id()).collect::<Vec<_>>());
    others.retain(|it| !seen.told.contains(&(it.object.id(), own)));
    seen.told.extend(all.into_iter().map(|it| (own, it)));
    if others.is_empty() { Verdict::NotApplicable } else { report(workload, &selector, &others, cx) }
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

fn report(workload: &Workload<'_>, selector: &Selector<'_>, others: &[&Workload<'_>], cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let first = others[0].object;
    let more = if others.len() > 1 { format!(" and {} more", others.len() - 1) } else { String::new() };
    let message = format!("{} also selects the pods of {}{more}: they have {selector}", object.title(), first.title());
    let scaler = cx.index().scalers_of(object).first().copied();
    cx.fail(object, object.place(&["spec", "selector"]), message)
        .help(
            "an autoscaler averages over the pods of both, and budgets and Services with these labels count both: add a \
             label that only one has to selector and template (a selector cannot be changed in place)",
        )
        .labels(others.iter().take(3).map(|it| (it.object.name_span(), "its pods match, too")))
        .labels(scaler.map(|it| (it.name_span(), "measures the pods of all of them")))
        .verdict()
}
