//! What a budget is, what it demands, and what it allows.

use crate::index::PodSetId;
use crate::model::{Amount, Object, Selector};
use crate::yaml::NodeRef;

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
    pub(in crate::index) fn written(object: &'a Object) -> Budget<'a> {
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

impl Demand {
    /// The pods that count and those that must stay, of so many pods whose owners have this scale.
    pub fn of_pods(self, pods: i64, scale: i64) -> (i64, i64) {
        match self {
            Demand::MinAvailable(Amount::Count(count)) => (pods, count),
            Demand::MinAvailable(share) => (scale, share.of_rounded_up(scale)),
            Demand::MaxUnavailable(amount) => (scale, (scale - amount.of_rounded_up(scale)).max(0)),
            Demand::Neither | Demand::Unreadable => (0, 0),
        }
    }

    /// The evictions that it allows at once while so many pods of this scale run.
    pub fn allows(self, pods: i64, scale: i64) -> i64 {
        let (expected, desired) = self.of_pods(pods, scale);
        if expected <= 0 { 0 } else { (pods - desired).max(0) }
    }

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
