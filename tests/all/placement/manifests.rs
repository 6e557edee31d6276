//! The manifests of an environment of the scheduler's.

use serde_json::{Map, Value, json};

/// Nodes, workloads with their Services, budgets and autoscalers.
pub(super) fn manifests(case: &Value) -> String {
    let mut objects = nodes(case);
    for (at, workload) in case["workloads"].as_array().expect("a case has workloads").iter().enumerate() {
        objects.extend(objects_of(&format!("app-{at}"), workload));
    }
    objects.iter().map(Value::to_string).collect::<Vec<_>>().join("\n---\n")
}

fn nodes(case: &Value) -> Vec<Value> {
    let sizes = case["sizes"].as_array().expect("a case has zones");
    let mut nodes = Vec::new();
    for (zone, size) in sizes.iter().enumerate() {
        for _ in 0..size.as_i64().expect("a number of nodes") {
            let name = format!("n{}", nodes.len());
            let labels = json!({"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": format!("z{zone}")});
            nodes.push(json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}}));
        }
    }
    nodes
}

fn objects_of(name: &str, workload: &Value) -> Vec<Value> {
    let own = json!({"app": name});
    let kind = workload["kind"].as_str().expect("a kind");
    let mut spec = json!({
        "replicas": workload["replicas"],
        "selector": {"matchLabels": own},
        "template": {"metadata": {"labels": {"app": name, "part-of": "all"}}, "spec": pods(&own, workload)},
    });
    if kind == "Deployment" {
        let posts = json!({"maxSurge": workload["maxSurge"], "maxUnavailable": workload["maxUnavailable"]});
        spec["strategy"] = json!({"type": "RollingUpdate", "rollingUpdate": posts});
    } else {
        spec["serviceName"] = json!(name);
    }
    let object = |version: &str, kind: &str, spec: Value| json!({"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "default"}, "spec": spec});
    let port = json!([{"port": 80}]);
    let mut objects =
        vec![object("apps/v1", kind, spec), object("v1", "Service", json!({"selector": own, "ports": port}))];
    if let Some(budget) = workload["budget"].as_object() {
        let mut budget = budget.clone();
        budget.insert("selector".to_owned(), json!({"matchLabels": own}));
        objects.push(object("policy/v1", "PodDisruptionBudget", Value::Object(budget)));
    }
    if let Some(ceiling) = workload["ceiling"].as_i64() {
        let target = json!({"apiVersion": "apps/v1", "kind": kind, "name": name});
        let scaled = json!({"scaleTargetRef": target, "minReplicas": workload["replicas"], "maxReplicas": ceiling});
        objects.push(object("autoscaling/v2", "HorizontalPodAutoscaler", scaled));
    }
    objects
}

fn pods(own: &Value, workload: &Value) -> Value {
    let mut spec = json!({"containers": [{"name": "main", "image": "example.org/app:1"}]});
    for constraint in workload["constraints"].as_array().into_iter().flatten() {
        let labels = if constraint["shared"] == true { json!({"part-of": "all"}) } else { own.clone() };
        let mut term = Map::new();
        term.insert("topologyKey".to_owned(), constraint["key"].clone());
        term.insert("labelSelector".to_owned(), json!({"matchLabels": labels}));
        for key in ["maxSkew", "minDomains", "nodeTaintsPolicy", "matchLabelKeys"] {
            if let Some(value) = constraint.get(key) {
                term.insert(key.to_owned(), value.clone());
            }
        }
        let form = constraint["form"].as_str().expect("a form");
        let anti = &mut spec["affinity"]["podAntiAffinity"];
        let list = match form {
            "required" => &mut anti["requiredDuringSchedulingIgnoredDuringExecution"],
            "preferred" => {
                term = Map::from_iter([
                    ("weight".to_owned(), json!(100)),
                    ("podAffinityTerm".to_owned(), Value::Object(term)),
                ]);
                &mut anti["preferredDuringSchedulingIgnoredDuringExecution"]
            }
            _ => {
                term.insert("whenUnsatisfiable".to_owned(), json!(form));
                &mut spec["topologySpreadConstraints"]
            }
        };
        if list.is_null() {
            *list = json!([]);
        }
        list.as_array_mut().expect("a list").push(Value::Object(term));
    }
    spec
}
