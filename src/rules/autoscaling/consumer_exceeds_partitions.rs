//! `consumer-exceeds-partitions`

use crate::index::kafka::consumers::{Consumer, Named, Size};
use crate::index::{Role, ScaledBy, Workload};
use crate::model::Place;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::words::count;

/// What decides how many members of a group get messages.
struct Most<'a> {
    /// The largest topic.
    topic: Named<'a>,
    size: Size,
    /// The partitions that count: its own, or those of all topics.
    partitions: i64,
}

cases!(ConsumerExceedsPartitions: ALWAYS = "always", SINGLE = "single", ALLOWED = "allowed");

rule!(ConsumerExceedsPartitions, "autoscaling/consumer-exceeds-partitions.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    // What answers requests, too, has work for pods without a partition.
    if workload.role != Role::Consumer || workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let Some(consumer) = index.kafka_consumer(workload) else { return Verdict::NotApplicable };
    if consumer.is_open {
        return Verdict::open("its group or its topics are template placeholders, or given by a pattern");
    }
    if consumer.told.iter().any(|it| it.name.contains("share-group")) {
        return Verdict::Pass; // Members of a share group read one partition together.
    }
    let mut most: Option<Most<'_>> = None;
    let mut sum: i64 = 0;
    for topic in &consumer.topics {
        let Some(size) = index.kafka_topic_sizes().get(topic.text).copied().flatten() else {
            return Verdict::open(format!("the manifests do not say how many partitions topic {} has", topic.text));
        };
        sum = size.partitions.saturating_add(sum);
        if most.as_ref().is_none_or(|it| size.partitions > it.size.partitions) {
            most = Some(Most { topic: *topic, size, partitions: size.partitions });
        }
    }
    let Some(mut most) = most else { return Verdict::NotApplicable };
    if consumer.told.iter().any(|it| spreads_over_topics(&it.name, it.value)) {
        most.partitions = sum;
    }
    judge_pods(&consumer, &most, cx)
}

/// Whether an assignor deals out the partitions of all topics together. The default one starts with the same
/// member for each topic, so that the largest topic decides.
fn spreads_over_topics(name: &str, value: &str) -> bool {
    name.contains("assignment-strategy")
        && ["RoundRobin", "Sticky", "sticky", "roundrobin"].iter().any(|it| value.contains(it))
}

fn judge_pods(consumer: &Consumer<'_, '_>, most: &Most<'_>, cx: &mut Context<'_>) -> Verdict {
    let workload = consumer.workload;
    let object = workload.object;
    let partitions = most.partitions;
    let number = count(partitions, "partition");
    let has = if consumer.topics.len() == 1 {
        format!("topic {} has {number}", most.topic.text)
    } else if partitions == most.size.partitions {
        format!("its largest topic, {}, has {number}", most.topic.text)
    } else {
        format!("its topics together have {number}")
    };
    let over = |it: Option<i64>| it.filter(|it| *it > partitions);
    let ceiling = workload.scale.ceiling.filter(|_| !consumer.is_capped());
    let is_allowed = consumer.triggers.iter().any(|it| it.allows_idle());
    let (case, place, message) = if let Some(floor) = over(workload.scale.floor) {
        let message =
            format!("{} runs {floor} pods, and {has}: {} no messages", object.title(), get(floor - partitions));
        (Some(ALWAYS), workload.scale_place(), message)
    } else if let Some(ceiling) = over(ceiling) {
        let message = format!(
            "{} runs up to {ceiling} pods, and {has}: {} no messages",
            object.title(),
            get(ceiling - partitions)
        );
        (is_allowed.then_some(ALLOWED), ceiling_place(consumer), message)
    } else if partitions == 1 {
        let message = format!("a second pod of {} gets no messages: {has}", object.title());
        (Some(SINGLE), workload.scale_place(), message)
    } else {
        return Verdict::Pass;
    };
    let lowered = ceiling.filter(|_| case.is_none()).and_then(|_| lower(consumer, partitions));
    let mut draft = cx
        .fail(object, place, message)
        .maybe_case(case)
        .fix(lowered)
        .evidence("partitions", partitions)
        .label(most.size.span, format!("topic {}: {}", most.topic.text, count(most.size.partitions, "partition")))
        .help(
            "a partition goes to one member of a group: give the topic as many partitions as there may be pods (they \
             can only grow, and keys move to other partitions), or lower the number of pods",
        );
    if let Some(group) = consumer.groups.first() {
        draft = draft.evidence("group", group.text).label(group.span, format!("reads in group {}", group.text));
    }
    let is_certain = consumer.is_certain() && most.size.is_certain;
    if is_certain { draft } else { draft.heuristic() }.verdict()
}

/// `1 gets`, `7 get`.
fn get(pods: i64) -> String {
    if pods == 1 { "1 of them gets".to_owned() } else { format!("{pods} of them get") }
}

/// Where the greatest number of pods is written, or would be.
fn ceiling_place(consumer: &Consumer<'_, '_>) -> Place {
    match consumer.workload.scale.by {
        ScaledBy::Hpa(scaler) => scaler.place(&["spec", "maxReplicas"]),
        ScaledBy::Keda(scaler) => scaler.place(&["spec", "maxReplicaCount"]),
        _ => consumer.workload.scale_place(),
    }
}

/// As many pods at most as there are partitions.
fn lower(consumer: &Consumer<'_, '_>, partitions: i64) -> Option<Repair> {
    let (scaler, keys): (_, [&'static [&'static str]; 2]) = match consumer.workload.scale.by {
        ScaledBy::Hpa(scaler) => (scaler, [&["spec", "maxReplicas"], &["spec", "minReplicas"]]),
        ScaledBy::Keda(scaler) => (scaler, [&["spec", "maxReplicaCount"], &["spec", "minReplicaCount"]]),
        _ => return None,
    };
    let floor = scaler.node().int_at(keys[1]).unwrap_or(1);
    (floor <= partitions).then(|| Repair::new().set(scaler, keys[0], partitions))
}
