//! KafkaTopics and the clusters that they belong to.

use crate::index::KafkaClusters;
use crate::index::kafka::settings::{MIN_INSYNC, number};
use crate::index::kafka::{CLUSTER_LABEL, KafkaCluster, STRIMZI};
use crate::model::{Object, is_placeholder};
use crate::yaml::NodeRef;

/// A number of a topic's own `spec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// It is left to the cluster.
    Left,
    /// It is a template placeholder, or is no number.
    Open,
    /// This.
    Is(i64),
}

/// A topic that the Topic Operator looks after.
#[derive(Clone, Copy, Debug)]
pub struct Topic<'i, 'a> {
    /// The KafkaTopic.
    pub object: &'a Object,
    /// Its cluster, if the environment has it.
    pub cluster: Option<&'i KafkaCluster<'a>>,
}

impl<'a> Topic<'_, 'a> {
    /// Its name in Kafka.
    pub fn name(&self) -> &'a str {
        self.object.node().str_at(&["spec", "topicName"]).unwrap_or(self.object.name())
    }

    fn own(&self, keys: &[&str]) -> Own {
        let node = self.object.node().at(keys).filter(|it| !it.is_null());
        node.map_or(Own::Left, |it| number(it).map_or(Own::Open, Own::Is))
    }

    /// The copies that it asks for itself.
    pub fn replicas(&self) -> Own {
        match self.own(&["spec", "replicas"]) {
            // -1 leaves it to the cluster, as absence does.
            Own::Is(-1) => Own::Left,
            own => own,
        }
    }

    /// The in-sync copies that it asks for itself.
    pub fn min_insync(&self) -> Own {
        self.own(&["spec", "config", MIN_INSYNC])
    }

    /// Whether a switch of its own configuration is on.
    pub fn is_on(&self, key: &str) -> bool {
        let node = self.object.node().at(&["spec", "config", key]);
        node.is_some_and(|it| it.as_bool() == Some(true) || it.text().trim().eq_ignore_ascii_case("true"))
    }

    /// The partitions that it asks for itself.
    pub fn partitions(&self) -> Own {
        self.own(&["spec", "partitions"])
    }
}

impl<'a> KafkaClusters<'a> {
    /// The topics that are managed, in order.
    pub fn kafka_topics<'i>(&'i self) -> impl Iterator<Item = Topic<'i, 'a>> {
        let managed = |it: &&Object| it.annotation("strimzi.io/managed") != Some("false");
        self.of_kind(STRIMZI, "KafkaTopic").filter(managed).map(|object| {
            let name = object.label(CLUSTER_LABEL).filter(|it| !is_placeholder(it));
            let cluster = name.and_then(|it| self.find(object, STRIMZI, "Kafka", it));
            Topic { object, cluster: cluster.and_then(|it| self.kafka_cluster(it)) }
        })
    }
}

/// The entries of a resource that ask for a number of copies, as Kafka Connect and MirrorMaker do for their own
/// topics.
pub fn storage_settings(object: &Object) -> impl Iterator<Item = NodeRef<'_>> {
    let spec = object.node();
    let own = [spec.at(&["spec", "config"]), spec.at(&["spec", "target", "config"])];
    let clusters = spec.items_at(&["spec", "clusters"]).filter_map(|it| it.get("config"));
    own.into_iter().flatten().chain(clusters)
}
