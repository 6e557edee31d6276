//! `anti-affinity-preferred-only`

use crate::index::{SpreadForm, SpreadTerm, Workload};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::count;

pub(crate) struct AntiAffinityPreferredOnly;

impl Rule for AntiAffinityPreferredOnly {
    const PAGE: &'static str = include_str!("../../../rules/scheduling/anti-affinity-preferred-only.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for workload in cx.index().workloads() {
                if workload.role.is_system_store() && workload.kind.is_replicated() {
                    check_store(workload, cx);
                }
            }
        });
    }
}

fn check_store<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) {
    let index = cx.index();
    let object = workload.object;
    let Some(spec) = index.pod_spec_of(object) else { return };
    let terms = cx.spread_terms(&spec);
    let apart: Vec<&SpreadTerm<'_>> = terms.iter().filter(|it| index.keeps_apart(it)).collect();
    let Some(first) = apart.first() else { return }; // Nothing asks at all: another rule's finding.
    let Some(floor) = workload.scale.floor.filter(|it| *it > 1) else { return };
    if apart.iter().any(|it| matches!(it.form, SpreadForm::Required | SpreadForm::Hard)) {
        return cx.pass(object);
    }
    let message = format!(
        "{} only prefers to have its {} on different nodes, and keeps its data in them",
        object.title(),
        count(floor, "pod")
    );
    let place = object.place_in(first.node, &["topologyKey"]);
    cx.fail(object, place, message).evidence("pods", floor).help(
        "on a full cluster two of them may share a node and fail with it: require the anti-affinity on \
         kubernetes.io/hostname, if there are nodes enough",
    );
}
