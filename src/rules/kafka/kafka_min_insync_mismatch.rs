//! `kafka-min-insync-mismatch`

use super::replication::BOUNDED;
use crate::index::Workload;
use crate::index::kafka::settings::{
    DEFAULT_REPLICATION, MIN_INSYNC, OFFSETS_REPLICATION, SHARES_MIN_INSYNC, SHARES_REPLICATION, Setting,
    TRANSACTIONS_MIN_INSYNC, TRANSACTIONS_REPLICATION, default_of, place_of_variables, setting_of_brokers,
};
use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};

cases!(KafkaMinInsyncMismatch: ONE_COPY = "one-copy");

rule!(KafkaMinInsyncMismatch, "kafka/kafka-min-insync-mismatch.md", |walk| {
    walk.kafka_clusters(|cluster, cx| {
        let setting = |key: &str| cluster.setting(key);
        let is_bounded = cluster.runs_at_least(BOUNDED) == Some(true);
        judge(&Brokers { object: cluster.object, setting: &setting, is_bounded, is_managed: true }, cx)
    });
    walk.each(|index| index.broker_workloads(), judge_workload);
});

/// Brokers with one configuration.
struct Brokers<'b> {
    object: &'b Object,
    setting: &'b dyn Fn(&str) -> Setting,
    /// Whether a minimum above the number of copies counts as that number.
    is_bounded: bool,
    /// Whether an operator runs them, so that what is not written is as Kafka has it.
    is_managed: bool,
}

impl Brokers<'_> {
    fn setting(&self, key: &str) -> Setting {
        (self.setting)(key)
    }
}

/// Brokers without an operator, which have their settings from variables. What those leave out, an image may set.
fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    if workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let place = place_of_variables(workload);
    let setting = |key: &str| match (setting_of_brokers(workload, key), &place) {
        (Some((_, setting)), _) => setting,
        (None, Some(place)) => Setting { value: default_of(key), is_written: false, place: place.clone() },
        (None, None) => Setting { value: None, is_written: false, place: workload.object.name_place() },
    };
    judge(&Brokers { object: workload.object, setting: &setting, is_bounded: true, is_managed: false }, cx)
}

/// One verdict never hides another.
fn judge(brokers: &Brokers<'_>, cx: &mut Context<'_>) -> Verdict {
    let topics = judge_topics(brokers, cx);
    let is_said = says_internal(brokers, topics == Verdict::Fail, cx);
    if is_said && topics == Verdict::Pass { Verdict::Fail } else { topics }
}

/// Judges what topics have by default.
fn judge_topics(brokers: &Brokers<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = brokers.object;
    let (copies, insync) = (brokers.setting(DEFAULT_REPLICATION), brokers.setting(MIN_INSYNC));
    let (Some(factor), Some(minimum)) = (copies.value, insync.value) else {
        return Verdict::open(
            "the replication factor or min.insync.replicas is not in the manifests, or a placeholder",
        );
    };
    let title = object.title();
    let numbers = format!("replication factor {factor}{}, min.insync.replicas {minimum}", copies.origin());
    let draft = if factor >= 2 && minimum >= factor {
        let message = format!("{title}: {numbers}{}: with one broker down, acks=all writes fail", insync.origin());
        let help = match factor {
            2 => "set default.replication.factor: 3 and min.insync.replicas: 2",
            _ => "set min.insync.replicas: 2",
        };
        cx.fail(object, insync.place.clone(), message).help(help)
    } else if factor >= 2 && minimum == 1 {
        let message = format!("{title}: {numbers}{}: a write is confirmed on one copy", insync.origin());
        let help = match factor {
            2 => "with 3 copies min.insync.replicas: 2 is safe and still allows one broker to be down",
            _ => "set min.insync.replicas: 2",
        };
        cx.fail(object, insync.place.clone(), message).help(help).case(ONE_COPY)
    } else if factor == 1 && minimum >= 2 && !brokers.is_bounded {
        let message = format!("{title}: {numbers}: before Kafka 3.7 acks=all writes never succeed");
        cx.fail(object, insync.place.clone(), message).help("set default.replication.factor: 3 on three brokers")
    } else {
        return Verdict::Pass;
    };
    let written = copies.is_written && insync.is_written;
    draft
        .evidence("default.replication.factor", factor)
        .evidence("min.insync.replicas", minimum)
        .labels(written.then(|| (copies.place.span, format!("{factor} copies"))))
        .verdict()
}

/// Judges the topics that Kafka keeps for itself; whether something is said. What was said of the cluster's own
/// minimum holds for the offsets topic as well.
fn says_internal(brokers: &Brokers<'_>, is_told: bool, cx: &mut Context<'_>) -> bool {
    // The offsets topic has no number of its own and takes the cluster's.
    let pairs = [
        (OFFSETS_REPLICATION, MIN_INSYNC, "no consumer group can commit its offsets"),
        (TRANSACTIONS_REPLICATION, TRANSACTIONS_MIN_INSYNC, "transactional producers stop"),
        (SHARES_REPLICATION, SHARES_MIN_INSYNC, "share groups stop"),
    ];
    let mut is_said = false;
    for (factor_key, minimum_key, outcome) in pairs {
        let (copies, insync) = (brokers.setting(factor_key), brokers.setting(minimum_key));
        let (Some(factor), Some(minimum)) = (copies.value, insync.value) else { continue };
        let is_written = if brokers.is_managed {
            copies.is_written || insync.is_written
        } else {
            copies.is_written && insync.is_written
        };
        if factor < 2 || minimum < factor || !is_written {
            continue;
        }
        if is_told && minimum_key == MIN_INSYNC && !copies.is_written {
            continue;
        }
        is_said = true;
        say_internal(brokers.object, (factor_key, &copies), (minimum_key, &insync), outcome, cx);
    }
    is_said
}

fn say_internal(
    object: &Object,
    (factor_key, copies): (&str, &Setting),
    (minimum_key, insync): (&str, &Setting),
    outcome: &str,
    cx: &mut Context<'_>,
) {
    let (factor, minimum) = (copies.value.unwrap_or_default(), insync.value.unwrap_or_default());
    let message = format!(
        "{}: {factor_key} {factor}{}, {minimum_key} {minimum}{}: with one broker down, {outcome}",
        object.title(),
        copies.origin(),
        insync.origin()
    );
    // The cluster's own minimum is for other topics, too: there the copies are what is wrong.
    let is_own = minimum_key != MIN_INSYNC && insync.is_written;
    let (place, other) = if copies.is_written && !is_own { (copies, insync) } else { (insync, copies) };
    let help = match factor {
        2 => format!("set {factor_key}: 3 on three brokers, and {minimum_key}: 2"),
        _ => format!("set {minimum_key}: 2"),
    };
    cx.fail(object, place.place.clone(), message)
        .evidence("copies", factor)
        .evidence("minimum", minimum)
        .help(help)
        .labels(other.is_written.then_some((other.place.span, "and this")));
}
