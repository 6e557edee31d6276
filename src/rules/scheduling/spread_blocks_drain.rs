//! `spread-blocks-drain`

use super::beside_the_system::{is_ignored, runs_beside_the_system};
use super::repairs::honor_taints;
use crate::index::{
    Allowance, BudgetId, Domains, Index, Nearness, PodSpec, Reach, SpreadForm, SpreadTerm, ZONE, is_host_key,
    is_zone_key,
};
use crate::model::{Ending, HOSTNAME, Spreading};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;

/// So many nodes, each in a zone of its own, are supposed where nothing tells.
const USUAL_NODES: i64 = 3;

cases!(SpreadBlocksDrain: NO_EVIDENCE = "no-evidence", OTHER = "other");

rule!(SpreadBlocksDrain, "scheduling/spread-blocks-drain.md", |walk| walk.pod_specs(|spec, cx| {
    if is_ignored(spec.object, cx) {
        return Verdict::NotApplicable;
    }
    for term in cx.spread_terms(spec).iter() {
        let verdict = judge_term(spec, term, cx);
        cx.judge(spec.object, verdict);
    }
    Verdict::NotApplicable
}));

/// The places that a constraint counts, while each drained node is all of one of them.
struct Places {
    count: i64,
    noun: &'static str,
    is_known: bool,
}

/// `None` where a place has other nodes, which take the pods, or where the number of places is a range.
fn places(key: &str, index: &Index<'_>) -> Option<Places> {
    let exact = |key: &str| index.domains(key).map(Domains::exactly);
    let (hosts, zones) = (exact(HOSTNAME), exact(ZONE));
    if is_host_key(key) {
        return match hosts {
            Some(nodes) => Some(Places { count: nodes?, noun: "node", is_known: true }),
            None => Some(Places { count: USUAL_NODES, noun: "node", is_known: false }),
        };
    }
    if !is_zone_key(key) {
        return None;
    }
    match (hosts, zones) {
        (Some(nodes), Some(zones)) if nodes? == zones? => Some(Places { count: zones?, noun: "zone", is_known: true }),
        (None, None) => Some(Places { count: USUAL_NODES, noun: "zone", is_known: false }),
        _ => None,
    }
}

/// What the one budget over the pods lets go at once, with the budget.
fn allowed(spec: &PodSpec<'_>, index: &Index<'_>) -> Option<(i64, BudgetId)> {
    let [pods] = spec.pods.as_slice() else { return None };
    let (id, Nearness::Same) = index.only_budget_of(*pods)? else { return None };
    match index.allowance(id) {
        Allowance::Known { allowed: allowed @ 1.., assumed_one: false, .. } => Some((allowed, id)),
        _ => None, // Nothing may go, which is another rule's, or nobody knows.
    }
}

fn judge_term(spec: &PodSpec<'_>, term: &SpreadTerm<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), spec.object);
    let is_hard = term.form == SpreadForm::Hard && term.reach == Reach::Own;
    if !is_hard || term.node.str_at(&["nodeTaintsPolicy"]) == Some("Honor") {
        return Verdict::NotApplicable;
    }
    let Some(places) = term.key.and_then(|it| places(it, index)) else { return Verdict::NotApplicable };
    let Some((allowed, budget)) = allowed(spec, index) else { return Verdict::NotApplicable };
    let (Some(pods), Some(skew)) = (index.pods_counted(spec, term).0, term.node.int_at(&["maxSkew"])) else {
        return Verdict::open("the number of pods, or how far they may be out of balance, is not there");
    };
    // With fewer places than it wants a constraint counts as if one were empty: no drain makes that worse.
    let wanted = term.node.int_at(&["minDomains"]).unwrap_or(1);
    if places.count < 2 || places.count < wanted {
        return Verdict::NotApplicable;
    }
    let Some(spreading) = Spreading::new(places.count, skew) else { return Verdict::NotApplicable };
    if spreading.drain(pods, allowed) != Ending::Never {
        return Verdict::Pass;
    }
    let each = spreading.each(pods);
    let case = match (runs_beside_the_system(object, cx), places.is_known) {
        (true, _) => Some(OTHER),
        (false, true) => None,
        (false, false) => Some(NO_EVIDENCE),
    };
    let (nodes, all) = (count(places.count, places.noun), count(pods, "pod"));
    let assumed = if places.is_known { "" } else { " (assumed)" };
    let message = format!(
        "{all} on {nodes}{assumed}, {each} each: a cordoned node still counts, no other takes its last pods, and the budget \
         lets {allowed} go: its drain never ends"
    );
    // So many have to go at once that the cordoned node is no longer behind.
    let needed = spreading.allowance_for_drains(pods);
    let written = index.budget(budget);
    let more = match written.manifest() {
        Some(budget) => format!("maxUnavailable: {needed} in {}", budget.title()),
        None => format!("{needed} pods at once"),
    };
    let mut draft = cx
        .fail(object, object.place_in(term.node, &["whenUnsatisfiable"]), message)
        .maybe_case(case)
        .evidence("pods", pods)
        .evidence("places", places.count)
        .evidence("allowed", allowed)
        .fix((wanted < places.count).then(|| honor_taints(spec, term.node)))
        .label(written.object().name_span(), format!("lets {} go", count(allowed, "pod")))
        .help(format!(
            "add nodeTaintsPolicy: Honor, so that a cordoned node does not count, or let the budget allow more: {more}"
        ));
    if let Some(domains) = index.domains(if places.noun == "node" { HOSTNAME } else { ZONE }) {
        draft = draft.label(domains.span, nodes);
    }
    draft.verdict()
}
