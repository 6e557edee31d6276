//! Single steps of the arithmetic that few environments reach.

use crate::drill::caps::{Bounds, Caps, Form, Hard, History, Level, Load};
use crate::drill::drain::drain;
use crate::drill::ground::{Ground, Zones};
use crate::drill::lose::{Lost, answering, replaced};
use crate::drill::roll::{Way, roll};
use crate::model::Ending;

pub(super) fn ground(nodes: i64, zones: i64) -> Ground {
    Ground { nodes, zones: Some(Zones::even(zones, nodes)), has_barred: false, has_barred_zone: false }
}

pub(super) fn load(pods: i64) -> Load {
    Load { pods, ceiling: pods, most: pods, moves: false }
}

pub(super) fn spread(level: Level, skew: i64, wanted: i64, honors_taints: bool) -> Hard {
    Hard { level, form: Form::Spread { skew, wanted, honors_taints }, per_revision: false, span: None }
}

pub(super) fn apart(level: Level) -> Hard {
    Hard { level, form: Form::Apart, per_revision: false, span: None }
}

pub(super) fn room(each: i64) -> Hard {
    Hard { level: Level::Node, form: Form::Room { each }, per_revision: false, span: None }
}

pub(super) fn caps(pods: i64, hard: &[Hard], ground: Ground) -> Caps {
    Caps::of(load(pods), hard, ground, History::Any { ends: true, at_once: 1 })
}

pub(super) fn drained(pods: i64, hard: &[Hard], ground: Ground, allowed: i64) -> (Ending, Bounds) {
    let it = drain(load(pods), hard, &caps(pods, hard, ground), ground, Some(allowed), 1);
    (it.end, it.answering)
}

#[test]
fn a_zone_that_makes_room_may_end_what_one_constraint_holds_up() {
    // Five pods for four nodes: one waits, and a cordoned node of a zone leaves the constraint on zones.
    let hard = [apart(Level::Node), spread(Level::Zone, 1, 1, true)];
    assert_eq!(drained(5, &hard, ground(4, 2), 1).0, Ending::Depends);
    assert_eq!(drained(5, &hard[..1], ground(4, 2), 1).0, Ending::Never);
}

#[test]
fn fewer_places_than_wanted_hold_so_many_each() {
    let hard = [spread(Level::Node, 2, 5, false)];
    // Two nodes hold four pods at two each, and not five.
    assert_eq!(drained(4, &hard, ground(3, 3), 1).0, Ending::Ends);
    assert_eq!(drained(5, &hard, ground(3, 3), 1).0, Ending::Depends);
}

#[test]
fn where_all_nodes_go_the_budget_keeps_what_it_must() {
    assert_eq!(drained(2, &[], ground(1, 1), 1), (Ending::Never, Bounds { least: 1, most: 1 }));
    assert_eq!(drained(2, &[], ground(1, 1), 2), (Ending::Ends, Bounds { least: 0, most: 0 }));
    let none = drain(load(2), &[], &caps(2, &[], ground(1, 1)), ground(1, 1), None, 1);
    assert_eq!(none.answering, Bounds { least: 0, most: 0 });
    let two = drain(load(2), &[], &caps(2, &[], ground(3, 3)), ground(3, 3), None, 1);
    assert_eq!(two.answering, Bounds { least: 0, most: 1 });
}

#[test]
fn fewer_than_no_pods_never_answer() {
    let none = Bounds { least: 0, most: 3 };
    let way = Way::Rolling { surge: 0, unavailable: 1 };
    assert_eq!(roll(load(3), way, &[], none, ground(3, 3)).answering, Bounds { least: 0, most: 2 });
    let mut unsure = caps(3, &[], ground(3, 3));
    unsure.placed.least = 0;
    assert_eq!(drain(load(3), &[], &unsure, ground(3, 3), Some(1), 1).answering.least, 0);
    assert_eq!(answering(&unsure, ground(3, 3), Lost::Node).least, 0);
    assert_eq!(Bounds { least: 1, most: 5 }.left_of(3), Bounds { least: 0, most: 2 });
}

#[test]
fn only_a_constraint_of_one_revision_counts_twice() {
    let all = spread(Level::Node, 1, 1, false);
    let one = Hard { per_revision: true, ..all };
    let may = |it: Hard, ends| it.may_give_way(ground(3, 3), ends);
    assert_eq!([may(all, false), may(one, false), may(one, true), may(all, true)], [false, true, false, false]);
}

#[test]
fn new_pods_beside_all_old_ones_need_places_of_their_own() {
    let hard = [apart(Level::Node)];
    let end = |nodes, way| {
        let placed = caps(2, &hard, ground(nodes, 1)).placed;
        roll(load(2), way, &hard, placed, ground(nodes, 1)).end
    };
    assert_eq!([end(3, Way::Beside), end(4, Way::Beside)], [Ending::Never, Ending::Ends]);
    assert_eq!(end(3, Way::Rolling { surge: 2, unavailable: 0 }), Ending::Ends);
    assert_eq!([Way::Beside.surge(4), Way::Recreate.surge(4)], [4, 0]);
}

#[test]
fn a_node_holds_what_it_has_room_for() {
    let hard = [room(2)];
    let it = caps(4, &hard, ground(2, 2));
    assert_eq!((it.node, it.placed), (2, Bounds { least: 4, most: 4 }));
    // The other node holds two, and the budget keeps three.
    assert_eq!(drained(4, &hard, ground(2, 2), 1).0, Ending::Never);
    assert_eq!(drained(3, &hard, ground(2, 2), 1).0, Ending::Depends);
    assert_eq!(drained(2, &hard, ground(2, 2), 1).0, Ending::Ends);
    let lost = replaced(load(4), &hard, &it, ground(2, 2), Lost::Node);
    assert_eq!(lost, Bounds { least: 2, most: 2 });
    assert_eq!(caps(5, &hard, ground(2, 2)).placed, Bounds { least: 4, most: 4 });
    let with_zones = caps(4, &[room(2), spread(Level::Zone, 1, 1, false)], ground(4, 2));
    assert_eq!(with_zones.placed.least, 0, "requests may refuse what the constraint allows");
}

#[test]
fn tainted_nodes_and_zones_count_as_empty_places() {
    let barred = Ground { has_barred: true, has_barred_zone: true, ..ground(4, 2) };
    for (level, places) in [(Level::Node, 4), (Level::Zone, 2)] {
        let it = caps(6, &[spread(level, 1, 1, false)], barred);
        assert_eq!(it.placed, Bounds { least: places, most: places }, "{level:?}");
        assert_eq!(caps(6, &[spread(level, 1, 1, true)], barred).placed.most, 6, "{level:?}");
    }
    let nodes_alone = Ground { has_barred: true, ..ground(4, 2) };
    assert_eq!(caps(6, &[spread(Level::Zone, 1, 1, false)], nodes_alone).placed.most, 6);
}

#[test]
fn several_constraints_may_leave_a_new_pod_without_a_place() {
    // Two of one revision and of all: only where all are anti-affinity is it sure that a new pod finds a place.
    let hard = [apart(Level::Node), spread(Level::Zone, 1, 1, false)];
    let way = Way::Rolling { surge: 1, unavailable: 0 };
    let end = |hard: &[Hard]| roll(load(2), way, hard, Bounds { least: 2, most: 2 }, ground(4, 2)).end;
    assert_eq!(end(&hard), Ending::Depends);
    assert_eq!(end(&[apart(Level::Node), apart(Level::Node)]), Ending::Ends);
}

#[test]
fn where_no_node_is_left_nothing_is_replaced() {
    let lost = |nodes, zones, what| {
        let it = caps(3, &[], ground(nodes, zones));
        replaced(load(3), &[], &it, ground(nodes, zones), what)
    };
    assert_eq!(lost(1, 1, Lost::Node), Bounds { least: 0, most: 0 });
    assert_eq!(lost(2, 2, Lost::Node), Bounds { least: 3, most: 3 });
    assert_eq!(lost(3, 1, Lost::Zone), Bounds { least: 0, most: 0 });
    // Of zones that are not even the largest may hold all nodes but one.
    assert_eq!(lost(3, 2, Lost::Zone), Bounds { least: 3, most: 3 });
}

#[test]
fn several_nodes_at_once_take_as_many_pods() {
    let hard = [apart(Level::Node)];
    let it = Caps::of(load(3), &hard, ground(4, 4), History::Any { ends: true, at_once: 2 });
    let without = drain(load(3), &hard, &it, ground(4, 4), None, 2);
    assert_eq!(without.answering, Bounds { least: 1, most: 2 });
    let with = drain(load(3), &hard, &it, ground(4, 4), Some(1), 2);
    assert_eq!((with.end, with.answering.least), (Ending::Depends, 2));
}

#[test]
fn spreads_over_nodes_and_zones_refuse_each_other_only_from_a_number_on() {
    let hard = [spread(Level::Node, 1, 1, false), spread(Level::Zone, 1, 1, false)];
    let placed = |pods| caps(pods, &hard, ground(6, 3)).placed.least;
    // Three pods on a node of a full zone, before all nodes of another hold too much beside it.
    assert_eq!([placed(6), placed(7), placed(12), placed(13)], [6, 7, 12, 0]);
}
