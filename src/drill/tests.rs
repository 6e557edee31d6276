//! The environments that the scheduler was asked about, as unit tests.

mod edges;
mod exact;
mod runs;

use crate::drill::caps::{Bounds, Caps, Form, Hard, History, Level, Load};
use crate::drill::drain::drain;
use crate::drill::ground::{Ground, Zones};
use crate::drill::lose::{Lost, answering, replaced};
use crate::drill::roll::{Way, roll};
use crate::model::{Amount, Ending};

/// The answers of the scheduler of Kubernetes 1.36.3, twelve runs each.
const VECTORS: &str = include_str!("../../tests/data/drill-vectors.tsv");

fn bounds(text: &str) -> Bounds {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    Bounds { least: number(least), most: number(most) }
}

fn number(text: &str) -> i64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no number"))
}

fn pair(text: &str) -> (i64, i64) {
    let (one, other) = text.split_once('/').expect("two numbers");
    (number(one), number(other))
}

fn constraints(text: &str) -> Vec<Hard> {
    let hard = |text: &str| {
        let words: Vec<&str> = text.split([' ', ',']).filter(|it| !it.is_empty()).collect();
        let level = if text.contains("hostname") { Level::Node } else { Level::Zone };
        let after = |word: &str| words.iter().position(|it| *it == word).map(|at| number(words[at + 1]));
        let form = match words[0] {
            "required" => Form::Apart,
            "DoNotSchedule" => Form::Spread {
                skew: after("maxSkew").expect("a skew"),
                wanted: after("minDomains:").unwrap_or(1),
                honors_taints: text.contains("Honor"),
            },
            _ => return None,
        };
        Some(Hard { level, form, per_revision: text.contains("pod-template-hash"), span: None })
    };
    text.split("; ").filter_map(hard).collect()
}

fn allowed(text: &str, pods: i64) -> Option<i64> {
    let text = text.strip_prefix("maxUnavailable: ")?;
    let amount = match text.strip_suffix('%') {
        Some(share) => Amount::Percent(number(share)),
        None => Amount::Count(number(text)),
    };
    Some(amount.of_rounded_up(pods))
}

/// One row, by the names of its columns.
struct Row<'t>(Vec<&'t str>, Vec<&'t str>);

impl<'t> Row<'t> {
    fn get(&self, column: &str) -> &'t str {
        self.1[self.0.iter().position(|it| *it == column).unwrap_or_else(|| panic!("no column {column}"))]
    }
}

fn check(row: &Row<'_>) {
    let name = row.get("environment");
    let (nodes, zones) = pair(row.get("nodes/zones"));
    let ground = Ground { nodes, zones: Some(Zones::even(zones, nodes)), has_barred: false, has_barred_zone: false };
    let pods = number(row.get("pods"));
    let (surge, unavailable) = pair(row.get("maxSurge/maxUnavailable"));
    let is_deployment = row.get("kind") == "Deployment";
    let hard = constraints(row.get("constraints"));
    let load = Load { pods, ceiling: pods, most: pods + surge, moves: false };
    let fresh = Caps::of(load, &hard, ground, History::Fresh);
    let way = if is_deployment {
        Way::Rolling { surge, unavailable }
    } else {
        Way::InPlace { unavailable: Bounds { least: unavailable, most: unavailable } }
    };
    let rolled = roll(load, way, &hard, fresh.placed, ground);
    let ends = rolled.end == Ending::Ends;
    let caps = Caps::of(load, &hard, ground, History::Any { ends, at_once: 1 });
    assert_eq!(caps.placed, Bounds { least: number(row.get("p")), most: number(row.get("p")) }, "{name}: p");
    assert_eq!((fresh.node, fresh.zone), pair(row.get("F node/zone (from scratch)")), "{name}: F");
    assert_eq!((caps.node, caps.zone), pair(row.get("a/b (after rollouts)")), "{name}: a/b");
    for (what, word) in [(Lost::Node, "node"), (Lost::Zone, "zone")] {
        let at_once = answering(&caps, ground, what);
        assert_eq!(at_once.least, number(row.get(&format!("{word} lost, at once: least"))), "{name}: {word} lost");
        let seen = bounds(row.get(&format!("{word} lost, at once: seen")));
        assert!(at_once.least <= seen.least && seen.most <= at_once.most, "{name}: {word} lost: {at_once:?}");
        let after = if is_deployment { replaced(load, &hard, &caps, ground, what) } else { at_once };
        let given = bounds(row.get(&format!("{word} lost, replaced: range")));
        let seen = bounds(row.get(&format!("{word} lost, replaced: seen")));
        // Pods that are larger than what is left on a node are not reckoned with.
        let is_roomy = !name.starts_with("a4");
        assert!(!is_roomy || after.least <= seen.least && seen.most <= after.most, "{name}: {word}: {after:?}");
        assert!(given.least <= after.least && after.most <= given.most, "{name}: {word}: {after:?}");
    }
    let drained = drain(load, &hard, &caps, ground, allowed(row.get("budget"), pods), 1);
    let is_stuck = row.get("drain: verdict") == "stuck";
    assert_eq!(drained.end, if is_stuck { Ending::Never } else { Ending::Ends }, "{name}: drain");
    let never = row.get("rollout ends") == "no";
    assert_eq!(rolled.end, if never { Ending::Never } else { Ending::Ends }, "{name}: rollout");
}

#[test]
fn the_scheduler_agrees() {
    let mut lines = VECTORS.lines().filter(|it| !it.starts_with('#'));
    let head: Vec<&str> = lines.next().expect("a head").split('\t').collect();
    let rows: Vec<Row<'_>> = lines.map(|it| Row(head.clone(), it.split('\t').collect())).collect();
    assert_eq!(rows.len(), 31);
    rows.iter().for_each(check);
}

/// Pods of two revisions stand side by side while a rollout hangs.
#[test]
fn a_rollout_that_hangs_counts_twice() {
    let form = Form::Spread { skew: 1, wanted: 1, honors_taints: false };
    let hard = [Hard { level: Level::Node, form, per_revision: true, span: None }];
    let ground = Ground { nodes: 3, zones: Some(Zones::even(3, 3)), has_barred: false, has_barred_zone: false };
    let load = Load { pods: 6, ceiling: 6, most: 8, moves: false };
    let cap = |ends| Caps::of(load, &hard, ground, History::Any { ends, at_once: 1 }).node;
    assert_eq!((cap(true), cap(false)), (2, 4));
}

/// A cordoned node is no place for a constraint that honors taints, so that its pods went to fewer.
#[test]
fn drains_fill_fewer_places_where_taints_are_honored() {
    let hard = |honors_taints| {
        let form = Form::Spread { skew: 1, wanted: 1, honors_taints };
        [Hard { level: Level::Node, form, per_revision: false, span: None }]
    };
    let ground = Ground { nodes: 3, zones: Some(Zones::even(3, 3)), has_barred: false, has_barred_zone: false };
    let load = Load { pods: 5, ceiling: 5, most: 5, moves: false };
    let cap = |honors| Caps::of(load, &hard(honors), ground, History::Any { ends: true, at_once: 1 }).node;
    assert_eq!((cap(false), cap(true)), (2, 3));
}
