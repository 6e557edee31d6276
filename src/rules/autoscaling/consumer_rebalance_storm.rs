//! `consumer-rebalance-storm`

use crate::index::{Role, Workload};
use crate::model::{RollingUpdate, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(ConsumerRebalanceStorm, "autoscaling/consumer-rebalance-storm.md", |walk| walk.workloads(judge));

/// Settings with which a pod that joins or leaves stops no other: static members, and the protocol of KIP-848.
fn joins_quietly(name: &str, value: &str) -> bool {
    name.contains("group-instance-id") || (name.ends_with("group-protocol") && value.eq_ignore_ascii_case("consumer"))
}

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if workload.role != Role::Consumer || workload.kind != WorkloadKind::Deployment {
        return Verdict::NotApplicable;
    }
    let Some(consumer) = index.kafka_consumer(workload) else { return Verdict::NotApplicable };
    if consumer.is_open || consumer.told.iter().any(|it| joins_quietly(&it.name, it.value)) {
        return Verdict::NotApplicable;
    }
    let known = consumer.topics.iter().map(|it| index.kafka_topic_sizes().get(it.text).copied().flatten());
    let Some(known) = known.collect::<Option<Vec<_>>>() else {
        return Verdict::open("the manifests do not say how many partitions its topics have");
    };
    let Some(most) = known.into_iter().max_by_key(|it| it.partitions) else { return Verdict::NotApplicable };
    let Some(pods) = workload.scale.floor else {
        return Verdict::open("the number of its pods is a template placeholder");
    };
    let Some(surge) = surge(workload, pods) else { return Verdict::Pass };
    if pods < 2 || pods > most.partitions || pods.saturating_add(surge) <= most.partitions {
        return Verdict::Pass; // Too many pods at rest are another rule's.
    }
    let message = format!(
        "a rollout of {} runs {pods} + {} for {}: the new pods wait, and each that joins or leaves stops the group",
        object.title(),
        count(surge, "pod"),
        count(most.partitions, "partition")
    );
    cx.fail(object, object.place(&["spec", "strategy", "rollingUpdate", "maxSurge"]), message)
        .evidence("partitions", most.partitions)
        .label(most.span, "the partitions")
        .help(
            "set maxSurge: 0 and maxUnavailable: 1, or let members keep their places: group.instance.id from the name of \
             a StatefulSet's pod, or group.protocol consumer with Kafka 4",
        )
        .verdict()
}

/// How many pods a rollout adds; `None` if it adds none, or the number is a template placeholder.
fn surge(workload: &Workload<'_>, pods: i64) -> Option<i64> {
    let posts = RollingUpdate::of(workload.object, workload.kind)?.resolve(pods)?;
    Some(posts.surge).filter(|it| *it > 0)
}
