//! Pods that run on every node, where a Service leads to them.

use crate::drill::caps::Bounds;
use crate::drill::constraints::Asked;
use crate::drill::ground::{Ground, MANY};
use crate::drill::lose::{Lost, gone};
use crate::drill::merge::merged;
use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::drill::workload::Setting;
use crate::index::Workload;
use crate::model::{Amount, WorkloadKind};
use crate::source::Span;

/// A DaemonSet with what is known of it.
struct Daemons {
    span: Span,
    /// Why its nodes are not known.
    open: Option<Proof>,
    need: i64,
    /// Whether a rollout starts a new pod before an old one goes.
    surges: bool,
    /// Pods that a rollout takes away at a time.
    unavailable: Option<Amount>,
}

/// Whether requests reach the pods of a DaemonSet.
pub(super) fn is_daemon<'a>(setting: &Setting<'_, 'a>, workload: &Workload<'a>) -> bool {
    workload.kind == WorkloadKind::DaemonSet && setting.index.is_exposed(workload)
}

/// Drills a DaemonSet.
pub(super) fn daemons<'a>(setting: &Setting<'_, 'a>, workload: &Workload<'a>) -> Subject {
    let object = workload.object;
    let asked = setting.index.pod_spec_of(object).map(|it| Asked::read(setting.index, &it, setting.around));
    let rolling = |key: &str| object.node().at(&["spec", "updateStrategy", "rollingUpdate", key]);
    let amount = |key: &str| rolling(key).map(Amount::read);
    let unavailable = amount("maxUnavailable").unwrap_or(Some(Amount::Count(1)));
    let daemons = Daemons {
        span: object.name_span(),
        open: match asked {
            Some(asked) => {
                let is_more = asked.is_open_by_taints;
                asked.open.filter(|_| !is_more).or(asked.together).or(asked.one_zone)
            }
            None => Some(Proof::at("its pod template is not in the manifests", object.name_span())),
        },
        need: setting.options.need.get(object.name()).copied().unwrap_or(1),
        surges: unavailable.is_some_and(|it| it.of_rounded_up(100) == 0),
        unavailable,
    };
    let pods = setting.cluster.least().nodes;
    Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: Role::Serving,
        pods: Some(pods).filter(|it| *it < MANY && daemons.open.is_none()),
        ceiling: None,
        need: daemons.need,
        is_counted: true,
        outcomes: merged(setting.cluster.ends.iter().map(|it| daemons.outcomes(*it)).collect(), setting.cluster),
    }
}

impl Daemons {
    fn outcomes(&self, ground: Ground) -> Vec<Outcome> {
        let all = [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];
        if let Some(open) = &self.open {
            return all.into_iter().map(|it| Outcome::plain(it, Verdict::NotKnown, open.clone())).collect();
        }
        all.into_iter().map(|it| self.outcome(it, ground)).collect()
    }

    fn outcome(&self, scenario: Scenario, ground: Ground) -> Outcome {
        let nodes = ground.nodes;
        let (gone, what) = match scenario {
            Scenario::LoseZone if ground.zones.is_none_or(|it| it.smallest == 0) => {
                let text = "no node names its zone; set `cluster.zones` in .edms-lint.yaml";
                return Outcome::plain(scenario, Verdict::NotKnown, Proof::at(text, self.span));
            }
            Scenario::LoseZone => {
                // The largest zone is the worst.
                (Bounds::exactly(gone(ground, Lost::Zone).most), "a lost zone takes its pods along")
            }
            Scenario::Drain => {
                (Bounds { least: 0, most: 1 }, "a drain leaves pods of DaemonSets, until the node restarts")
            }
            Scenario::Roll => match self.unavailable {
                None => {
                    let text = "how it is rolled out is a template placeholder";
                    return Outcome::plain(scenario, Verdict::NotKnown, Proof::at(text, self.span));
                }
                Some(_) if self.surges => (Bounds::exactly(0), "each new pod comes before the old one goes"),
                Some(it) => {
                    (Bounds::exactly(it.of_rounded_up(nodes).clamp(1, nodes)), "old pods go before new ones come")
                }
            },
            _ => (Bounds::exactly(1), "a lost node takes its pod along"),
        };
        let left = gone.left_of(nodes);
        let text = format!("one pod on each of {nodes} nodes: {what}, {} answer at least", left.least);
        let outcome = Outcome::counted(scenario, left, self.need, vec![Proof::at(text, self.span)]);
        Outcome { recovers: matches!(scenario, Scenario::Drain | Scenario::Roll), ..outcome }
    }
}
