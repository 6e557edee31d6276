//! What Kubernetes' own controllers, and KEDA, make of objects.

use super::{is, make, name, text};
use serde_json::{Value, json};

/// Everything that controllers make of these objects.
pub(super) fn made(objects: &[Value]) -> Vec<Value> {
    let mut made = Vec::new();
    for object in objects {
        match text(&object["kind"]) {
            "Deployment" if is(object, "apps", "Deployment") => deployment(object, objects, &mut made),
            "StatefulSet" => stateful_set(object, &mut made),
            "DaemonSet" => {
                let template = &object["spec"]["template"];
                made.extend(
                    (1..=2).map(|it| pod(object, &format!("{}-x{it}", name(object)), template, json!({}), "Running")),
                );
            }
            "Job" => jobs_pod(object, &mut made),
            "CronJob" => {
                let rest = json!({"spec": object["spec"]["jobTemplate"]["spec"]});
                let job = make(object, "batch/v1", "Job", &format!("{}-29500000", name(object)), &Value::Null, rest);
                jobs_pod(&job, &mut made);
                made.push(job);
            }
            "Service" => service(object, &mut made),
            "ScaledObject" => made.push(scaled_object(object)),
            _ => {}
        }
    }
    made
}

/// The replicas of a workload, as an autoscaler or its author set them.
fn replicas(workload: &Value, objects: &[Value]) -> i64 {
    let is_target = |it: &&Value| {
        let target = &it["spec"]["scaleTargetRef"];
        target["name"] == workload["metadata"]["name"]
            && target["kind"].as_str().unwrap_or("Deployment") == text(&workload["kind"])
            && it["metadata"]["namespace"] == workload["metadata"]["namespace"]
    };
    let floor = |it: &Value| it["spec"]["minReplicas"].as_i64().or(it["spec"]["minReplicaCount"].as_i64()).unwrap_or(1);
    let scaled = objects.iter().find(is_target).map(floor);
    scaled.or(workload["spec"]["replicas"].as_i64()).unwrap_or(1)
}

fn pod(maker: &Value, pod: &str, template: &Value, labels: Value, phase: &str) -> Value {
    let mut all = template["metadata"]["labels"].clone();
    for (key, value) in labels.as_object().into_iter().flatten() {
        all[key] = value.clone();
    }
    let rest = json!({"spec": template["spec"], "status": {"phase": phase}});
    make(maker, "v1", "Pod", pod, &all, rest)
}

/// A former ReplicaSet without pods, and the present one with all of them.
fn deployment(object: &Value, objects: &[Value], made: &mut Vec<Value>) {
    let count = replicas(object, objects);
    for (hash, size) in [("5d9c7b6f48", 0), ("7f6d58c9b4", count)] {
        let mut template = object["spec"]["template"].clone();
        template["metadata"]["labels"]["pod-template-hash"] = json!(hash);
        let labels = template["metadata"]["labels"].clone();
        let spec = json!({"spec": {"replicas": size, "selector": {"matchLabels": labels}, "template": template}});
        let set = make(object, "apps/v1", "ReplicaSet", &format!("{}-{hash}", name(object)), &labels, spec);
        for at in 0..size {
            made.push(pod(&set, &format!("{}-{at}", name(&set)), &template, json!({}), "Running"));
        }
        made.push(set);
    }
}

fn stateful_set(object: &Value, made: &mut Vec<Value>) {
    let template = &object["spec"]["template"];
    for at in 0..object["spec"]["replicas"].as_i64().unwrap_or(1) {
        let own = format!("{}-{at}", name(object));
        let labels = json!({"apps.kubernetes.io/pod-index": at.to_string(), "statefulset.kubernetes.io/pod-name": own,
            "controller-revision-hash": "db-6d5"});
        made.push(pod(object, &own, template, labels, "Running"));
        for claim in object["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
            let labels = &object["spec"]["selector"]["matchLabels"];
            let mut claim = make(
                object,
                "v1",
                "PersistentVolumeClaim",
                &format!("{}-{own}", name(claim)),
                labels,
                json!({"spec": claim["spec"]}),
            );
            claim["metadata"].as_object_mut().expect("it is a map").remove("ownerReferences");
            claim["spec"]["storageClassName"] = json!("standard");
            made.push(claim);
        }
    }
    made.push(make(
        object,
        "apps/v1",
        "ControllerRevision",
        &format!("{}-6d5", name(object)),
        &Value::Null,
        json!({"revision": 1}),
    ));
}

fn jobs_pod(job: &Value, made: &mut Vec<Value>) {
    let labels = json!({"batch.kubernetes.io/job-name": name(job), "job-name": name(job)});
    made.push(pod(job, &format!("{}-k2x9p", name(job)), &job["spec"]["template"], labels, "Succeeded"));
}

fn service(object: &Value, made: &mut Vec<Value>) {
    let slice = json!({"addressType": "IPv4", "endpoints": [], "ports": []});
    made.push(make(
        object,
        "discovery.k8s.io/v1",
        "EndpointSlice",
        &format!("{}-x7k2p", name(object)),
        &Value::Null,
        slice,
    ));
    let mut endpoints = make(object, "v1", "Endpoints", name(object), &Value::Null, json!({"subsets": []}));
    endpoints["metadata"].as_object_mut().expect("it is a map").remove("ownerReferences");
    made.push(endpoints);
}

/// KEDA's HPA. Its floor is at least 1, whatever the `ScaledObject` says.
fn scaled_object(object: &Value) -> Value {
    let spec = &object["spec"];
    let target = &spec["scaleTargetRef"];
    let metric = json!({"external": {"metric": {"name": "s0"}, "target": {"averageValue": "5", "type": "AverageValue"}}, "type": "External"});
    let rest = json!({"spec": {
        "maxReplicas": spec["maxReplicaCount"].as_i64().unwrap_or(100),
        "metrics": [metric],
        "minReplicas": spec["minReplicaCount"].as_i64().unwrap_or(1).max(1),
        "scaleTargetRef": {
            "apiVersion": target["apiVersion"].as_str().unwrap_or("apps/v1"),
            "kind": target["kind"].as_str().unwrap_or("Deployment"), "name": target["name"],
        },
    }});
    let labels = json!({"app.kubernetes.io/managed-by": "keda-operator", "scaledobject.keda.sh/name": name(object)});
    make(object, "autoscaling/v2", "HorizontalPodAutoscaler", &format!("keda-hpa-{}", name(object)), &labels, rest)
}
