//! The drill: one file per format, each a pure function from what was worked out to a writer.

pub mod html;
pub mod json;
pub mod markdown;
mod picture;
pub mod text;

use crate::drill::{Cluster, Drill, Outcome, Scenario, Subject, Verdict};
use crate::render::text::count;
use crate::source::{Sources, Span};

/// The columns of tables.
pub(super) const COLUMNS: [Scenario; 5] =
    [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll, Scenario::ScaleDown];

/// What stands in a cell.
pub(super) fn cell(subject: &Subject, scenario: Scenario) -> String {
    let Some(outcome) = subject.outcome(scenario) else { return "-".to_owned() };
    let word = match outcome.verdict {
        Verdict::Survives => "survives",
        Verdict::Fails if is_brief(outcome) => return "down for a while".to_owned(),
        Verdict::Fails => "fails",
        Verdict::MayFail => "may fail",
        Verdict::Stuck => return "STUCK".to_owned(),
        Verdict::NotKnown => return "not known".to_owned(),
        Verdict::Asleep => return "asleep".to_owned(),
    };
    let numbers = outcome.least.zip(outcome.most).filter(|_| subject.is_counted && scenario != Scenario::ScaleDown);
    match numbers {
        Some((least, _)) if outcome.verdict == Verdict::Survives => format!("{word} {least}"),
        Some((least, most)) if least == most => format!("{word} {least}"),
        Some((least, most)) => format!("{word} {least}..{most}"),
        None => word.to_owned(),
    }
}

/// Whether what a drain takes down is back without anybody's action.
fn is_brief(outcome: &Outcome) -> bool {
    outcome.scenario == Scenario::Drain && outcome.recovers
}

/// What stands in the column of pods.
pub(super) fn now(subject: &Subject) -> String {
    match subject.pods {
        Some(pods) if subject.need > 1 || !subject.is_counted && subject.role == crate::drill::Role::Quorum => {
            format!("{pods}/{}", subject.need)
        }
        Some(pods) => pods.to_string(),
        None => "?".to_owned(),
    }
}

/// `k8s at the least scale; 3 nodes in 3 zones (assumed: ...)`.
pub(super) fn headline(drill: &Drill) -> String {
    format!("{} {}", name(drill), setting(drill))
}

/// The name of an environment.
pub(super) fn name(drill: &Drill) -> &str {
    if drill.environment.is_empty() { "this environment" } else { &drill.environment }
}

/// What is reckoned with: `at the least scale; 3 nodes in 3 zones (assumed: ...)`.
pub(super) fn setting(drill: &Drill) -> String {
    let scale = match drill.scale {
        "written" => "the written scale".to_owned(),
        word => format!("the {word} scale"),
    };
    format!("at {scale}; {} ({})", ground(&drill.cluster), source(&drill.cluster))
}

fn source(cluster: &Cluster) -> String {
    let contradiction = cluster.contradiction.as_ref().map(|it| format!("; {it}")).unwrap_or_default();
    format!("{}{contradiction}", cluster.source)
}

/// `3 nodes in 3 zones`.
pub(super) fn ground(cluster: &Cluster) -> String {
    let number = |it: i64| usize::try_from(it).unwrap_or(usize::MAX);
    let least = cluster.least();
    let nodes = match cluster.ends.get(1) {
        Some(most) if most.nodes >= crate::drill::ground::MANY => {
            format!("{} or more", count(number(least.nodes), "node"))
        }
        Some(most) => format!("{} to {}", least.nodes, count(number(most.nodes), "node")),
        None => count(number(least.nodes), "node"),
    };
    match least.zones {
        Some(zones) => format!("{nodes} in {}", count(number(zones.count), "zone")),
        None => format!("{nodes} without zones"),
    }
}

/// `k8s/kafka.yaml:9:5`.
pub(crate) fn place(span: Span, sources: &Sources) -> String {
    let start = sources.start(span);
    format!("{}:{}:{}", sources.get(span.source).name(), start.line, start.column)
}

/// What never ends, in a sentence each, with the outcome that says so.
pub(super) fn stuck(drill: &Drill) -> Vec<(String, &Outcome)> {
    use crate::drill::Role;
    let own = drill.subjects.iter().filter(|it| !matches!(it.role, Role::Service | Role::Ingress | Role::Topic));
    let all = own.flat_map(|subject| subject.outcomes.iter().map(move |it| (subject, it)));
    let stuck = all.filter(|it| it.1.verdict == Verdict::Stuck);
    stuck
        .map(|(subject, outcome)| {
            let what = match outcome.scenario {
                Scenario::Roll => format!("the rollout of {}", subject.title),
                _ => format!("the drain of a node with a pod of {}", subject.title.trim_end_matches(", writes")),
            };
            (format!("{what} never ends: {}", outcome.reason), outcome)
        })
        .collect()
}

/// How the loss of a node goes on, for the first workload that may fail by it.
pub(super) fn course(drill: &Drill, is_unicode: bool) -> Option<String> {
    let outcomes = drill.subjects.iter().filter_map(|it| Some((it, it.outcome(Scenario::LoseNode)?)));
    let mut lost = outcomes.filter(|it| it.0.is_counted && !it.1.timeline.is_empty());
    let (subject, outcome) = lost.find(|it| it.1.verdict != Verdict::Survives)?;
    let first = outcome.timeline.first()?;
    let of = count(usize::try_from(subject.pods?).ok()?, "pod");
    let mut steps = vec![format!("0 s: {} of {of} of {} answer", first.range(), subject.title)];
    steps.push("50 s: the node is marked".to_owned());
    let last = outcome.timeline.iter().find(|it| it.second > MARKED);
    steps.extend(last.map(|it| match it.why.strip_suffix(", if there is room") {
        Some(why) => format!("{} s: {why} (StatefulSets and Kafka: not before the node is deleted)", it.second),
        None => format!("{} s: {}", it.second, it.why),
    }));
    let dot = if is_unicode { " \u{b7} " } else { "; " };
    Some(format!("lose a node  {}", steps.join(dot)))
}

/// `3 of 6 survive nothing`, where that is so.
pub(super) fn conclusion(drill: &Drill) -> Option<String> {
    let all = drill.subjects.len();
    match drill.subjects.iter().filter(|it| it.survives_nothing()).count() {
        0 => None,
        1 => Some(format!("1 of {all} survives nothing")),
        some => Some(format!("{some} of {all} survive nothing")),
    }
}

/// Objects that one line names.
const NAMED: usize = 5;

/// `not judged: Prometheus k8s`, where there is what may run pods that the manifests do not show.
pub(super) fn not_judged(drill: &Drill) -> Option<String> {
    let all = &drill.unjudged;
    let named = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = if all.len() > NAMED { format!(" and {} more", all.len() - NAMED) } else { String::new() };
    let reason = if all.len() == 1 { "the pods that it may run are" } else { "the pods that they may run are" };
    (!all.is_empty()).then(|| format!("not judged: {named}{more}; {reason} not in the manifests"))
}

/// The parts whose proofs are shown where `most` are on a page of so many environments: all, or the worst.
pub(super) fn proved(drill: &Drill, most: usize, environments: usize) -> Vec<&Subject> {
    let rank = |it: &Subject| {
        let verdicts = it.outcomes.iter().map(|it| match it.verdict {
            Verdict::Stuck => 0,
            Verdict::Fails => 1,
            Verdict::MayFail => 2,
            Verdict::NotKnown => 3,
            Verdict::Asleep | Verdict::Survives => 4,
        });
        verdicts.min().unwrap_or(4)
    };
    let mut order: Vec<(usize, &Subject)> = drill.subjects.iter().enumerate().collect();
    order.sort_by_key(|it| (rank(it.1), it.0));
    order.truncate((most / environments.max(1)).max(1));
    order.sort_by_key(|it| it.0);
    order.into_iter().map(|it| it.1).collect()
}

/// Seconds after which a lost node is marked.
const MARKED: i64 = 50;

/// The drills that have something to show, and a line on the others where there are several.
pub(super) fn worth_showing(drills: &[Drill]) -> (Vec<&Drill>, Option<String>) {
    if let [only] = drills {
        return (vec![only], None);
    }
    let (shown, empty): (Vec<&Drill>, Vec<&Drill>) =
        drills.iter().partition(|it| !it.subjects.is_empty() || !it.unjudged.is_empty());
    let verb = if empty.len() == 1 { "holds" } else { "hold" };
    let line = || format!("{} {verb} nothing that a drill is about", count(empty.len(), "environment"));
    let line = (!empty.is_empty()).then(line);
    (shown, line)
}
