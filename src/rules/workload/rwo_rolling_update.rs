//! `rwo-rolling-update`

use super::judged::{is_judged, is_other};
use super::one_node::{is_file_share, tie};
use crate::index::{Access, Role, SharedClaim, Workload};
use crate::model::{RollingUpdate, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::postgres::PostgresAsDeployment;
use crate::yaml::Value;

cases!(RwoRollingUpdate: OTHER_ROLE = "other-role");

rule!(RwoRollingUpdate, "workload/rwo-rolling-update.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let is_deployment = matches!(workload.kind, WorkloadKind::Deployment | WorkloadKind::DeploymentConfig);
    // More than one pod is the case of another rule.
    if !is_judged(workload) || !is_deployment || workload.scale.ceiling != Some(1) {
        return Verdict::NotApplicable;
    }
    let claims = cx.index().shared_claims(workload);
    if claims.is_empty() {
        return Verdict::NotApplicable;
    }
    let Some(update) = RollingUpdate::of(object, workload.kind) else { return Verdict::Pass };
    let Some(posts) = update.resolve(1) else {
        return Verdict::open("numbers of its rolling update are template placeholders");
    };
    if posts.surge == 0 {
        return Verdict::Pass; // The old pod goes first.
    }
    let stuck = claims.iter().find(|it| hinders(workload, it, cx));
    match stuck {
        Some(claim) => report(workload, claim, cx),
        None if claims.iter().any(|it| it.access() == Access::Unknown) => {
            Verdict::open("a claim of its pods, or its access modes, are not in the manifests")
        }
        None => Verdict::Pass,
    }
}

/// Whether a claim keeps a second pod from starting beside the first.
fn hinders<'a>(workload: &Workload<'a>, claim: &SharedClaim<'a>, cx: &Context<'a>) -> bool {
    match claim.access() {
        Access::OnePod => true,
        Access::OneNode => tie(workload, claim, cx).is_none() && !is_file_share(claim, cx),
        Access::Many | Access::Unknown => false,
    }
}

fn report(workload: &Workload<'_>, claim: &SharedClaim<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let name = claim.name;
    let by_default = if object.node().at(&["spec", "strategy", "type"]).is_none() { " (the default)" } else { "" };
    let (limit, mode) = match claim.access() {
        Access::OnePod => ("while that has it", "one pod at a time may mount it"),
        _ => ("on another node", "one node at a time may mount it"),
    };
    let message = format!(
        "a rollout of {} can get stuck: the new pod starts beside the old one{by_default} and cannot mount claim \
         {name} {limit}",
        object.title()
    );
    let keys: &[&str] = if object.node().at(&["spec", "strategy"]).is_some() {
        &["spec", "strategy", "type"]
    } else {
        &["spec", "strategy"]
    };
    let place = object.place(keys);
    let span = place.span;
    let repair = (workload.kind == WorkloadKind::Deployment).then(|| {
        Repair::new()
            .remove(object, &["spec", "strategy", "rollingUpdate"])
            .set(object, &["spec", "strategy", "type"], Value::text("Recreate"))
            .effect(format!("each rollout stops the pod of {} for a moment", object.title()))
    });
    let draft = cx
        .fail(object, place, message)
        .fix(repair)
        .label(claim.span(), "one volume for both pods")
        .labels(claim.object.map(|it| (it.place(&["spec", "accessModes"]).span, mode)))
        .help(
            "set strategy: {type: Recreate}: the old pod then gives the volume back first, and the short stop is planned",
        )
        .maybe_case(is_other(workload).then_some(OTHER_ROLE));
    if workload.role == Role::Postgres {
        return draft.merged_into(PostgresAsDeployment::ID, object, span, "a rollout can get stuck, too").verdict();
    }
    draft.verdict()
}
