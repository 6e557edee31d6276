//! `priority-class-missing`

use crate::rule::{NoParams, Rule, Walk};
use crate::rules::alike::{Lack, report};

pub(crate) struct PriorityClassMissing;

const HELP: &str = "when room is short, for example after a node is lost, pods with priority come first: name a \
                    PriorityClass";

impl Rule for PriorityClassMissing {
    const PAGE: &'static str = include_str!("../../../rules/workload/priority-class-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let classes = || index.of_kind("scheduling.k8s.io", "PriorityClass");
            if classes().any(|it| it.node().bool_at(&["globalDefault"]) == Some(true)) {
                return;
            }
            let mut lacks = Vec::new();
            for workload in index.workloads().iter().filter(|it| it.kind.is_replicated()) {
                let is_vital = workload.role.is_recognised_app() || workload.role.is_system_store();
                let Some(template) = workload.template.filter(|it| is_vital && it.spec().is_some()) else { continue };
                let object = workload.object;
                let keys = ["spec", "priorityClassName"];
                if template.node().at(&keys).is_some_and(|it| !it.text().is_empty()) {
                    cx.pass(object);
                    continue;
                }
                let message = format!("{} has no priority over other pods", object.title());
                let place = object.place_in(template.node(), &keys);
                lacks.push(Lack { object, place, message, help: HELP, case: None });
            }
            report(lacks, "have no priority over other pods", cx);
        });
    }
}
