//! Which workload reads which topics in which group, and how many partitions those have.
//!
//! The triggers of KEDA say it for certain, options and variables only by their names.

use crate::index::kafka::creations::{Creation, is_brokers};
use crate::index::kafka::settings::PARTITIONS;
use crate::index::kafka::topics::Own;
use crate::index::objects::commands::{Orders, Told, is_open_value, may_mention};
use crate::index::{Autoscalers, Index, Monitoring, Objects, Workload};
use crate::model::Object;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::{HashMap, HashSet};

/// A name, and where it is written.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// The name.
    pub text: &'a str,
    /// Where.
    pub span: Span,
}

/// A workload that reads from Kafka in a consumer group.
#[derive(Clone, Debug)]
pub struct Consumer<'i, 'a> {
    /// The workload.
    pub workload: &'i Workload<'a>,
    /// Its groups.
    pub groups: Vec<Named<'a>>,
    /// The topics that it reads, or may read.
    pub topics: Vec<Named<'a>>,
    /// Whether others are template placeholders, or given by a pattern.
    pub is_open: bool,
    /// The triggers of Kafka that scale it.
    pub triggers: Vec<Trigger<'a>>,
    /// What its containers are told.
    pub told: Vec<Told<'a>>,
}

/// A trigger of KEDA that follows a topic.
#[derive(Clone, Copy, Debug)]
pub struct Trigger<'a> {
    /// The ScaledObject.
    pub scaler: &'a Object,
    /// Its `metadata`.
    pub metadata: NodeRef<'a>,
}

/// The partitions of a topic.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How many.
    pub partitions: i64,
    /// Where that is written.
    pub span: Span,
    /// Whether a KafkaTopic says so.
    pub is_certain: bool,
}

/// The topics of the manifests; `None` for those with a number that cannot be read.
pub type Sizes<'a> = HashMap<&'a str, Option<Size>>;

/// Triggers of KEDA that follow a topic of Kafka.
const TRIGGERS: &[&str] = &["kafka", "apache-kafka"];

impl<'a> Trigger<'a> {
    /// Whether it never asks for more pods than partitions. KEDA's default.
    pub fn caps(self) -> bool {
        !self.allows_idle()
    }

    /// Whether its author wants more pods than partitions.
    pub fn allows_idle(self) -> bool {
        self.metadata.get("allowIdleConsumers").is_some_and(|it| it.text() == "true")
    }

    fn named(self, key: &str) -> Option<Named<'a>> {
        let node = self.metadata.get(key).filter(|it| !it.text().is_empty())?;
        Some(Named { text: node.text(), span: self.metadata.place(&[key]) })
    }

    /// The group whose lag it measures.
    pub fn group(self) -> Option<Named<'a>> {
        self.named("consumerGroup")
    }

    /// The topic that it names; without one it follows all of its group.
    pub fn topic(self) -> Option<Named<'a>> {
        self.named("topic")
    }
}

impl<'a> Consumer<'_, 'a> {
    /// The groups that its own settings name.
    pub fn told_groups(&self) -> impl Iterator<Item = Named<'a>> {
        let told = self.told.iter().filter(|it| is_group(&it.name));
        told.map(|it| Named { text: it.value, span: it.word.span() })
    }

    /// Whether only its trigger decides about its pods, and stops at the number of partitions.
    pub fn is_capped(&self) -> bool {
        let scaler = self.triggers.first().map(|it| it.scaler);
        let all = scaler.map_or(0, |it| it.node().items_at(&["spec", "triggers"]).count());
        all > 0 && all == self.triggers.len() && self.triggers.iter().all(|it| it.caps())
    }

    /// Whether KEDA says what it reads.
    pub fn is_certain(&self) -> bool {
        !self.triggers.is_empty()
    }
}

impl<'a> Objects<'a> {
    /// The triggers of a ScaledObject that follow topics of Kafka.
    pub fn kafka_triggers(&self, scaler: &'a Object) -> impl Iterator<Item = Trigger<'a>> + use<'a> {
        let is_keda = scaler.kind() == "ScaledObject";
        let triggers = scaler.node().items_at(&["spec", "triggers"]).filter(move |_| is_keda);
        let of_kafka = triggers.filter(|it| it.str_at(&["type"]).is_some_and(|it| TRIGGERS.contains(&it)));
        of_kafka.filter_map(move |it| Some(Trigger { scaler, metadata: it.at(&["metadata"])? }))
    }
}

impl<'a> Autoscalers<'a> {
    /// A replicated application that reads from Kafka in a group.
    pub fn kafka_consumer<'i>(&self, workload: &'i Workload<'a>) -> Option<Consumer<'i, 'a>> {
        if !workload.kind.is_replicated() || !workload.role.is_app() {
            return None;
        }
        let scalers = self.scalers_of(workload.object);
        let triggers: Vec<Trigger<'a>> = scalers.into_iter().flat_map(|it| self.kafka_triggers(it)).collect();
        if triggers.is_empty() && !may_mention(workload.object, &["roup", "GROUP"]) {
            return None;
        }
        let told: Vec<Told<'a>> = self.orders_of(workload.object).iter().flat_map(Orders::told).collect();
        if triggers.is_empty() && !told.iter().any(|it| is_brokers(&it.name)) {
            return None;
        }
        let mut consumer =
            Consumer { workload, groups: Vec::new(), topics: Vec::new(), is_open: false, triggers, told };
        for trigger in &consumer.triggers {
            consumer.groups.extend(trigger.group());
            consumer.is_open |= trigger.topic().is_none();
            consumer.topics.extend(trigger.topic());
        }
        for told in &consumer.told {
            let named = |text| Named { text, span: told.word.span() };
            if is_group(&told.name) {
                consumer.groups.push(named(told.value));
            } else if is_topics(&told.name) {
                consumer.topics.extend(told.value.split([',', ' ', ';']).filter(|it| !it.is_empty()).map(named));
            } else if is_pattern(&told.name) {
                consumer.is_open = true;
            }
        }
        let mut seen = HashSet::new();
        consumer.topics.retain(|it| seen.insert(it.text));
        let unread = |it: &Named<'_>| is_open_value(it.text);
        consumer.is_open |= consumer.groups.iter().any(unread) || consumer.topics.iter().any(|it| !is_name(it.text));
        (!consumer.groups.is_empty()).then_some(consumer)
    }
}

impl<'a> Monitoring<'a> {
    pub(in crate::index) fn read_topic_sizes(&self, creations: &[Creation<'a>]) -> Sizes<'a> {
        let mut sizes: Sizes<'a> = HashMap::new();
        let mut add = |name: &'a str, size: Option<Size>| {
            let larger = match (sizes.get(name), size) {
                (None, size) => size,
                (Some(Some(one)), Some(other)) => Some(if one.partitions >= other.partitions { *one } else { other }),
                _ => None,
            };
            sizes.insert(name, larger);
        };
        for topic in self.kafka_topics() {
            let place = topic.object.place(&["spec", "partitions"]);
            let size = |partitions, span| Size { partitions, span, is_certain: true };
            let size = match topic.partitions() {
                Own::Is(partitions) if partitions > 0 => Some(size(partitions, place.span)),
                Own::Left => topic.cluster.and_then(|cluster| {
                    let setting = cluster.setting(PARTITIONS);
                    Some(size(setting.value?, if setting.is_written { setting.place.span } else { place.span }))
                }),
                _ => None,
            };
            add(topic.name(), size);
        }
        for creation in creations {
            let size = creation.partitions().map(|(partitions, word)| Size {
                partitions,
                span: word.span(),
                is_certain: false,
            });
            for topic in &creation.topics {
                add(topic, size);
            }
        }
        sizes
    }
}

impl<'a> Index<'a> {
    /// The partitions of the topics that the manifests make.
    pub fn kafka_topic_sizes(&self) -> &Sizes<'a> {
        &self.kafka_topic_sizes
    }
}

/// Words of names of settings for topics that a program writes to.
const WRITTEN: &[&str] = &[
    "dlq", "dlt", "dead", "letter", "output", "out", "outbound", "producer", "produce", "publish", "retry", "error",
    "errors", "reply", "sink", "target",
];
/// Words of names of settings that belong to other systems.
const FOREIGN: &[&str] = &[
    "sns",
    "pubsub",
    "mqtt",
    "sqs",
    "servicebus",
    "security",
    "user",
    "unix",
    "posix",
    "linux",
    "supplemental",
    "process",
    "runas",
    "log",
    "resource",
    "autoscaling",
    "ros",
    "storage",
    "schema",
    "kafkastore",
];

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split('-')
}

fn is_foreign(name: &str) -> bool {
    // Kafka Connect has a group for its workers, and topics for its own state.
    name.starts_with("connect-") || words(name).any(|it| FOREIGN.contains(&it))
}

/// Whether a setting is the name of a consumer group.
fn is_group(name: &str) -> bool {
    let is_named = name.ends_with("group-id")
        || ["consumer-group", "consumer-group-name", "kafka-group"].iter().any(|it| name.ends_with(it))
        || name == "group";
    is_named && !is_foreign(name) && !name.contains("share-group")
}

/// Whether a setting holds the names of topics that are not surely written to.
fn is_topics(name: &str) -> bool {
    let is_named = matches!(words(name).last(), Some("topic" | "topics")) || name.ends_with("topic-name");
    is_named && !is_foreign(name) && !words(name).any(|it| WRITTEN.contains(&it))
}

/// Whether a setting describes topics by a pattern.
fn is_pattern(name: &str) -> bool {
    name.contains("topic") && (name.contains("pattern") || name.contains("regex"))
}

/// Whether a text is the name of a topic.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::{is_group, is_topics};

    #[test]
    fn names_of_settings() {
        for name in ["group-id", "kafka-consumer-group", "spring-kafka-consumer-group-id"] {
            assert!(is_group(name), "{name}");
        }
        for name in ["security-group-id", "unix-group-id", "connect-group-id", "log-group", "target-group", "fs-group"]
        {
            assert!(!is_group(name), "{name}");
        }
        for name in ["topics", "kafka-topic", "message-topic", "topic-name"] {
            assert!(is_topics(name), "{name}");
        }
        for name in ["sns-topic", "dlq-topic", "output-topic", "topic-partitions", "config-storage-topic"] {
            assert!(!is_topics(name), "{name}");
        }
    }
}
