//! What mends budgets.

use crate::index::{BudgetId, Control, Index, Nearness, Selected};
use crate::model::{Object, Version, WorkloadKind, controller_selector};
use crate::rule::Repair;
use crate::rules::new_objects::{copy, copy_selector, new_object, written_name};
use crate::yaml::Value;

/// The first Kubernetes that reads `unhealthyPodEvictionPolicy` without being told to.
const POLICY_SINCE: Version = Version::new(1, 27, 0);

/// Whether each API server of the environment reads the policy: older ones drop it.
pub(super) fn knows_policy(index: &Index<'_>) -> bool {
    index.kubernetes_versions().iter().all(|it| it.2 >= POLICY_SINCE)
}

/// Whether pods of such a workload keep nothing that one which is not ready would be waited for.
pub(super) fn is_stateless(kind: WorkloadKind) -> bool {
    matches!(kind, WorkloadKind::Deployment | WorkloadKind::Rollout)
}

/// Lets one pod of a budget go at a time, which is right at any scale from two pods on.
pub(super) fn one_at_a_time(budget: &Object) -> Repair {
    let node = budget.node();
    let Some(spec) = node.at(&["spec"]).filter(|it| it.get("minAvailable").is_some()) else {
        return Repair::new().set(budget, &["spec", "maxUnavailable"], 1);
    };
    // The same entry says the other thing, so that its comments stay.
    Repair::new().rename_in(budget, spec, "minAvailable", "maxUnavailable").set(budget, &["spec", "minAvailable"], 1)
}

/// The same where it makes drains possible without taking more than the owners of the pods can bear; `least` is the
/// number of pods that are there at any time.
pub(super) fn let_one_go(id: BudgetId, budget: &Object, least: i64, index: &Index<'_>) -> Option<Repair> {
    let loss = index.once_a_selection(id, |it| Loss::of(it, index));
    if least < 2 || !loss.is_scaled {
        return None;
    }
    let repair = one_at_a_time(budget);
    Some(if loss.is_borne {
        repair
    } else {
        repair.shown_only("whether the data bears the loss of one pod is not known")
    })
}

/// What the loss of one pod means to some pods.
struct Loss {
    /// Whether they all have owners with a scale.
    is_scaled: bool,
    /// Whether they bear it: a quorum of three does; pods that replicate among themselves by means that are not read may not.
    is_borne: bool,
}

impl Loss {
    fn of(selected: &[Selected], index: &Index<'_>) -> Loss {
        let mut sets = selected.iter().map(|it| index.pods(it.pods));
        let is_scaled = !selected.is_empty() && sets.clone().all(|it| it.control == Control::Scalable);
        let is_borne = sets.all(|it| {
            index.workload_of(it.owner).is_some_and(|workload| match index.majority_of(workload) {
                Some(_) => it.floor.is_some_and(|floor| floor >= 3),
                None => workload.kind != WorkloadKind::StatefulSet || workload.role.is_app(),
            })
        });
        Loss { is_scaled, is_borne }
    }
}

/// Has a budget ask for all pods but one, where no maximum can be computed.
pub(super) fn all_but_one(budget: &Object, pods: i64) -> Repair {
    let wanted = pods - 1;
    match budget.node().at(&["spec"]).filter(|it| it.get("maxUnavailable").is_some()) {
        None => Repair::new().set(budget, &["spec", "minAvailable"], wanted),
        Some(spec) => Repair::new().rename_in(budget, spec, "maxUnavailable", "minAvailable").set(
            budget,
            &["spec", "maxUnavailable"],
            wanted,
        ),
    }
}

/// A new budget for the pods of a workload, which lets one go at a time.
pub(super) fn new_budget(owner: &Object, kind: WorkloadKind, index: &Index<'_>) -> Option<Repair> {
    let selector = match kind {
        WorkloadKind::ReplicationController | WorkloadKind::DeploymentConfig => {
            let labels = copy(owner, owner.node().at(&["spec", "selector"])?)?;
            Value::map([("matchLabels", Some(labels).filter(|it| *it != Value::Map(Vec::new()))?)])
        }
        _ => copy_selector(owner)?,
    };
    // What `pdb-unhealthy-eviction` would ask for in the next breath.
    let policy =
        (is_stateless(kind) && knows_policy(index)).then(|| ("unhealthyPodEvictionPolicy", Value::text("AlwaysAllow")));
    let fields = [Some(("maxUnavailable", 1.into())), policy, Some(("selector", selector))];
    let spec = Value::map(fields.into_iter().flatten());
    let name = written_name(owner);
    // As the others are called.
    let name = if index.are_budgets_suffixed() { format!("{name}-pdb") } else { name.to_owned() };
    // One of that name is there, and means other pods, or none: it was probably to be this one.
    if index.is_budget_name(&name) {
        return None;
    }
    let budget = new_object(owner, ("policy/v1", "PodDisruptionBudget"), &name, [("spec", spec)])?;
    let repair = Repair::new().append(owner, vec![budget]);
    Some(if selects_others(owner, kind, index) {
        repair.shown_only("its selector finds pods of others as well")
    } else {
        repair
    })
}

/// Whether the selector of a controller finds pods that are not its own. Of Jobs and DaemonSets no budget can be computed,
/// and pods that have a budget are never evicted with a second one.
fn selects_others(owner: &Object, kind: WorkloadKind, index: &Index<'_>) -> bool {
    let own = index.pods_of(owner);
    let selected = controller_selector(owner, kind).map(|it| index.select(owner, &it)).unwrap_or_default();
    selected.iter().any(|it| it.nearness == Nearness::Same && !own.contains(&it.pods))
}
