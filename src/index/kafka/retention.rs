//! How much topics may keep, and how much room the brokers have for it.
//!
//! Kafka `LogConfig`: `retention.bytes` bounds each copy of each partition; topics that are only compacted know no
//! retention, and of tiered ones the local part counts.

use super::KafkaCluster;
use super::settings::{DEFAULT_REPLICATION, PARTITIONS};
use super::topics::{Own, Topic};
use crate::index::Index;
use crate::model::{Place, Quantity};
use crate::yaml::NodeRef;

/// What a topic may keep.
#[derive(Clone, Debug)]
pub struct Kept {
    /// All copies of all partitions.
    pub bytes: i128,
    /// Its partitions.
    pub partitions: i64,
    /// The copies of each.
    pub copies: i64,
    /// Where the bound of a partition is written.
    pub place: Place,
}

/// The disks of a cluster's brokers.
#[derive(Clone, Debug)]
pub struct Room {
    /// All of them.
    pub bytes: i128,
    /// The brokers.
    pub brokers: i64,
    /// Where the size of one is written.
    pub place: Place,
}

/// The bound of a partition.
const RETENTION_BYTES: &str = "retention.bytes";

/// A number of 64 bits, as Kafka's times and sizes are.
fn long(node: NodeRef<'_>) -> Option<i64> {
    node.text().trim().parse().ok()
}

impl<'a> Topic<'_, 'a> {
    fn config(&self, key: &str) -> Option<NodeRef<'a>> {
        self.object.node().at(&["spec", "config", key]).filter(|it| !it.is_null())
    }

    /// The policies by which it removes messages.
    fn is_only_compacted(&self) -> bool {
        let policy = self.config("cleanup.policy").map_or("delete", NodeRef::text);
        !policy.split(',').any(|it| it.trim() == "delete")
    }

    /// What it may keep on the disks of the brokers, where it bounds that.
    pub fn kept(&self, cluster: &KafkaCluster<'_>) -> Option<Kept> {
        if self.is_only_compacted() {
            return None;
        }
        let is_tiered = self.is_on("remote.storage.enable");
        let key = if is_tiered { "local.retention.bytes" } else { RETENTION_BYTES };
        // What a topic does not say is the cluster's; of tiered ones only the local part counts.
        let own = self.config(key);
        let node = own.or_else(|| cluster.retention().filter(|_| !is_tiered))?;
        let bound = long(node).filter(|it| *it > 0)?;
        let or_default = |own: Own, key: &str| match own {
            Own::Is(number) => Some(number),
            Own::Left => cluster.setting(key).value,
            Own::Open => None,
        };
        let partitions = or_default(self.partitions(), PARTITIONS).filter(|it| *it > 0)?;
        let copies = or_default(self.replicas(), DEFAULT_REPLICATION).filter(|it| *it > 0)?;
        let bytes = i128::from(bound).checked_mul(i128::from(partitions))?.checked_mul(i128::from(copies))?;
        let place = own.map_or_else(|| self.object.name_place(), |_| self.object.place(&["spec", "config", key]));
        Some(Kept { bytes: bytes.min(i128::MAX >> 40), partitions, copies, place })
    }

    /// Where it says that it keeps all messages, whatever their number.
    pub fn kept_for_ever(&self) -> Option<Place> {
        let is_endless = long(self.config("retention.ms")?) == Some(-1);
        let is_compacted = self.config("cleanup.policy").is_some_and(|it| it.text().contains("compact"));
        let is_bounded = self.config(RETENTION_BYTES).is_some_and(|it| long(it) != Some(-1))
            || self.cluster.is_some_and(KafkaCluster::bounds_retention);
        let is_tiered = self.is_on("remote.storage.enable");
        (is_endless && !is_compacted && !is_bounded && !is_tiered)
            .then(|| self.object.place(&["spec", "config", "retention.ms"]))
    }
}

impl<'a> KafkaCluster<'a> {
    /// The bound of partitions that say nothing themselves.
    fn retention(&self) -> Option<NodeRef<'a>> {
        self.object.node().at(&["spec", "kafka", "config", "log.retention.bytes"]).filter(|it| !it.is_null())
    }

    /// Whether its configuration bounds partitions that say nothing themselves.
    fn bounds_retention(&self) -> bool {
        self.retention().is_some_and(|it| long(it) != Some(-1))
    }

    /// Whether its brokers lose their disks with their pods.
    pub fn is_ephemeral(&self, index: &Index<'_>) -> bool {
        index.room_of(self).is_err_and(|it| it == EPHEMERAL)
    }
}

/// Why there is no room to cover.
const EPHEMERAL: &str = "its brokers have no persistent volumes";

impl<'a> Index<'a> {
    /// The disks of a cluster's brokers, or why they are not known.
    pub fn room_of(&self, cluster: &KafkaCluster<'a>) -> Result<Room, &'static str> {
        const OPEN: &str = "the number or the disks of its brokers are template placeholders, or not in the manifests";
        let mut parts = Vec::new();
        if cluster.uses_pools {
            if self.environment().is_fragment {
                return Err(OPEN);
            }
            for pool in cluster.broker_pools().filter(|it| !it.is_empty()) {
                let brokers = pool.scale.ceiling.or(pool.scale.floor);
                parts.push((pool.object, &["spec", "storage"][..], brokers));
            }
        } else {
            parts.push((cluster.object, &["spec", "kafka", "storage"], cluster.brokers()));
        }
        let mut room: Option<Room> = None;
        for (object, keys, brokers) in parts {
            let claims = self.claims_of_storage(object, keys);
            if claims.is_empty() {
                return Err(EPHEMERAL);
            }
            let brokers = brokers.ok_or(OPEN)?;
            for (at, claim) in claims.iter().enumerate() {
                let (text, place) = claim.size.as_ref().ok_or(OPEN)?;
                let disk = Quantity::parse(text).and_then(Quantity::units).ok_or(OPEN)?;
                let own = i128::from(disk) * i128::from(brokers);
                let all = room.get_or_insert_with(|| Room { bytes: 0, brokers: 0, place: place.clone() });
                all.bytes += own;
                all.brokers += if at == 0 { brokers } else { 0 };
            }
        }
        room.ok_or(OPEN)
    }
}
