//! Outcomes with the fewest and with the most nodes, made one.

use crate::drill::cluster::Cluster;
use crate::drill::ground::{Ground, MANY};
use crate::drill::verdict::{Outcome, Proof, Verdict};

/// The outcomes that hold for every number of nodes: where the ends differ, both are told.
pub(super) fn merged(mut ends: Vec<Vec<Outcome>>, cluster: &Cluster) -> Vec<Outcome> {
    let rest = ends.split_off(1.min(ends.len()));
    let mut outcomes = ends.pop().unwrap_or_default();
    for (others, ground) in rest.into_iter().zip(cluster.ends.iter().skip(1)) {
        for (outcome, other) in outcomes.iter_mut().zip(others) {
            merge(outcome, other, cluster.least(), *ground);
        }
    }
    outcomes
}

fn merge(one: &mut Outcome, other: Outcome, least: Ground, most: Ground) {
    if one.verdict != other.verdict {
        let words = |it: &Outcome| it.verdict.name();
        let text = format!("{} with {}, {} with {}", words(one), nodes(least), words(&other), nodes(most));
        one.proof.insert(0, Proof::of(text.clone()));
        one.reason = text;
        one.verdict = Verdict::MayFail;
        one.because.extend(other.because);
    }
    let pick = |one: Option<i64>, other: Option<i64>, of: fn(i64, i64) -> i64| one.zip(other).map(|it| of(it.0, it.1));
    one.least = pick(one.least, other.least, i64::min);
    one.most = pick(one.most, other.most, i64::max);
    one.recovers &= other.recovers;
    for (moment, later) in one.timeline.iter_mut().zip(other.timeline) {
        moment.least = moment.least.min(later.least);
        moment.most = moment.most.max(later.most);
    }
}

fn nodes(ground: Ground) -> String {
    match ground.nodes {
        MANY.. => "many nodes".to_owned(),
        1 => "1 node".to_owned(),
        nodes => format!("{nodes} nodes"),
    }
}
