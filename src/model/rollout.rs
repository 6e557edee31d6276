//! How many pods a rolling update may take away and add at a time.
//!
//! Source: kubernetes/kubernetes `pkg/controller/deployment/util/deployment_util.go` (`ResolveFenceposts`) and
//! `pkg/controller/statefulset/stateful_set_utils.go` (`getStatefulSetMaxUnavailable`).

use super::{Amount, Object, WorkloadKind};
use crate::yaml::NodeRef;

/// The rolling update of a Deployment, or of what resembles one.
#[derive(Clone, Copy, Debug)]
pub struct RollingUpdate<'a> {
    node: NodeRef<'a>,
    keys: &'static [&'static str],
    default: Amount,
}

/// What the two numbers come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fenceposts {
    /// Pods more than wanted.
    pub surge: i64,
    /// Pods fewer than wanted.
    pub unavailable: i64,
}

impl<'a> RollingUpdate<'a> {
    /// The rolling update of an object; `None` if it has another strategy, or one that is a template placeholder.
    pub fn of(object: &'a Object, kind: WorkloadKind) -> Option<RollingUpdate<'a>> {
        let node = object.node();
        let strategy = node.at(&["spec", "strategy", "type"]).map(NodeRef::text);
        let keys: &[&str] = match kind {
            WorkloadKind::Deployment if strategy.is_none_or(|it| it == "RollingUpdate") => {
                &["spec", "strategy", "rollingUpdate"]
            }
            WorkloadKind::DeploymentConfig if strategy.is_none_or(|it| it == "Rolling") => {
                &["spec", "strategy", "rollingParams"]
            }
            WorkloadKind::Rollout if node.at(&["spec", "strategy", "canary"]).is_some() => {
                &["spec", "strategy", "canary"]
            }
            _ => return None,
        };
        // The oldest API had another default.
        let default = if object.group() == "extensions" { Amount::Count(1) } else { Amount::Percent(25) };
        Some(RollingUpdate { node, keys, default })
    }

    /// The rolling update of a pooler of CloudNativePG, whose Deployment has the strategy that it writes.
    pub fn of_pooler(object: &'a Object) -> RollingUpdate<'a> {
        let keys = &["spec", "deploymentStrategy", "rollingUpdate"];
        RollingUpdate { node: object.node(), keys, default: Amount::Percent(25) }
    }

    /// The keys that lead to one of its numbers.
    pub fn keys(self, number: &'static str) -> Vec<&'static str> {
        self.keys.iter().copied().chain([number]).collect()
    }

    /// A number as it is written, if it is.
    pub fn written(self, number: &'static str) -> Option<NodeRef<'a>> {
        self.node.at(&self.keys(number))
    }

    /// What the numbers come to for so many pods; `None` if one of them is a template placeholder or refused.
    pub fn resolve(self, replicas: i64) -> Option<Fenceposts> {
        let amount = |number| self.written(number).map_or(Some(self.default), Amount::read);
        Some(resolve(amount("maxSurge")?, amount("maxUnavailable")?, replicas))
    }
}

fn resolve(surge: Amount, unavailable: Amount, replicas: i64) -> Fenceposts {
    let surge = surge.of_rounded_up(replicas);
    let unavailable = unavailable.of_rounded_down(replicas).min(replicas);
    // Where neither may move, the controller takes one away.
    let is_stuck = surge == 0 && unavailable == 0;
    Fenceposts { surge, unavailable: if is_stuck { 1 } else { unavailable } }
}

/// How many pods of a StatefulSet a rolling update takes away at a time, where the cluster reads the number.
pub fn stateful_unavailable(amount: Amount, replicas: i64) -> i64 {
    amount.of_rounded_down(replicas).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Amount::{Count, Percent};

    #[test]
    fn fenceposts_are_those_of_the_controller() {
        let vectors = [
            // The default.
            (Percent(25), Percent(25), 1, (1, 0)),
            (Percent(25), Percent(25), 3, (1, 0)),
            (Percent(25), Percent(25), 4, (1, 1)),
            (Percent(25), Percent(25), 10, (3, 2)),
            // The controller's own examples.
            (Percent(0), Percent(1), 2, (0, 1)),
            (Percent(0), Percent(1), 1, (0, 1)),
            (Percent(1), Percent(25), 2, (1, 0)),
            (Percent(1), Percent(0), 1, (1, 0)),
            // All at once.
            (Count(0), Percent(100), 3, (0, 3)),
            (Count(1), Count(5), 3, (1, 3)),
            (Count(0), Percent(99), 3, (0, 2)),
        ];
        for (surge, unavailable, replicas, (more, fewer)) in vectors {
            let expected = Fenceposts { surge: more, unavailable: fewer };
            assert_eq!(resolve(surge, unavailable, replicas), expected, "{surge} {unavailable} {replicas}");
        }
    }

    #[test]
    fn a_stateful_set_always_moves() {
        assert_eq!(stateful_unavailable(Percent(10), 3), 1);
        assert_eq!(stateful_unavailable(Percent(67), 3), 2);
        assert_eq!(stateful_unavailable(Percent(100), 3), 3);
        assert_eq!(stateful_unavailable(Count(2), 3), 2);
    }
}
