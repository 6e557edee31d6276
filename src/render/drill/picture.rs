//! The picture: nodes in zones, a worst placement that the constraints allow, and what its lost node takes along.

use crate::drill::{Drill, Role, Scenario, Subject, Verdict};
use crate::render::text::escape;
use maud::{Markup, html};

/// Nodes that are drawn.
const NODES: i64 = 12;
/// Workloads whose pods are drawn.
const DRAWN: usize = 12;
/// Pods of one workload that are drawn on a node.
const PODS: i64 = 8;

/// A workload in the picture.
struct Drawn<'d> {
    letter: char,
    subject: &'d Subject,
    /// Pods on each node; the first is the lost one.
    on_nodes: Vec<i64>,
}

/// The picture of an environment, if there is something to draw.
pub(super) fn picture(drill: &Drill) -> Option<Markup> {
    let ground = drill.cluster.least();
    let nodes = ground.nodes.clamp(1, NODES);
    let workloads = drill.subjects.iter().filter(|it| !matches!(it.role, Role::Service | Role::Ingress | Role::Topic));
    let counted = workloads.filter_map(|it| Some((it, it.pods.filter(|it| *it > 0)?, taken(it)?)));
    let letters = ('A'..='Z').take(DRAWN);
    let drawn: Vec<Drawn<'_>> = letters
        .zip(counted)
        .map(|(letter, (subject, pods, taken))| Drawn { letter, subject, on_nodes: spread(pods, taken, nodes) })
        .collect();
    if drawn.is_empty() {
        return None;
    }
    let zones = ground.zones.map_or(1, |it| it.count).clamp(1, nodes);
    Some(html! {
        figure.figure {
            figcaption { "One of the worst placements that the manifests allow, and a lost node" }
            div.zones {
                @for zone in 0..zones {
                    div.zone {
                        p { @if ground.zones.is_some() { "zone " (zone + 1) } @else { "nodes" } }
                        @for node in (zone..nodes).step_by(usize::try_from(zones).unwrap_or(1)) { (self::node(node, &drawn)) }
                    }
                }
            }
            @if ground.nodes > NODES { p.muted { "and " (ground.nodes - NODES) " more nodes" } }
            ul.key {
                @for it in &drawn {
                    li {
                        b { (it.letter) } " " (escape(&it.subject.title)) ": "
                        (consequence(it.subject))
                    }
                }
            }
        }
    })
}

/// How many pods the worst node takes.
fn taken(subject: &Subject) -> Option<i64> {
    let outcome = subject.outcome(Scenario::LoseNode)?;
    let pods = subject.pods?;
    match subject.role {
        // Copies are counted there, not brokers.
        Role::Brokers => Some(if outcome.verdict == Verdict::Survives { 1 } else { pods }),
        _ => Some((pods - outcome.least.unwrap_or(0)).clamp(0, pods)),
    }
}

/// So many pods on the first node, the rest over the others.
fn spread(pods: i64, taken: i64, nodes: i64) -> Vec<i64> {
    let others = (nodes - 1).max(0);
    let rest = if others == 0 { 0 } else { pods - taken };
    let on_other = |at: i64| if others == 0 { 0 } else { rest / others + i64::from(at < rest % others) };
    std::iter::once(pods - rest).chain((0..others).map(on_other)).collect()
}

fn node(at: i64, drawn: &[Drawn<'_>]) -> Markup {
    let is_lost = at == 0;
    let on_node = |it: &Drawn<'_>| usize::try_from(at).ok().and_then(|at| it.on_nodes.get(at).copied()).unwrap_or(0);
    html! {
        div.node.lost[is_lost] {
            p { "node " (at + 1) @if is_lost { " is lost" } }
            ul.pods {
                @for it in drawn {
                    @let pods = on_node(it);
                    @for _ in 0..pods.min(PODS) { li { (it.letter) } }
                    @if pods > PODS { li { "+" (pods - PODS) } }
                }
            }
            @if is_lost {
                svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" {
                    line x1="2" y1="2" x2="98" y2="98" {}
                    line x1="98" y1="2" x2="2" y2="98" {}
                }
            }
        }
    }
}

/// What a lost node does to a workload, in words.
fn consequence(subject: &Subject) -> String {
    let Some(outcome) = subject.outcome(Scenario::LoseNode) else { return String::new() };
    match outcome.verdict {
        Verdict::Survives => "goes on".to_owned(),
        Verdict::Fails => "stops".to_owned(),
        Verdict::MayFail => match (outcome.least.zip(outcome.most), subject.pods) {
            (Some((least, most)), Some(pods)) if subject.is_counted => {
                format!("may stop: {least} to {most} of {pods} answer")
            }
            _ => "may stop".to_owned(),
        },
        Verdict::Stuck | Verdict::NotKnown => "not known".to_owned(),
        Verdict::Asleep => "sleeps".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn all_pods_are_drawn() {
        assert_eq!(spread(6, 3, 3), [3, 2, 1]);
        assert_eq!(spread(2, 2, 3), [2, 0, 0]);
        assert_eq!(spread(3, 1, 1), [3]);
    }
}
