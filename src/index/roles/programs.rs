//! What the containers of a workload run: a store, a tool, a controller.

use crate::index::roles::{Role, images};
use crate::index::{Objects, Services, Unclassified, Workloads};
use crate::model::products::{
    self, KAFKA_IMAGES, POSTGRES_IMAGE_PREFIXES, POSTGRES_IMAGES, ZOOKEEPER_IMAGES, is_exporter_image, is_pooler_image,
};
use crate::model::shell::{self, is_shell, program};
use crate::model::{Container, Object, WorkloadKind};

/// Ports at which brokers listen in most examples.
const KAFKA_PORTS: &[i64] = &[9092, 9093, 9094, 19092, 29092];
const CLIENT_IMAGES: &[&str] = &["kcat", "kafkacat", "busybox", "curl", "netshoot"];
const TOOL_PHRASES: &[&str] = &[
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
    // What autoscalers ask for metrics of their own, of whichever vendor.
    "prometheus-adapter",
    "metrics-adapter",
    "metrics-apiserver",
    "stackdriver-adapter",
    "cloudwatch-adapter",
    // What has others read their configuration again.
    "configmap-reload",
    "configmap-reloader",
    "config-reloader",
];
const CONTROLLER_SUFFIXES: &[&str] = &["-controller", "-operator", "-manager", "-webhook", "-provisioner"];
const CONTROLLER_IMAGES: &[&str] = &[
    "controller",
    "operator",
    "kube-state-metrics",
    "metrics-server",
    "coredns",
    "external-dns",
    "cluster-autoscaler",
    "reloader",
    // Strimzi's webhook: without it drains go on as the budgets allow.
    products::DRAIN_CLEANER_IMAGE,
];
const ELECTION_WORDS: &[&str] = &["leader-elect", "leader-election", "lease-"];

/// Programs that start a server, whatever else a script runs before.
const SERVERS: &[&str] = &[
    "postgres",
    "patroni",
    "kafka-server-start",
    "zookeeper-server-start",
    "zkServer",
    "redis-server",
    "redpanda",
    "mysqld",
    "mongod",
    "docker-entrypoint",
    "entrypoint",
    "run",
];
/// Programs in servers' images that are clients, or wait.
const CLIENTS: &[&str] = &[
    "psql",
    "pg_isready",
    "pg_dump",
    "pg_dumpall",
    "pg_basebackup",
    "pgbench",
    "createdb",
    "sleep",
    "tail",
    "redis-cli",
    "mysql",
    "mysqldump",
    "mongosh",
    "mongodump",
    "zkCli",
    "connect-distributed",
    "connect-standalone",
    "connect-mirror-maker",
];

/// PostgreSQL, Kafka, ZooKeeper and other stores, by what their containers are.
pub(super) fn store(index: &Objects<'_>, workload: &Unclassified<'_>) -> Option<(Role, String)> {
    let name = workload.object.name();
    for (at, container) in workload.containers().enumerate() {
        let image = container.image_name();
        if is_exporter_image(image) {
            continue;
        }
        let is_client = runs_a_client(container);
        let from = workload.object;
        let found = postgres(index, from, container, is_client)
            .or_else(|| zookeeper(index, from, container, is_client))
            .or_else(|| kafka(index, from, container, is_client));
        if found.is_some() {
            return found;
        }
        // A cache or an agent beside an application makes no store of it.
        let product = images::product_of(container.repository(), images::STORES).filter(|_| !is_client);
        if product.is_some_and(|it| at == 0 || holds(name, it)) {
            return Some((Role::Datastore, format!("image {image}")));
        }
        if let Some(port) = store_port(container).filter(|_| at == 0 && !is_client && !is_pooler(image)) {
            return Some((Role::Datastore, format!("port {port}")));
        }
    }
    None
}

/// Ports at which only stores listen: SQL Server, Oracle, MySQL, AMQP, Redis, Cassandra, Memcached and MongoDB.
const STORE_PORTS: &[i64] = &[1433, 1521, 3306, 5672, 6379, 9042, 11211, 27017];

/// The port of a store, where a container listens at nothing else: what stands before one is called so.
fn store_port(container: Container<'_>) -> Option<i64> {
    let stands_before = ["router", "admin", "commander", "express", "gateway", "bridge", "client", "consumer", "envoy"];
    let image = container.image_name();
    if stands_before.iter().any(|it| image.contains(it)) {
        return None;
    }
    let ports: Vec<i64> = container.ports().filter_map(|it| it.1).collect();
    ports.first().copied().filter(|_| ports.iter().all(|it| STORE_PORTS.contains(it)))
}

fn postgres(index: &Objects<'_>, from: &Object, container: Container<'_>, is_client: bool) -> Option<(Role, String)> {
    let image = container.image_name();
    // Stolon's image also holds what watches the servers and what stands before them.
    if container.words().any(is_stolon_helper) {
        return None;
    }
    let data = |path: &str| container.mounts().any(|(mount, _)| mount.starts_with(path));
    let has_data =
        data("/var/lib/postgresql") || data("/var/lib/pgsql") || data("/bitnami/postgresql") || data("/home/postgres");
    let is_server = images::product_of(container.repository(), POSTGRES_IMAGES).is_some()
        || POSTGRES_IMAGE_PREFIXES.iter().any(|it| image.starts_with(it));
    if is_server && (container.has_port(5432) || has_data || !is_client) {
        return Some((Role::Postgres, format!("image {image}")));
    }
    let has_settings = || !is_pooler(image) && index.has_env(from, container, is_postgres_server_variable);
    if container.has_port(5432) && (has_data || has_settings()) {
        return Some((Role::Postgres, "port 5432 and a server's data or settings".to_owned()));
    }
    None
}

/// The container that runs a PostgreSQL server.
pub(in crate::index) fn postgres_container<'a>(
    index: &Objects<'_>,
    workload: &Unclassified<'a>,
) -> Option<Container<'a>> {
    workload.containers().find(|it| {
        let image = it.image_name();
        !is_exporter_image(image) && postgres(index, workload.object, *it, runs_a_client(*it)).is_some()
    })
}

fn zookeeper(index: &Objects<'_>, from: &Object, container: Container<'_>, is_client: bool) -> Option<(Role, String)> {
    let image = container.image_name();
    if programs(container).contains(&"zookeeper-server-start") {
        return Some((Role::ZooKeeper, "it runs zookeeper-server-start".to_owned()));
    }
    // The images of Kafka hold both programs.
    let is_named = container.name() == "zookeeper" || container.words().any(|it| it.contains("zookeeper.properties"));
    if KAFKA_IMAGES.contains(&image) && is_named && !is_client {
        return Some((Role::ZooKeeper, format!("image {image}, as zookeeper")));
    }
    let is_variable = |it: &str| it.starts_with("ZOO_") || it == "ZOOKEEPER_CLIENT_PORT";
    let is_image = ZOOKEEPER_IMAGES.contains(&image) && !is_client;
    if is_image || (container.has_port(2181) && index.has_env(from, container, is_variable)) {
        return Some((Role::ZooKeeper, format!("image {image}")));
    }
    None
}

fn kafka(index: &Objects<'_>, from: &Object, container: Container<'_>, is_client: bool) -> Option<(Role, String)> {
    let image = container.image_name();
    if is_client {
        return None;
    }
    if KAFKA_IMAGES.contains(&image) {
        return Some((Role::Kafka, format!("image {image}")));
    }
    let listens = container.ports().any(|it| it.1.is_some_and(|it| KAFKA_PORTS.contains(&it)));
    if listens && index.has_env(from, container, is_kafka_server_variable) {
        return Some((Role::Kafka, "a broker's port and settings".to_owned()));
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

/// Programs of Stolon that keep no data.
fn is_stolon_helper(word: &str) -> bool {
    ["stolon-sentinel", "stolon-proxy", "stolonctl"].iter().any(|it| word.contains(it))
}

fn is_pooler(image: &str) -> bool {
    is_pooler_image(image) || image.contains("proxy")
}

/// Whether a container with a server's image runs something else: a client, a script that waits.
fn runs_a_client(container: Container<'_>) -> bool {
    let programs = programs(container);
    if programs.iter().any(|it| SERVERS.contains(it)) {
        return false;
    }
    // Kafka's own tools: kafka-topics, kafka-console-producer and the like.
    let is_kafka_tool = |it: &str| it.starts_with("kafka-") && it != "kafka-storage" && it != "kafka-run-class";
    programs.iter().any(|it| CLIENTS.contains(it) || is_kafka_tool(it))
}

/// The names of the programs that a container's command starts, without folder and `.sh`: the first word of it, or
/// of each command of a shell's script. Arguments alone may be a command, too.
fn programs(container: Container<'_>) -> Vec<&str> {
    let words: Vec<&str> = container.words().collect();
    let commands = shell::commands(&words).into_iter().filter_map(|command| {
        let of_file = command.get(1).filter(|it| is_shell(command[0]) && !it.starts_with('-'));
        of_file.or(command.first()).map(|it| program(it))
    });
    commands.filter(|it| !SHELL_WORDS.contains(it)).collect()
}

/// Words of scripts that do nothing.
const SHELL_WORDS: &[&str] = &["done", "fi", "true", "exit", "set", "trap", "wait", ":"];

/// Whether a container does nothing but wait, so that people can look around in it: all that it starts waits, or
/// its script sets things up, starts nothing in the background, and ends in waiting.
fn only_waits(container: Container<'_>) -> bool {
    let programs = programs(container);
    let waits = |it: &&str| *it == "sleep" || (*it == "tail" && container.words().any(|it| it.contains("/dev/null")));
    if !programs.is_empty() && programs.iter().all(waits) {
        return true;
    }
    let script = container.words().last().unwrap_or_default();
    let end = script.trim_end_matches(|it: char| it.is_whitespace() || matches!(it, '"' | '\'' | ';'));
    let is_endless =
        ["tail -f /dev/null", "tail -F /dev/null", "sleep infinity", "sleep inf"].iter().any(|it| end.ends_with(it));
    let starts_a_server =
        programs.iter().any(|it| SERVERS.contains(it) || matches!(*it, "service" | "systemctl" | "nohup"));
    is_endless && !starts_a_server && !script.replace("&&", "").contains('&')
}

/// Words at the beginning of a name that say that it makes load or stands in for somebody else.
const STAND_INS: &[&str] = &["virtual-", "load-gen", "load-test", "loadgen", "loadtest"];

/// Whether an image holds the program that only waits: `pause`, `pause-amd64`, `mirrored-pause`.
fn is_pause(image: &str) -> bool {
    let name = image.strip_prefix("mirrored-").unwrap_or(image);
    name == "pause" || name.starts_with("pause-")
}

pub(super) fn tool(index: &Services<'_>, workload: &Unclassified<'_>) -> Option<(Role, String)> {
    let mut containers = workload.containers().peekable();
    if containers.peek().is_some() && containers.all(only_waits) {
        return Some((Role::Tool, "only sleeps".to_owned()));
    }
    let mut containers = workload.containers().peekable();
    if containers.peek().is_some() && containers.all(|it| is_pause(it.image_name())) {
        return Some((Role::Tool, "its pods only hold room".to_owned()));
    }
    let name = workload.object.name();
    let client = workload.containers().find(|it| CLIENT_IMAGES.contains(&it.image_name()));
    if let Some(container) = client.filter(|_| workload.kind == WorkloadKind::Pod) {
        return Some((Role::Tool, format!("image {}", container.image_name())));
    }
    let mut images = workload.containers().map(Container::image_name).peekable();
    if name.ends_with("-exporter") || (images.peek().is_some() && images.all(is_exporter_image)) {
        return Some((Role::Tool, "an exporter".to_owned()));
    }
    if workload.containers().any(|it| it.repository() == "redpandadata/console") {
        return Some((Role::Tool, "image redpandadata/console".to_owned()));
    }
    let stands_in = STAND_INS.iter().any(|it| name.starts_with(it)) || name.ends_with("-simulator");
    // What people reach from outside stands in for nobody: a `virtual-machine-api`.
    if stands_in && !index.is_entry(workload) {
        return Some((Role::Tool, "its name".to_owned()));
    }
    let app = workload.labels.get("app").or_else(|| workload.labels.get("app.kubernetes.io/name"));
    let main = workload.containers().next().map(Container::image_name);
    // Mostly all three are the same.
    let (app, main) = (app.filter(|it| *it != name), main.filter(|it| *it != name && Some(*it) != app));
    let texts = [Some(name), app, main].into_iter().flatten();
    let mut called = texts.flat_map(|text| TOOL_PHRASES.iter().filter(move |it| holds(text, it)));
    called.next().map(|phrase| (Role::Tool, format!("called {phrase}")))
}

/// Whether a text holds a phrase as whole words.
fn holds(text: &str, phrase: &str) -> bool {
    let is_edge = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
    // Many phrases are looked for in many names, and few names have as much as the first letter.
    if !phrase.bytes().next().is_some_and(|it| text.as_bytes().contains(&it)) {
        return false;
    }
    text.match_indices(phrase)
        .any(|(at, it)| is_edge(text[..at].chars().next_back()) && is_edge(text[at + it.len()..].chars().next()))
}

/// Programs that elect a leader: their second replica only waits.
pub(super) fn controller(index: &Workloads<'_>, workload: &Unclassified<'_>) -> Option<(Role, String)> {
    for container in workload.containers() {
        if let Some(word) = container.words().find(|it| elects(it)) {
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

/// Programs that do by design what nobody else may do at the same time.
pub(super) fn singleton(workload: &Unclassified<'_>) -> Option<(Role, String)> {
    let name = workload.object.name();
    let is_one = ["scheduler", "celery-beat"].iter().any(|it| name == *it || name.ends_with(&format!("-{it}")));
    is_one.then(|| (Role::Singleton, "its name".to_owned()))
}

/// Whether an argument covers an election that is not switched off; `--release-name` holds no lease.
fn elects(argument: &str) -> bool {
    let starts_a_word =
        |word: &str| argument.match_indices(word).any(|(at, _)| !argument[..at].ends_with(char::is_alphanumeric));
    ELECTION_WORDS.iter().any(|word| starts_a_word(word)) && !argument.ends_with("=false")
}
