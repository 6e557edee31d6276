//! How many pods may be evicted at once.

use crate::drill::verdict::Proof;
use crate::index::{Allowance, BudgetId, Control, Index, Nearness, PodSetId};
use crate::model::kind_and_group;
use crate::source::Span;

/// What stands between a drain and pods.
#[derive(Clone, Debug)]
pub(super) enum Budget {
    /// Nothing.
    None,
    /// One budget.
    One {
        /// Evictions that it allows while all pods are there.
        allowed: i64,
        /// What it allows, in words.
        text: String,
        /// Where it says so.
        span: Span,
        /// Whether pods of others use it up, too.
        is_shared: bool,
    },
    /// Two or more on a pod, so that each eviction fails.
    Several(Vec<Span>, String),
    /// The manifests do not tell.
    Open(Proof),
}

impl Budget {
    /// The budget of pods that are there in this number.
    pub(super) fn read(index: &Index<'_>, pods: &[PodSetId], number: i64, at: Span) -> Budget {
        let mut budgets: Vec<(BudgetId, Nearness)> = pods.iter().flat_map(|it| index.budgets_of(*it)).collect();
        budgets.sort_unstable_by_key(|it| it.0);
        budgets.dedup_by_key(|it| it.0);
        if let Some((id, _)) = budgets.iter().find(|it| it.1 != Nearness::Same) {
            let text =
                format!("whether budget {} selects its pods depends on namespaces that are left out", name(index, *id));
            return Budget::Open(Proof::at(text, place(index, *id)));
        }
        let overlap = pods.iter().map(|it| ids(index, *it)).find(|it| it.len() > 1);
        match (overlap, budgets.as_slice()) {
            (Some(several), _) => {
                let names: Vec<String> = several.iter().take(2).map(|it| name(index, *it)).collect();
                Budget::Several(several.iter().map(|it| place(index, *it)).collect(), names.join(" and "))
            }
            (None, []) => none(index, pods, at),
            (None, [(id, _)]) => one(index, pods, *id, number),
            (None, several) => {
                // Each is for a part of the pods. One that allows nothing holds its part.
                let each = several.iter().map(|it| one(index, pods, it.0, number));
                let held = each.into_iter().find(|it| matches!(it, Budget::One { allowed: 0, .. }));
                let text = "several budgets, each for a part of its pods";
                held.unwrap_or_else(|| Budget::Open(Proof::at(text, place(index, several[0].0))))
            }
        }
    }
}

/// The budgets that surely select pods.
fn ids(index: &Index<'_>, pods: PodSetId) -> Vec<BudgetId> {
    let mut ids: Vec<BudgetId> = index.budgets_of(pods).into_iter().map(|it| it.0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// No budget, unless one may be there unseen.
fn none(index: &Index<'_>, pods: &[PodSetId], at: Span) -> Budget {
    let environment = index.environment();
    if environment.is_fragment {
        return Budget::Open(Proof::at("one file was read: a budget may stand in another", at));
    }
    let namespace = pods.first().and_then(|it| index.pods(*it).owner.namespace());
    match environment.may_hide(&[kind_and_group("PodDisruptionBudget", "policy")], namespace) {
        Some(reason) => Budget::Open(Proof::at(format!("a budget may be there unseen: {reason}"), at)),
        None => Budget::None,
    }
}

fn one(index: &Index<'_>, pods: &[PodSetId], id: BudgetId, number: i64) -> Budget {
    let (budget, span) = (index.budget(id), place(index, id));
    let of_others = index.selected_by(id).iter().filter(|it| !pods.contains(&it.pods));
    let is_shared =
        of_others.map(|it| index.pods(it.pods)).any(|it| it.control != Control::Finite && it.ceiling != Some(0));
    let floor: Option<i64> = pods.iter().map(|it| index.pods(*it).floor).sum();
    let written = |allowed: i64, all: i64| {
        let text = format!("budget {} ({}) allows {allowed} of {all} pods to go", budget.name, budget.demand);
        Budget::One { allowed, text, span, is_shared }
    };
    let zero = |why: String| {
        let text = format!("budget {} allows 0 pods to go: {why}", budget.name);
        Budget::One { allowed: 0, text, span, is_shared }
    };
    match index.allowance(id) {
        Allowance::Known { allowed, healthy, .. } if is_shared || floor == Some(number) => written(allowed, healthy),
        // At another scale than the floor, for its pods alone.
        Allowance::Known { .. } => written(budget.demand.allows(number, number), number),
        Allowance::Unscalable(_, resource) => zero(format!("{resource} has no scale")),
        Allowance::OnlyBare(_) => zero("it counts no pods without a controller".to_owned()),
        Allowance::Unknown => {
            Budget::Open(Proof::at(format!("what budget {} allows is not in the manifests", budget.name), span))
        }
    }
}

fn name(index: &Index<'_>, id: BudgetId) -> String {
    index.budget(id).name.clone()
}

/// Where a budget says what it demands.
pub(super) fn place(index: &Index<'_>, id: BudgetId) -> Span {
    let budget = index.budget(id);
    let Some(manifest) = budget.manifest() else { return budget.object().name_span() };
    let spec = manifest.node();
    let written = ["maxUnavailable", "minAvailable"].into_iter().find(|it| spec.at(&["spec", it]).is_some());
    written.map_or_else(|| manifest.name_span(), |it| manifest.place(&["spec", it]).span)
}
