//! `zone-spread-missing`

use super::repairs::spread;
use crate::index::{Reach, SpreadTerm, Workload, ZONE, is_host_key};
use crate::rule::{Context, Similar, Verdict, rule};
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
        return Verdict::Pass;
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
