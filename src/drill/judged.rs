//! A workload on one cluster, with all that its constraints come to.

use crate::drill::caps::{Caps, History, Load};
use crate::drill::facts::Facts;
use crate::drill::ground::Ground;
use crate::drill::roll::{Rolled, roll};
use crate::model::Ending;

/// A workload on a cluster.
pub(super) struct Judged<'f> {
    pub(super) facts: &'f Facts,
    pub(super) ground: Ground,
    pub(super) at_once: i64,
    pub(super) caps: Caps,
    pub(super) rolled: Option<Rolled>,
}

impl<'f> Judged<'f> {
    /// Works out what the constraints come to.
    pub(super) fn new(facts: &'f Facts, ground: Ground, at_once: i64) -> Judged<'f> {
        let caps = |load: Load, ends: bool| {
            let mut caps = Caps::of(load, &facts.asked.hard, ground, History::Any { ends, at_once });
            if facts.asked.doubt.is_some() {
                caps.placed.least = 0;
            }
            caps.placed.most = caps.placed.most.min(facts.most_allowed);
            caps.placed.least = caps.placed.least.min(caps.placed.most);
            if facts.asked.together.is_some() {
                (caps.node, caps.zone) = (load.pods, load.pods);
            }
            caps
        };
        let placed = caps(facts.load, true).placed;
        let rolled = facts.way.map(|way| roll(facts.load, way, &facts.asked.hard, placed, ground));
        let is_known = facts.open_way.is_none() && facts.halt.is_none();
        let ends = is_known && rolled.is_none_or(|it| it.end == Ending::Ends);
        let mut caps = caps(facts.load, ends);
        if facts.asked.hard.iter().any(|it| it.may_give_way(ground, ends)) {
            caps.placed.most = facts.load.pods.clamp(0, facts.most_allowed.max(0));
            caps.gives_way = true;
        }
        Judged { facts, ground, at_once, caps, rolled }
    }

    /// Its pods.
    pub(super) fn whole(&self) -> i64 {
        self.facts.load.pods
    }
}
