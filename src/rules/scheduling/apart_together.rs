//! Whether pods of several owners fit the nodes that one required anti-affinity term keeps apart.

use super::anti_affinity_exceeds_nodes::{AntiAffinityExceedsNodes, HELP, room_of};
use super::beside_the_system::runs_beside_the_system;
use crate::index::{Domains, Member, SharedTerm};
use crate::rule::{Context, Verdict, cases};
use crate::rules::words::{count, list};

cases!(AntiAffinityExceedsNodes: AT_THE_PEAK = "at-the-peak", OTHER = "other");

/// Judges a term that several owners share. What one of them cannot do alone is said of it.
pub(super) fn judge(term: &SharedTerm<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    // Each owner for itself is not verifiable where the nodes or its pods are not known.
    let Some((domains, room)) = index.domains(term.key).and_then(|it| Some((it, room_of(it)?))) else {
        return Verdict::NotApplicable;
    };
    let floors: Vec<i64> = term.members.iter().filter_map(|it| it.pods.0).collect();
    if term.members.iter().any(|it| it.tolerates) || floors.iter().any(|it| *it > room) {
        return Verdict::NotApplicable;
    }
    let least: i64 = floors.iter().fold(0, |sum, it| sum.saturating_add(*it));
    let most = term.members.iter().fold(0_i64, |sum, it| sum.saturating_add(at_most(it)));
    let verdict = if least > room {
        report_shared(term, (least, room), domains, false, cx)
    } else if least > 0 && least.saturating_add(i64::from(!term.kept_off.is_empty())) > room {
        report_kept_off(term, (least, room), domains, cx)
    } else if term.members.len() > 1 && most > room {
        report_shared(term, (most, room), domains, true, cx)
    } else {
        return Verdict::NotApplicable;
    };
    for member in &term.members {
        cx.judge(member.object, verdict.clone());
    }
    verdict
}

fn at_most(member: &Member<'_>) -> i64 {
    member.pods.1.or(member.pods.0).unwrap_or_default()
}

fn report_shared(
    term: &SharedTerm<'_>,
    (pods, room): (i64, i64),
    domains: &Domains,
    is_peak: bool,
    cx: &mut Context<'_>,
) -> Verdict {
    let number = |it: &Member<'_>| if is_peak { at_most(it) } else { it.pods.0.unwrap_or_default() };
    let names: Vec<String> = term.members.iter().map(|it| format!("{} ({})", it.object.title(), number(it))).collect();
    let verb = if is_peak { "may grow to" } else { "run" };
    let pending = pods.saturating_sub(room);
    let message = format!(
        "{} {verb} {}, each on a {} of its own, and {} has {}: {pending} {} pending",
        list(&names),
        count(pods, "pod"),
        domains.noun,
        domains.title,
        count(room, domains.noun),
        if pending == 1 { "stays" } else { "stay" },
    );
    report(term, message, (pods, room), domains, is_peak, cx)
}

fn report_kept_off(
    term: &SharedTerm<'_>,
    (pods, room): (i64, i64),
    domains: &Domains,
    cx: &mut Context<'_>,
) -> Verdict {
    let names: Vec<String> =
        term.members.iter().map(|it| format!("{} ({})", it.object.title(), it.pods.0.unwrap_or_default())).collect();
    let others: Vec<String> = term.kept_off.iter().map(|it| format!("{} ({})", it.object.title(), it.pods)).collect();
    let message = format!(
        "no {} is left for pods of {}: {} {} them off, and {} has {}",
        domains.noun,
        list(&others),
        list(&names),
        if names.len() == 1 { "keeps" } else { "keep" },
        domains.title,
        count(room, domains.noun),
    );
    report(term, message, (pods, room), domains, false, cx)
}

fn report(
    term: &SharedTerm<'_>,
    message: String,
    (pods, room): (i64, i64),
    domains: &Domains,
    is_peak: bool,
    cx: &mut Context<'_>,
) -> Verdict {
    let [first, others @ ..] = term.members.as_slice() else { return Verdict::NotApplicable };
    let is_other = term.members.iter().all(|it| runs_beside_the_system(it.object, cx));
    let moves = is_peak || domains.exactly().is_none();
    let case = if is_other { Some(OTHER) } else { moves.then_some(AT_THE_PEAK) };
    cx.fail(first.object, first.place.clone(), message)
        .maybe_case(case)
        .evidence("pods", pods)
        .evidence("room", room)
        .help(HELP)
        .labels(others.iter().take(4).map(|it| (it.place.span, "the same term")))
        .labels(term.kept_off.iter().take(4).map(|it| (it.object.name_span(), "its pods have the labels, too")))
        .label(domains.span, domains.describe())
        .verdict()
}
