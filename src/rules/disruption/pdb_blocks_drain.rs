//! `pdb-blocks-drain`

use super::repairs::let_one_go;
use super::without_scale;
use crate::index::{Allowance, Budget, BudgetId, Control, Demand, Index, Nearness, PodSetId, ScaledBy, Selected};
use crate::model::annotations::ZERO_DISRUPTION_ANNOTATION;
use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{count, titles};
use crate::source::Span;

rule!(PdbBlocksDrain, "disruption/pdb-blocks-drain.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.once_a_selection(id, |it| Owners::of(it, index));
    if is_intended(object) || owners.are_intended {
        return Verdict::NotApplicable;
    }
    let selected = index.selected_by(id);
    let allowance = index.allowance(id);
    // Bare pods, which the demand leaves out, are healthy pods beyond those that it asks for.
    let has_spare_pods = matches!(allowance, Allowance::Known { allowed: 1.., .. });
    if budget.demand.is_always_zero() && !has_spare_pods {
        return always_zero(id, &owners, budget, object, cx);
    }
    if selected.is_empty() || budget.demand == Demand::Unreadable {
        return Verdict::NotApplicable; // `pdb-selects-nothing` reports the one; the API server refuses the other.
    }
    if Unsure::is(id, index) {
        return Verdict::open("namespaces are left out, so it may or may not select these pods");
    }
    if let Some(verdict) = without_scale::judge(id, budget, object, cx) {
        return verdict;
    }
    if without_scale::selects_jobs_alone(id, index) {
        return Verdict::NotApplicable; // Their scale cannot be read: `pdb-custom-controller` reports it.
    }
    match allowance {
        Allowance::Known { allowed: 0, healthy, desired, assumed_one, .. } => {
            blocks(id, object, (healthy, desired, assumed_one), cx)
        }
        Allowance::Known { .. } => Verdict::Pass,
        Allowance::OnlyBare(pods) => {
            let pods = index.pods(pods);
            let message = format!(
                "{} counts 0 pods: a pod without a controller is left out of {}",
                object.title(),
                budget.demand
            );
            cx.fail(object, demand_place(object), message)
                .label(pods.owner.name_span(), "this pod has no controller, and cannot be evicted")
                .help("only an integer minAvailable counts pods without a controller; better, run the pod from a Deployment")
                .verdict()
        }
        Allowance::Unscalable(..) => Verdict::NotApplicable, // `pdb-custom-controller` reports it.
        Allowance::Unknown => Verdict::open("the number of selected pods is not in the manifests"),
    }
}

/// A budget that allows nothing, whatever it selects.
fn always_zero(id: BudgetId, owners: &Owners, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let help = if without_scale::selects_jobs_alone(id, cx.index()) {
        without_scale::JOBS_HELP
    } else {
        "every drain of a node with such a pod waits forever: use maxUnavailable: 1 and at least 2 replicas"
    };
    let message = match budget.demand {
        Demand::Neither => {
            format!("{} has neither minAvailable nor maxUnavailable: 0 evictions allowed", object.title())
        }
        demand => format!("{demand} allows 0 evictions at any number of pods"),
    };
    let index = cx.index();
    let least = match index.allowance(id) {
        Allowance::Known { healthy, assumed_one: false, .. } => healthy,
        _ => 0,
    };
    let repair = let_one_go(id, object, least, index);
    let draft = cx.fail(object, demand_place(object), message).evidence("allowed", 0).help(help).fix(repair);
    draft.labels(owners.first.map(|it| (it, format!("selects the pods of {}", owners.titles)))).verdict()
}

/// A budget that allows nothing at the floor of its pods.
fn blocks(
    id: BudgetId,
    object: &Object,
    (healthy, desired, assumed_one): (i64, i64, bool),
    cx: &mut Context<'_>,
) -> Verdict {
    let index = cx.index();
    let when = if assumed_one { " (scaled to 0, judged at 1)" } else { "" };
    let pods = count(healthy, "pod");
    let message = if healthy == 1 {
        format!("1 pod{when}, {desired} must stay available: every drain of its node blocks")
    } else {
        format!("{pods}{when}, {desired} must stay available: 0 evictions allowed")
    };
    let help = if healthy == 1 {
        "a budget cannot protect a single pod: run at least 2 replicas with maxUnavailable: 1"
    } else {
        "use maxUnavailable: 1, which lets one pod go at any scale"
    };
    let repair = if assumed_one { None } else { let_one_go(id, object, healthy, index) };
    let mut draft = cx
        .fail(object, demand_place(object), message)
        .evidence("pods", healthy)
        .evidence("mustStay", desired)
        .evidence("allowed", 0)
        .help(help)
        .fix(repair);
    let runs = |it: &(&Object, i64)| it.1 > 0 || assumed_one;
    let floors = index.once_a_selection(id, |it| Floors::of(it, index));
    let floors = floors.0.iter().map(|it| (index.pods(it.0).owner, it.1));
    for (owner, floor) in floors.filter(runs).take(4) {
        let floor = count(floor, "pod");
        let Some(workload) = index.workload_of(owner) else {
            draft = draft.label(owner.name_span(), format!("{} runs {floor}", owner.title()));
            continue;
        };
        let text = match workload.scale.by {
            ScaledBy::Hpa(_) | ScaledBy::Keda(_) => format!("{} runs {floor} at least", owner.title()),
            _ => format!("{} runs {floor}", owner.title()),
        };
        draft = draft.label(workload.scale_place().span, text);
    }
    draft.verdict()
}

/// The owners of the pods that stay there, by their first pods, each with the number of its selected pods at least.
struct Floors(Vec<(PodSetId, i64)>);

impl Floors {
    fn of(selected: &[Selected], index: &Index<'_>) -> Floors {
        let mut floors: Vec<(PodSetId, i64)> = Vec::new();
        for (id, set) in selected.iter().map(|it| (it.pods, index.pods(it.pods))) {
            if matches!(set.control, Control::Finite | Control::Kept) {
                continue;
            }
            let floor = set.floor.unwrap_or(0);
            match floors.last_mut() {
                Some((first, sum)) if index.pods(*first).owner.id() == set.owner.id() => *sum += floor,
                _ => floors.push((id, floor)),
            }
        }
        Floors(floors)
    }
}

/// The distinct owners of the pods that a budget selects.
struct Owners {
    /// Whether there are some, and all say that no evictions are meant.
    are_intended: bool,
    first: Option<Span>,
    titles: String,
}

impl Owners {
    fn of(selected: &[Selected], index: &Index<'_>) -> Owners {
        let mut owners: Vec<&Object> = selected.iter().map(|it| index.pods(it.pods).owner).collect();
        owners.dedup_by(|one, other| one.id() == other.id());
        Owners {
            are_intended: !owners.is_empty() && owners.iter().all(|it| is_intended(it)),
            first: owners.first().map(|it| it.name_span()),
            titles: titles(owners.iter().copied()),
        }
    }
}

fn is_intended(object: &Object) -> bool {
    object.annotation(ZERO_DISRUPTION_ANNOTATION) == Some("true")
}

/// Whether a budget may select pods or not, because namespaces are left out.
pub(super) struct Unsure(bool);

impl Unsure {
    pub(super) fn is(id: BudgetId, index: &Index<'_>) -> bool {
        index.once_a_selection(id, |it| Unsure(it.iter().any(|it| it.nearness == Nearness::Unknown))).0
    }
}

/// The field that demands too much, or `spec`.
pub(in crate::rules) fn demand_place(object: &Object) -> Place {
    let has = |key| object.node().at(&["spec", key]).is_some();
    let key = if has("minAvailable") { "minAvailable" } else { "maxUnavailable" };
    object.place(&["spec", key])
}
