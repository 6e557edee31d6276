//! How pods that a hard topology spread constraint counts can lie over its places, and what a drained node does to them.
//!
//! Source: kubernetes/kubernetes `pkg/scheduler/framework/plugins/podtopologyspread/filtering.go`. A place takes a pod
//! where it would then hold at most `maxSkew` more than the emptiest one; pods that go away are never moved back.

/// A constraint over so many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spreading {
    places: i64,
    skew: i64,
}

/// Numbers beyond this are no numbers of pods or nodes; below it none of the sums here overflows.
const MOST: i64 = 1 << 31;

/// Whether something ends by itself: the drain of a node, a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// It does, in whatever order pods go.
    Ends,
    /// It depends on the order in which pods go, and on what was before.
    Depends,
    /// It does not, from the placement that the scheduler makes of new pods.
    Never,
}

impl Spreading {
    /// A constraint with this `maxSkew` over so many places; `None` if there is none, or the skew is refused.
    pub fn new(places: i64, skew: i64) -> Option<Spreading> {
        (places >= 1 && skew >= 1).then(|| Spreading { places: places.min(MOST), skew: skew.min(MOST) })
    }

    /// The most pods in one place while pods only came: what is there when the last one comes counts.
    pub fn from_scratch(self, pods: i64) -> i64 {
        let pods = pods.clamp(0, MOST);
        if pods <= self.skew {
            return pods;
        }
        self.skew.max((pods + (self.places - 1).saturating_mul(self.skew)) / self.places)
    }

    /// The most pods in one place after any order of rollouts and scaling, if there are never more than so many: the
    /// emptiest place holds no more than its share of those that were there before the last one came.
    pub fn after_changes(self, most_pods: i64) -> i64 {
        self.skew + (most_pods.clamp(1, MOST) - 1) / self.places
    }

    /// The pods that the emptiest place has at least when so many were placed, and a few more fit into each.
    pub fn each(self, pods: i64) -> i64 {
        pods.clamp(0, MOST) / self.places
    }

    /// So many pods can be missing in a place, beside those that the budget lets go, before the others refuse.
    fn slack(self) -> i64 {
        // From four places on a skew of two or more leaves room for one pod more.
        if self.skew >= 2 && self.places >= 4 { self.skew } else { self.skew - 1 }
    }

    /// How many pods have to be allowed to go at once for the drain of a node to end.
    pub fn allowance_for_drains(self, pods: i64) -> i64 {
        self.each(pods) - self.slack()
    }

    /// Whether the drain of a node that is a place of its own ends, where the budget lets so many go at once.
    pub fn drain(self, pods: i64, allowed: i64) -> Ending {
        let pods = pods.clamp(0, MOST);
        if self.allowance_for_drains(pods) > allowed {
            return Ending::Never;
        }
        let least = 1_i64.saturating_add((self.places - 1).saturating_mul(self.skew + 1)).saturating_add(allowed);
        if pods >= least { Ending::Depends } else { Ending::Ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(places: i64, skew: i64) -> Spreading {
        Spreading::new(places, skew).expect("a constraint")
    }

    #[test]
    fn placed_from_scratch() {
        for (places, skew, pods, most) in [(3, 1, 3, 1), (3, 1, 7, 3), (6, 1, 10, 2), (3, 2, 9, 4), (3, 5, 4, 4)] {
            assert_eq!(over(places, skew).from_scratch(pods), most, "{pods} pods on {places}, skew {skew}");
        }
    }

    #[test]
    fn after_rollouts_and_scaling() {
        // The pod that comes last is not among those that were there.
        for (places, skew, pods, most) in [(3, 1, 4, 2), (3, 1, 8, 3), (3, 1, 7, 3), (3, 1, 3, 1), (3, 2, 12, 5)] {
            assert_eq!(over(places, skew).after_changes(pods), most, "{pods} pods on {places}, skew {skew}");
        }
    }

    #[test]
    fn drains() {
        assert_eq!(over(3, 1).drain(6, 1), Ending::Never);
        assert_eq!(over(3, 1).drain(6, 2), Ending::Ends);
        assert_eq!(over(3, 1).drain(9, 3), Ending::Depends);
        assert_eq!(over(3, 2).drain(9, 1), Ending::Never);
        assert_eq!(over(4, 2).drain(12, 1), Ending::Depends);
        assert_eq!(over(4, 2).drain(16, 1), Ending::Never);
    }

    #[test]
    fn absurd_numbers_do_not_overflow() {
        let huge = Spreading::new(i64::MAX, i64::MAX).expect("a constraint");
        assert!(huge.after_changes(i64::MAX) >= huge.from_scratch(i64::MAX));
        assert_eq!(huge.drain(i64::MAX, i64::MAX), Ending::Ends);
        assert_eq!(Spreading::new(0, 1), None);
        assert_eq!(over(1, 1).from_scratch(5), 5, "one place takes all");
    }
}
