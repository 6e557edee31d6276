//! What becomes of pods while every node is drained in turn: cordoned, its pods evicted as their budget allows.

use crate::drill::caps::{Bounds, Caps, Form, Hard, Level, Load};
use crate::drill::ground::Ground;
use crate::model::{Ending, Spreading};

/// A drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Whether it ends.
    pub end: Ending,
    /// Pods that answer while it is worst.
    pub answering: Bounds,
    /// The constraint that keeps it from ending, if one does.
    pub by: Option<Hard>,
    /// Pods that cannot be placed use the budget up.
    pub is_used_up: bool,
}

/// Drains every node, `at_once` of them together. Without a budget nothing is refused.
pub fn drain(load: Load, hard: &[Hard], caps: &Caps, ground: Ground, allowed: Option<i64>, at_once: i64) -> Drained {
    let pods = load.pods;
    let on_nodes = caps.node.saturating_mul(at_once).min(pods);
    let is_all = ground.nodes <= at_once;
    let most = (caps.placed.most - 1).max(0);
    let Some(allowed) = allowed else {
        let least = (caps.placed.least - on_nodes).max(0);
        let most = if is_all { 0 } else { most };
        return Drained { end: Ending::Ends, answering: Bounds { least, most }, by: None, is_used_up: false };
    };
    let is_sure = caps.placed.least == caps.placed.most;
    // The budget counts pods that are not there as gone.
    let least = if caps.placed.least == pods { pods - allowed.min(on_nodes) } else { caps.placed.least - on_nodes };
    let answering = Bounds { least: least.max(0), most };
    let done = |end, by, is_used_up| Drained { end, answering, by, is_used_up };
    let missing = pods - caps.placed.most;
    if missing >= allowed {
        // Where pods of others keep all off, none is left to evict; and pods that wait may take the room of those on a
        // cordoned node that does not count.
        let is_surely = caps.placed.least > 0 && !hard.iter().any(|it| it.makes_room(ground));
        return done(if missing == 0 || is_surely { Ending::Never } else { Ending::Depends }, None, missing > 0);
    }
    let allowed = allowed - missing;
    if is_all {
        // Nothing comes back before the nodes do.
        let all_go = caps.placed.most <= allowed;
        let answering = if all_go && is_sure { Bounds::exactly(0) } else { answering };
        let end = if all_go { Ending::Ends } else { Ending::Never };
        return Drained { end: if is_sure { end } else { Ending::Depends }, answering, by: None, is_used_up: false };
    }
    if !is_sure {
        return done(Ending::Depends, None, false);
    }
    if on_nodes <= allowed {
        return done(Ending::Ends, None, false); // All pods of the nodes may go before one comes back.
    }
    let ends = hard.iter().map(|it| (refusal(it, load, ground, allowed, at_once), *it));
    let worst = ends.max_by_key(|it| it.0);
    let Some((end, by)) = worst else { return done(Ending::Ends, None, false) };
    let is_alone = hard.len() == 1;
    // A skew of one fills the places evenly whatever else is asked for.
    let is_even = matches!(by.form, Form::Spread { skew: 1, .. }) && caps.placed.least == pods;
    match end {
        Ending::Never if is_alone || is_even => done(end, Some(by), false),
        Ending::Ends if is_alone => done(end, None, false),
        _ => done(Ending::Depends, Some(by), false),
    }
}

/// Whether a constraint lets the pods of a cordoned node come back elsewhere.
fn refusal(hard: &Hard, load: Load, ground: Ground, allowed: i64, at_once: i64) -> Ending {
    let Some(places) = hard.places(ground) else { return Ending::Depends };
    let is_whole_place = match (hard.level, ground.zones) {
        (Level::Node, _) => Ending::Never,
        (Level::Zone, Some(zones)) if zones.largest <= at_once => Ending::Never,
        (Level::Zone, Some(zones)) if zones.smallest > at_once => return Ending::Ends,
        _ => Ending::Depends, // Some zones are.
    };
    if let Form::Room { each } = hard.form {
        let elsewhere = (places - at_once).saturating_mul(each);
        // More pods must answer than the other nodes hold.
        return match load.pods {
            pods if pods <= elsewhere => Ending::Ends,
            pods if pods - allowed > elsewhere => Ending::Never,
            _ => Ending::Depends,
        };
    }
    let Form::Spread { skew, wanted, honors_taints } = hard.form else { return Ending::Depends };
    if let Some(fixed) = hard.fixed(ground) {
        let fits = load.pods <= (places - at_once).saturating_mul(fixed);
        return if fits { Ending::Ends } else { Ending::Depends };
    }
    if honors_taints {
        return if places - at_once >= wanted { Ending::Ends } else { Ending::Depends };
    }
    let Some(spreading) = Spreading::new(places, skew) else { return Ending::Depends };
    match spreading.drain(load.pods, allowed) {
        Ending::Ends if at_once > 1 => Ending::Depends,
        end => end.min(is_whole_place),
    }
}
