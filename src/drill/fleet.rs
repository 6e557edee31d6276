//! Pods of one kind that several templates describe, as the brokers of node pools: what a lost place takes of all.

use crate::drill::caps::{Bounds, Caps, History, Load};
use crate::drill::constraints::Asked;
use crate::drill::ground::Ground;
use crate::drill::lose::Lost;
use crate::drill::surroundings::Surroundings;
use crate::drill::verdict::Proof;
use crate::drill::volumes::Volumes;
use crate::index::{Index, PodSetId, PodSpec};
use crate::source::Span;

/// Pods with one template.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// How many.
    pub(super) pods: i64,
    /// What they ask for.
    pub(super) asked: Asked,
    /// What their volumes say of where they come back.
    pub(super) volumes: Volumes,
}

/// Pods as they are described: how many, by which template, with which volumes.
pub(super) struct Described<'a> {
    pub(super) pods: i64,
    pub(super) spec: Option<PodSpec<'a>>,
    pub(super) volumes: Volumes,
    /// The pods, and where what makes them is named.
    pub(super) sets: (Vec<PodSetId>, Span),
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Fleet {
    /// By template.
    pub(super) groups: Vec<Group>,
}

impl Fleet {
    /// Reads groups of pods. Those that one map describes are one group; one without a map asks for nothing.
    pub(super) fn read<'a>(index: &Index<'a>, around: &Surroundings, described: Vec<Described<'a>>) -> Fleet {
        let mut known: Vec<Described<'a>> = Vec::new();
        for it in described {
            let same = |other: &&mut Described<'a>| match (&it.spec, &other.spec) {
                (Some(one), Some(other)) => one.node == other.node && one.object.id() == other.object.id(),
                (None, None) => true,
                _ => false,
            };
            match known.iter_mut().find(same) {
                Some(known) => {
                    known.pods += it.pods;
                    known.volumes = std::mem::take(&mut known.volumes).or(it.volumes);
                    known.sets.0.extend(it.sets.0);
                    if let (Some(one), Some(other)) = (&mut known.spec, it.spec) {
                        one.pods.extend(other.pods);
                    }
                }
                None => known.push(it),
            }
        }
        let group = |it: Described<'a>| Group {
            pods: it.pods,
            asked: match it.spec {
                Some(spec) => Asked::read(index, &spec, around),
                None => Asked::nothing(&it.sets.0, around, it.sets.1),
            },
            volumes: it.volumes,
        };
        Fleet { groups: known.into_iter().map(group).collect() }
    }

    /// How many pods there are.
    pub(super) fn pods(&self) -> i64 {
        self.groups.iter().map(|it| it.pods).sum()
    }

    /// What each group comes to on its nodes of a cluster.
    fn caps(&self, ground: Ground) -> Vec<(Ground, Caps)> {
        self.groups.iter().map(|it| (it.ground(ground), it.caps(it.ground(ground)))).collect()
    }

    /// How many pods lie in the fullest place.
    pub(super) fn in_place(&self, ground: Ground, what: Lost) -> Bounds {
        let caps = self.caps(ground);
        let most: i64 = caps.iter().map(|it| if what == Lost::Node { it.1.node } else { it.1.zone }).sum();
        let places = |it: &Ground| match what {
            Lost::Node => Some(it.nodes),
            Lost::Zone => it.zones.filter(|it| it.smallest > 0).map(|it| it.count),
        };
        let share = |placed: i64, places: Option<i64>| match places {
            Some(places) => (placed + places - 1) / places.max(1),
            None => i64::from(placed > 0),
        };
        let placed: i64 = caps.iter().map(|it| it.1.placed.most).sum();
        let is_open = self.groups.iter().any(|it| it.asked.open.is_some());
        let least = if is_open {
            i64::from(placed > 0)
        } else if self.groups.iter().all(|it| it.asked.ground.is_none()) {
            share(placed, places(&ground))
        } else {
            caps.iter().map(|it| share(it.1.placed.most, places(&it.0))).max().unwrap_or(0)
        };
        Bounds { least, most: most.max(least) }
    }

    /// How many pods find no place.
    pub(super) fn missing(&self, ground: Ground) -> Bounds {
        let all: i64 = self.pods();
        let sum = |of: fn(&Caps) -> i64| self.caps(ground).iter().map(|it| of(&it.1)).sum::<i64>();
        Bounds { least: sum(|it| it.placed.least), most: sum(|it| it.placed.most) }.left_of(all)
    }

    /// How many pods are gone with a place, and those that found none before.
    pub(super) fn lost(&self, ground: Ground, what: Lost) -> Bounds {
        self.gone(ground, self.in_place(ground, what))
    }

    /// So many of them, and those that found no place.
    pub(super) fn gone(&self, ground: Ground, taken: Bounds) -> Bounds {
        let (all, missing) = (self.pods(), self.missing(ground));
        Bounds { least: (taken.least + missing.least).min(all), most: taken.most.saturating_add(missing.most).min(all) }
    }

    /// Why pods that are evicted from a node, so many at a time, may not come back before the node does, so that the rest
    /// of them never goes.
    pub(super) fn waits(&self, ground: Ground, allowed: i64) -> Option<Proof> {
        let on_node = self.in_place(ground, Lost::Node).most;
        if on_node <= allowed {
            return None;
        }
        if self.groups.iter().any(|it| it.ground(ground).nodes <= 1) {
            return Some(Proof::of("no other node takes the pods"));
        }
        let asked = || self.groups.iter().map(|it| &it.asked);
        let said = asked().flat_map(|it| [&it.open, &it.doubt, &it.together]).flatten().next().cloned();
        let hard = || asked().flat_map(|it| &it.hard).next();
        let kept_off = hard().map(|it| {
            let text = format!("a node may hold {on_node} of them, and a hard constraint may refuse them another");
            it.span.map_or_else(|| Proof::of(text.clone()), |span| Proof::at(text.clone(), span))
        });
        let bound = || self.groups.iter().find_map(|it| it.volumes.binds(ground, 1).cloned());
        said.or(kept_off).or_else(bound)
    }

    /// What is said of the places of all: the first constraint, or that there is none.
    pub(super) fn proof(&self, noun: &str) -> Vec<Proof> {
        let mut proof = Vec::new();
        for group in &self.groups {
            let asked = &group.asked;
            let said = [&asked.open, &asked.doubt, &asked.together].into_iter().flatten().cloned();
            proof.extend(said);
            if let Some(hard) = asked.hard.iter().find_map(|it| it.span) {
                proof.push(Proof::at(format!("a hard constraint keeps {noun} apart"), hard));
            }
        }
        if proof.is_empty() && self.pods() > 1 {
            let soft = self.groups.iter().find_map(|it| it.asked.soft);
            let text = format!("no hard constraint keeps {noun} apart");
            proof.push(soft.map_or_else(|| Proof::of(text.clone()), |it| Proof::at(text.clone(), it)));
        }
        proof
    }
}

impl Group {
    /// The nodes that take its pods.
    fn ground(&self, ground: Ground) -> Ground {
        self.asked.ground.unwrap_or(ground)
    }

    /// What the group comes to: pods go before others come in their place.
    fn caps(&self, ground: Ground) -> Caps {
        let load = Load { pods: self.pods, ceiling: self.pods, most: self.pods, moves: false };
        let mut caps = Caps::of(load, &self.asked.hard, ground, History::Any { ends: true, at_once: 1 });
        if self.asked.doubt.is_some() || self.asked.open.is_some() {
            caps.placed.least = 0;
        }
        if self.asked.together.is_some() || self.asked.open.is_some() {
            (caps.node, caps.zone) = (self.pods, self.pods);
        }
        caps
    }
}
