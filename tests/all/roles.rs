//! What part a workload plays: a table of manifests and roles.

use crate::common::environment;
use edms_lint::config::Config;
use edms_lint::index::Index;

/// The role of the first workload of a text, with the reason.
fn role(text: &str) -> (&'static str, String) {
    let (sources, environment) = environment(&[("a.yaml".to_owned(), text.to_owned())], false);
    let config = Config::default();
    let index = Index::new(&environment, &sources, &config);
    let workload = index.workloads().first().expect("the text has a workload");
    (workload.role.name(), workload.role_reason.to_string())
}

/// A Deployment of this name with containers as flow maps.
fn deployment(name: &str, containers: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  template:\n    metadata: {{labels: \
         {{app: {name}}}}}\n    spec:\n      containers: [{containers}]\n"
    )
}

/// The same behind a Service.
fn served(name: &str, containers: &str) -> String {
    deployment(name, containers) + &service(name, "")
}

fn service(name: &str, ports: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}{ports}}}\n"
    )
}

fn check(table: &[(&str, String)]) {
    for (expected, text) in table {
        let (found, reason) = role(text);
        assert_eq!(found, *expected, "because {reason}:\n{text}");
    }
}

const PLAIN: &str = "{name: main, image: 'shop:1'}";

#[test]
fn servers_of_postgresql() {
    let data = "volumeMounts: [{name: d, mountPath: /var/lib/postgresql/data}]";
    let port = "ports: [{containerPort: 5432}]";
    check(&[
        ("postgres", deployment("db", "{name: c, image: 'postgres:16-alpine'}")),
        ("postgres", deployment("db", "{name: c, image: 'docker.io/bitnami/postgresql:16'}")),
        ("postgres", deployment("db", "{name: c, image: 'timescale/timescaledb-ha:pg16@sha256:00'}")),
        ("postgres", deployment("db", "{name: c, image: 'ghcr.io/zalando/spilo-17:4'}")),
        ("postgres", deployment("db", &format!("{{name: c, image: 'our-db:1', {port}, {data}}}"))),
        ("postgres", deployment("db", &format!("{{name: c, image: 'our-db:1', {port}, env: [{{name: PGDATA}}]}}"))),
        ("postgres", deployment("db", "{name: c, image: 'postgres:16', command: [docker-entrypoint.sh, postgres]}")),
        (
            "postgres",
            deployment("db", "{name: c, image: 'postgres:16', command: [bash, -c, 'chown x /d; exec postgres -D /d']}"),
        ),
        (
            "postgres",
            deployment(
                "db",
                "{name: e, image: 'prometheuscommunity/postgres-exporter:1'}, {name: c, image: 'postgres:16'}",
            ),
        ),
    ]);
}

#[test]
fn what_only_talks_to_postgresql() {
    check(&[
        ("tool", deployment("psql", "{name: c, image: 'postgres:16', command: [sleep, infinity]}")),
        ("app", deployment("dump", "{name: c, image: 'postgres:16', command: [pg_dump, -h, db]}")),
        (
            "app",
            deployment(
                "dump",
                "{name: c, image: 'postgres:16', command: [sh, -ec, 'while true; do pg_dump db; done']}",
            ),
        ),
        ("tool", deployment("metrics", "{name: c, image: 'crunchydata/crunchy-postgres-exporter:1'}")),
        ("tool", deployment("admin", "{name: c, image: 'dpage/pgadmin4:8'}")),
        (
            "app",
            deployment(
                "pool",
                "{name: c, image: 'pgbouncer:1', ports: [{containerPort: 5432}], env: [{name: POSTGRESQL_HOST}]}",
            ),
        ),
        ("app", deployment("shop", "{name: c, image: 'shop:1', env: [{name: POSTGRES_PASSWORD}]}")),
        (
            "app",
            deployment("shop", PLAIN).replace(
                "      containers",
                "      initContainers: [{name: w, image: 'postgres:16', command: [pg_isready]}]\n      containers",
            ),
        ),
    ]);
}

#[test]
fn brokers_and_what_only_talks_to_them() {
    let listeners = "env: [{name: KAFKA_ADVERTISED_LISTENERS}], ports: [{containerPort: 9092}]";
    check(&[
        ("kafka", deployment("bus", "{name: c, image: 'apache/kafka:3.9.0'}")),
        ("kafka", deployment("bus", "{name: c, image: 'confluentinc/cp-server:7'}")),
        ("kafka", deployment("bus", &format!("{{name: c, image: 'our-bus:1', {listeners}}}"))),
        (
            "kafka",
            deployment(
                "bus",
                "{name: c, image: 'kafka:1', command: [sh, -c, 'kafka-storage.sh format; exec kafka-server-start.sh /c']}",
            ),
        ),
        ("zookeeper", deployment("zk", "{name: c, image: 'zookeeper:3.9'}")),
        (
            "zookeeper",
            deployment("zk", "{name: c, image: 'kafka:1', command: [/opt/bin/zookeeper-server-start.sh, /c]}"),
        ),
        ("tool", deployment("kafka-ui", "{name: c, image: 'kafbat/kafka-ui:1'}")),
        ("tool", deployment("console", "{name: c, image: 'redpandadata/console:2'}")),
        ("tool", deployment("lag", "{name: c, image: 'danielqsj/kafka-exporter:1'}")),
        ("app", deployment("make", "{name: c, image: 'bitnami/kafka:3', command: [kafka-topics.sh, --create]}")),
        ("app", deployment("mm", "{name: c, image: 'strimzi/kafka:1', command: [bin/connect-mirror-maker.sh, /c]}")),
        ("app", served("registry", "{name: c, image: 'confluentinc/cp-schema-registry:7'}")),
        (
            "consumer",
            deployment(
                "connect",
                "{name: c, image: 'debezium/connect:2', env: [{name: GROUP_ID}, {name: BOOTSTRAP_SERVERS}]}",
            ),
        ),
    ]);
}

#[test]
fn stores_and_what_keeps_one_beside_itself() {
    check(&[
        ("datastore", deployment("cache", "{name: c, image: 'redis:7'}")),
        (
            "datastore",
            deployment("queue", "{name: c, image: 'bitnami/rabbitmq:3'}, {name: e, image: 'rabbit-exporter:1'}"),
        ),
        ("datastore", deployment("mongo", "{name: s, image: 'mongo-sidecar:1'}, {name: c, image: 'mongo:7'}")),
        ("backend", served("orders-api", "{name: c, image: 'orders:1'}, {name: cache, image: 'redis:7'}")),
        ("backend", served("orders-api", "{name: c, image: 'orders:1'}, {name: v, image: 'hashicorp/vault:1'}")),
        ("app", deployment("flush", "{name: c, image: 'redis:7', command: [redis-cli, flushall]}")),
    ]);
}

#[test]
fn tools() {
    check(&[
        ("tool", deployment("shell", "{name: c, image: 'alpine:3', command: [tail, -f, /dev/null]}")),
        ("tool", deployment("shell", "{name: c, image: 'alpine:3', command: [/bin/sh, -c, 'sleep infinity']}")),
        (
            "tool",
            deployment("shell", "{name: c, image: 'alpine:3', command: [sh, -c, 'while true; do sleep 9; done']}"),
        ),
        ("tool", deployment("shell", "{name: c, image: 'busybox:1', args: [sleep, '9']}")),
        ("app", deployment("follow", "{name: c, image: 'alpine:3', command: [tail, -f, /var/log/app.log]}")),
        ("tool", deployment("shop-loadgenerator", PLAIN)),
        ("tool", deployment("mailhog", PLAIN)),
        (
            "tool",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{image: 'curlimages/curl:8'}]}\n"
                .into(),
        ),
        ("app", deployment("shell", "{name: c, image: 'alpine:3', command: [sh, -c, 'sleep 5; exec /app']}")),
        ("backend", served("api", "{name: c, image: 'shop:1'}, {name: k, image: 'alpine:3', command: [sleep, '9']}")),
    ]);
}

#[test]
fn controllers_and_the_platform() {
    let rights = |resource: &str, kind: &str| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: r}}\nrules: [{resource}]\n---\n\
             apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}Binding\nmetadata: {{name: r}}\nroleRef: {{kind: {kind}, \
             name: r}}\nsubjects: [{{kind: ServiceAccount, name: s}}]\n"
        )
    };
    let account =
        deployment("thing", PLAIN).replace("      containers", "      serviceAccountName: s\n      containers");
    let leases = "{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, update]}";
    let pods = "{apiGroups: [''], resources: [pods], verbs: [list, watch]}";
    let configs = "{apiGroups: [''], resources: [configmaps], verbs: [list, watch]}";
    check(&[
        ("controller", deployment("thing", "{name: c, image: 'x:1', args: [--leader-elect]}")),
        ("controller", deployment("thing", "{name: c, image: 'x:1', args: ['--lease-duration=15s']}")),
        ("controller", deployment("thing", "{name: c, image: 'fluxcd/source-controller:1'}")),
        ("controller", deployment("thing", "{name: c, image: 'quay.io/strimzi/operator:0.45.0'}")),
        ("controller", account.clone() + &rights(leases, "Role")),
        ("controller", account.clone() + &rights(pods, "ClusterRole")),
        ("app", account.clone() + &rights(pods, "Role")),
        ("app", account + &rights(configs, "ClusterRole")),
        ("app", deployment("thing", "{name: c, image: 'x:1', args: ['--leader-elect=false', --release-name=a]}")),
        (
            "platform",
            deployment("thing", PLAIN)
                .replace("metadata: {name: thing}\nspec:", "metadata: {name: thing, namespace: kube-system}\nspec:"),
        ),
    ]);
}

#[test]
fn applications_by_what_they_are_called_told_and_reached_by() {
    let env = |name: &str| format!("{{name: main, image: 'shop:1', env: [{{name: {name}}}]}}");
    let ingress = |path: &str| {
        format!(
            "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i}}\nspec: {{rules: [{{http: {{paths: \
             [{{path: {path}, backend: {{service: {{name: shop, port: {{number: 80}}}}}}}}]}}}}]}}\n"
        )
    };
    let keda = "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: k}\nspec: {scaleTargetRef: {name: \
                orders-api}, triggers: [{type: rabbitmq}]}\n";
    check(&[
        ("backend", served("orders-api", PLAIN)),
        ("app", deployment("orders-api", PLAIN)),
        ("frontend", served("shop-web", PLAIN)),
        ("backend", served("web-api", PLAIN)),
        ("app", served("orders", PLAIN)),
        ("app", served("orders", "{name: main, image: 'shop:1', ports: [{containerPort: 8080}]}")),
        ("app", served("orders", "{name: main, image: 'nginx:1'}")),
        ("frontend", served("orders", "{name: main, image: 'nginx:1', ports: [{containerPort: 80}]}")),
        ("frontend", served("shop", "{name: main, image: 'nginx:1'}") + &ingress("/")),
        ("backend", served("shop", "{name: main, image: 'shop-service:1'}") + &ingress("/api")),
        ("backend", served("orders", &env("SPRING_DATASOURCE_URL"))),
        ("backend", served("orders", &env("KAFKA_BOOTSTRAP_SERVERS"))),
        ("backend", served("orders", &env("DATABASE_URL"))),
        ("app", served("orders", &env("SENTRY_DSN"))),
        ("frontend", served("orders", &env("NEXT_PUBLIC_API"))),
        ("consumer", deployment("orders-worker", PLAIN)),
        ("app", served("orders-worker", PLAIN)),
        ("app", deployment("webworkers", PLAIN)),
        ("app", deployment("orders", "{name: main, image: 'shop:1', args: [consume]}")),
        ("consumer", deployment("orders", "{name: main, image: 'shop-worker:1', args: [consume]}")),
        ("consumer", deployment("orders", "{name: listener, image: 'shop:1'}")),
        ("consumer", deployment("orders", "{name: main, image: 'shop:1', args: [--group-id=a, --brokers=b]}")),
        ("backend", served("orders-api", PLAIN) + keda),
        (
            "consumer",
            deployment("orders-worker", PLAIN) + &service("orders-worker", ", ports: [{name: metrics, port: 90}]"),
        ),
    ]);
}

#[test]
fn what_the_manifest_says_of_itself_wins() {
    let said = |role: &str| {
        deployment("orders-api", PLAIN).replace(
            "{name: orders-api}\nspec",
            &format!("{{name: orders-api, annotations: {{edms-lint.dev/role: {role}}}}}\nspec"),
        )
    };
    check(&[
        ("singleton", said("singleton")),
        ("ignore", said("ignore")),
        ("app", said("nonsense")),
        (
            "ignore",
            deployment("t", PLAIN).replace("{name: t}\nspec", "{name: t, annotations: {helm.sh/hook: test}}\nspec"),
        ),
        ("ignore", deployment("d", PLAIN).replace("kind: Deployment", "kind: DaemonSet")),
        ("ignore", deployment("j", PLAIN).replace("kind: Deployment", "kind: Job").replace("apps/v1", "batch/v1")),
    ]);
}

#[test]
fn stores_are_recognised_by_the_words_of_their_images() {
    let with = |image: &str| served("box", &format!("{{name: c, image: '{image}', env: [{{name: MYSQL_USER}}]}}"));
    check(&[
        ("datastore", with("quay.io/fedora/mysql-80:1")),
        ("datastore", with("registry.redhat.io/rhel9/redis-7:1")),
        ("datastore", with("mcr.microsoft.com/mssql/server:2022-latest")),
        ("datastore", with("mongodb/mongodb-community-server:8.0-ubi9")),
        ("datastore", with("percona/percona-server-mongodb:8.0")),
        ("datastore", with("qdrant/qdrant:v1.15")),
        ("postgres", with("quay.io/sclorg/postgresql-15-c9s:20250910")),
        ("backend", with("shop/mysql-sync-worker:3")),
    ]);
}

#[test]
fn what_waits_holds_room_or_stands_in_is_a_tool() {
    let script = |it: &str| served("console", &format!("{{name: c, image: 'debian:13', command: [bash, -c, '{it}']}}"));
    check(&[
        ("tool", script("apt-get update && apt-get install --yes curl; exec bash -c \"tail -f /dev/null\"")),
        ("tool", script("prepare && sleep infinity")),
        ("app", script("nginx & tail -f /dev/null")),
        ("app", script("service nginx start; tail -f /dev/null")),
        ("tool", deployment("room", "{name: c, image: 'registry.k8s.io/pause:3.10'}")),
        ("tool", served("adapter", "{name: c, image: 'gke-release/custom-metrics-stackdriver-adapter:v0.12'}")),
        ("tool", deployment("virtual-customer", PLAIN)),
        ("tool", deployment("load-test-worker", PLAIN)),
        ("controller", deployment("watch", "{name: c, image: 'ghcr.io/stakater/reloader:v1'}")),
    ]);
}

#[test]
fn what_must_run_once_is_a_singleton() {
    let commented = |before: &str, beside: &str| {
        let spec = format!("spec:{before}\n  replicas: 1{beside}\n");
        served("merge-api", PLAIN).replacen("spec:\n", &spec, 1)
    };
    check(&[
        ("singleton", served("backend-scheduler", PLAIN)),
        ("singleton", deployment("celery-beat", PLAIN)),
        ("singleton", commented("", " # Do not scale up.")),
        ("singleton", commented("\n  # It keeps its locks in memory:\n  # it must not run twice.", "")),
        ("backend", commented("", " # one is enough in the test environment")),
        (
            "backend",
            commented("\n  # do not scale", "\n  paused: false").replacen(
                "  replicas: 1\n",
                "  paused: true\n  replicas: 1\n",
                1,
            ),
        ),
    ]);
}

#[test]
fn the_label_tier_is_read_and_what_is_reached_is_no_queue_consumer() {
    let tier = served("shop", PLAIN).replacen("{app: shop}", "{app: shop, tier: frontend}", 1);
    let keda = "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: profile}\nspec: {scaleTargetRef: \
                {name: profile-api}, triggers: [{type: kafka}]}\n";
    check(&[
        ("frontend", tier),
        ("consumer", deployment("profile-api", PLAIN) + keda),
        ("backend", served("profile-api", PLAIN) + keda),
    ]);
}
