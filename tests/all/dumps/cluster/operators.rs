//! What operators make of their resources: pods, claims, Services and budgets, as far as an audit could mistake them.

use super::{is, make, name, namespace, text};
use serde_json::{Value, json};

/// Everything that operators make of these objects.
pub(super) fn made(objects: &[Value]) -> Vec<Value> {
    let mut made = Vec::new();
    for object in objects {
        match text(&object["kind"]) {
            "Kafka" if is(object, "kafka.strimzi.io", "Kafka") => kafka(object, objects, &mut made),
            "Cluster" if is(object, "postgresql.cnpg.io", "Cluster") => cnpg(object, &mut made),
            "postgresql" => zalando(object, &mut made),
            "PostgresCluster" => crunchy(object, &mut made),
            "Prometheus" if is(object, "monitoring.coreos.com", "Prometheus") => {
                let labels = json!({"app.kubernetes.io/name": "prometheus", "prometheus": name(object)});
                made.push(set(object, &format!("prometheus-{}", name(object)), 2, &labels, "prometheus"));
            }
            _ => {}
        }
    }
    made
}

fn spec_of_pod(image: &str) -> Value {
    json!({"containers": [{"name": "main", "image": format!("registry.example.com/{image}:1.0.0")}]})
}

fn set(maker: &Value, own: &str, replicas: i64, labels: &Value, image: &str) -> Value {
    let template = json!({"metadata": {"labels": labels}, "spec": spec_of_pod(image)});
    let claim = json!({"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "10Gi"}}}});
    let spec = json!({"spec": {"replicas": replicas, "serviceName": own, "selector": {"matchLabels": labels},
        "template": template, "volumeClaimTemplates": [claim]}});
    make(maker, "apps/v1", "StatefulSet", own, labels, spec)
}

fn pod(maker: &Value, own: &str, labels: &Value, image: &str) -> Value {
    make(maker, "v1", "Pod", own, labels, json!({"spec": spec_of_pod(image), "status": {"phase": "Running"}}))
}

fn service(maker: &Value, own: &str, labels: &Value, selector: &Value, port: u16) -> Value {
    let spec = json!({"spec": {"ports": [{"name": "main", "port": port}], "selector": selector}});
    make(maker, "v1", "Service", own, labels, spec)
}

fn budget(maker: &Value, own: &str, labels: &Value, selector: &Value, minimum: i64) -> Value {
    let spec = json!({"spec": {"minAvailable": minimum, "selector": {"matchLabels": selector}}});
    make(maker, "policy/v1", "PodDisruptionBudget", own, labels, spec)
}

fn claim(maker: &Value, own: &str, labels: &Value) -> Value {
    let spec = json!({"spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "standard",
        "resources": {"requests": {"storage": "10Gi"}}}});
    make(maker, "v1", "PersistentVolumeClaim", own, labels, spec)
}

/// Strimzi owns what it makes without controlling it, and does not own claims at all.
fn disown(mut value: Value, is_owner: bool) -> Value {
    if is_owner {
        value["metadata"]["ownerReferences"][0]["controller"] = json!(false);
    } else {
        value["metadata"].as_object_mut().expect("it is a map").remove("ownerReferences");
    }
    value
}

fn kafka(object: &Value, objects: &[Value], made: &mut Vec<Value>) {
    let cluster = name(object);
    let labels = |component: &str| {
        json!({"app.kubernetes.io/instance": cluster, "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
            "app.kubernetes.io/name": component, "strimzi.io/cluster": cluster, "strimzi.io/kind": "Kafka",
            "strimzi.io/name": format!("{cluster}-{component}")})
    };
    let selector = |component: &str| json!({"strimzi.io/cluster": cluster, "strimzi.io/kind": "Kafka", "strimzi.io/name": format!("{cluster}-{component}")});
    let is_of = |it: &&Value| {
        it["kind"] == "KafkaNodePool"
            && it["metadata"]["labels"]["strimzi.io/cluster"] == cluster
            && namespace(it) == namespace(object)
    };
    let count = |it: &Value| it.as_i64().unwrap_or(3);
    let mut sets: Vec<(&str, &str, i64)> =
        objects.iter().filter(is_of).map(|it| ("kafka", name(it), count(&it["spec"]["replicas"]))).collect();
    if sets.is_empty() {
        sets.push(("kafka", "kafka", count(&object["spec"]["kafka"]["replicas"])));
    }
    if object["spec"]["zookeeper"].is_object() {
        sets.push(("zookeeper", "zookeeper", count(&object["spec"]["zookeeper"]["replicas"])));
    }
    for (component, own, replicas) in &sets {
        let own = format!("{cluster}-{own}");
        let pods = disown(
            make(
                object,
                "core.strimzi.io/v1beta2",
                "StrimziPodSet",
                &own,
                &labels(component),
                json!({"spec": {"pods": []}}),
            ),
            true,
        );
        for at in 0..*replicas {
            made.push(pod(&pods, &format!("{own}-{at}"), &labels(component), component));
            made.push(disown(claim(object, &format!("data-{own}-{at}"), &labels(component)), false));
        }
        made.push(pods);
    }
    for component in ["kafka", "zookeeper"] {
        let total: i64 = sets.iter().filter(|it| it.0 == component).map(|it| it.2).sum();
        if total == 0 {
            continue;
        }
        let own = format!("{cluster}-{component}");
        made.push(disown(budget(object, &own, &labels(component), &selector(component), total - 1), true));
        made.push(disown(
            service(object, &format!("{own}-brokers"), &labels(component), &selector(component), 9091),
            true,
        ));
        let policy = json!({"spec": {"podSelector": {"matchLabels": selector(component)}, "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"port": 9092}]}]}});
        made.push(disown(
            make(
                object,
                "networking.k8s.io/v1",
                "NetworkPolicy",
                &format!("{cluster}-network-policy-{component}"),
                &labels(component),
                policy,
            ),
            true,
        ));
    }
    made.push(disown(
        service(object, &format!("{cluster}-kafka-bootstrap"), &labels("kafka"), &selector("kafka"), 9092),
        true,
    ));
    for (key, component) in [
        ("entityOperator", "entity-operator"),
        ("kafkaExporter", "kafka-exporter"),
        ("cruiseControl", "cruise-control"),
    ] {
        if object["spec"][key].is_null() {
            continue;
        }
        let template = json!({"metadata": {"labels": labels(component)}, "spec": spec_of_pod(component)});
        let spec = json!({"spec": {"replicas": 1, "selector": {"matchLabels": selector(component)}, "strategy": {"type": "Recreate"}, "template": template}});
        made.push(disown(
            make(object, "apps/v1", "Deployment", &format!("{cluster}-{component}"), &labels(component), spec),
            true,
        ));
    }
}

fn cnpg(object: &Value, made: &mut Vec<Value>) {
    let cluster = name(object);
    let instances = object["spec"]["instances"].as_i64().unwrap_or(1);
    let all = json!({"cnpg.io/cluster": cluster});
    for at in 1..=instances {
        let role = if at == 1 { "primary" } else { "replica" };
        let own = format!("{cluster}-{at}");
        let labels = json!({"cnpg.io/cluster": cluster, "cnpg.io/instanceName": own, "cnpg.io/instanceRole": role,
            "cnpg.io/podRole": "instance", "role": role});
        made.push(pod(object, &own, &labels, "postgresql"));
        made.push(claim(object, &own, &all));
    }
    let of_role = |it: &str| json!({"cnpg.io/cluster": cluster, "cnpg.io/instanceRole": it});
    if object["spec"]["enablePDB"] != json!(false) {
        made.push(budget(object, &format!("{cluster}-primary"), &all, &of_role("primary"), 1));
        if instances >= 3 {
            made.push(budget(object, cluster, &all, &of_role("replica"), instances - 2));
        }
    }
    for (ending, role) in [("rw", "primary"), ("ro", "replica")] {
        made.push(service(object, &format!("{cluster}-{ending}"), &all, &of_role(role), 5432));
    }
    let secret = json!({"data": {"password": "c2VjcmV0LW9mLWEtY2x1c3Rlcg==", "username": "YXBw"}, "type": "kubernetes.io/basic-auth"});
    made.push(make(object, "v1", "Secret", &format!("{cluster}-app"), &all, secret));
}

/// Zalando's operator names no owners.
fn zalando(object: &Value, made: &mut Vec<Value>) {
    let cluster = name(object);
    let labels = json!({"application": "spilo", "cluster-name": cluster, "team": object["spec"]["teamId"]});
    let instances = object["spec"]["numberOfInstances"].as_i64().unwrap_or(1);
    let of_role = |it: &str| json!({"application": "spilo", "cluster-name": cluster, "spilo-role": it});
    made.push(disown(set(object, cluster, instances, &labels, "spilo"), false));
    made.push(disown(budget(object, &format!("postgres-{cluster}-pdb"), &labels, &of_role("master"), 1), false));
    made.push(disown(service(object, cluster, &labels, &of_role("master"), 5432), false));
    made.push(disown(service(object, &format!("{cluster}-repl"), &labels, &of_role("replica"), 5432), false));
}

fn crunchy(object: &Value, made: &mut Vec<Value>) {
    let cluster = name(object);
    let prefix = "postgres-operator.crunchydata.com";
    for instance in object["spec"]["instances"].as_array().into_iter().flatten() {
        let own = instance["name"].as_str().unwrap_or("00");
        let replicas = instance["replicas"].as_i64().unwrap_or(1);
        let labels = json!({format!("{prefix}/cluster"): cluster, format!("{prefix}/instance-set"): own, format!("{prefix}/data"): "postgres"});
        for at in 0..replicas {
            made.push(set(object, &format!("{cluster}-{own}-{at}"), 1, &labels, "crunchy-postgres"));
        }
        if replicas > 1 {
            made.push(budget(object, &format!("{cluster}-set-{own}"), &labels, &labels, 1));
        }
    }
    let primary = json!({format!("{prefix}/cluster"): cluster, format!("{prefix}/role"): "master"});
    made.push(service(
        object,
        &format!("{cluster}-ha"),
        &json!({format!("{prefix}/cluster"): cluster}),
        &primary,
        5432,
    ));
}
