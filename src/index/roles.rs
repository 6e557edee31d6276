//! What part a workload plays, and why we think so. The weights are documented in the README.

use super::{Index, Workload, follows_a_queue};
use crate::config::ComponentSetting;
use crate::model::{Container, WorkloadKind};

/// The part that a workload plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Serves requests of other programs.
    Backend,
    /// Serves people.
    Frontend,
    /// Reads from a queue or stream.
    Consumer,
    /// An application of which no more is known.
    App,
    /// A PostgreSQL server without an operator.
    Postgres,
    /// A Kafka broker without an operator.
    Kafka,
    /// A ZooKeeper node without an operator.
    ZooKeeper,
    /// Another store of data.
    Datastore,
    /// Elects a leader, so that a second replica only waits.
    Controller,
    /// Part of the platform: its namespace says so.
    Platform,
    /// Must not run twice, says the configuration.
    Singleton,
    /// A tool for people: a shell, a console, a load generator.
    Tool,
    /// Not judged: runs to its end, or on every node, or the configuration says so.
    Ignored,
}

impl Role {
    /// All roles with their words; the words of the configuration.
    pub const ALL: &'static [(Role, &'static str)] = &[
        (Role::Backend, "backend"),
        (Role::Frontend, "frontend"),
        (Role::Consumer, "consumer"),
        (Role::App, "app"),
        (Role::Postgres, "postgres"),
        (Role::Kafka, "kafka"),
        (Role::ZooKeeper, "zookeeper"),
        (Role::Datastore, "datastore"),
        (Role::Controller, "controller"),
        (Role::Platform, "platform"),
        (Role::Singleton, "singleton"),
        (Role::Tool, "tool"),
        (Role::Ignored, "ignore"),
    ];

    /// The role with this word.
    pub fn named(word: &str) -> Option<Role> {
        Role::ALL.iter().find(|it| it.1 == word).map(|it| it.0)
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        Role::ALL.iter().find(|it| it.0 == self).map_or("app", |it| it.1)
    }

    /// Whether it is an application of the guideline's section 4, recognised as such.
    pub fn is_recognised_app(self) -> bool {
        matches!(self, Role::Backend | Role::Frontend | Role::Consumer)
    }

    /// Whether it is an application at all.
    pub fn is_app(self) -> bool {
        self.is_recognised_app() || self == Role::App
    }
}

/// The annotation by which a manifest names its own role.
pub const ROLE_ANNOTATION: &str = "edms-lint.dev/role";

/// Images of PostgreSQL servers, by the last part of their names.
const POSTGRES_IMAGES: &[&str] = &[
    "postgres",
    "postgresql",
    "postgresql-repmgr",
    "postgis",
    "timescaledb",
    "timescaledb-ha",
    "patroni",
    "stolon",
    "pgvector",
    "alloydbomni",
];
const POSTGRES_PREFIXES: &[&str] = &["spilo", "crunchy-postgres", "edb-postgres"];
const KAFKA_IMAGES: &[&str] = &["kafka", "cp-kafka", "cp-server", "redpanda", "kafka-native"];
const ZOOKEEPER_IMAGES: &[&str] = &["zookeeper", "cp-zookeeper"];
const DATASTORE_IMAGES: &[&str] = &[
    "redis",
    "valkey",
    "keydb",
    "dragonfly",
    "mysql",
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
    "clickhouse-server",
    "influxdb",
    "neo4j",
    "memcached",
];
const CLIENT_IMAGES: &[&str] = &["kcat", "kafkacat", "busybox", "curl", "netshoot"];
const TOOL_WORDS: &[&str] = &[
    "loadgen",
    "load-generator",
    "loadgenerator",
    "loadtest",
    "locust",
    "k6",
    "jmeter",
    "kafdrop",
    "akhq",
    "conduktor",
    "kafka-ui",
    "pgadmin",
    "pgadmin4",
    "adminer",
    "mailhog",
    "redpanda-console",
    "kube-state-metrics",
    "prometheus-adapter",
];
const CONTROLLER_SUFFIXES: &[&str] = &["-controller", "-operator", "-manager", "-webhook", "-provisioner"];
const CONTROLLER_IMAGES: &[&str] =
    &["kube-state-metrics", "metrics-server", "coredns", "external-dns", "cluster-autoscaler"];
const ELECTION_WORDS: &[&str] = &["leader-elect", "leader-election", "lease-"];
/// Namespaces of the platform. `*-system` as such is none: applications call themselves that, too.
const PLATFORM_NAMESPACES: &[&str] = &[
    "kube-system",
    "monitoring",
    "argocd",
    "flux-system",
    "istio-system",
    "cert-manager",
    "ingress-nginx",
    "strimzi-system",
    "cnpg-system",
    "gatekeeper-system",
    "longhorn-system",
    "metallb-system",
    "cattle-system",
    "calico-system",
    "tigera-operator",
    "knative-serving",
    "linkerd",
    "velero",
    "external-secrets",
    "keda",
    "kyverno",
    "rook-ceph",
    "postgres-operator",
    "kube-node-lease",
    "kube-public",
    "gke-system",
    "openshift-operators",
];
/// KEDA triggers that read a queue or stream.
pub(super) const QUEUE_TRIGGERS: &[&str] = &[
    "kafka",
    "apache-kafka",
    "rabbitmq",
    "gcp-pubsub",
    "aws-sqs-queue",
    "azure-servicebus",
    "azure-eventhub",
    "nats-jetstream",
    "redis-streams",
    "redis-lists",
    "pulsar",
    "solace-event-queue",
    "activemq",
    "artemis-queue",
];
const CONSUMER_TOKENS: &[&str] = &["consume", "consumer", "worker", "listener", "subscriber", "sink", "processor"];
const FRONTEND_TOKENS: &[&str] = &["frontend", "web", "ui", "www", "nginx", "next", "spa"];
const BACKEND_TOKENS: &[&str] = &["backend", "api", "server", "service", "gateway"];
/// The least weight that makes a frontend, backend or consumer.
const ENOUGH: u32 = 3;

/// Role and reason of a workload.
pub(super) fn classify(index: &Index<'_>, workload: &Workload<'_>) -> (Role, String) {
    let object = workload.object;
    if let Some(setting) = index.config.components.iter().find(|it| fits(it, workload)) {
        let role = Role::named(&setting.role).unwrap_or(Role::App);
        return (role, "the configuration says so".to_owned());
    }
    if let Some(role) = object.annotation(ROLE_ANNOTATION).and_then(Role::named) {
        return (role, format!("annotation {ROLE_ANNOTATION}"));
    }
    match workload.kind {
        WorkloadKind::Job | WorkloadKind::CronJob => return (Role::Ignored, "runs to its end".to_owned()),
        WorkloadKind::DaemonSet => return (Role::Ignored, "one pod a node".to_owned()),
        _ => {}
    }
    if object.annotation("helm.sh/hook").is_some() {
        return (Role::Ignored, "a Helm hook".to_owned());
    }
    store(index, workload)
        .or_else(|| tool(workload))
        .or_else(|| controller(index, workload))
        .or_else(|| platform(workload))
        .unwrap_or_else(|| scored(index, workload))
}

fn fits(setting: &ComponentSetting, workload: &Workload<'_>) -> bool {
    let selects = &setting.selects;
    let object = workload.object;
    let glob = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|it| matches_glob(it, text));
    selects.kind.as_deref().is_none_or(|it| it == object.kind())
        && glob(&selects.name, object.name())
        && glob(&selects.namespace, object.namespace().unwrap_or_default())
        && selects.labels.iter().all(|(key, value)| workload.labels.get(key) == Some(value))
        && selects
            .image
            .as_deref()
            .is_none_or(|it| workload.containers().any(|container| matches_glob(it, container.image())))
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn matches_glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// PostgreSQL, Kafka, ZooKeeper and other stores, by what their containers are.
fn store(index: &Index<'_>, workload: &Workload<'_>) -> Option<(Role, String)> {
    for container in workload.containers() {
        let image = container.image_name();
        let data = |path: &str| container.mounts().any(|(mount, _)| mount.starts_with(path));
        let has_data = data("/var/lib/postgresql") || data("/bitnami/postgresql") || data("/home/postgres");
        let is_server = POSTGRES_IMAGES.contains(&image) || POSTGRES_PREFIXES.iter().any(|it| image.starts_with(it));
        if is_server && (container.has_port(5432) || has_data || !runs_a_client(container)) {
            return Some((Role::Postgres, format!("image {image}")));
        }
        if container.has_port(5432)
            && (has_data || (!is_pooler(image) && index.has_env(container, is_postgres_server_variable)))
        {
            return Some((Role::Postgres, "port 5432 and a server's data or settings".to_owned()));
        }
        let zookeeper_variable = |it: &str| it.starts_with("ZOO_") || it == "ZOOKEEPER_CLIENT_PORT";
        if ZOOKEEPER_IMAGES.contains(&image)
            || (container.has_port(2181) && index.has_env(container, zookeeper_variable))
        {
            return Some((Role::ZooKeeper, format!("image {image}")));
        }
        if KAFKA_IMAGES.contains(&image) && !runs_a_client(container) {
            return Some((Role::Kafka, format!("image {image}")));
        }
        if container.has_port(9092) && index.has_env(container, is_kafka_server_variable) {
            return Some((Role::Kafka, "port 9092 and a broker's settings".to_owned()));
        }
        if DATASTORE_IMAGES.contains(&image) && !runs_a_client(container) {
            return Some((Role::Datastore, format!("image {image}")));
        }
    }
    None
}

fn is_postgres_server_variable(name: &str) -> bool {
    name == "PGDATA" || name.starts_with("POSTGRES_") || name.starts_with("POSTGRESQL_")
}

/// What only a broker is told; clients have `KAFKA_BROKERS` and `KAFKA_BOOTSTRAP_SERVERS`.
fn is_kafka_server_variable(name: &str) -> bool {
    matches!(name, "KAFKA_PROCESS_ROLES" | "KAFKA_ADVERTISED_LISTENERS" | "KAFKA_ZOOKEEPER_CONNECT")
        || name.starts_with("KAFKA_CFG_")
}

fn is_pooler(image: &str) -> bool {
    ["pgbouncer", "pgpool", "haproxy", "odyssey", "pgcat"].iter().any(|it| image.contains(it))
}

/// Whether a container with a server's image runs something else: a client, a script that waits.
fn runs_a_client(container: Container<'_>) -> bool {
    let Some(first) = container.node().items_at(&["command"]).next() else { return false };
    let program = first.text().rsplit('/').next().unwrap_or_default();
    let clients = [
        "psql",
        "pg_isready",
        "pg_dump",
        "pg_dumpall",
        "pg_basebackup",
        "sleep",
        "tail",
        "redis-cli",
        "mysql",
        "mongosh",
    ];
    clients.contains(&program) || program.ends_with(".sh") && program.starts_with("kafka-con")
}

fn tool(workload: &Workload<'_>) -> Option<(Role, String)> {
    let mut containers = workload.containers().peekable();
    let idles = |container: Container<'_>| {
        let words: Vec<&str> = container.words().flat_map(str::split_whitespace).collect();
        let words =
            words.strip_prefix(&["sh", "-c"][..]).or(words.strip_prefix(&["/bin/sh", "-c"][..])).unwrap_or(&words);
        matches!(words, ["sleep" | "/bin/sleep", ..] | ["tail", "-f", "/dev/null"])
    };
    if containers.peek().is_some() && containers.all(idles) {
        return Some((Role::Tool, "only sleeps".to_owned()));
    }
    let name = workload.object.name();
    let client = workload.containers().find(|it| CLIENT_IMAGES.contains(&it.image_name()));
    if let Some(container) = client.filter(|_| workload.kind == WorkloadKind::Pod) {
        return Some((Role::Tool, format!("image {}", container.image_name())));
    }
    if name.ends_with("-exporter") {
        return Some((Role::Tool, "an exporter".to_owned()));
    }
    let app = workload.labels.get("app").or_else(|| workload.labels.get("app.kubernetes.io/name"));
    let texts = [Some(name), app].into_iter().flatten().chain(workload.containers().map(Container::image_name));
    let mut texts = texts.flat_map(|text| TOOL_WORDS.iter().filter(move |it| text == **it));
    texts.next().map(|word| (Role::Tool, format!("called {word}")))
}

/// Programs that elect a leader (corrections F4): their second replica only waits.
fn controller(index: &Index<'_>, workload: &Workload<'_>) -> Option<(Role, String)> {
    for container in workload.containers() {
        if let Some(word) = container.words().find(|it| ELECTION_WORDS.iter().any(|word| it.contains(word))) {
            return Some((Role::Controller, format!("argument {word}")));
        }
        let image = container.image_name();
        let by_image = CONTROLLER_IMAGES.contains(&image)
            || image.starts_with("csi-")
            || CONTROLLER_SUFFIXES.iter().any(|it| image.ends_with(it));
        if by_image {
            return Some((Role::Controller, format!("image {image}")));
        }
    }
    let name = workload.object.name();
    if name.ends_with("-operator") || name.ends_with("-controller-manager") {
        return Some((Role::Controller, "its name".to_owned()));
    }
    index.controller_rights(workload).map(|reason| (Role::Controller, reason))
}

fn platform(workload: &Workload<'_>) -> Option<(Role, String)> {
    let namespace = workload.object.namespace()?;
    let is_platform = PLATFORM_NAMESPACES.contains(&namespace) || namespace.ends_with("-operator-system");
    is_platform.then(|| (Role::Platform, format!("namespace {namespace}")))
}

/// The words of a text, split where it holds no letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|it: char| !it.is_alphabetic()).filter(|it| !it.is_empty()).map(str::to_ascii_lowercase)
}

/// Weights for frontend, backend and consumer.
#[derive(Default)]
struct Scores {
    weights: [(u32, Vec<String>); 3],
}

const FRONTEND: usize = 0;
const BACKEND: usize = 1;
const CONSUMER: usize = 2;

impl Scores {
    fn add(&mut self, what: usize, weight: u32, reason: String) {
        let (sum, reasons) = &mut self.weights[what];
        *sum += weight;
        reasons.push(reason);
    }

    /// Adds a weight for each role of which the text holds a word, once a role.
    fn tokens(&mut self, text: &str, weight: u32, source: &str) {
        let found: Vec<String> = words(text).collect();
        for (what, tokens) in [(FRONTEND, FRONTEND_TOKENS), (BACKEND, BACKEND_TOKENS), (CONSUMER, CONSUMER_TOKENS)] {
            if let Some(word) = found.iter().find(|it| tokens.contains(&it.as_str())) {
                self.add(what, weight, format!("{source} says {word}"));
            }
        }
    }
}

fn scored(index: &Index<'_>, workload: &Workload<'_>) -> (Role, String) {
    if let Some(scaler) = index.scalers_of(workload.object).into_iter().find(|it| follows_a_queue(it)) {
        return (Role::Consumer, format!("ScaledObject {} scales it by a queue", scaler.name()));
    }
    let mut scores = Scores::default();
    let object = workload.object;
    scores.tokens(object.name(), 3, "its name");
    for key in ["app", "app.kubernetes.io/name", "app.kubernetes.io/component", "component"] {
        if let Some(value) = workload.labels.get(key).filter(|it| *it != object.name()) {
            scores.tokens(value, 3, "a label");
        }
    }
    for container in workload.containers() {
        score_container(container, workload, &mut scores);
    }
    let serves = index.is_exposed(workload);
    let [(frontend, frontend_why), (backend, backend_why), (consumer, consumer_why)] = scores.weights;
    if !serves && consumer >= ENOUGH {
        return (Role::Consumer, consumer_why.join(", "));
    }
    if serves && backend >= ENOUGH && backend >= frontend {
        return (Role::Backend, backend_why.join(", "));
    }
    if serves && frontend >= ENOUGH {
        return (Role::Frontend, frontend_why.join(", "));
    }
    let reason = if serves { "a Service selects it" } else { "no Service selects it, and nothing says what it does" };
    (Role::App, reason.to_owned())
}

fn score_container(container: Container<'_>, workload: &Workload<'_>, scores: &mut Scores) {
    if container.name() != workload.object.name() {
        scores.tokens(container.name(), 3, "a container's name");
    }
    let image = container.image_name();
    if matches!(image, "nginx" | "httpd" | "caddy") {
        scores.add(FRONTEND, 2, format!("image {image}"));
    } else {
        scores.tokens(image, 2, "the image");
    }
    let mut brokers = false;
    let mut group = false;
    for (name, _) in container.env() {
        if ["NEXT_PUBLIC_", "VITE_", "REACT_APP_"].iter().any(|it| name.starts_with(it)) {
            scores.add(FRONTEND, 3, format!("variable {name}"));
        }
        group |= name.contains("GROUP_ID") || name.contains("CONSUMER_GROUP");
        brokers |= name.contains("BROKERS") || name.contains("BOOTSTRAP_SERVERS");
    }
    let plain: Vec<&str> = container.words().collect();
    for word in &plain {
        group |= word.contains("--group-id") || word.contains("--consumer-group");
        brokers |= word.contains("--brokers") || word.contains("--bootstrap-server");
    }
    if group && brokers {
        scores.add(CONSUMER, 3, "a consumer group and brokers".to_owned());
    }
    for word in plain.iter().filter(|it| !it.starts_with('-')) {
        match *word {
            "serve" | "server" | "api" | "http" => scores.add(BACKEND, 2, format!("argument {word}")),
            "consume" | "consumer" | "worker" | "listener" | "subscriber" | "sink" | "processor" => {
                scores.add(CONSUMER, 2, format!("argument {word}"));
            }
            _ => {}
        }
    }
    for (_, port) in container.ports() {
        match port {
            Some(80 | 3000 | 4200) => scores.add(FRONTEND, 1, format!("port {}", port.unwrap_or_default())),
            Some(8000 | 8080 | 8443 | 9000) => scores.add(BACKEND, 1, format!("port {}", port.unwrap_or_default())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches_glob;

    #[test]
    fn globs() {
        assert!(matches_glob("api", "api"));
        assert!(!matches_glob("api", "api2"));
        assert!(matches_glob("api*", "api2"));
        assert!(matches_glob("*/kafka:*", "bitnami/kafka:3"));
        assert!(matches_glob("*", ""));
        assert!(!matches_glob("a*b", "a"));
    }
}
