//! PodDisruptionBudgets, written and generated, and what the disruption controller makes of them.
//!
//! The arithmetic is that of kubernetes/kubernetes `pkg/controller/disruption/disruption.go`
//! (`getExpectedPodCount`, `updatePdbStatus`) and `pkg/registry/core/pod/storage/eviction.go`.

pub(in crate::index) mod candidates;
pub(in crate::index) mod near;
pub(in crate::index) mod near_labels;

use crate::index::budgets::candidates::Candidates;
use crate::index::budgets::near_labels::NearLabels;
use crate::index::lookup::groups::Groups;
use crate::index::{Control, Nearness, Objects, PodSet, PodSetId, PostgresClusters, Selected};
use crate::model::{Amount, Object, ObjectId, Owner, Selector};
use crate::yaml::NodeRef;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

/// The position of a [`Budget`] in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BudgetId(pub u32);

/// What a budget demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// `minAvailable`.
    MinAvailable(Amount),
    /// `maxUnavailable`.
    MaxUnavailable(Amount),
    /// Neither field: accepted, and no eviction is allowed.
    Neither,
    /// Both fields, or a value that the API server refuses or that is a template placeholder.
    Unreadable,
}

/// Who made a budget.
#[derive(Clone, Copy, Debug)]
pub enum Maker<'a> {
    /// A manifest of the environment.
    Written(&'a Object),
    /// The operator of this custom resource.
    Generated(&'a Object),
}

/// A budget.
#[derive(Clone, Debug)]
pub struct Budget<'a> {
    /// Who made it.
    pub maker: Maker<'a>,
    /// Its name.
    pub name: String,
    /// What it selects; `None` selects nothing.
    pub selector: Option<Selector<'a>>,
    /// What it demands.
    pub demand: Demand,
}

impl<'a> Budget<'a> {
    /// Reads a PodDisruptionBudget.
    pub(super) fn written(object: &'a Object) -> Budget<'a> {
        let spec = object.node();
        let (minimum, maximum) = (spec.at(&["spec", "minAvailable"]), spec.at(&["spec", "maxUnavailable"]));
        let demand = match (minimum, maximum) {
            (None, None) => Demand::Neither,
            (Some(it), None) => amount(it).map_or(Demand::Unreadable, Demand::MinAvailable),
            (None, Some(it)) => amount(it).map_or(Demand::Unreadable, Demand::MaxUnavailable),
            (Some(_), Some(_)) => Demand::Unreadable,
        };
        let selector = spec.at(&["spec", "selector"]).map(Selector::read);
        // In policy/v1beta1 an empty selector selects nothing, in policy/v1 every pod of the namespace.
        let selector = selector.filter(|it| !it.is_everything() || object.version() != "v1beta1");
        Budget { maker: Maker::Written(object), name: object.name().to_owned(), selector, demand }
    }

    /// The object in whose namespace it works.
    pub fn object(&self) -> &'a Object {
        match self.maker {
            Maker::Written(object) | Maker::Generated(object) => object,
        }
    }

    /// The manifest, if there is one.
    pub fn manifest(&self) -> Option<&'a Object> {
        match self.maker {
            Maker::Written(object) => Some(object),
            Maker::Generated(_) => None,
        }
    }
}

/// An amount that the API server takes: not negative, and no more than 100%.
fn amount(node: NodeRef<'_>) -> Option<Amount> {
    Amount::read(node).filter(|it| match it {
        Amount::Count(count) => *count >= 0,
        Amount::Percent(percent) => *percent <= 100,
    })
}

/// What a budget allows while all its pods run at their floor and are ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// So many evictions.
    Known {
        /// Evictions that are allowed at once.
        allowed: i64,
        /// Pods that there should be: those that count for this demand. None, and none may be evicted.
        expected: i64,
        /// Pods that are there.
        healthy: i64,
        /// Pods that must stay.
        desired: i64,
        /// Whether the floor was 0 and one pod is assumed in its place.
        assumed_one: bool,
    },
    /// A selected pod's owner has no scale subresource, so the controller cannot compute the budget and
    /// allows nothing: the pods, and the resource without a scale.
    Unscalable(PodSetId, &'static str),
    /// Only bare pods are selected, which percentages and `maxUnavailable` leave out: nothing is allowed.
    OnlyBare(PodSetId),
    /// The number of pods is not known.
    Unknown,
}

/// The sums over the pods that a budget selects.
#[derive(Default)]
struct Sums {
    /// Pods that are there.
    pods: i64,
    /// The scales of their distinct owners.
    scale: i64,
    /// Sets whose pods are there in the long run.
    sets: usize,
    has_owner: bool,
    bare: Option<PodSetId>,
}

/// The thirteenth stage: budgets, and the pods that they select.
pub struct Budgets<'a> {
    databases: PostgresClusters<'a>,
    all: Vec<Budget<'a>>,
    selections: Vec<Vec<Selected>>,
    by_pods: Groups<PodSetId, (BudgetId, Nearness)>,
    pub(super) candidates: Candidates<'a>,
    /// Only selectors that match nothing need them.
    pub(super) near_labels: OnceLock<NearLabels>,
}

crate::index::stands_on!(Budgets, databases: PostgresClusters);

impl<'a> Budgets<'a> {
    /// Files the written budgets, and those that operators make.
    pub(super) fn new(databases: PostgresClusters<'a>, made: Vec<Budget<'a>>) -> Budgets<'a> {
        let budgets = all(&databases, made);
        let select = |it: &Budget<'a>| it.selector.as_ref().map(|selector| databases.select(it.object(), selector));
        let selections: Vec<Vec<Selected>> = budgets.iter().map(|it| select(it).unwrap_or_default()).collect();
        let mut selecting = Vec::new();
        for (selection, at) in selections.iter().zip(0..) {
            selecting.extend(selection.iter().map(|it| (it.pods, (BudgetId(at), it.nearness))));
        }
        let by_pods = Groups::new(selecting);
        let is_open = |it: &&Budget<'a>| it.manifest().is_some() && it.selector.as_ref().is_some_and(Selector::is_open);
        let open_budgets = budgets.iter().filter(is_open).map(Budget::object);
        let is_protected = |pods: PodSetId| !by_pods.get(pods).is_empty();
        Budgets {
            candidates: Candidates::new(&databases, open_budgets, is_protected),
            databases,
            all: budgets,
            selections,
            by_pods,
            near_labels: OnceLock::new(),
        }
    }

    /// All budgets, the written ones first.
    pub fn budgets(&self) -> impl Iterator<Item = (BudgetId, &Budget<'a>)> {
        self.all.iter().enumerate().map(|(at, it)| (BudgetId(u32::try_from(at).unwrap_or(u32::MAX)), it))
    }

    /// Those that are written in objects at these positions, in order.
    pub fn written_budgets(&self, part: &Range<u32>) -> impl Iterator<Item = (BudgetId, &Budget<'a>)> + use<'a, '_> {
        let written = self.all.partition_point(|it| it.manifest().is_some());
        let before = |end: u32| self.all[..written].partition_point(|it| it.object().id().0 < end);
        let range = before(part.start)..before(part.end);
        (0..).map(BudgetId).skip(range.start).zip(&self.all[range])
    }

    /// The budget with this id.
    pub fn budget(&self, id: BudgetId) -> &Budget<'a> {
        &self.all[id.0 as usize]
    }

    /// The pods that a budget selects.
    pub fn selected_by(&self, id: BudgetId) -> &[Selected] {
        &self.selections[id.0 as usize]
    }

    /// The budgets that select pods, with how sure the namespaces make it.
    pub fn budgets_of(&self, pods: PodSetId) -> &[(BudgetId, Nearness)] {
        self.by_pods.get(pods)
    }

    /// What a budget allows at the floor of its pods.
    pub fn allowance(&self, id: BudgetId) -> Allowance {
        let demand = self.budget(id).demand;
        if demand == Demand::Unreadable {
            return Allowance::Unknown;
        }
        // A number of pods is compared with the pods, and no demand with nothing: neither needs a scale.
        let needs_scale = !matches!(demand, Demand::MinAvailable(Amount::Count(_)) | Demand::Neither);
        let sets: Vec<(PodSetId, &PodSet<'_>)> =
            self.selected_by(id).iter().map(|it| (it.pods, self.pods(it.pods))).collect();
        // The others need the scale of every owner: one that has none breaks the whole budget.
        let broken = sets.iter().filter(|_| needs_scale).find_map(|(id, set)| match set.control {
            Control::Unscalable(resource) if set.floor != Some(0) => Some(Allowance::Unscalable(*id, resource)),
            Control::Kept => Some(Allowance::Unscalable(*id, "jobs.batch")),
            _ => None,
        });
        if let Some(broken) = broken {
            return broken;
        }
        let Some(mut sums) = sum(&sets, 0) else { return Allowance::Unknown };
        let assumed_one = sums.pods == 0 && sums.sets > 0;
        if assumed_one {
            sums = sum(&sets, 1).unwrap_or_default();
        }
        if let (Some(id), true, false) = (sums.bare, needs_scale, sums.has_owner) {
            return Allowance::OnlyBare(id);
        }
        let (expected, desired) = match demand {
            Demand::MinAvailable(Amount::Count(count)) => (sums.pods, count),
            Demand::MinAvailable(share) => (sums.scale, share.of_rounded_up(sums.scale)),
            Demand::MaxUnavailable(amount) => (sums.scale, (sums.scale - amount.of_rounded_up(sums.scale)).max(0)),
            Demand::Neither | Demand::Unreadable => (0, 0),
        };
        let allowed = if expected <= 0 { 0 } else { (sums.pods - desired).max(0) };
        Allowance::Known { allowed, expected, healthy: sums.pods, desired, assumed_one }
    }
}

/// The written budgets, then those that operators make. What a cluster holds of these stands in the place of what we
/// would expect of the same objects.
fn all<'a>(objects: &Objects<'a>, mut made: Vec<Budget<'a>>) -> Vec<Budget<'a>> {
    let (generated, written): (Vec<&'a Object>, Vec<&'a Object>) =
        objects.of_kind("policy", "PodDisruptionBudget").partition(|it| it.is_made());
    let generated: Vec<Budget<'a>> = generated
        .iter()
        .map(|it| Budget { maker: Maker::Generated(owner_of_budget(objects, it)), ..Budget::written(it) })
        .collect();
    let owners: HashSet<ObjectId> = generated.iter().map(|it| it.object().id()).collect();
    made.retain(|it| !owners.contains(&it.object().id()));
    written.into_iter().map(Budget::written).chain(made).chain(generated).collect()
}

/// The resource whose operator made a budget: by its reference, or by its labels. If neither is there, the budget
/// stands for itobjects.
fn owner_of_budget<'a>(objects: &Objects<'a>, budget: &'a Object) -> &'a Object {
    let referred = Owner::all(budget).find_map(|it| objects.find(budget, it.group, it.kind, it.name));
    let labelled = || {
        let strimzi = budget
            .label("strimzi.io/cluster")
            .map(|it| (crate::index::kafka::STRIMZI, budget.label("strimzi.io/kind").unwrap_or("Kafka"), it));
        let of = |label: &str, group, kind| budget.label(label).map(|it| (group, kind, it));
        let named = [
            strimzi,
            of("cnpg.io/cluster", crate::index::postgres::CNPG, "Cluster"),
            of("cnpg.io/cluster", crate::index::postgres::EDB, "Cluster"),
            of("cluster-name", crate::index::postgres::ZALANDO, "postgresql"),
            of("postgres-operator.crunchydata.com/cluster", crate::index::postgres::CRUNCHY, "PostgresCluster"),
        ];
        named.into_iter().flatten().find_map(|(group, kind, name)| objects.find(budget, group, kind, name))
    };
    referred.or_else(labelled).unwrap_or(budget)
}

/// Adds the pods up at their floors, each at least `minimum`; `None` if one floor is unknown.
fn sum(sets: &[(PodSetId, &PodSet<'_>)], minimum: i64) -> Option<Sums> {
    let mut sums = Sums::default();
    let mut owners: HashMap<(ObjectId, Option<PodSetId>), i64> = HashMap::new();
    for (id, set) in sets {
        if matches!(set.control, Control::Finite | Control::Kept) {
            continue;
        }
        let floor = set.floor?.max(minimum);
        sums.pods += floor;
        sums.sets += 1;
        if set.control == Control::Bare {
            _ = sums.bare.get_or_insert(*id);
            continue;
        }
        // Sets that are a part of their owner's scale share it; one that is all of it has its own.
        let part = (set.scale == set.floor).then_some(*id);
        owners.insert((set.owner.id(), part), set.scale.unwrap_or(floor).max(minimum));
        sums.has_owner = true;
    }
    sums.scale = owners.into_values().sum();
    Some(sums)
}

impl Demand {
    /// Whether it allows no eviction whatever it selects: 0 or 0%, 100%, or nothing at all.
    pub fn is_always_zero(self) -> bool {
        match self {
            Demand::MaxUnavailable(Amount::Count(count) | Amount::Percent(count)) => count == 0,
            Demand::MinAvailable(Amount::Percent(percent)) => percent == 100,
            Demand::Neither => true,
            Demand::MinAvailable(Amount::Count(_)) | Demand::Unreadable => false,
        }
    }
}

impl std::fmt::Display for Demand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Demand::MinAvailable(amount) => write!(f, "minAvailable {amount}"),
            Demand::MaxUnavailable(amount) => write!(f, "maxUnavailable {amount}"),
            Demand::Neither => f.write_str("neither minAvailable nor maxUnavailable"),
            Demand::Unreadable => f.write_str("an unreadable demand"),
        }
    }
}
