//! `workload-recreate-strategy`

use super::judged::{is_other, judged};
use crate::index::{Role, Workload};
use crate::model::WorkloadKind;
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::words::count;
use crate::rules::workload::SharedRwoVolume;

pub(crate) struct WorkloadRecreateStrategy;

cases!(WorkloadRecreateStrategy: OTHER_ROLE = "other-role", WORKER = "worker");

impl Rule for WorkloadRecreateStrategy {
    const PAGE: &'static str = include_str!("../../../rules/workload/workload-recreate-strategy.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in judged(cx) {
                if matches!(workload.kind, WorkloadKind::Deployment | WorkloadKind::DeploymentConfig) {
                    check_workload(workload, cx);
                }
            }
        });
    }
}

fn check_workload<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) {
    let object = workload.object;
    let keys = ["spec", "strategy", "type"];
    if !workload.is_recreated() {
        return cx.pass(object);
    }
    let Some(floor) = workload.scale.floor else {
        return cx.not_verifiable(object, "the number of pods is a template placeholder");
    };
    if floor < 2 || workload.role == Role::Singleton {
        return cx.pass(object); // One pod of a kind is what it is for.
    }
    let index = cx.index();
    let serving = cx.serving(workload);
    let claim = index.single_writer_claim(workload);
    let pods = count(floor, "pod");
    let message = format!("each rollout of {} stops all {pods} before the first new one starts", object.title());
    let mut draft = cx
        .fail(object, object.place(&keys), message)
        .evidence("floor", floor)
        .label(workload.scale_place().span, format!("{pods} at least"));
    for service in serving.iter().flat_map(|it| &it.services) {
        draft =
            draft.label(service.name_span(), format!("{} has nobody to send requests to meanwhile", service.title()));
    }
    draft = draft.help(
        "use strategy RollingUpdate, if two versions may run side by side; until they may, plan a \
                        downtime for each rollout",
    );
    draft = match serving {
        _ if is_other(workload) => draft.case(OTHER_ROLE),
        None if !workload.role.is_system_store() => draft.case(WORKER),
        _ => draft,
    };
    if workload.role == Role::Postgres {
        draft.merged_into(PostgresAsDeployment::ID, object, object.place(&keys).span, "and all stop for each rollout");
    } else if let Some(claim) = claim {
        let text = format!("claim {} is why the pods are recreated", claim.name);
        draft.merged_into(SharedRwoVolume::ID, object, claim.span(), text);
    }
}
