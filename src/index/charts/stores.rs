//! How many members the stores have that charts run, by the values of each chart.

use crate::index::charts::{Chart, Setting};
use crate::model::Place;

/// A store that a chart of the table runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// PostgreSQL with streaming replication and no failover.
    Postgres,
    /// PostgreSQL with repmgr.
    PostgresHa,
    /// Kafka.
    Kafka,
    /// `RabbitMQ`.
    Rabbitmq,
    /// Redis, with replicas or without.
    Redis,
    /// Redis Cluster.
    RedisCluster,
    /// NATS.
    Nats,
    /// Redpanda.
    Redpanda,
}

/// How a store stands when one member is lost.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// There are this many members; the value that says so.
    Members(i64, Fact),
    /// Others have the data, but none takes over.
    NoFailover(Fact),
    /// There is no telling, for this reason.
    Unknown(&'static str),
}

/// A value that decides, as messages show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// `replicaCount is 1`, `architecture is standalone (the chart's default)`.
    pub words: String,
    /// Where it is written, or would be.
    pub place: Place,
}

impl Store {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Store::Postgres | Store::PostgresHa => "PostgreSQL",
            Store::Kafka => "Kafka",
            Store::Rabbitmq => "RabbitMQ",
            Store::Redis => "Redis",
            Store::RedisCluster => "Redis Cluster",
            Store::Nats => "NATS",
            Store::Redpanda => "Redpanda",
        }
    }
}

impl Chart<'_> {
    /// The store that it runs.
    pub fn store(&self) -> Option<Store> {
        self.known()?;
        Some(match self.name {
            "postgresql" => Store::Postgres,
            "postgresql-ha" => Store::PostgresHa,
            "kafka" => Store::Kafka,
            "rabbitmq" => Store::Rabbitmq,
            "redis" => Store::Redis,
            "redis-cluster" => Store::RedisCluster,
            "nats" => Store::Nats,
            "redpanda" => Store::Redpanda,
            _ => return None,
        })
    }

    /// How its store stands.
    pub fn standing(&self, store: Store) -> Standing {
        match store {
            Store::Postgres => self.postgres(),
            Store::PostgresHa => self.members("postgresql.replicaCount"),
            Store::Kafka => self.kafka(),
            Store::Rabbitmq => self.members("replicaCount"),
            Store::Redis => self.redis(),
            Store::RedisCluster => self.redis_cluster(),
            Store::Nats => self.nats(),
            Store::Redpanda => self.members("statefulset.replicas"),
        }
    }

    /// The values that say whether the data of a store outlives its pods.
    pub fn persistence(&self, store: Store) -> Vec<(&'static str, Setting<bool>)> {
        let keys: &[&str] = match store {
            Store::Postgres => &["primary.persistence.enabled", "persistence.enabled"],
            Store::Kafka => &["controller.persistence.enabled", "broker.persistence.enabled", "persistence.enabled"],
            Store::PostgresHa | Store::Rabbitmq | Store::RedisCluster => &["persistence.enabled"],
            Store::Redpanda => &["storage.persistentVolume.enabled"],
            Store::Redis | Store::Nats => &[],
        };
        keys.iter().map(|key| (*key, self.switch(key))).collect()
    }

    fn members(&self, key: &str) -> Standing {
        match self.number(key) {
            Setting::Unknown(reason) => Standing::Unknown(reason),
            Setting::Is(count, _) if count < 0 => Standing::Unknown("a number of members is below zero"),
            Setting::Is(count, place) => Standing::Members(count, fact(key, &count.to_string(), place, false)),
            Setting::Default(count, place) => Standing::Members(count, fact(key, &count.to_string(), place, true)),
        }
    }

    /// A standing that a word or a switch decides.
    fn decided<T: ToString>(key: &str, setting: Setting<T>, standing: impl FnOnce(Fact) -> Standing) -> Standing {
        match setting {
            Setting::Is(value, place) => standing(fact(key, &value.to_string(), place, false)),
            Setting::Default(value, place) => standing(fact(key, &value.to_string(), place, true)),
            Setting::Unknown(reason) => Standing::Unknown(reason),
        }
    }

    fn postgres(&self) -> Standing {
        let key = "architecture";
        let architecture = self.setting(key);
        match architecture.value().map(String::as_str) {
            Some("replication") => match self.number("readReplicas.replicaCount") {
                Setting::Is(0, place) => Standing::Members(1, fact("readReplicas.replicaCount", "0", place, false)),
                _ => Self::decided(key, architecture, Standing::NoFailover),
            },
            Some(_) => Self::decided(key, architecture, |it| Standing::Members(1, it)),
            None => Self::decided(key, architecture, Standing::NoFailover),
        }
    }

    /// Controllers are brokers, too, unless they are told to be nothing else; old charts have brokers alone.
    fn kafka(&self) -> Standing {
        let old = self.members("replicaCount");
        if matches!(old, Standing::Members(..)) {
            return old;
        }
        let only = self.switch("controller.controllerOnly");
        let (controllers, brokers) = (self.number("controller.replicaCount"), self.number("broker.replicaCount"));
        let (key, main) = if only.value() == Some(&true) {
            ("broker.replicaCount", &brokers)
        } else {
            ("controller.replicaCount", &controllers)
        };
        let more = if only.value() == Some(&true) { Some(0) } else { brokers.value().copied() };
        // Without a word on brokers of their own there are none in any version of the chart.
        let more = more.or_else(|| (!self.has_unread && !self.has("broker")).then_some(0));
        match (main, more) {
            (Setting::Unknown(reason), _) => Standing::Unknown(reason),
            (_, None) => Standing::Unknown("a value is a template placeholder"),
            (Setting::Is(count, place), Some(more)) => {
                Standing::Members(count.saturating_add(more), fact(key, &count.to_string(), place.clone(), false))
            }
            (Setting::Default(count, place), Some(more)) => {
                Standing::Members(count.saturating_add(more), fact(key, &count.to_string(), place.clone(), true))
            }
        }
    }

    fn redis(&self) -> Standing {
        let key = "architecture";
        let architecture = self.setting(key);
        match architecture.value().map(String::as_str) {
            Some("standalone") => Self::decided(key, architecture, |it| Standing::Members(1, it)),
            Some("replication") => {
                let sentinel = self.switch("sentinel.enabled");
                match sentinel.value() {
                    Some(true) => self.members("replica.replicaCount"),
                    _ => Self::decided("sentinel.enabled", sentinel, Standing::NoFailover),
                }
            }
            Some(_) => Standing::Unknown("its architecture is none that the chart has"),
            None => Self::decided(key, architecture, Standing::NoFailover),
        }
    }

    fn redis_cluster(&self) -> Standing {
        match self.number("cluster.replicas") {
            Setting::Is(0, place) => Standing::NoFailover(fact("cluster.replicas", "0", place, false)),
            _ => self.members("cluster.nodes"),
        }
    }

    /// The values moved below `config` with version 1 of the chart.
    fn nats(&self) -> Standing {
        let (switch, members) = match (self.has("config.cluster"), self.has("cluster")) {
            (false, true) => ("cluster.enabled", "cluster.replicas"),
            (false, false) if self.version.is_some_and(|it| it.starts_with("0.")) => {
                ("cluster.enabled", "cluster.replicas")
            }
            _ => ("config.cluster.enabled", "config.cluster.replicas"),
        };
        let is_cluster = self.switch(switch);
        match is_cluster.value() {
            Some(true) => match self.members(members) {
                // Three in all versions.
                Standing::Unknown(_) if !self.has_unread && !self.has(members) => {
                    Self::decided(switch, is_cluster, |it| Standing::Members(3, it))
                }
                standing => standing,
            },
            _ => Self::decided(switch, is_cluster, |it| Standing::Members(1, it)),
        }
    }
}

fn fact(key: &str, value: &str, place: Place, is_default: bool) -> Fact {
    let by_default = if is_default { " (the chart's default)" } else { "" };
    Fact { words: format!("{key} is {value}{by_default}"), place }
}
