//! `kafka-unmanaged`

use crate::index::{Role, Workload};
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct KafkaUnmanaged;

impl Rule for KafkaUnmanaged {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-unmanaged.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
        let index = cx.index();
        for cluster in index.kafka_clusters() {
            cx.pass(cluster.object);
        }
        let is_node = |it: &&Workload<'_>| {
            it.role.is_kafka()
                && it.kind.is_replicated()
                && !it.is_switched_off()
                // Redpanda is no Kafka, though it speaks as one.
                && !it.containers().any(|it| it.image_name() == "redpanda")
        };
        for mut group in index.by_release(index.workloads().iter().filter(is_node).collect()) {
            group.sort_by_key(|it| it.role != Role::Kafka);
            let Some((first, others)) = group.split_first() else { continue };
            let brokers = group.iter().any(|it| it.role == Role::Kafka);
            let what = if brokers { "Kafka" } else { "ZooKeeper" };
            let message = format!("{} runs {what} without an operator", first.object.title());
            let mut draft = cx.fail(first.object, first.object.name_place(), message).help(
                "upgrades, certificates, reassignment and rolling restarts that wait for partitions in sync are yours to \
                 do: an operator such as Strimzi does them",
            );
            for other in others {
                let text = if other.role == first.role { "and so does" } else { "with its ZooKeeper in" };
                draft = draft.label(other.object.name_span(), format!("{text} {}", other.object.title()));
            }
        }
        });
    }
}
