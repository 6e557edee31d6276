//! Nodes without an operator, which count together by release or namespace: each may be a workload of its own.

use crate::index::Workload;
use crate::rule::{Context, Verdict};
use crate::rules::words::{count, list};

/// How nodes are called, and what to do where they are too few.
pub(super) struct Words {
    /// The name of their number among the evidence.
    pub(super) evidence: &'static str,
    /// Several of them, where the software is known.
    pub(super) nodes: &'static str,
    /// One of them.
    pub(super) node: &'static str,
    pub(super) help: &'static str,
}

/// Judges the nodes of each release or namespace; the verdict is on the first of their workloads.
pub(super) fn judge_groups(is_node: impl Fn(&Workload<'_>) -> bool, minimum: i64, words: &Words, cx: &mut Context<'_>) {
    let index = cx.index();
    for group in index.by_release(index.workloads().iter().filter(|it| is_node(it)).collect()) {
        if let Some((first, others)) = group.split_first() {
            let verdict = judge(first, others, minimum, words, cx);
            cx.judge(first.object, verdict);
        }
    }
}

fn judge(first: &Workload<'_>, others: &[&Workload<'_>], minimum: i64, words: &Words, cx: &mut Context<'_>) -> Verdict {
    let all = || std::iter::once(first).chain(others.iter().copied());
    let Some(total) = all().map(|it| it.scale.floor).sum::<Option<i64>>() else {
        return Verdict::open(format!("the number of {} is a template placeholder", words.nodes));
    };
    if total == 0 {
        return Verdict::NotApplicable; // Switched off.
    }
    if total >= minimum {
        return Verdict::Pass;
    }
    let titles: Vec<String> = all().map(|it| it.object.title()).collect();
    let runs = if others.is_empty() { "runs" } else { "together run" };
    let message = format!("{} {runs} {}; at least {minimum} are required", list(&titles), count(total, words.node));
    cx.fail(first.object, first.scale_place(), message)
        .evidence(words.evidence, total)
        .evidence("minimum", minimum)
        .help(words.help)
        .labels(others.iter().map(|it| (it.scale_place().span, format!("{} is counted too", it.object.title()))))
        .verdict()
}
