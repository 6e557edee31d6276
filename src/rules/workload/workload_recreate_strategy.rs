//! `workload-recreate-strategy`

use super::judged::{is_judged, is_other};
use crate::index::{Role, Workload};
use crate::model::WorkloadKind;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::words::count;
use crate::rules::workload::SharedRwoVolume;

const HELP: &str = "use strategy RollingUpdate, if two versions may run side by side; until they may, plan a downtime \
                    for each rollout";

cases!(WorkloadRecreateStrategy: OTHER_ROLE = "other-role", WORKER = "worker");

rule!(WorkloadRecreateStrategy, "workload/workload-recreate-strategy.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let is_deployment = matches!(workload.kind, WorkloadKind::Deployment | WorkloadKind::DeploymentConfig);
    if !is_judged(workload) || !is_deployment {
        return Verdict::NotApplicable;
    }
    if !workload.is_recreated() {
        return Verdict::Pass;
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open("the number of pods is a template placeholder");
    };
    if floor < 2 || workload.role == Role::Singleton {
        return Verdict::Pass; // One pod of a kind is what it is for.
    }
    let index = cx.index();
    let serving = cx.serving(workload);
    let claim = index.single_writer_claim(workload);
    let pods = count(floor, "pod");
    let message = format!("each rollout of {} stops all {pods} before the first new one starts", object.title());
    let place = object.place(&["spec", "strategy", "type"]);
    let span = place.span;
    let case = match serving {
        _ if is_other(workload) => Some(OTHER_ROLE),
        None if !workload.role.is_system_store() => Some(WORKER),
        _ => None,
    };
    let services = serving.iter().flat_map(|it| it.shown());
    let draft = cx
        .fail(object, place, message)
        .evidence("floor", floor)
        .label(workload.scale_place().span, format!("{pods} at least"))
        .labels(
            services.map(|(it, title)| (it.name_span(), format!("{title} has nobody to send requests to meanwhile"))),
        )
        .help(HELP)
        .fix(claim.is_none().then(|| Repair::new().remove(object, &["spec", "strategy"])))
        .maybe_case(case);
    match claim {
        _ if workload.role == Role::Postgres => {
            draft.merged_into(PostgresAsDeployment::ID, object, span, "and all stop for each rollout")
        }
        Some(claim) => {
            let text = format!("claim {} is why the pods are recreated", claim.name);
            draft.merged_into(SharedRwoVolume::ID, object, claim.span(), text)
        }
        None => draft,
    }
    .verdict()
}
