//! `priority-class-missing`

use crate::index::{Index, Workload};
use crate::rule::{Context, Verdict, rule};
use crate::rules::alike::{Lack, lacks};

const HELP: &str = "when room is short, for example after a node is lost, pods with priority come first: name a \
                    PriorityClass";

rule!(PriorityClassMissing, "workload/priority-class-missing.md", |walk| walk.each(judged, judge));

/// The workloads, unless each pod has a priority by default.
fn judged<'a>(index: &'a Index<'a>) -> &'a [Workload<'a>] {
    let mut classes = index.of_kind("scheduling.k8s.io", "PriorityClass");
    let has_default = classes.any(|it| it.node().bool_at(&["globalDefault"]) == Some(true));
    if has_default { &[] } else { index.workloads() }
}

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let is_vital = workload.role.is_recognised_app() || workload.role.is_system_store();
    let is_judged = workload.kind.is_replicated() && is_vital;
    let Some(template) = workload.template.filter(|it| is_judged && it.spec().is_some()) else {
        return Verdict::NotApplicable;
    };
    let object = workload.object;
    let keys = ["spec", "priorityClassName"];
    if template.node().at(&keys).is_some_and(|it| !it.text().is_empty()) {
        return Verdict::Pass;
    }
    let message = format!("{} has no priority over other pods", object.title());
    let place = object.place_in(template.node(), &keys);
    lacks(Lack { object, place, message, help: HELP, case: None }, "have no priority over other pods", cx)
}
