//! The most pods of a workload that can lie on one node or in one zone, and how many can be placed at all: arithmetic
//! over its hard constraints, in closed form.

use crate::drill::ground::{Ground, Zones};
use crate::model::Spreading;
use crate::source::Span;

/// What a constraint spreads over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nodes.
    Node,
    /// Zones.
    Zone,
}

/// What a hard constraint of the pods' own demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Required anti-affinity: one pod in a place, of all that it selects.
    Apart,
    /// Requests: so many pods on a node, and no more.
    Room {
        /// How many.
        each: i64,
    },
    /// `DoNotSchedule`.
    Spread {
        /// `maxSkew`.
        skew: i64,
        /// `minDomains`.
        wanted: i64,
        /// `nodeTaintsPolicy: Honor`: nodes that are cordoned or lost do not count.
        honors_taints: bool,
    },
}

/// A hard constraint that certainly selects the pods that have it, and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hard {
    /// What it spreads over.
    pub level: Level,
    /// What it demands.
    pub form: Form,
    /// Whether it counts the pods of one revision alone.
    pub per_revision: bool,
    /// Where it is written.
    pub span: Option<Span>,
}

/// How many pods a workload has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// At the scale that is judged.
    pub pods: i64,
    /// At the largest scale.
    pub ceiling: i64,
    /// At any time, those of a rollout at the largest scale among them.
    pub most: i64,
    /// Whether an autoscaler moves the number.
    pub moves: bool,
}

/// A number that is known from both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
}

impl Bounds {
    /// A number that is known.
    pub(super) fn exactly(number: i64) -> Bounds {
        Bounds { least: number, most: number }
    }

    /// What is left of so many.
    pub(super) fn left_of(self, all: i64) -> Bounds {
        Bounds { least: (all - self.most).max(0), most: (all - self.least).max(0) }
    }
}

/// What the hard constraints come to on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Most pods on one node.
    pub node: i64,
    /// Most pods in one zone.
    pub zone: i64,
    /// How many pods can be placed.
    pub placed: Bounds,
    /// Whether more may run in time than the constraints let be placed at once.
    pub gives_way: bool,
    /// The constraint that makes the first, if one does.
    pub node_by: Option<Hard>,
    /// The constraint that makes the second, if one does.
    pub zone_by: Option<Hard>,
}

/// When the pods were placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// All at once, and nothing moved since.
    #[cfg_attr(whole, expect(dead_code, reason = "tests compare it"))]
    Fresh,
    /// Any order of rollouts, scaling and drains came since.
    Any {
        /// Whether rollouts surely end, so that pods of two revisions are not there for long.
        ends: bool,
        /// Nodes that are drained together.
        at_once: i64,
    },
}

impl Hard {
    /// How many places it counts.
    pub fn places(&self, ground: Ground) -> Option<i64> {
        match self.level {
            Level::Node => Some(ground.nodes),
            Level::Zone => ground.zones.map(|it| it.count),
        }
    }

    /// The most pods that one place takes whatever the others hold; `None` where that moves with the others.
    pub fn fixed(&self, ground: Ground) -> Option<i64> {
        match self.form {
            Form::Apart => Some(1),
            Form::Room { each } => Some(each),
            // With fewer places than wanted the scheduler counts an empty one, and a node that takes no pods is one.
            Form::Spread { skew, wanted, honors_taints } => {
                let has_barred = match self.level {
                    Level::Node => ground.has_barred,
                    Level::Zone => ground.has_barred_zone,
                };
                let is_barred = has_barred && !honors_taints;
                self.places(ground).filter(|it| *it < wanted || is_barred).map(|_| skew)
            }
        }
    }

    /// Whether a zone takes more pods once one of its nodes is cordoned and does not count.
    pub(super) fn makes_room(&self, ground: Ground) -> bool {
        let honors = matches!(self.form, Form::Spread { honors_taints: true, .. });
        honors && self.level == Level::Zone && ground.zones.is_some_and(|it| it.largest > 1)
    }

    /// Whether more pods may run in time than it lets be placed at once: beside those of a revision whose rollout does not
    /// end run those of the one before, and pods that waited stay where a cordoned node made room for them.
    pub(super) fn may_give_way(&self, ground: Ground, rollouts_end: bool) -> bool {
        let adds_up = self.per_revision && !rollouts_end;
        adds_up || (self.fixed(ground).is_some() && self.makes_room(ground))
    }

    /// The most of the pods that one place holds.
    fn cap(&self, load: Load, ground: Ground, history: History) -> Option<i64> {
        let places = self.places(ground)?;
        let both = |one: i64| match history {
            History::Any { ends: false, .. } if self.per_revision => one.saturating_mul(2),
            _ => one,
        };
        if let Some(fixed) = self.fixed(ground) {
            return Some(both(fixed));
        }
        let Form::Spread { skew, honors_taints, .. } = self.form else { return Some(both(1)) };
        let of = |places: i64, most: i64| match Spreading::new(places, skew) {
            Some(it) if self.per_revision && !load.moves => it.from_scratch(load.pods),
            Some(it) => it.after_changes(most),
            None => load.ceiling,
        };
        match history {
            History::Fresh => Spreading::new(places, skew).map(|it| it.from_scratch(load.pods)),
            History::Any { at_once, .. } => {
                let most = if self.per_revision { load.ceiling } else { load.most };
                let settled = of(places, most);
                // A cordoned node is no place for it, so that its pods went to fewer.
                let gone = if honors_taints { self.places_gone(ground, at_once) } else { 0 };
                Some(both(settled.max(of(places - gone, load.ceiling))))
            }
        }
    }

    /// The places that so many drained nodes may be all of.
    fn places_gone(&self, ground: Ground, nodes: i64) -> i64 {
        match (self.level, ground.zones) {
            (Level::Node, _) => nodes,
            (Level::Zone, Some(zones)) => nodes / zones.smallest.max(1),
            (Level::Zone, None) => 0,
        }
    }
}

impl Caps {
    /// The caps of a workload with these constraints, none of which is left out.
    pub fn of(load: Load, hard: &[Hard], ground: Ground, history: History) -> Caps {
        let least_of = |level: Level| {
            let caps = hard.iter().filter(|it| it.level == level);
            let caps = caps.filter_map(|it| Some((it.cap(load, ground, history)?, *it)));
            caps.min_by_key(|it| it.0).filter(|it| it.0 < load.pods)
        };
        let (by_node, by_zone) = (least_of(Level::Node), least_of(Level::Zone));
        let all = load.pods.max(0);
        let cap = |it: Option<(i64, Hard)>| it.map_or(all, |it| it.0.clamp(0, all));
        let (node_cap, zone_cap) = (cap(by_node), cap(by_zone));
        let largest = ground.zones.map_or(1, |it| it.largest);
        let on_nodes = largest.saturating_mul(node_cap);
        let second = |it: Option<(i64, Hard)>| it.map(|it| it.1);
        Caps {
            node: all.min(node_cap).min(zone_cap),
            zone: all.min(zone_cap).min(on_nodes),
            placed: placed(load.pods, hard, ground, node_cap),
            gives_way: false,
            node_by: if node_cap <= zone_cap { second(by_node) } else { second(by_zone) },
            zone_by: if zone_cap <= on_nodes { second(by_zone) } else { second(by_node) },
        }
    }
}

/// How many of the pods can be placed: the first number holds in whatever order they come.
fn placed(pods: i64, hard: &[Hard], ground: Ground, node_cap: i64) -> Bounds {
    let mut most = pods.max(0);
    for it in hard {
        let Some(places) = it.places(ground) else { continue };
        most = most.min(it.fixed(ground).map_or(most, |fixed| fixed.saturating_mul(places)));
    }
    Bounds { least: if is_reached(pods, hard, ground, node_cap) { most } else { 0 }, most }
}

/// Whether as many pods as the constraints allow one by one are placed, in whatever order pods come and go.
fn is_reached(pods: i64, hard: &[Hard], ground: Ground, node_cap: i64) -> bool {
    if hard.iter().any(|it| it.places(ground).is_none()) {
        return false; // No node has the label that it asks for, as far as anyone knows.
    }
    let of = |level: Level| hard.iter().filter(|it| it.level == level).collect::<Vec<_>>();
    let (nodes, zones) = (of(Level::Node), of(Level::Zone));
    // Pods of one revision and of all may refuse each other's places, unless no place takes a second pod anyway.
    let is_one_level = nodes.is_empty() || zones.is_empty();
    let is_apart = hard.iter().any(|it| it.form == Form::Apart && !it.per_revision);
    if !(hard.iter().all(|it| it.per_revision == hard[0].per_revision) || (is_one_level && is_apart)) {
        return false;
    }
    let (Some(node), Some(zone)) = (tightest(&nodes), tightest(&zones)) else { return true };
    let Some(sizes) = ground.zones.filter(|it| it.are_even()) else { return pods <= 1 };
    match (node.form, zone.form) {
        (Form::Room { .. }, _) | (_, Form::Room { .. }) => false,
        // A free node of the emptiest zone always takes a pod.
        (Form::Apart, _) | (_, Form::Apart) => true,
        (Form::Spread { skew, .. }, Form::Spread { skew: of_zones, .. }) => {
            let moves = hard.iter().all(|it| it.fixed(ground).is_none());
            sizes.largest == 1 || pods <= 1 || (moves && node_cap < deadlock(skew, of_zones, sizes))
        }
    }
}

/// The constraint of a level that the others follow from.
fn tightest<'h>(hard: &[&'h Hard]) -> Option<&'h Hard> {
    hard.iter().copied().min_by_key(|it| match it.form {
        Form::Apart => 0,
        // Whether what refuses one is free in another is not known.
        Form::Room { .. } => -1,
        Form::Spread { skew, .. } => skew,
    })
}

/// The pods that some node holds at least when a spread over nodes and one over zones refuse each other's places: the
/// emptiest node lies in a full zone, and all nodes of the emptiest zone hold too much beside it.
fn deadlock(skew: i64, of_zones: i64, zones: Zones) -> i64 {
    let others = (zones.largest - 1).max(1);
    let in_emptiest = zones.smallest.min(zones.largest).saturating_mul(skew).saturating_add(of_zones);
    (in_emptiest + others - 1) / others
}
