//! `node-label-removed`

use crate::index::Workload;
use crate::model::{PodTemplate, Version, node_demand};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::repairs::restarts;
use crate::yaml::Value;

const LABEL: &str = "node-role.kubernetes.io/master";
const SUCCESSOR: &str = "node-role.kubernetes.io/control-plane";

rule!(NodeLabelRemoved, "scheduling/node-label-removed.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    let spec = workload.template.and_then(PodTemplate::spec);
    let Some(demand) = spec.and_then(|it| node_demand(it, |it| it.key == LABEL)) else { return Verdict::NotApplicable };
    // kubeadm 1.24 was the first without it; distributions such as k3s still set it.
    if index.is_older_than(Version::new(1, 24, 0)) || index.node_carries(LABEL) || index.runs_k3s() {
        return Verdict::Pass;
    }
    let title = object.title();
    let message = format!("{title} runs only on nodes with the label {LABEL}, which kubeadm sets no more since 1.24");
    // A term of an affinity says the key as a value.
    let (map, key) = (demand.at, demand.at.get("key").filter(|it| it.text() == LABEL));
    let repair = match key {
        Some(key) => Some(Repair::new().replace(object, key, Value::text(SUCCESSOR))),
        None => map.get(LABEL).map(|_| Repair::new().rename_in(object, map, LABEL, SUCCESSOR)),
    };
    cx.fail(object, object.place_in(demand.at, &[demand.shown]), message)
        .fix(repair.map(|it| it.effect(restarts(workload))))
        .heuristic()
        .help(format!(
            "its pods stay pending on a new control plane: ask for {SUCCESSOR}, and tolerate the taint of that name"
        ))
        .verdict()
}
