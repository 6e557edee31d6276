//! Numbers at which a comparison turns, and ties: each test fails if one of the formulas is off by one.

use super::edges::{apart, caps, drained, ground, load, room, spread};
use crate::drill::caps::{Bounds, Form, Hard, Level};
use crate::drill::drain::drain;
use crate::drill::ground::{Ground, Zones};
use crate::drill::lose::{Lost, answering, lost, replaced};
use crate::drill::roll::{Way, roll};
use crate::model::Ending;

fn of_one_revision(hard: Hard) -> Hard {
    Hard { per_revision: true, ..hard }
}

fn uneven(largest: i64, smallest: i64) -> Ground {
    Ground { zones: Some(Zones { count: 2, largest, smallest }), ..ground(largest + smallest, 2) }
}

#[test]
fn anti_affinity_to_all_pods_makes_one_to_a_revision_harmless() {
    let both = |hard: Hard| caps(3, &[hard, of_one_revision(hard)], ground(4, 2)).placed.least;
    assert_eq!(both(apart(Level::Node)), 3);
    assert_eq!(both(spread(Level::Node, 1, 1, false)), 0, "they may refuse each other's places");
}

#[test]
fn a_zone_of_two_nodes_outlives_the_drain_of_one() {
    let zones = [spread(Level::Zone, 1, 1, true)];
    assert_eq!(caps(7, &zones, ground(6, 3)).zone, 3);
    assert_eq!(caps(7, &zones, ground(3, 3)).zone, 4, "seven pods went to two zones");
}

#[test]
fn one_pod_always_finds_a_place() {
    let hard = [spread(Level::Node, 1, 1, false), spread(Level::Zone, 1, 1, false)];
    let placed = |pods| caps(pods, &hard, uneven(4, 1)).placed.least;
    assert_eq!([placed(1), placed(2)], [1, 0]);
}

#[test]
fn places_that_are_wanted_and_missing_do_not_move() {
    // Nine nodes are wanted: each of those there takes one pod, and none more later.
    let hard = [spread(Level::Node, 1, 9, false), spread(Level::Zone, 1, 1, false)];
    let placed = |pods, nodes| caps(pods, &hard, ground(nodes, 3)).placed.least;
    assert_eq!([placed(1, 6), placed(2, 6)], [1, 0]);
    assert_eq!(placed(3, 3), 3, "nodes are zones");
}

#[test]
fn a_larger_skew_over_nodes_refuses_later() {
    let hard = [spread(Level::Node, 2, 1, false), spread(Level::Zone, 1, 1, false)];
    let placed = |pods| caps(pods, &hard, ground(6, 3)).placed.least;
    // Two on each node of the emptiest zone and one more: five on a node of a full zone refuse.
    assert_eq!([placed(7), placed(18), placed(19)], [7, 18, 0]);
}

#[test]
fn the_tightest_constraint_is_the_one_that_is_named() {
    let it = caps(5, &[spread(Level::Node, 3, 1, false), apart(Level::Node)], ground(6, 3));
    assert_eq!((it.node, it.node_by.map(|it| it.form)), (1, Some(Form::Apart)));
    let tie = caps(3, &[apart(Level::Node), apart(Level::Zone)], ground(3, 3));
    let levels = [tie.node_by, tie.zone_by].map(|it| it.map(|it| it.level));
    assert_eq!(levels, [Some(Level::Node), Some(Level::Zone)], "each by its own");
}

#[test]
fn zones_that_hold_no_node_are_no_even_zones() {
    assert!(!Zones { count: 1, largest: 1, smallest: 0 }.are_even());
    assert!(Zones { count: 2, largest: 2, smallest: 1 }.are_even());
    // Nodes that name no zone may hold all pods.
    let ground = uneven(3, 0);
    assert_eq!(lost(&caps(3, &[], ground), ground, Lost::Zone), Bounds { least: 0, most: 3 });
}

#[test]
fn what_may_be_placed_says_how_many_may_answer() {
    let mut unsure = caps(6, &[], ground(3, 3));
    unsure.placed.least = 0;
    assert_eq!(answering(&unsure, ground(3, 3), Lost::Node), Bounds { least: 0, most: 4 });
    let drained = drain(load(6), &[], &unsure, ground(3, 3), Some(1), 1);
    assert_eq!((drained.end, drained.is_used_up), (Ending::Depends, false), "no pod is known to be missing");
}

#[test]
fn other_nodes_take_as_many_as_they_hold() {
    let ground = ground(3, 3);
    let room = [room(3)];
    let replaced = replaced(load(4), &room, &caps(4, &room, ground), ground, Lost::Node);
    assert_eq!(replaced, Bounds { least: 4, most: 4 });
}

#[test]
fn two_constraints_refuse_a_drain_surely_only_by_a_skew_of_one() {
    let both = |skew| [spread(Level::Node, skew, 1, false), spread(Level::Zone, skew, 1, false)];
    assert_eq!(drained(6, &both(1), ground(3, 3), 1).0, Ending::Never);
    assert_eq!(drained(9, &both(2), ground(3, 3), 1).0, Ending::Depends);
}

#[test]
fn as_many_other_nodes_as_are_wanted_are_enough() {
    let end = |wanted| drained(6, &[spread(Level::Node, 1, wanted, true)], ground(3, 3), 1).0;
    assert_eq!([end(2), end(3)], [Ending::Ends, Ending::Depends]);
}

#[test]
fn an_old_pod_that_goes_first_leaves_its_place() {
    let hard = [apart(Level::Node), spread(Level::Zone, 1, 1, false)];
    let end = |unavailable| {
        let way = Way::Rolling { surge: 1, unavailable };
        roll(load(2), way, &hard, Bounds { least: 2, most: 2 }, ground(4, 2)).end
    };
    assert_eq!([end(0), end(1)], [Ending::Depends, Ending::Ends]);
}

#[test]
fn where_pods_wait_the_most_that_may_go_go_as_well() {
    let way = Way::InPlace { unavailable: Bounds { least: 1, most: 2 } };
    let rolled = roll(load(4), way, &[], Bounds { least: 3, most: 3 }, ground(3, 3));
    assert_eq!(rolled.answering, Bounds { least: 1, most: 3 });
}
