//! Budgets over pods whose number nobody sets: those of Jobs, and those of DaemonSets.

use super::pdb_blocks_drain::demand_place;
use crate::index::{Budget, BudgetId, Control, Demand, Index, PodSet, Selected, is_suspended};
use crate::model::{Amount, HOSTNAME, Object, PodTemplate, WorkloadKind};
use crate::rule::{Context, Verdict};
use crate::rules::words::count;
use crate::yaml::NodeRef;

/// The kind by which KEDA makes Jobs, and how many there are at once unless it says so
/// (kedacore/keda `apis/keda/v1alpha1/scaledjob_types.go`).
const SCALED_JOB: &str = "ScaledJob";
const MOST_JOBS: i64 = 100;

pub(super) const JOBS_HELP: &str = "drains wait for the Job: remove the budget, or say that this is meant, with \
                                    annotation edms-lint.dev/allow-zero-disruption: \"true\"";

/// Whether a budget selects the pods of Jobs and no others.
pub(super) fn selects_jobs_alone(id: BudgetId, index: &Index<'_>) -> bool {
    struct Jobs(bool);
    selects_alone(id, index, Jobs, |it| it.0, |it| matches!(it, Control::Finite | Control::Kept))
}

/// Whether a budget selects the pods of DaemonSets and no others.
fn selects_daemons_alone(id: BudgetId, index: &Index<'_>) -> bool {
    struct Daemons(bool);
    selects_alone(id, index, Daemons, |it| it.0, |it| it == Control::Unscalable("daemonsets.apps"))
}

/// Whether a budget selects pods, and all of them fit. Each question has a type of its own.
fn selects_alone<T: Send + Sync + 'static>(
    id: BudgetId,
    index: &Index<'_>,
    answer: fn(bool) -> T,
    read: fn(&T) -> bool,
    fits: impl Fn(Control) -> bool,
) -> bool {
    let find = |it: &[Selected]| !it.is_empty() && it.iter().all(|it| fits(index.pods(it.pods).control));
    read(&index.once_a_selection(id, |it| answer(find(it))))
}

/// Judges a budget that selects the pods of Jobs alone, or of DaemonSets alone, by an integer `minAvailable`; `None`
/// for other budgets.
pub(super) fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Option<Verdict> {
    let index = cx.index();
    let sets = || index.selected_by(id).iter().map(|it| index.pods(it.pods)).collect::<Vec<_>>();
    let Demand::MinAvailable(Amount::Count(wanted)) = budget.demand else { return None };
    if selects_jobs_alone(id, index) {
        return Some(judge_jobs(&sets(), wanted, object, cx));
    }
    selects_daemons_alone(id, index).then(|| judge_daemons(&sets(), wanted, object, cx))
}

/// As long as they run. Finished pods are not among the healthy ones.
fn judge_jobs(sets: &[&PodSet<'_>], wanted: i64, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let pods: Option<i64> =
        sets.iter().map(|it| most_pods(it.owner)).try_fold(0_i64, |sum, it| Some(sum.saturating_add(it?)));
    let Some(pods) = pods else { return Verdict::open("the number of pods that its Jobs run is not in the manifests") };
    if pods == 0 {
        return Verdict::NotApplicable;
    }
    if wanted < pods {
        let is_queue = sets.iter().any(|it| it.owner.kind() == SCALED_JOB);
        return if is_queue { Verdict::open("the queue decides how many Jobs run at once") } else { Verdict::Pass };
    }
    let message =
        format!("{} of Jobs, {wanted} must stay available: a drain waits until they are done", count(pods, "pod"));
    let owner = sets[0].owner;
    cx.fail(object, demand_place(object), message)
        .evidence("pods", pods)
        .evidence("mustStay", wanted)
        .evidence("allowed", 0)
        .label(owner.name_span(), format!("{} makes the selected pods", owner.title()))
        .help(JOBS_HELP)
        .verdict()
}

/// How many pods run at once at most: no more than have still to succeed (`pkg/controller/job/job_controller.go`,
/// `manageJob`), and of a ScaledJob as many Jobs as it may have.
fn most_pods(owner: &Object) -> Option<i64> {
    if is_suspended(owner) {
        return Some(0);
    }
    let node = owner.node();
    let job = ["jobTemplate", "jobTargetRef"].iter().find_map(|it| node.at(&["spec", it]));
    let job = job.map(|it| it.get("spec").unwrap_or(it)).or_else(|| node.at(&["spec"]))?;
    let number = |key: &str, or: i64| job.at(&[key]).map_or(Some(or), NodeRef::as_int);
    let pods = number("parallelism", 1)?.min(number("completions", i64::MAX)?);
    if owner.kind() != SCALED_JOB {
        return Some(pods);
    }
    let jobs = node.at(&["spec", "maxReplicaCount"]).map_or(Some(MOST_JOBS), NodeRef::as_int)?;
    Some(pods.saturating_mul(jobs))
}

/// One pod on each node.
fn judge_daemons(sets: &[&PodSet<'_>], wanted: i64, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(nodes) = index.domains(HOSTNAME).filter(|_| !sets.iter().any(|it| chooses_nodes(it.owner, index))) else {
        return Verdict::open("the number of selected pods is not in the manifests");
    };
    let each = i64::try_from(sets.len()).unwrap_or(i64::MAX);
    let pods = |nodes: Option<i64>| nodes.map(|it| it.saturating_mul(each));
    match (pods(nodes.least), pods(nodes.most)) {
        (_, Some(most)) if wanted >= most => {
            let owner = sets[0].owner;
            let message =
                format!("{}, one a node, {wanted} must stay available: 0 evictions allowed", count(most, "pod"));
            cx.fail(object, demand_place(object), message)
                .evidence("pods", most)
                .evidence("mustStay", wanted)
                .evidence("allowed", 0)
                .label(owner.name_span(), format!("{} makes the selected pods", owner.title()))
                .label(nodes.span, nodes.describe())
                .help("drains leave the pods of DaemonSets alone, so they need no budget: do not select them")
                .verdict()
        }
        (Some(least), _) if wanted < least => Verdict::Pass,
        _ => Verdict::open("the number of nodes moves"),
    }
}

/// Whether a DaemonSet runs on other nodes than those that take ordinary pods.
fn chooses_nodes(owner: &Object, index: &Index<'_>) -> bool {
    let spec = PodTemplate::of(owner, WorkloadKind::DaemonSet).and_then(PodTemplate::spec);
    spec.is_none_or(|it| {
        index.tolerates_taints(it)
            || it.at(&["nodeSelector"]).is_some()
            || it.at(&["affinity", "nodeAffinity"]).is_some()
    })
}
