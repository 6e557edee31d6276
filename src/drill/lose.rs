//! What answers after a node or a zone is lost: at once, and when lost pods are replaced.

use crate::drill::caps::{Bounds, Caps, Form, Hard, Level, Load};
use crate::drill::ground::Ground;

/// What is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The node that hurts most.
    Node,
    /// The zone that hurts most.
    Zone,
}

/// The pods that are lost: between those that lie on the fullest place at least, and those that one place may hold.
pub fn lost(caps: &Caps, ground: Ground, what: Lost) -> Bounds {
    let share = |places: i64| (caps.placed.most + places - 1) / places.max(1);
    match what {
        Lost::Node => Bounds { least: share(ground.nodes), most: caps.node },
        Lost::Zone => {
            let zones = ground.zones.filter(|it| it.smallest > 0);
            Bounds { least: zones.map_or(0, |it| share(it.count)), most: caps.zone }
        }
    }
}

/// The pods that answer at once.
pub fn answering(caps: &Caps, ground: Ground, what: Lost) -> Bounds {
    let lost = lost(caps, ground, what);
    let placed = caps.placed;
    Bounds { least: (placed.least - lost.most).max(0), most: (placed.most - lost.least).max(0) }
}

/// The pods that run when those that were lost are replaced, if there is room: the lost place keeps counting, and its
/// pods stand there until the node is deleted.
pub fn replaced(load: Load, hard: &[Hard], caps: &Caps, ground: Ground, what: Lost) -> Bounds {
    let at_once = answering(caps, ground, what).least;
    let gone = gone(ground, what);
    if ground.nodes - gone.most <= 0 {
        return Bounds { least: at_once, most: if ground.nodes - gone.least <= 0 { 0 } else { load.pods } };
    }
    let rooms: Vec<Bounds> = hard.iter().map(|it| room(it, load.pods, at_once, ground, what)).collect();
    let room = rooms.iter().map(|it| it.most).fold(load.pods, i64::min);
    let most = if caps.gives_way { load.pods } else { room };
    let is_sure = caps.placed.least == caps.placed.most;
    let least = match rooms.as_slice() {
        [] if is_sure => load.pods,
        [one] if is_sure => one.least,
        // Several constraints may leave a pod without a place that each of them has.
        _ => at_once,
    };
    Bounds { least: least.clamp(at_once.min(most), most), most }
}

/// How many nodes are gone.
pub(super) fn gone(ground: Ground, what: Lost) -> Bounds {
    match (what, ground.zones) {
        (Lost::Node, _) => Bounds { least: 1, most: 1 },
        (Lost::Zone, Some(zones)) => Bounds { least: zones.smallest, most: zones.largest },
        (Lost::Zone, None) => Bounds { least: 1, most: ground.nodes },
    }
}

/// How many places of a constraint are gone.
fn places_gone(hard: &Hard, ground: Ground, what: Lost) -> Bounds {
    match (hard.level, what, ground.zones) {
        (Level::Node, ..) => gone(ground, what),
        (Level::Zone, Lost::Zone, _) => Bounds { least: 1, most: 1 },
        // A lost node of a living zone does not lose the zone.
        (Level::Zone, Lost::Node, Some(zones)) => {
            Bounds { least: i64::from(zones.largest == 1), most: i64::from(zones.smallest <= 1) }
        }
        (Level::Zone, Lost::Node, None) => Bounds { least: 0, most: 1 },
    }
}

/// How many pods run in the end, as far as one constraint decides it.
fn room(hard: &Hard, pods: i64, at_once: i64, ground: Ground, what: Lost) -> Bounds {
    let Some(places) = hard.places(ground) else { return Bounds { least: at_once, most: pods } };
    let gone = places_gone(hard, ground, what);
    let living = |gone: i64| (places - gone).max(0);
    let up_to = |least: i64, most: i64| Bounds { least: least.min(pods), most: most.min(pods) };
    if hard.form == Form::Apart {
        // A terminating pod still keeps others off its zone, though the zone lives.
        let gone = if hard.level == Level::Zone { Bounds { least: 1, most: 1 } } else { gone };
        return up_to(living(gone.most), living(gone.least));
    }
    if let Some(fixed) = hard.fixed(ground) {
        return up_to(living(gone.most).saturating_mul(fixed), living(gone.least).saturating_mul(fixed));
    }
    let Form::Spread { skew, wanted, honors_taints } = hard.form else { return up_to(at_once, pods) };
    let all_find_a_place = gone.most == 0 || (honors_taints && living(gone.most) >= wanted);
    if all_find_a_place {
        return up_to(pods, pods);
    }
    // Seen from the lost place, which is empty, each other takes so many and keeps what it has.
    up_to(living(gone.most).saturating_mul(skew).max(at_once), pods)
}
