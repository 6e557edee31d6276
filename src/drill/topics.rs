//! The topics of a Kafka cluster, each with its copies and how many of them a write needs.

use crate::index::kafka::settings::{
    AUTO_CREATE, DEFAULT_REPLICATION, MIN_INSYNC, OFFSETS_REPLICATION, SHARES_MIN_INSYNC, SHARES_REPLICATION, Setting,
    TRANSACTIONS_MIN_INSYNC, TRANSACTIONS_REPLICATION,
};
use crate::index::kafka::topics::Own;
use crate::index::{Index, KafkaCluster};
use crate::model::Object;
use crate::source::Span;

/// Copies of a topic, and how many a write needs.
#[derive(Clone, Debug)]
pub(super) struct Topic<'a> {
    /// The KafkaTopic, if there is one.
    pub(super) object: Option<&'a Object>,
    /// How people call it.
    pub(super) title: String,
    /// Copies; `None` if the manifests do not tell.
    pub(super) copies: Option<i64>,
    /// In-sync copies that a write needs.
    pub(super) needed: Option<i64>,
    /// Where the copies are written, or would be.
    pub(super) span: Span,
    /// Whether there may be none of it: topics that clients make.
    pub(super) is_possible: bool,
}

/// The topics of a cluster: those of manifests, those that clients make, and Kafka's own.
pub(super) fn topics<'a>(index: &Index<'a>, cluster: &KafkaCluster<'a>, brokers: Option<i64>) -> Vec<Topic<'a>> {
    let minimum = cluster.setting(MIN_INSYNC);
    let own = |title: &str, copies: &Setting, needed: Option<i64>, is_possible: bool| Topic {
        object: None,
        title: title.to_owned(),
        copies: copies.value,
        needed,
        span: copies.place.span,
        is_possible,
    };
    let mut topics: Vec<Topic<'a>> = written(index, cluster, minimum.value);
    let default = cluster.setting(DEFAULT_REPLICATION);
    if cluster.switch(AUTO_CREATE) != Some(false) || topics.is_empty() {
        let is_possible = !topics.is_empty();
        topics.push(own("topics without a manifest", &default, minimum.value, is_possible));
    }
    // Kafka makes none of its own before it has brokers for all copies, unless somebody wants fewer.
    let is_made = |copies: &Setting| copies.is_written || copies.value.zip(brokers).is_some_and(|it| it.0 <= it.1);
    let offsets = cluster.setting(OFFSETS_REPLICATION);
    if is_made(&offsets) {
        topics.push(own("__consumer_offsets", &offsets, minimum.value, false));
    }
    for (title, copies, needed) in [
        ("__transaction_state", TRANSACTIONS_REPLICATION, TRANSACTIONS_MIN_INSYNC),
        ("__share_group_state", SHARES_REPLICATION, SHARES_MIN_INSYNC),
    ] {
        let copies = cluster.setting(copies);
        if copies.is_written {
            topics.push(own(title, &copies, cluster.setting(needed).value, true));
        }
    }
    topics
}

/// Those of manifests.
fn written<'a>(index: &Index<'a>, cluster: &KafkaCluster<'a>, minimum: Option<i64>) -> Vec<Topic<'a>> {
    let default = cluster.setting(DEFAULT_REPLICATION).value;
    let of_cluster =
        index.kafka_topics().filter(|it| it.cluster.is_some_and(|it| it.object.id() == cluster.object.id()));
    let value = |own: Own, left: Option<i64>| match own {
        Own::Is(number) => Some(number),
        Own::Left => left,
        Own::Open => None,
    };
    of_cluster
        .map(|it| Topic {
            object: Some(it.object),
            title: it.object.title(),
            copies: value(it.replicas(), default),
            needed: value(it.min_insync(), minimum),
            span: it.object.place(&["spec", "replicas"]).span,
            is_possible: false,
        })
        .collect()
}
