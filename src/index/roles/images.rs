//! Which product an image holds, by the words of its name: `mysql-80`, `rhel9/redis-7` and `mssql/server` are
//! stores of data, `redis-exporter` and `mongo-express` are not.

/// Words that stand beside the name of a product in the name of its image, and change nothing of what it is.
const QUALIFIERS: &[&str] = &[
    "all",
    "alpine",
    "artemis",
    "bitnami",
    "bookworm",
    "bullseye",
    "ce",
    "centos",
    "classic",
    "cluster",
    "community",
    "container",
    "database",
    "db",
    "debian",
    "dev",
    "distroless",
    "docker",
    "eclipse",
    "edge",
    "ee",
    "enterprise",
    "fedora",
    "fips",
    "free",
    "galera",
    "ha",
    "hardened",
    "iamguarded",
    "ib",
    "image",
    "legacy",
    "library",
    "lts",
    "management",
    "minimal",
    "mirrored",
    "native",
    "official",
    "oss",
    "percona",
    "repmgr",
    "rhel",
    "secure",
    "sentinel",
    "server",
    "single",
    "slim",
    "stack",
    "standalone",
    "streaming",
    "ubi",
    "ubuntu",
    "wolfi",
    "xe",
    "xtradb",
];

/// Stores of data other than PostgreSQL, Kafka and ZooKeeper.
pub(super) const STORES: &[&str] = &[
    "redis",
    "valkey",
    "keydb",
    "dragonfly",
    "mysql",
    "mssql",
    "mariadb",
    "percona",
    "mongo",
    "mongodb",
    "cassandra",
    "scylla",
    "elasticsearch",
    "opensearch",
    "rabbitmq",
    "nats",
    "minio",
    "etcd",
    "consul",
    "vault",
    "clickhouse",
    "influxdb",
    "neo4j",
    "memcached",
    "activemq",
    "aerospike",
    "arangodb",
    "cockroach",
    "couchbase",
    "couchdb",
    "emqx",
    "milvus",
    "mosquitto",
    "openbao",
    "pulsar",
    "qdrant",
    "solr",
    "typesense",
    "weaviate",
    "yugabyte",
    "azure-sql-edge",
    "cass-management-api",
    "chroma",
    "chromadb",
    "crate",
    "dgraph",
    "eventstore",
    "foundationdb",
    "garnet",
    "hazelcast",
    "hivemq",
    "infinispan",
    "kvrocks",
    "lavinmq",
    "manticore",
    "meilisearch",
    "nsqd",
    "oracle",
    "orientdb",
    "questdb",
    "ravendb",
    "rethinkdb",
    "rqlite",
    "seaweedfs",
    "surrealdb",
    "tarantool",
    "tikv",
    "vernemq",
    "vespa",
    "victoria-metrics",
    "vmstorage",
];

/// The product of a list that an image holds. Each other word of its name has to be a version or to say nothing.
///
/// `repository` is the image without registry, tag and digest. Where its last part names no product, as in
/// `couchbase/server`, the one before it does.
pub(in crate::index) fn product_of<'p>(repository: &str, products: &[&'p str]) -> Option<&'p str> {
    // Most images are none of many products: none of their words begins as one does.
    if !beginnings(repository).any(|rest| products.iter().any(|it| begins_with(rest, it))) {
        return None;
    }
    let mut parts = repository.rsplit('/');
    let last = parts.next()?;
    // A product of two words, such as `victoria-metrics`.
    if let Some(whole) = products.iter().find(|it| **it == last) {
        return Some(whole);
    }
    let before = if words(last).all(is_qualifier) { parts.next().unwrap_or_default() } else { "" };
    let mut found = None;
    for word in words(before).chain(words(last)) {
        match products.iter().find(|it| is_product(word, it)) {
            Some(product) => found = found.or(Some(*product)),
            None if is_qualifier(word) => {}
            None => return None,
        }
    }
    found
}

/// A text from each of its words on.
fn beginnings(text: &str) -> impl Iterator<Item = &[u8]> {
    let bytes = text.as_bytes();
    let is_word = |at: usize| bytes[at].is_ascii_alphanumeric();
    (0..bytes.len()).filter(move |at| is_word(*at) && (*at == 0 || !is_word(at - 1))).map(|at| &bytes[at..])
}

/// The first letters tell most apart, and need no call.
fn begins_with(rest: &[u8], product: &str) -> bool {
    rest.first() == product.as_bytes().first() && rest.starts_with(product.as_bytes())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty())
}

/// `mysql8` and `cockroachdb` are named by what they begin with.
fn is_product(word: &str, product: &str) -> bool {
    word.strip_prefix(product)
        .is_some_and(|rest| rest.is_empty() || rest == "db" || rest.bytes().all(|it| it.is_ascii_digit()))
}

/// A version (`80`, `v2`, `c9s`, `el8`, `rhel9`), or a word that says nothing of what it is.
fn is_qualifier(word: &str) -> bool {
    let letters = word.trim_end_matches(|it: char| it.is_ascii_digit());
    let has_number = letters.len() < word.len();
    word.starts_with(|it: char| it.is_ascii_digit())
        || QUALIFIERS.contains(&word)
        || (has_number && (QUALIFIERS.contains(&letters) || matches!(letters, "v" | "el" | "pg" | "rc")))
        || matches!(word, "c8s" | "c9s" | "c10s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_found_by_the_words_of_an_image() {
        let stores =
            ["mysql", "mariadb", "redis", "mongodb", "mongo", "percona", "mssql", "couchbase", "cockroach", "nats"];
        let cases = [
            ("fedora/mysql-80", Some("mysql")),
            ("sclorg/mariadb-1011-c9s", Some("mariadb")),
            ("rhel9/redis-7", Some("redis")),
            ("redis/redis-stack-server", Some("redis")),
            ("mongodb/mongodb-community-server", Some("mongodb")),
            ("percona/percona-server-mongodb", Some("percona")),
            ("mssql/server", Some("mssql")),
            ("couchbase/server", Some("couchbase")),
            ("cockroachdb/cockroach", Some("cockroach")),
            ("nats-streaming", Some("nats")),
            ("oliver006/redis_exporter", None),
            ("mongo-express", None),
            ("natsio/nats-box", None),
            ("shop/mysql-sync-worker", None),
            ("shop/server", None),
            ("redis-operator", None),
            ("acme.com/redis-fips", Some("redis")),
            ("rancher/mirrored-library-redis", Some("redis")),
            ("percona/percona-xtradb-cluster", Some("percona")),
            ("elasticsearch/redis-sentinel", Some("redis")),
            ("mysql/mysql-router", None),
        ];
        for (repository, expected) in cases {
            assert_eq!(product_of(repository, &stores), expected, "{repository}");
        }
    }
}
