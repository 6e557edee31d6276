//! What fixes write of copies into a Kafka resource.

use crate::index::kafka::settings::{
    DEFAULT_REPLICATION, MIN_INSYNC, OFFSETS_REPLICATION, TRANSACTIONS_MIN_INSYNC, TRANSACTIONS_REPLICATION,
};
use crate::index::kafka::topics::Own;
use crate::index::{Index, KafkaCluster};
use crate::model::{Object, Version};
use crate::rule::Repair;
use crate::yaml::NodeRef;

/// The first Kafka that takes a minimum above the number of copies for that number.
pub(super) const BOUNDED: Version = Version::new(3, 7, 0);

/// Raises a setting of the brokers that is below a number. Where it is not written, it is added if `is_needed`.
pub(super) fn raise(repair: Repair, kafka: &Object, key: &'static str, number: i64, is_needed: bool) -> Repair {
    let written = kafka.node().at(&["spec", "kafka", "config", key]);
    let is_enough =
        written.map_or(!is_needed, |it: NodeRef<'_>| it.text().parse::<i64>().map_or(true, |it| it >= number));
    if is_enough { repair } else { repair.set(kafka, &["spec", "kafka", "config", key], number) }
}

/// Asks for two copies in sync where that stops no topic that is there: one of two copies would refuse writes while a
/// broker restarts, and before Kafka 3.7 one of a single copy always.
pub(super) fn raise_minimum(repair: Repair, cluster: &KafkaCluster<'_>, index: &Index<'_>) -> Repair {
    let counts = |key: &str| cluster.setting(key).value.is_some_and(|it| it != 2);
    let is_bounded = cluster.runs_at_least(BOUNDED) == Some(true);
    let mut own = index.kafka_topics().filter(|it| it.cluster.is_some_and(|it| it.object.id() == cluster.object.id()));
    let has_two = own.any(|it| it.min_insync() == Own::Left && matches!(it.replicas(), Own::Is(2) | Own::Open));
    if is_bounded && !has_two && counts(DEFAULT_REPLICATION) && counts(OFFSETS_REPLICATION) {
        return raise(repair, cluster.object, MIN_INSYNC, 2, true);
    }
    repair
}

/// The same for the topic of transactions, where its number is written.
pub(super) fn raise_minimum_of_transactions(repair: Repair, cluster: &KafkaCluster<'_>) -> Repair {
    let has_two = cluster.setting(TRANSACTIONS_REPLICATION).value.is_none_or(|it| it == 2);
    if has_two || cluster.runs_at_least(BOUNDED) != Some(true) {
        return repair;
    }
    raise(repair, cluster.object, TRANSACTIONS_MIN_INSYNC, 2, false)
}
