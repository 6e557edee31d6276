//! `kafka-min-insync-mismatch`

use crate::index::KafkaCluster;
use crate::index::kafka::settings::{
    DEFAULT_REPLICATION, MIN_INSYNC, OFFSETS_REPLICATION, SHARES_MIN_INSYNC, SHARES_REPLICATION, Setting,
    TRANSACTIONS_MIN_INSYNC, TRANSACTIONS_REPLICATION,
};
use crate::model::Version;
use crate::rule::{Context, Verdict, cases, rule};

cases!(KafkaMinInsyncMismatch: ONE_COPY = "one-copy");

rule!(KafkaMinInsyncMismatch, "kafka/kafka-min-insync-mismatch.md", |walk| walk.kafka_clusters(judge));

/// One verdict never hides another.
fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let topics = judge_topics(cluster, cx);
    let is_said = says_internal(cluster, topics != Verdict::Pass, cx);
    if is_said && topics == Verdict::Pass { Verdict::Fail } else { topics }
}

/// Judges what topics have by default.
fn judge_topics(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let (copies, insync) = (cluster.setting(DEFAULT_REPLICATION), cluster.setting(MIN_INSYNC));
    let (Some(factor), Some(minimum)) = (copies.value, insync.value) else {
        return Verdict::open("the replication factor or min.insync.replicas is a template placeholder");
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
    } else if factor == 1 && minimum >= 2 && cluster.runs_at_least(Version::new(3, 7, 0)) != Some(true) {
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
fn says_internal(cluster: &KafkaCluster<'_>, is_told: bool, cx: &mut Context<'_>) -> bool {
    // The offsets topic has no number of its own and takes the cluster's.
    let pairs = [
        (OFFSETS_REPLICATION, MIN_INSYNC, "no consumer group can commit its offsets"),
        (TRANSACTIONS_REPLICATION, TRANSACTIONS_MIN_INSYNC, "transactional producers stop"),
        (SHARES_REPLICATION, SHARES_MIN_INSYNC, "share groups stop"),
    ];
    let mut is_said = false;
    for (factor_key, minimum_key, outcome) in pairs {
        let (copies, insync) = (cluster.setting(factor_key), cluster.setting(minimum_key));
        let (Some(factor), Some(minimum)) = (copies.value, insync.value) else { continue };
        if factor < 2 || minimum < factor || !(copies.is_written || insync.is_written) {
            continue;
        }
        if is_told && minimum_key == MIN_INSYNC && !copies.is_written {
            continue;
        }
        is_said = true;
        say_internal(cluster, (factor_key, &copies), (minimum_key, &insync), outcome, cx);
    }
    is_said
}

fn say_internal(
    cluster: &KafkaCluster<'_>,
    (factor_key, copies): (&str, &Setting),
    (minimum_key, insync): (&str, &Setting),
    outcome: &str,
    cx: &mut Context<'_>,
) {
    let (factor, minimum) = (copies.value.unwrap_or_default(), insync.value.unwrap_or_default());
    let message = format!(
        "{}: {factor_key} {factor}{}, {minimum_key} {minimum}{}: with one broker down, {outcome}",
        cluster.object.title(),
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
    cx.fail(cluster.object, place.place.clone(), message)
        .evidence("copies", factor)
        .evidence("minimum", minimum)
        .help(help)
        .labels(other.is_written.then_some((other.place.span, "and this")));
}
