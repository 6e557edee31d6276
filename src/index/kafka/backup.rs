//! What keeps a second copy of Kafka's messages: copies of volumes, another cluster, a store outside.

use crate::index::kafka::STRIMZI;
use crate::index::{Nearness, Objects};
use crate::model::{Object, products};
use crate::yaml::NodeRef;

/// Kinds that copy volumes or whole namespaces by a schedule.
const SCHEDULES: &[(&str, &str)] = &[
    (products::VELERO, "Schedule"),
    ("k8up.io", "Schedule"),
    (products::LONGHORN, "RecurringJob"),
    ("snapscheduler.backube", "SnapshotSchedule"),
    ("volsync.backube", "ReplicationSource"),
    (products::KASTEN, "Policy"),
    (products::STORK, "ApplicationBackupSchedule"),
];

/// Parts of the names of connectors that write topics to a store of objects.
const SINKS: &[&str] = &["s3", "gcs", "azureblob", "azuredatalake", "hdfs"];

impl<'a> Objects<'a> {
    /// What copies the messages of a cluster.
    pub fn kafka_backup(&self, cluster: &Object) -> Option<&'a Object> {
        if let Some(schedule) = self.copying_schedule(cluster) {
            return Some(schedule);
        }
        let mirrors = self.of_kind(STRIMZI, "KafkaMirrorMaker2").chain(self.of_kind(STRIMZI, "KafkaMirrorMaker"));
        if let Some(mirror) = mirrors.into_iter().next() {
            return Some(mirror);
        }
        self.of_kind(STRIMZI, "KafkaConnector").find(|it| it.node().str_at(&["spec", "class"]).is_some_and(is_sink))
    }

    /// A schedule that copies the volumes or the namespace of an object.
    pub(in crate::index) fn copying_schedule(&self, object: &Object) -> Option<&'a Object> {
        self.copying_schedules(object).next()
    }

    /// All of them.
    pub(in crate::index) fn copying_schedules(&self, object: &Object) -> impl Iterator<Item = &'a Object> {
        let schedules = SCHEDULES.iter().flat_map(|(group, kind)| self.of_kind(group, kind));
        schedules.filter(|it| self.covers(it, object))
    }

    /// Whether a schedule copies the namespace of a cluster, as far as it names any.
    fn covers(&self, schedule: &Object, cluster: &Object) -> bool {
        let spec = schedule.node();
        // Velero and Longhorn keep their schedules in a namespace of their own.
        if matches!(schedule.group(), products::VELERO | products::LONGHORN | products::KASTEN) {
            let list =
                |key: &str| -> Vec<&str> { spec.items_at(&["spec", "template", key]).map(NodeRef::text).collect() };
            let (included, excluded) = (list("includedNamespaces"), list("excludedNamespaces"));
            let Some(own) = cluster.namespace() else { return true };
            let is_all = included.is_empty() || included.contains(&"*");
            return (is_all || included.contains(&own)) && !excluded.contains(&own);
        }
        self.nearness(schedule, cluster) != Nearness::Different
    }
}

fn is_sink(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    let is_writer = class.contains("sink") || class.contains("backup");
    is_writer && SINKS.iter().any(|it| class.contains(it))
}
