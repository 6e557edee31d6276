//! `shared-rwo-volume`

use super::judged::{is_judged, is_other};
use super::one_node::{Tie, is_file_share, tie};
use crate::index::{Access, Role, ScaledBy, SharedClaim, Workload};
use crate::model::Container;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::words::count;
use crate::source::Span;

const STORE_HELP: &str = "two servers in one data directory refuse to start or damage it: use a StatefulSet with \
                          volumeClaimTemplates, so that each has its own, and let them replicate";

cases!(SharedRwoVolume: OTHER_ROLE = "other-role", DATASTORE = "datastore", ONE_NODE = "one-node", READ_ONLY = "read-only");

rule!(SharedRwoVolume, "workload/shared-rwo-volume.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let claims = if is_judged(workload) { cx.index().shared_claims(workload) } else { Vec::new() };
    if claims.is_empty() {
        return Verdict::NotApplicable;
    }
    let is_narrow = |it: &&SharedClaim<'a>| it.access().mode().is_some() && !is_file_share(it, cx);
    let narrow = claims.iter().find(is_narrow);
    let is_unknown = claims.iter().any(|it| it.access() == Access::Unknown);
    match (workload.scale.ceiling.max(workload.scale.floor), narrow) {
        (None, None) if !is_unknown => Verdict::NotApplicable,
        (None, _) => Verdict::open("the number of pods that share its claim is a template placeholder"),
        (Some(..2), _) => Verdict::Pass,
        (Some(pods), Some(claim)) => report(workload, claim, pods, cx),
        (Some(_), None) if is_unknown => {
            Verdict::open("a claim that its pods share, or its access modes, are not in the manifests")
        }
        (Some(_), None) => Verdict::Pass,
    }
}

fn report<'a>(workload: &Workload<'a>, claim: &SharedClaim<'a>, pods: i64, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let tie = if claim.access() == Access::OneNode { tie(workload, claim, cx) } else { None };
    let up_to = if workload.scale.floor == Some(pods) { "" } else { "up to " };
    let limit = if claim.access() == Access::OnePod { "one pod" } else { "one node" };
    let message = format!(
        "{up_to}{} of {} share claim {}, which {limit} at a time can mount",
        count(pods, "pod"),
        object.title(),
        claim.name
    );
    let help = match (claim.access(), &tie) {
        (Access::OnePod, _) => {
            "the second pod never starts: use a claim a pod (a StatefulSet's volumeClaimTemplates), or none"
        }
        (_, Some(_)) => {
            "all pods go down with that node: use storage that several nodes can mount (ReadWriteMany), or a claim a \
             pod"
        }
        _ => {
            "the pods either share a node, and go down with it, or wait for the volume (Multi-Attach error): use \
             storage that several nodes can mount (ReadWriteMany), a claim a pod (a StatefulSet's \
             volumeClaimTemplates), or none"
        }
    };
    let (case, help) = match workload.role {
        _ if is_read_only(workload, claim) => (Some(READ_ONLY), help),
        // Such a server keeps its files to itself: a second one refuses to start, or damages them.
        Role::Datastore => (Some(DATASTORE), STORE_HELP),
        _ if is_other(workload) => (Some(OTHER_ROLE), help),
        _ => (tie.as_ref().map(|_| ONE_NODE), help),
    };
    let modes = claim.object.map(|it| it.place(&["spec", "accessModes"]).span);
    let draft = cx
        .fail(object, object.place_in(claim.volume, &["persistentVolumeClaim", "claimName"]), message)
        .evidence("pods", pods)
        .label(most_place(workload), format!("{up_to}{}", count(pods, "pod")))
        .labels(modes.map(|it| (it, format!("{limit} at a time may mount it"))))
        .labels(tie.and_then(|Tie { reason, span }| Some((span?, reason))))
        .help(help)
        .maybe_case(case);
    if workload.role == Role::Postgres {
        let text = "all its pods would open one data directory";
        return draft.merged_into(PostgresAsDeployment::ID, object, claim.span(), text).verdict();
    }
    draft.verdict()
}

/// Where the greatest number of pods is written.
fn most_place(workload: &Workload<'_>) -> Span {
    match workload.scale.by {
        ScaledBy::Hpa(scaler) => scaler.place(&["spec", "maxReplicas"]).span,
        ScaledBy::Keda(scaler) => scaler.place(&["spec", "maxReplicaCount"]).span,
        _ => workload.scale_place().span,
    }
}

/// Whether no container writes to the volume.
fn is_read_only(workload: &Workload<'_>, claim: &SharedClaim<'_>) -> bool {
    if claim.volume.bool_at(&["persistentVolumeClaim", "readOnly"]) == Some(true) {
        return true;
    }
    let Some((template, name)) = workload.template.zip(claim.volume.str_at(&["name"])) else { return false };
    let containers = template.containers().chain(template.init_containers());
    let mounts = containers.flat_map(|it: Container<'_>| it.node().items_at(&["volumeMounts"]));
    let mut mounts = mounts.filter(|it| it.str_at(&["name"]) == Some(name)).peekable();
    mounts.peek().is_some() && mounts.all(|it| it.bool_at(&["readOnly"]) == Some(true))
}
