//! Clusters of Kafka, their topics and their clients.

use crate::Shape;
use crate::objects::{deployment_of, list, spec};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("topics x clusters of Kafka", 100, |tree, n| {
        clusters(tree, n);
        pools(tree, n, |it| it);
        topics(tree, n, |it| format!("k{it}"));
    }),
    Shape::new("topics of unknown clusters x clusters", 100, |tree, n| {
        clusters(tree, n);
        pools(tree, n, |it| it);
        topics(tree, n, |it| format!("l{it}"));
    }),
    Shape::new("topics of one cluster", 500, |tree, n| {
        clusters(tree, 1);
        pools(tree, 1, |it| it);
        topics(tree, n, |_| "k0".to_owned());
    }),
    Shape::new("node pools of one cluster", 250, |tree, n| {
        clusters(tree, 1);
        pools(tree, n, |_| 0);
    }),
    Shape { name: "drill over node pools of one cluster", start: 250, arguments: &["drill"], make: many_pools },
    Shape::new("users of one cluster", 500, |tree, n| {
        clusters(tree, 1);
        pools(tree, 1, |it| it);
        tree.each("u.yaml", n, |it| of_cluster("KafkaUser", &format!("u{it}"), "k0", "authentication: {type: tls}"));
    }),
    Shape::new("Kafka Connect clusters of one group", 100, |tree, n| {
        clusters(tree, 1);
        tree.each("c.yaml", n, |it| {
            let fields = "replicas: 3, bootstrapServers: 'k0-kafka-bootstrap:9092', groupId: one, offsetStorageTopic: one, \
                          configStorageTopic: two, statusStorageTopic: three";
            spec("kafka.strimzi.io/v1", "KafkaConnect", &format!("c{it}"), fields)
        });
    }),
    Shape::new("connectors x Kafka Connect clusters", 100, |tree, n| {
        tree.each("c.yaml", n, |it| {
            let fields = format!("replicas: 3, bootstrapServers: 'k0-kafka-bootstrap:9092', groupId: g{it}");
            spec("kafka.strimzi.io/v1", "KafkaConnect", &format!("c{it}"), &fields)
        });
        tree.each("k.yaml", n, |it| {
            of_cluster("KafkaConnector", &format!("x{it}"), &format!("c{it}"), "class: a.B, tasksMax: 1")
        });
    }),
    Shape::new("Deployments x clusters of Kafka", 100, |tree, n| {
        clusters(tree, n);
        clients(tree, n, |it| format!("k{it}-kafka-bootstrap:9092"));
    }),
    Shape::new("Deployments of unknown brokers x clusters", 100, |tree, n| {
        clusters(tree, n);
        clients(tree, n, |it| format!("l{it}-kafka-bootstrap:9092"));
    }),
    Shape::new("consumers of one topic", 250, |tree, n| {
        clusters(tree, 1);
        topics(tree, n, |_| "k0".to_owned());
        tree.each("d.yaml", n, |it| {
            let variables = format!(
                "env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: 'k0-kafka-bootstrap:9092'}}, {{name: KAFKA_TOPIC, value: t{it}}}, \
                 {{name: KAFKA_GROUP_ID, value: g}}]"
            );
            deployment_of(&format!("d{it}"), &variables, "")
        });
    }),
    Shape::new("brokers in one variable", 5_000, |tree, n| {
        let servers = (0..n).map(|it| format!("k{it}:9092")).collect::<Vec<_>>().join(",");
        let variables = format!("env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: '{servers}'}}]");
        tree.write("d.yaml", deployment_of("d", &variables, ""));
    }),
    Shape::new("brokers in one variable of each of 100 Deployments", 100, |tree, n| {
        let servers = (0..n).map(|it| format!("k{it}:9092")).collect::<Vec<_>>().join(",");
        let variables = format!("env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: '{servers}'}}]");
        tree.each("d.yaml", 100, |it| deployment_of(&format!("d{it}"), &variables, ""));
    }),
    Shape::new("listeners of one cluster", 500, |tree, n| {
        let listeners = list(n, |it| format!("{{name: l{it}, port: {}, type: internal, tls: false}}", 9092 + it));
        tree.write(
            "k.yaml",
            spec("kafka.strimzi.io/v1", "Kafka", "k", &format!("kafka: {{listeners: [{listeners}]}}")),
        );
    }),
];

fn many_pools(tree: &Tree, n: usize) {
    clusters(tree, 1);
    pools(tree, n, |_| 0);
}

fn clusters(tree: &Tree, n: usize) {
    tree.each("k.yaml", n, |it| {
        let fields = "kafka: {version: 4.0.0, listeners: [{name: plain, port: 9092, type: internal, tls: false}], config: \
                      {default.replication.factor: 3, min.insync.replicas: 2}}, entityOperator: {topicOperator: {}, userOperator: {}}";
        spec("kafka.strimzi.io/v1", "Kafka", &format!("k{it}"), fields)
    });
}

/// An object with Strimzi's label of a cluster.
fn of_cluster(kind: &str, name: &str, cluster: &str, fields: &str) -> String {
    let text = spec("kafka.strimzi.io/v1", kind, name, fields);
    text.replacen("metadata: {", &format!("metadata: {{labels: {{strimzi.io/cluster: {cluster}}}, "), 1)
}

fn pools(tree: &Tree, n: usize, cluster: impl Fn(usize) -> usize) {
    tree.each("p.yaml", n, |it| {
        let fields = "replicas: 3, roles: [controller, broker], storage: {type: persistent-claim, size: 10Gi}";
        of_cluster("KafkaNodePool", &format!("p{it}"), &format!("k{}", cluster(it)), fields)
    });
}

fn topics(tree: &Tree, n: usize, cluster: impl Fn(usize) -> String) {
    tree.each("t.yaml", n, |it| {
        of_cluster("KafkaTopic", &format!("t{it}"), &cluster(it), "partitions: 3, replicas: 1")
    });
}

fn clients(tree: &Tree, n: usize, server: impl Fn(usize) -> String) {
    tree.each("d.yaml", n, |it| {
        let variables = format!("env: [{{name: KAFKA_BOOTSTRAP_SERVERS, value: '{}'}}]", server(it));
        deployment_of(&format!("d{it}"), &variables, "")
    });
}
