//! What the configuration of a Kafka cluster says, and what Kafka takes where it says nothing.
//!
//! Defaults: apache/kafka `ReplicationConfigs`, `ServerLogConfigs`, `GroupCoordinatorConfig`,
//! `TransactionLogConfig` and `ShareCoordinatorConfig`, the same from 2.8 to 4.3.

use crate::index::kafka::{KafkaCluster, Operator};
use crate::index::{Roles, Unclassified, Workload};
use crate::model::{Container, Object, Place, Version, whole_number};
use crate::yaml::NodeRef;

/// Copies of a partition of a topic that names no number.
pub const DEFAULT_REPLICATION: &str = "default.replication.factor";
/// Copies that must have a write before `acks=all` confirms it.
pub const MIN_INSYNC: &str = "min.insync.replicas";
/// Copies of the consumers' offsets.
pub const OFFSETS_REPLICATION: &str = "offsets.topic.replication.factor";
/// Copies of the log of transactions.
pub const TRANSACTIONS_REPLICATION: &str = "transaction.state.log.replication.factor";
/// In-sync copies that a change of a transaction needs.
pub const TRANSACTIONS_MIN_INSYNC: &str = "transaction.state.log.min.isr";
/// Copies of the state of share groups.
pub const SHARES_REPLICATION: &str = "share.coordinator.state.topic.replication.factor";
/// In-sync copies that a change of a share group needs.
pub const SHARES_MIN_INSYNC: &str = "share.coordinator.state.topic.min.isr";
/// Partitions of a topic that names no number.
pub const PARTITIONS: &str = "num.partitions";

/// Whether topics come into being when a client names them.
pub const AUTO_CREATE: &str = "auto.create.topics.enable";
/// Whether a copy that lacks messages may lead.
pub const UNCLEAN_ELECTION: &str = "unclean.leader.election.enable";

/// What Kafka takes for a setting that is not written.
const DEFAULTS: &[(&str, i64)] = &[
    (DEFAULT_REPLICATION, 1),
    (MIN_INSYNC, 1),
    (OFFSETS_REPLICATION, 3),
    (TRANSACTIONS_REPLICATION, 3),
    (TRANSACTIONS_MIN_INSYNC, 2),
    (SHARES_REPLICATION, 3),
    (SHARES_MIN_INSYNC, 2),
    (PARTITIONS, 1),
];

/// A number of the configuration.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its value; `None` if it is a template placeholder, or no number.
    pub value: Option<i64>,
    /// Whether it is written; else it is Kafka's default.
    pub is_written: bool,
    /// Where it is written, or would be.
    pub place: Place,
}

impl Setting {
    /// The value if somebody wrote it.
    pub fn written(&self) -> Option<i64> {
        self.value.filter(|_| self.is_written)
    }

    /// ` (the default)` where nobody wrote it, for messages.
    pub fn origin(&self) -> &'static str {
        if self.is_written { "" } else { " (the default)" }
    }
}

/// The number that a scalar of `config` holds: operators take whole numbers and texts of them alike.
pub fn number(node: NodeRef<'_>) -> Option<i64> {
    node.as_int().or_else(|| whole_number(node.text()))
}

/// Kafka's default of a setting.
pub fn default_of(key: &str) -> Option<i64> {
    DEFAULTS.iter().find(|it| it.0 == key).map(|it| it.1)
}

impl KafkaCluster<'_> {
    /// A number of `spec.kafka.config`.
    pub fn setting(&self, key: &str) -> Setting {
        let keys = ["spec", "kafka", "config", key];
        let node = self.object.node().at(&keys).filter(|it| !it.is_null());
        Setting {
            value: node.map_or_else(|| default_of(key), number),
            is_written: node.is_some(),
            place: self.object.place(&keys),
        }
    }

    /// Whether a setting of `spec.kafka.config` is switched on; `None` where nothing is written.
    pub fn switch(&self, key: &str) -> Option<bool> {
        let node = self.object.node().at(&["spec", "kafka", "config", key])?;
        node.as_bool().or_else(|| node.text().trim().to_ascii_lowercase().parse().ok())
    }

    /// Whether it runs a Kafka of at least this release; `None` where neither its version nor its operator tells.
    pub fn runs_at_least(&self, release: Version) -> Option<bool> {
        if let Some(version) = self.object.node().str_at(&["spec", "kafka", "version"]) {
            return Version::read(version).map(|it| it >= release);
        }
        // The API version v1 came with 0.49, whose oldest Kafka is 4.0; 0.43 is the first whose oldest is 3.7.
        let is_new = |it: &Operator| it.release >= Version::new(0, 43, 0);
        let is_known_new = self.object.version() == "v1" || self.operator.as_ref().is_some_and(is_new);
        (is_known_new && release <= Version::new(3, 7, 0)).then_some(true)
    }
}

/// A number in the environment of brokers that run without an operator: its variable, value and place.
pub fn setting_of_brokers(workload: &Unclassified<'_>, key: &str) -> Option<(String, Setting)> {
    let (name, text, place) = variable_of_brokers(workload, key)?;
    let value = text.and_then(whole_number);
    Some((name, Setting { value, is_written: true, place }))
}

/// Where brokers without an operator are set up by variables and by nothing else: the place of those. What they do not
/// set is then as Kafka has it.
pub fn place_of_variables(workload: &Workload<'_>) -> Option<Place> {
    // A file that is mounted may stand in place of what the image makes of the variables.
    let reads_files = |container: Container<'_>| {
        let mut mounts = container.mounts();
        mounts.any(|it| it.0.contains("conf") || it.0.ends_with(".properties") || it.0.contains("kafka/server"))
    };
    let container = workload.containers().find(|container| {
        let mut variables = container.node().items_at(&["env"]).filter_map(|it| it.str_at(&["name"]));
        variables.any(|it| it.strip_prefix(prefix_of(*container)).is_some_and(|it| SET_UP.contains(&it)))
    })?;
    let is_open = container.node().items_at(&["envFrom"]).next().is_some() || container.words().next().is_some();
    (!is_open && !reads_files(container)).then(|| container.place(workload.object, &["env"]))
}

/// A switch in such an environment: its variable, whether it is on if that can be read, and its place.
pub fn switch_of_brokers(workload: &Unclassified<'_>, key: &str) -> Option<(String, Option<bool>, Place)> {
    let (name, text, place) = variable_of_brokers(workload, key)?;
    Some((name, text.and_then(|it| it.trim().to_ascii_lowercase().parse().ok()), place))
}

/// Settings without which no broker runs: whoever sets one by a variable sets up the broker so.
const SET_UP: &[&str] = &[
    "PROCESS_ROLES",
    "NODE_ID",
    "BROKER_ID",
    "ZOOKEEPER_CONNECT",
    "ADVERTISED_LISTENERS",
    "LISTENERS",
    "CONTROLLER_QUORUM_VOTERS",
];

/// What an image puts before the names of settings.
fn prefix_of(container: Container<'_>) -> &'static str {
    if container.repository().contains("bitnami") { "KAFKA_CFG_" } else { "KAFKA_" }
}

/// The variable by which brokers' images take a setting.
fn variable_of_brokers<'a>(workload: &Unclassified<'a>, key: &str) -> Option<(String, Option<&'a str>, Place)> {
    workload.containers().find_map(|container| {
        let name = format!("{}{}", prefix_of(container), key.replace('.', "_").to_ascii_uppercase());
        let place = env_place(workload.object, container, &name)?;
        let text = container.env_value(&name);
        Some((name, text, place))
    })
}

/// Where a variable's value is written.
fn env_place(object: &Object, container: Container<'_>, name: &str) -> Option<Place> {
    let entry = container.node().items_at(&["env"]).find(|it| it.str_at(&["name"]) == Some(name))?;
    Some(object.place_in(entry, &["value"]))
}

impl<'a> Roles<'a> {
    /// The workloads that are Kafka brokers without an operator, in order.
    pub fn broker_workloads(&self) -> impl Iterator<Item = &Workload<'a>> {
        self.kafka_workloads().filter(|it| it.kind.is_replicated())
    }
}
