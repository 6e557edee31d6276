//! `anti-affinity-preferred-only`

use crate::index::{SpreadForm, SpreadTerm, Workload};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(AntiAffinityPreferredOnly, "scheduling/anti-affinity-preferred-only.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if !workload.role.is_system_store() || !workload.kind.is_replicated() {
        return Verdict::NotApplicable;
    }
    let Some(spec) = index.pod_spec_of(object) else { return Verdict::NotApplicable };
    let terms = cx.spread_terms(&spec);
    let apart: Vec<&SpreadTerm<'_>> = terms.iter().filter(|it| index.keeps_apart(it)).collect();
    let Some(first) = apart.first() else { return Verdict::NotApplicable }; // Nothing asks: another rule's finding.
    let Some(floor) = workload.scale.floor.filter(|it| *it > 1) else { return Verdict::NotApplicable };
    if apart.iter().any(|it| matches!(it.form, SpreadForm::Required | SpreadForm::Hard)) {
        return Verdict::Pass;
    }
    let message = format!(
        "{} only prefers to have its {} on different nodes, and keeps its data in them",
        object.title(),
        count(floor, "pod")
    );
    let help = "on a full cluster two of them may share a node and fail with it: require the anti-affinity on \
                kubernetes.io/hostname, if there are nodes enough";
    let place = object.place_in(first.node, &["topologyKey"]);
    cx.fail(object, place, message).evidence("pods", floor).help(help).verdict()
}
