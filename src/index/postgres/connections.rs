//! How many connections the pools of workloads may open at a database, as far as their settings are literal.
//!
//! PostgreSQL: `max_connections` is 100 unless set, of which `superuser_reserved_connections` (3) are not for
//! applications. Spilo computes its own default from the memory (`configure_spilo.py`), so that none is known there.

use super::{Flavor, Host, PostgresCluster, ZALANDO};
use crate::index::commands::{Orders, Told, Word, is_open_value, may_mention};
use crate::index::{Index, Role, Workload};
use crate::model::{Object, Place, whole_number};

/// The pool of a workload at a database.
#[derive(Clone, Debug)]
pub struct Pool<'i, 'a> {
    /// The workload.
    pub workload: &'i Workload<'a>,
    /// The database.
    pub database: &'i PostgresCluster<'a>,
    /// The connections that each pod may open.
    pub size: i64,
    /// Where that is written.
    pub word: Word<'a>,
    /// The pods, at most.
    pub pods: i64,
}

impl Pool<'_, '_> {
    /// The connections that all pods may open.
    pub fn connections(&self) -> i64 {
        self.size.saturating_mul(self.pods)
    }
}

/// The connections that a database accepts from applications.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// All.
    pub most: i64,
    /// Those that are not for applications.
    pub reserved: i64,
    /// Where the number is written, if it is.
    pub place: Option<Place>,
}

const DEFAULT_CONNECTIONS: i64 = 100;
const DEFAULT_RESERVED: i64 = 3;

/// Settings that are pools, though not of this database, or bounds from below.
const OTHERS: &[&str] =
    &["min", "idle", "redis", "http", "thread", "worker", "kafka", "mongo", "rabbit", "mysql", "lifetime"];

/// Programs that start processes with a pool each.
const FORKERS: &[&str] =
    &["gunicorn", "uvicorn", "hypercorn", "puma", "unicorn", "passenger", "pm2", "uwsgi", "celery", "sidekiq"];
/// Variables by which such programs are told how many.
const PROCESSES: &[&str] = &["web-concurrency", "uvicorn-workers", "gunicorn-cmd-args", "puma-workers"];

/// Parameters of an address that are the size of a pool.
const PARAMETERS: &[&str] =
    &["pool_size", "connection_limit", "maximumpoolsize", "maxpoolsize", "pool_max_conns", "pool"];

impl<'a> Index<'a> {
    /// The connections that a database accepts; none where that is not known.
    pub fn accepted_connections(&'a self, database: &PostgresCluster<'a>) -> Option<Accepted> {
        let reserved = self.parameter_of(database, "superuser_reserved_connections");
        let reserved = reserved.map_or(Some(DEFAULT_RESERVED), |it| whole_number(&it.value))?;
        let Some(own) = self.parameter_of(database, "max_connections") else {
            let is_known = match database.flavor {
                Flavor::SelfManaged => self.has_known_settings(database),
                _ => database.object.group() != ZALANDO,
            };
            return is_known.then_some(Accepted { most: DEFAULT_CONNECTIONS, reserved, place: None });
        };
        let most = whole_number(&own.value).filter(|_| !own.is_ignored)?;
        Some(Accepted { most, reserved, place: Some(own.place) })
    }

    /// Whether all that may set a server's settings is among the manifests.
    fn has_known_settings(&'a self, database: &PostgresCluster<'a>) -> bool {
        let server = self.workload_of(database.object).and_then(|it| self.postgres_server(it));
        server
            .is_some_and(|it| it.is_like_official() && !it.has_open_variables && self.missing_config_map(&it).is_none())
    }

    /// The pools of workloads at databases of the manifests, in order.
    pub fn connection_pools(&self) -> Vec<Pool<'_, 'a>> {
        let is_client = |it: &&Workload<'a>| it.role != Role::Postgres && it.kind.is_replicated();
        self.workloads().iter().filter(is_client).filter_map(|it| self.pool_of(it)).collect()
    }

    fn pool_of<'i>(&'i self, workload: &'i Workload<'a>) -> Option<Pool<'i, 'a>> {
        let object = workload.object;
        let pods = workload.scale.ceiling?;
        if !may_mention(object, &["POOL", "ool", "CONN", "onn"]) {
            return None;
        }
        let mut found: Option<Pool<'i, 'a>> = None;
        for orders in self.orders_of(object) {
            let told = orders.told();
            let Some((size, word)) = pool_size(&told) else { continue };
            let Some(database) = self.database_of(object, &told) else { continue };
            if found.is_some() || forks(&orders) {
                return None; // Several pools, or one of each of some processes.
            }
            found = Some(Pool { workload, database, size, word, pods });
        }
        found
    }

    /// The one database that the settings of a container name, without a pooler between.
    fn database_of(&self, client: &Object, told: &[Told<'a>]) -> Option<&PostgresCluster<'a>> {
        let mut found: Option<&PostgresCluster<'a>> = None;
        for told in told.iter().filter(|it| names_host(&it.name) && !is_open_value(it.value)) {
            let Some(host) = host_of(told.value) else { continue };
            let database = match self.postgres_host(client, host) {
                Host::Cluster(cluster, "" | "-rw" | "-primary" | "-ha") => cluster,
                Host::Service => match self.database_behind(client, host) {
                    Some(database) => database,
                    None => continue,
                },
                _ => continue,
            };
            if found.is_some_and(|it| it.object.id() != database.object.id()) {
                return None;
            }
            found = Some(database);
        }
        found
    }

    /// The database without an operator behind a Service.
    fn database_behind(&self, client: &Object, host: &str) -> Option<&PostgresCluster<'a>> {
        let name = host.split('.').next()?;
        let namespace = host.split('.').nth(1);
        let near = |it: &&Object| namespace.is_none_or(|own| it.namespace() == Some(own));
        let own = self.find(client, "", "Service", name).filter(near);
        let service = own.or_else(|| self.named("", "Service", name).into_iter().find(|it| near(it)))?;
        let pods = self.pods_of_service(service);
        let owner = self.pods(*pods.first()?).owner;
        self.postgres_clusters().iter().find(|it| it.object.id() == owner.id())
    }
}

/// The size of the only pool in some settings, and where it is written.
fn pool_size<'a>(told: &[Told<'a>]) -> Option<(i64, Word<'a>)> {
    let mut found: Option<(i64, Word<'a>)> = None;
    for it in told {
        let size = if names_pool(&it.name) { whole_number(it.value) } else { parameter(it.value) };
        let Some(size) = size.filter(|it| *it > 0) else { continue };
        if found.is_some_and(|it| it.0 != size) {
            return None;
        }
        found.get_or_insert((size, it.word));
    }
    found
}

/// Whether a setting is the size of a pool of connections: `db-pool-size`, `hikari-maximum-pool-size`,
/// `db-max-open-conns`.
fn names_pool(name: &str) -> bool {
    if OTHERS.iter().any(|it| name.contains(it)) {
        return false;
    }
    let is_pool = name.contains("pool") && (name.contains("size") || name.contains("max"));
    let is_limit =
        name.contains("max-open-conn") || name.ends_with("db-max-connections") || name.contains("db-max-conns");
    is_pool || is_limit
}

/// The size of a pool in the parameters of an address.
fn parameter(address: &str) -> Option<i64> {
    let (_, parameters) = address.split_once("://")?.1.split_once('?')?;
    let mut pairs = parameters.split('&').filter_map(|it| it.split_once('='));
    pairs.find(|it| PARAMETERS.contains(&it.0.to_ascii_lowercase().as_str())).and_then(|it| whole_number(it.1))
}

/// Whether a setting may hold the address of a database.
fn names_host(name: &str) -> bool {
    ["host", "url", "uri", "dsn", "server", "addr", "datasource"].iter().any(|it| name.contains(it))
}

/// The host in an address, or in a setting that is one.
fn host_of(value: &str) -> Option<&str> {
    let rest = value.split_once("://").map_or(value, |it| it.1);
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let is_host = host.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.'));
    (is_host && !host.is_empty()).then_some(host)
}

/// Whether a container starts processes with a pool each.
fn forks(orders: &Orders<'_>) -> bool {
    let starts = orders.commands().any(|it| it.words.iter().any(|it| FORKERS.iter().any(|own| it.text.contains(own))));
    starts || orders.variables.iter().any(|it| PROCESSES.contains(&it.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{host_of, names_pool, parameter};

    #[test]
    fn sizes_of_pools_are_known_by_their_names() {
        for name in [
            "db-pool-size",
            "database-pool-max",
            "spring-datasource-hikari-maximum-pool-size",
            "spring-datasource-hikari-maximumpoolsize",
            "db-max-open-conns",
            "quarkus-datasource-jdbc-max-pool-size",
        ] {
            assert!(names_pool(name), "{name}");
        }
        for name in ["db-pool-min-size", "redis-pool-size", "thread-pool-max", "db-max-idle-conns", "pool-name"] {
            assert!(!names_pool(name), "{name}");
        }
        assert_eq!(parameter("postgresql://u:p@db:5432/x?schema=public&connection_limit=40"), Some(40));
        assert_eq!(parameter("postgresql://db/x?sslmode=require"), None);
    }

    #[test]
    fn hosts_stand_in_addresses_or_alone() {
        assert_eq!(host_of("jdbc:postgresql://orders-rw.shop:5432/orders"), Some("orders-rw.shop"));
        assert_eq!(host_of("postgres://u:p@orders-rw/orders"), Some("orders-rw"));
        assert_eq!(host_of("orders-rw:5432"), Some("orders-rw"));
        assert_eq!(host_of("a b"), None);
    }
}
