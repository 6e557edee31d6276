//! Many small clusters, in which pods are placed by the scheduler's rule at random, rolled out, scaled and drained: none
//! may do what the arithmetic says cannot be.

use crate::drill::caps::{Bounds, Caps, Form, Hard, History, Level, Load};
use crate::drill::drain::{Drained, drain};
use crate::drill::ground::{Ground, Zones};
use crate::drill::lose::{Lost, answering};
use crate::drill::roll::{Rolled, Way, roll};
use crate::model::Ending;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(bound.max(1)).expect("small")).expect("small")
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A pod: its node and its revision.
type Pod = (usize, usize);

struct World<'w> {
    zones: Vec<usize>,
    hard: &'w [Hard],
    pods: Vec<Pod>,
    cordoned: Option<usize>,
    revision: usize,
}

impl World<'_> {
    fn place_of(&self, level: Level, node: usize) -> usize {
        if level == Level::Node { node } else { self.zones[node] }
    }

    /// Whether a constraint lets a pod of the newest revision onto a node.
    fn takes(&self, hard: &Hard, node: usize) -> bool {
        let own = self.place_of(hard.level, node);
        let counted = |place: usize| {
            let here = self.pods.iter().filter(|it| self.place_of(hard.level, it.0) == place);
            here.filter(|it| !hard.per_revision || it.1 == self.revision).count()
        };
        let Form::Spread { skew, wanted, honors_taints } = hard.form else { return counted(own) == 0 };
        let is_eligible = |node: usize| !(honors_taints && self.cordoned == Some(node));
        let mut places: Vec<usize> =
            (0..self.zones.len()).filter(|it| is_eligible(*it)).map(|it| self.place_of(hard.level, it)).collect();
        places.sort_unstable();
        places.dedup();
        let is_short = i64::try_from(places.len()).expect("few") < wanted;
        let least = if is_short { 0 } else { places.into_iter().map(counted).min().unwrap_or(0) };
        i64::try_from(counted(own) + 1 - least.min(counted(own) + 1)).expect("few") <= skew
    }

    /// Places up to so many pods in all, as far as that goes.
    fn fill(&mut self, wanted: usize, numbers: &mut Numbers) {
        while self.pods.len() < wanted {
            let nodes = (0..self.zones.len()).filter(|it| self.cordoned != Some(*it));
            let fitting: Vec<usize> = nodes.filter(|node| self.hard.iter().all(|it| self.takes(it, *node))).collect();
            if fitting.is_empty() {
                return;
            }
            let node = numbers.one_of(&fitting);
            self.pods.push((node, self.revision));
        }
    }

    /// Rolls out; whether that ended.
    fn roll(&mut self, wanted: usize, surge: usize, unavailable: usize, numbers: &mut Numbers) -> bool {
        self.revision += 1;
        loop {
            let before = self.pods.clone();
            let new = self.pods.iter().filter(|it| it.1 == self.revision).count();
            let room = (wanted + surge).saturating_sub(self.pods.len()).min(wanted - new.min(wanted));
            self.fill(self.pods.len() + room, numbers);
            let least = wanted - unavailable;
            let old: Vec<usize> = (0..self.pods.len()).filter(|it| self.pods[*it].1 != self.revision).collect();
            if self.pods.len() > least && !old.is_empty() {
                self.pods.remove(numbers.one_of(&old));
            }
            let is_done = self.pods.len() == wanted && self.pods.iter().all(|it| it.1 == self.revision);
            if is_done || self.pods == before {
                return is_done;
            }
        }
    }

    fn scale(&mut self, wanted: usize, numbers: &mut Numbers) {
        while self.pods.len() > wanted {
            let at = numbers.below(self.pods.len());
            self.pods.remove(at);
        }
        self.fill(wanted, numbers);
    }

    /// Drains every node in turn; the fewest pods on the way, or nothing where a drain is stuck.
    fn drain(&mut self, wanted: usize, allowed: usize, numbers: &mut Numbers) -> Option<usize> {
        let mut fewest = self.pods.len();
        for node in 0..self.zones.len() {
            self.cordoned = Some(node);
            while let Some(at) = self.pods.iter().position(|it| it.0 == node) {
                if self.pods.len() <= wanted.saturating_sub(allowed) {
                    return None;
                }
                self.pods.remove(at);
                fewest = fewest.min(self.pods.len());
                // Others may be evicted before one comes back, or not.
                if self.pods.len() <= wanted.saturating_sub(allowed) || numbers.below(2) == 0 {
                    self.fill(wanted, numbers);
                }
            }
            self.fill(wanted, numbers);
            self.cordoned = None;
            self.fill(wanted, numbers);
        }
        Some(fewest)
    }

    /// The pods that stay when the worst place is lost.
    fn left(&self, level: Level) -> usize {
        let taken = |place: usize| self.pods.iter().filter(|it| self.place_of(level, it.0) == place).count();
        let most = (0..self.zones.len()).map(|it| taken(self.place_of(level, it))).max().unwrap_or(0);
        self.pods.len() - most
    }
}

fn constraint(numbers: &mut Numbers, per_revision: bool) -> Hard {
    let form = if numbers.below(3) == 0 {
        Form::Apart
    } else {
        Form::Spread {
            skew: numbers.one_of(&[1, 1, 2]),
            wanted: numbers.one_of(&[1, 1, 1, 3, 4]),
            honors_taints: numbers.below(3) == 0,
        }
    };
    let level = numbers.one_of(&[Level::Node, Level::Zone]);
    Hard { level, form, per_revision, span: None }
}

fn size(number: usize) -> i64 {
    i64::try_from(number).expect("few")
}

/// One environment, several times.
/// A drawn environment with all that the arithmetic says of it.
struct Drawn {
    of_zones: Vec<usize>,
    wanted: usize,
    ceiling: usize,
    surge: usize,
    unavailable: usize,
    allowed: usize,
    hard: Vec<Hard>,
    ground: Ground,
    caps: Caps,
    rolled: Rolled,
    drained: Drained,
    said: String,
}

impl Drawn {
    fn new(numbers: &mut Numbers) -> Drawn {
        let zones = 1 + numbers.below(4);
        let nodes = zones + numbers.below(6);
        let wanted = 1 + numbers.below(10);
        let ceiling = wanted + numbers.one_of(&[0, 0, 3]);
        let (surge, unavailable) = numbers.one_of(&[(1, 0), (2, 1), (0, 1), (3, 0)]);
        let unavailable = unavailable.min(wanted);
        let allowed = 1 + numbers.below(3);
        let per_revision = numbers.below(4) == 0;
        let hard: Vec<Hard> = (0..numbers.below(4)).map(|_| constraint(numbers, per_revision)).collect();
        let zones_of = Some(Zones::even(size(zones), size(nodes)));
        let ground = Ground { nodes: size(nodes), zones: zones_of, has_barred: false, has_barred_zone: false };
        let load =
            Load { pods: size(wanted), ceiling: size(ceiling), most: size(ceiling + surge), moves: ceiling != wanted };
        let way = Way::Rolling { surge: size(surge), unavailable: size(unavailable) };
        let placed = Caps::of(load, &hard, ground, History::Any { ends: true, at_once: 1 }).placed;
        let rolled = roll(load, way, &hard, placed, ground);
        let history = History::Any { ends: rolled.end == Ending::Ends, at_once: 1 };
        let caps = Caps::of(load, &hard, ground, history);
        let drained = drain(load, &hard, &caps, ground, Some(size(allowed)), 1);
        let said = format!("{hard:?} {ground:?} {load:?} {way:?} {allowed}: {caps:?} {rolled:?} {drained:?}");
        let of_zones = (0..nodes).map(|it| it % zones).collect();
        Drawn { of_zones, wanted, ceiling, surge, unavailable, allowed, hard, ground, caps, rolled, drained, said }
    }

    /// One run, in which nothing may happen that cannot be.
    fn run(&self, numbers: &mut Numbers) {
        let zones = self.of_zones.clone();
        let mut world = World { zones, hard: &self.hard, pods: Vec::new(), cordoned: None, revision: 0 };
        world.fill(self.wanted, numbers);
        let placed = self.caps.placed;
        assert!((placed.least..=placed.most).contains(&size(world.pods.len())), "placed: {}", self.said);
        if self.drained.end == Ending::Never {
            assert_eq!(world.drain(self.wanted, self.allowed, numbers), None, "stuck: {}", self.said);
            return;
        }
        for _ in 0..numbers.below(6) {
            if !self.step(&mut world, numbers) || world.pods.len() > self.wanted {
                return;
            }
            holds(&world, &self.caps, self.ground, &self.said);
        }
    }

    /// A rollout, a change of scale or drains; whether that ended.
    fn step(&self, world: &mut World<'_>, numbers: &mut Numbers) -> bool {
        let Drawn { wanted, said, rolled, drained, .. } = self;
        match numbers.below(3) {
            0 => {
                let has_all = world.pods.len() == *wanted;
                let is_done = world.roll(*wanted, self.surge, self.unavailable, numbers);
                let must = rolled.end == Ending::Ends && has_all;
                assert!(!must || is_done, "a rollout hangs: {said} {:?}", world.pods);
                assert!(rolled.end != Ending::Never || !is_done, "a rollout ends: {said}");
                is_done
            }
            1 if self.ceiling != *wanted => {
                world.scale(self.ceiling, numbers);
                world.scale(*wanted, numbers);
                true
            }
            _ => {
                let fewest = world.drain(*wanted, self.allowed, numbers);
                assert!(fewest.is_some() || drained.end != Ending::Ends, "a drain hangs: {said} {:?}", world.pods);
                let is_enough = |it: usize| drained.end != Ending::Ends || size(it) >= drained.answering.least;
                assert!(fewest.is_none_or(is_enough), "too few in a drain: {said}");
                fewest.is_some()
            }
        }
    }
}

fn holds(world: &World<'_>, caps: &Caps, ground: Ground, said: &str) {
    assert!(size(world.pods.len()) >= caps.placed.least, "pods wait: {said} {:?}", world.pods);
    for (what, level) in [(Lost::Node, Level::Node), (Lost::Zone, Level::Zone)] {
        let Bounds { least, most } = answering(caps, ground, what);
        let left = size(world.left(level));
        assert!((least..=most).contains(&left), "{what:?} {left}: {said} {:?}", world.pods);
    }
}

#[test]
fn no_run_does_what_cannot_be() {
    let mut numbers = Numbers(20_261_130);
    for _ in 0..6_000 {
        let drawn = Drawn::new(&mut numbers);
        (0..6).for_each(|_| drawn.run(&mut numbers));
    }
}
