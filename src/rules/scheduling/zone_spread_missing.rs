//! `zone-spread-missing`

use super::repairs::{REVISION, spread};
use crate::index::{Reach, ScaledBy, SpreadForm, SpreadTerm, Workload, ZONE, is_host_key, is_zone_key};
use crate::model::{RollingUpdate, Spreading};
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::words::count;

const HELP: &str = "add a topologySpreadConstraint on topology.kubernetes.io/zone with maxSkew: 1, whenUnsatisfiable: \
                    ScheduleAnyway and the pods' own labels as labelSelector; say cluster.zones: 1 in the \
                    configuration if there is one zone";

const VERDICT: &str = "spread over nodes, not over zones";

/// Node labels of which no value is a place.
const NO_PLACES: &[&str] = &[
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
];

/// Zones where nothing tells how many there are.
const USUAL_ZONES: i64 = 3;

cases!(ZoneSpreadMissing: SCALE_DOWN = "scale-down");

rule!(ZoneSpreadMissing, "scheduling/zone-spread-missing.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if !workload.kind.is_replicated() || !(workload.role.is_system_store() || workload.role.is_app()) {
        return Verdict::NotApplicable;
    }
    if index.domains(ZONE).is_some_and(|it| it.is_one_machine || it.most.is_some_and(|it| it < 2)) {
        return Verdict::NotApplicable; // Nothing to spread over.
    }
    let Some(spec) = index.pod_spec_of(object) else { return Verdict::NotApplicable };
    let Some(floor) = workload.scale.floor.filter(|it| *it > 1) else { return Verdict::NotApplicable };
    let terms = cx.spread_terms(&spec);
    let is_wider = |it: &SpreadTerm<'_>| it.key.is_some_and(|key| !is_host_key(key) && !NO_PLACES.contains(&key));
    if terms.iter().any(|it| is_wider(it) && matches!(it.reach, Reach::Own | Reach::Unknown)) {
        return at_the_floor(workload, &terms, floor, cx);
    }
    let by_host = terms.iter().find(|it| it.key.is_some_and(is_host_key) && it.reach == Reach::Own);
    let Some(term) = by_host else { return Verdict::NotApplicable }; // Nothing asks: another rule's finding.
    let rest = if terms.iter().any(|it| it.form.is_constraint()) {
        "with a constraint of its own the scheduler's soft default for zones is off"
    } else {
        "for zones there is only the scheduler's soft default"
    };
    let message =
        format!("{} asks to spread its {} over nodes, not over zones: {rest}", object.title(), count(floor, "pod"));
    cx.fail(object, object.place_in(term.node, &["topologyKey"]), message)
        .evidence("pods", floor)
        .fix(spread(workload, &spec, &terms, index))
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "workloads",
            verdict: VERDICT,
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}

/// Judges whether a hard constraint over zones still holds once an autoscaler is back at its least.
fn at_the_floor<'a>(workload: &'a Workload<'a>, terms: &[SpreadTerm<'a>], floor: i64, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let is_scaled = matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_));
    let Some(ceiling) = workload.scale.ceiling.filter(|it| is_scaled && *it > floor) else { return Verdict::Pass };
    let mut over_zones = terms.iter().filter(|it| it.reach == Reach::Own && it.key.is_some_and(is_zone_key)).peekable();
    if over_zones.peek().is_none_or(|_| terms.iter().any(|it| it.form == SpreadForm::Required && !is_by_host(it))) {
        return Verdict::Pass;
    }
    let Some(term) = over_zones.find(|it| it.form == SpreadForm::Hard) else { return Verdict::Pass };
    let zones = cx.index().domains(ZONE).and_then(|it| it.most.or(it.least)).unwrap_or(USUAL_ZONES);
    let surge = RollingUpdate::of(object, workload.kind).and_then(|it| it.resolve(ceiling)).map_or(0, |it| it.surge);
    let spreading = term.node.int_at(&["maxSkew"]).and_then(|it| Spreading::new(zones, it));
    let one_revision = term.node.items_at(&["matchLabelKeys"]).any(|it| it.text() == REVISION);
    let most = if one_revision { ceiling } else { ceiling.saturating_add(surge) };
    let Some(in_one) = spreading.map(|it| it.after_changes(most)).filter(|it| *it >= floor) else {
        return Verdict::Pass;
    };
    let message = format!(
        "{} may have all {} in one of {zones} zones: its constraint leaves up to {in_one} there while it goes from \
         {ceiling} to {floor}",
        object.title(),
        count(floor, "pod")
    );
    cx.fail(object, object.place_in(term.node, &["whenUnsatisfiable"]), message)
        .case(SCALE_DOWN)
        .evidence("pods", floor)
        .evidence("most", ceiling)
        .help(
            "raise minReplicas, or keep the pods apart by required podAntiAffinity on topology.kubernetes.io/zone: \
             constraints do not count when pods go",
        )
        .verdict()
}

/// Whether a term is about nodes.
fn is_by_host(term: &SpreadTerm<'_>) -> bool {
    term.key.is_some_and(is_host_key)
}
