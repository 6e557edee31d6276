//! `consumer-rebalance-storm`

use crate::index::kafka::consumers::{Consumer, Sizes};
use crate::index::{Role, Workload};
use crate::model::{RollingUpdate, WorkloadKind};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::count;

pub(crate) struct ConsumerRebalanceStorm;

impl Rule for ConsumerRebalanceStorm {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/consumer-rebalance-storm.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            let index = cx.index();
            let mut consumers = index.kafka_consumers(cx.workloads());
            consumers.retain(|it| {
                it.workload.role == Role::Consumer
                    && it.workload.kind == WorkloadKind::Deployment
                    && !it.is_open
                    && !it.told.iter().any(|told| joins_quietly(&told.name, told.value))
            });
            for consumer in &consumers {
                check_consumer(consumer, index.kafka_topic_sizes(), cx);
            }
        });
    }
}

/// Settings with which a pod that joins or leaves stops no other: static members, and the protocol of KIP-848.
fn joins_quietly(name: &str, value: &str) -> bool {
    name.contains("group-instance-id") || (name.ends_with("group-protocol") && value.eq_ignore_ascii_case("consumer"))
}

fn check_consumer(consumer: &Consumer<'_, '_>, sizes: &Sizes<'_>, cx: &mut Context<'_>) {
    let object = consumer.workload.object;
    let known = consumer.topics.iter().map(|it| sizes.get(it.text).copied().flatten());
    let Some(known) = known.collect::<Option<Vec<_>>>() else {
        return cx.not_verifiable(object, "the manifests do not say how many partitions its topics have");
    };
    let Some(most) = known.into_iter().max_by_key(|it| it.partitions) else { return };
    let Some(pods) = consumer.workload.scale.floor else {
        return cx.not_verifiable(object, "the number of its pods is a template placeholder");
    };
    let Some(surge) = surge(consumer.workload, pods) else { return cx.pass(object) };
    if pods < 2 || pods > most.partitions || pods.saturating_add(surge) <= most.partitions {
        return cx.pass(object); // Too many pods at rest are another rule's.
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
        );
}

/// How many pods a rollout adds; `None` if it adds none, or the number is a template placeholder.
fn surge(workload: &Workload<'_>, pods: i64) -> Option<i64> {
    let posts = RollingUpdate::of(workload.object, workload.kind)?.resolve(pods)?;
    Some(posts.surge).filter(|it| *it > 0)
}
