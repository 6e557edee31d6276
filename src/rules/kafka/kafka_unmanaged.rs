//! `kafka-unmanaged`

use crate::index::{Role, Workload};
use crate::rule::{Context, Verdict, rule};

rule!(KafkaUnmanaged, "kafka/kafka-unmanaged.md", |walk| {
    walk.kafka_clusters(|_, _| Verdict::Pass);
    walk.environment(|cx| {
        let index = cx.index();
        for group in index.by_release(index.workloads().iter().filter(|it| is_node(it)).collect()) {
            report(group, cx);
        }
    });
});

fn is_node(workload: &Workload<'_>) -> bool {
    workload.role.is_kafka()
        && workload.kind.is_replicated()
        && !workload.is_switched_off()
        // Redpanda is no Kafka, though it speaks as one.
        && !workload.containers().any(|it| it.image_name() == "redpanda")
}

/// One finding for the nodes of a release, about the first of its brokers.
fn report(mut group: Vec<&Workload<'_>>, cx: &mut Context<'_>) {
    group.sort_by_key(|it| it.role != Role::Kafka);
    let Some((first, others)) = group.split_first() else { return };
    let what = if first.role == Role::Kafka { "Kafka" } else { "ZooKeeper" };
    let message = format!("{} runs {what} without an operator", first.object.title());
    let also = |it: &&Workload<'_>| {
        let text = if it.role == first.role { "and so does" } else { "with its ZooKeeper in" };
        (it.object.name_span(), format!("{text} {}", it.object.title()))
    };
    cx.fail(first.object, first.object.name_place(), message)
        .help(
            "upgrades, certificates, reassignment and rolling restarts that wait for partitions in sync are yours to \
             do: an operator such as Strimzi does them",
        )
        .labels(others.iter().map(also));
}
