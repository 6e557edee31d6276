//! What answers while a workload is rolled out, and whether that ends.

use crate::drill::caps::{Bounds, Form, Hard, Load};
use crate::drill::ground::Ground;
use crate::model::Ending;

/// How a workload brings new pods in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// New pods come while old ones go.
    Rolling {
        /// Pods more than wanted.
        surge: i64,
        /// Pods fewer than wanted.
        unavailable: i64,
    },
    /// An old pod goes, then its successor comes, so many at a time.
    InPlace {
        /// How many at least, and at most where the release decides.
        unavailable: Bounds,
    },
    /// All old ones go first.
    Recreate,
    /// All new ones come beside all old ones, of which none goes before.
    Beside,
}

impl Way {
    /// Pods more than the wanted ones that there may be.
    pub fn surge(self, pods: i64) -> i64 {
        match self {
            Way::Rolling { surge, .. } => surge,
            Way::InPlace { .. } | Way::Recreate => 0,
            Way::Beside => pods,
        }
    }

    /// Pods that surely go, and those that may, before others come in their place.
    pub(super) fn gone(self, pods: i64) -> Bounds {
        match self {
            Way::Rolling { unavailable, .. } => Bounds::exactly(unavailable),
            Way::InPlace { unavailable } => unavailable,
            Way::Recreate => Bounds::exactly(pods),
            Way::Beside => Bounds::exactly(0),
        }
    }

    /// New pods that must be there before an old one may go.
    fn ahead(self, pods: i64) -> i64 {
        match self {
            Way::Rolling { unavailable: 0, .. } => 1,
            Way::Beside => pods,
            Way::Rolling { .. } | Way::InPlace { .. } | Way::Recreate => 0,
        }
    }
}

/// A rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// Whether it ends.
    pub end: Ending,
    /// Pods that answer while it is worst.
    pub answering: Bounds,
    /// The constraint that keeps it from ending, if one does.
    pub by: Option<Hard>,
}

/// Rolls a workload out.
pub fn roll(load: Load, way: Way, hard: &[Hard], placed: Bounds, ground: Ground) -> Rolled {
    let (end, by) = ending(load, way, hard, placed, ground);
    let gone = way.gone(load.pods);
    // Pods that wait for a place count as those that may be missing.
    let least = if placed.least == load.pods { load.pods - gone.most } else { placed.least - gone.most };
    let most = load.pods - gone.least;
    Rolled { end, answering: Bounds { least: least.max(0), most: most.min(placed.most).max(0) }, by }
}

fn ending(load: Load, way: Way, hard: &[Hard], placed: Bounds, ground: Ground) -> (Ending, Option<Hard>) {
    let room = |it: &Hard| it.fixed(ground).zip(it.places(ground)).map(|(each, places)| each.saturating_mul(places));
    let tightest = hard.iter().filter_map(|it| Some((room(it)?, *it))).min_by_key(|it| it.0);
    if let Some((room, by)) = tightest
        && load.pods > room
    {
        return (Ending::Never, Some(by)); // Some pods never become ready.
    }
    // The new pods that must be there first find no place, and no old one may go.
    let for_all = hard.iter().filter(|it| !it.per_revision).filter_map(|it| Some((room(it)?, *it)));
    let ahead = way.ahead(load.pods);
    if let Some((room, by)) = for_all.min_by_key(|it| it.0)
        && load.pods.saturating_add(ahead) > room
    {
        return (Ending::Never, Some(by));
    }
    let is_sure = placed.least == placed.most;
    // With several constraints old pods may stand where each new one must go.
    let is_simple = hard.len() <= 1 || hard.iter().all(|it| it.form == Form::Apart);
    let may_wait = ahead > 0 && !is_simple;
    (if is_sure && !may_wait { Ending::Ends } else { Ending::Depends }, None)
}
