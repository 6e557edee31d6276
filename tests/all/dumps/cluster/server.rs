//! What the API server adds: identity, accounts, defaults, and what is in every cluster.

use super::{group, name, namespaces, text, uid};
use serde_json::{Map, Value, json};

/// The object as the server stores it.
pub(super) fn complete(mut value: Value, is_applied: bool) -> Value {
    let applied = value.clone();
    defaults(&mut value);
    let uid = uid(&value);
    let version: u32 = uid.bytes().map(u32::from).sum::<u32>() + 1000;
    let accounts = json!([{
        "apiVersion": value["apiVersion"], "fieldsType": "FieldsV1", "fieldsV1": fields(&value, true),
        "manager": if is_applied { "kubectl-client-side-apply" } else { "kube-controller-manager" },
        "operation": "Update", "time": "2026-03-01T08:00:00Z",
    }]);
    let metadata = value["metadata"].as_object_mut().expect("every object has one");
    metadata.insert("creationTimestamp".into(), json!("2026-03-01T08:00:00Z"));
    metadata.insert("generation".into(), json!(2));
    metadata.insert("managedFields".into(), accounts);
    metadata.insert("resourceVersion".into(), json!(version.to_string()));
    metadata.insert("uid".into(), json!(uid));
    if is_applied {
        let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
        annotations["kubectl.kubernetes.io/last-applied-configuration"] = json!(applied.to_string());
    }
    if value["status"].is_null() && !matches!(text(&value["kind"]), "ConfigMap" | "Secret" | "StorageClass" | "Role") {
        value["status"] = json!({"conditions": [{"type": "Ready", "status": "True"}], "observedGeneration": 2});
        let kind = text(&value["kind"]).to_owned();
        if matches!(kind.as_str(), "RoleBinding" | "ServiceAccount" | "ClusterRole" | "ClusterRoleBinding") {
            value.as_object_mut().expect("it is a map").remove("status");
        }
    }
    value
}

/// Accounts of all fields but those that nobody owns.
fn fields(value: &Value, is_root: bool) -> Value {
    let mut owned = Map::new();
    for (key, child) in value.as_object().into_iter().flatten() {
        if is_root && matches!(key.as_str(), "apiVersion" | "kind" | "status") {
            continue;
        }
        let account = match child {
            Value::Object(_) => fields(child, false),
            Value::Array(items) => {
                let named = items.iter().filter(|it| it["name"].is_string());
                named.map(|it| (format!("k:{}", json!({"name": it["name"]})), fields(it, false))).collect()
            }
            _ => json!({}),
        };
        owned.insert(format!("f:{key}"), account);
    }
    Value::Object(owned)
}

fn set(value: &mut Value, key: &str, default: Value) {
    if value.is_object() && value[key].is_null() {
        value[key] = default;
    }
}

fn each(value: &mut Value, key: &str, change: impl Fn(&mut Value)) {
    value[key].as_array_mut().into_iter().flatten().for_each(change);
}

fn defaults(value: &mut Value) {
    let (group, kind) = (group(value).to_owned(), text(&value["kind"]).to_owned());
    match (group.as_str(), kind.as_str()) {
        ("apps", "Deployment") => deployment(&mut value["spec"]),
        ("apps", "StatefulSet") => stateful_set(&mut value["spec"]),
        ("apps", "DaemonSet") => {
            let spec = &mut value["spec"];
            set(spec, "revisionHistoryLimit", json!(10));
            set(
                spec,
                "updateStrategy",
                json!({"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}, "type": "RollingUpdate"}),
            );
            template(&mut spec["template"]);
        }
        ("apps", "ReplicaSet") => template(&mut value["spec"]["template"]),
        ("batch", "Job") => job(&mut value["spec"]),
        ("batch", "CronJob") => {
            let spec = &mut value["spec"];
            set(spec, "concurrencyPolicy", json!("Allow"));
            set(spec, "failedJobsHistoryLimit", json!(1));
            set(spec, "successfulJobsHistoryLimit", json!(3));
            set(spec, "suspend", json!(false));
            set(&mut spec["jobTemplate"], "metadata", json!({}));
            spec["jobTemplate"]["metadata"]["creationTimestamp"] = Value::Null;
            template(&mut spec["jobTemplate"]["spec"]["template"]);
        }
        ("", "Pod") => pod(&mut value["spec"]),
        ("", "Service") => service(&mut value["spec"]),
        ("", "PersistentVolumeClaim") => {
            set(&mut value["spec"], "volumeMode", json!("Filesystem"));
            value["spec"]["volumeName"] = json!("pvc-2b0f9a52-0001");
        }
        ("", "Namespace") => {
            let own = name(value).to_owned();
            value["metadata"]["labels"]["kubernetes.io/metadata.name"] = json!(own);
            value["spec"] = json!({"finalizers": ["kubernetes"]});
        }
        ("", "Secret") => secret(value),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(&mut value["spec"]),
        ("storage.k8s.io", "StorageClass") => {
            set(value, "reclaimPolicy", json!("Delete"));
            set(value, "volumeBindingMode", json!("Immediate"));
        }
        ("postgresql.cnpg.io", "Cluster") => cnpg(&mut value["spec"]),
        ("monitoring.coreos.com", "Prometheus") => {
            set(&mut value["spec"], "evaluationInterval", json!("30s"));
            set(&mut value["spec"], "portName", json!("web"));
            set(&mut value["spec"], "scrapeInterval", json!("30s"));
        }
        _ => {}
    }
}

/// The server keeps what `stringData` says in `data`.
fn secret(value: &mut Value) {
    set(value, "type", json!("Opaque"));
    let plain = value.as_object_mut().expect("it is a map").remove("stringData");
    for (key, plain) in plain.as_ref().and_then(Value::as_object).into_iter().flatten() {
        value["data"][key] = json!(base64(text(plain).as_bytes()));
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |it, byte| it << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize] as char;
            encoded.push(if at > chunk.len() { '=' } else { letter });
        }
    }
    encoded
}

fn deployment(spec: &mut Value) {
    set(spec, "progressDeadlineSeconds", json!(600));
    set(spec, "replicas", json!(1));
    set(spec, "revisionHistoryLimit", json!(10));
    set(spec, "strategy", json!({}));
    let strategy = &mut spec["strategy"];
    set(strategy, "type", json!("RollingUpdate"));
    if strategy["type"] == "RollingUpdate" {
        set(strategy, "rollingUpdate", json!({}));
        set(&mut strategy["rollingUpdate"], "maxSurge", json!("25%"));
        set(&mut strategy["rollingUpdate"], "maxUnavailable", json!("25%"));
    }
    template(&mut spec["template"]);
}

fn stateful_set(spec: &mut Value) {
    set(spec, "persistentVolumeClaimRetentionPolicy", json!({"whenDeleted": "Retain", "whenScaled": "Retain"}));
    set(spec, "podManagementPolicy", json!("OrderedReady"));
    set(spec, "replicas", json!(1));
    set(spec, "revisionHistoryLimit", json!(10));
    set(spec, "updateStrategy", json!({"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"}));
    template(&mut spec["template"]);
    each(spec, "volumeClaimTemplates", |it| {
        set(it, "apiVersion", json!("v1"));
        set(it, "kind", json!("PersistentVolumeClaim"));
        it["metadata"]["creationTimestamp"] = Value::Null;
        set(&mut it["spec"], "volumeMode", json!("Filesystem"));
        it["status"] = json!({"phase": "Pending"});
    });
}

fn job(spec: &mut Value) {
    set(spec, "backoffLimit", json!(6));
    set(spec, "completionMode", json!("NonIndexed"));
    set(spec, "completions", json!(1));
    set(spec, "parallelism", json!(1));
    set(spec, "suspend", json!(false));
    template(&mut spec["template"]);
}

fn template(template: &mut Value) {
    if template.is_object() {
        template["metadata"]["creationTimestamp"] = Value::Null;
        pod_spec(&mut template["spec"]);
    }
}

fn pod(spec: &mut Value) {
    pod_spec(spec);
    set(spec, "enableServiceLinks", json!(true));
    set(spec, "nodeName", json!("node-1"));
    set(spec, "preemptionPolicy", json!("PreemptLowerPriority"));
    set(spec, "priority", json!(0));
    set(spec, "serviceAccountName", json!("default"));
    set(spec, "serviceAccount", spec["serviceAccountName"].clone());
    let toleration = |key| json!({"effect": "NoExecute", "key": key, "operator": "Exists", "tolerationSeconds": 300});
    let both = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].map(toleration);
    set(spec, "tolerations", json!(both));
}

fn pod_spec(spec: &mut Value) {
    set(spec, "dnsPolicy", json!("ClusterFirst"));
    set(spec, "restartPolicy", json!("Always"));
    set(spec, "schedulerName", json!("default-scheduler"));
    set(spec, "securityContext", json!({}));
    set(spec, "terminationGracePeriodSeconds", json!(30));
    if spec["serviceAccountName"].is_string() {
        set(spec, "serviceAccount", spec["serviceAccountName"].clone());
    }
    for list in ["containers", "initContainers"] {
        each(spec, list, container);
    }
    each(spec, "volumes", |it| {
        for kind in ["configMap", "secret", "projected"] {
            set(&mut it[kind], "defaultMode", json!(420));
            if it[kind].is_null() {
                it.as_object_mut().expect("a volume is a map").remove(kind);
            }
        }
    });
}

fn container(container: &mut Value) {
    let image = text(&container["image"]).to_owned();
    let tag = image.rsplit('/').next().and_then(|it| it.split_once(':')).map_or("latest", |it| it.1);
    let policy = if tag == "latest" && !image.contains('@') { "Always" } else { "IfNotPresent" };
    set(container, "imagePullPolicy", json!(policy));
    set(container, "resources", json!({}));
    set(container, "terminationMessagePath", json!("/dev/termination-log"));
    set(container, "terminationMessagePolicy", json!("File"));
    each(container, "ports", |it| set(it, "protocol", json!("TCP")));
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if !container[probe].is_object() {
            continue;
        }
        let probe = &mut container[probe];
        set(probe, "failureThreshold", json!(3));
        set(probe, "periodSeconds", json!(10));
        set(probe, "successThreshold", json!(1));
        set(probe, "timeoutSeconds", json!(1));
        if probe["httpGet"].is_object() {
            set(&mut probe["httpGet"], "scheme", json!("HTTP"));
        }
    }
}

fn service(spec: &mut Value) {
    set(spec, "clusterIP", json!("10.96.14.3"));
    set(spec, "clusterIPs", json!([spec["clusterIP"]]));
    set(spec, "internalTrafficPolicy", json!("Cluster"));
    set(spec, "ipFamilies", json!(["IPv4"]));
    set(spec, "ipFamilyPolicy", json!("SingleStack"));
    set(spec, "sessionAffinity", json!("None"));
    set(spec, "type", json!("ClusterIP"));
    let is_outside = spec["type"] != "ClusterIP";
    each(spec, "ports", |it| {
        set(it, "protocol", json!("TCP"));
        set(it, "targetPort", it["port"].clone());
        if is_outside {
            set(it, "nodePort", json!(31_234));
        }
    });
}

fn autoscaler(spec: &mut Value) {
    set(spec, "minReplicas", json!(1));
    if !spec["behavior"].is_object() {
        return;
    }
    let percent = json!({"periodSeconds": 15, "type": "Percent", "value": 100});
    let pods = json!({"periodSeconds": 15, "type": "Pods", "value": 4});
    for (direction, policies) in [("scaleDown", json!([percent])), ("scaleUp", json!([pods, percent]))] {
        set(&mut spec["behavior"], direction, json!({}));
        set(&mut spec["behavior"][direction], "selectPolicy", json!("Max"));
        set(&mut spec["behavior"][direction], "policies", policies);
    }
    set(&mut spec["behavior"]["scaleUp"], "stabilizationWindowSeconds", json!(0));
}

fn cnpg(spec: &mut Value) {
    for (key, default) in [
        ("enablePDB", json!(true)),
        ("enableSuperuserAccess", json!(false)),
        ("failoverDelay", json!(0)),
        ("logLevel", json!("info")),
        ("maxSyncReplicas", json!(0)),
        ("minSyncReplicas", json!(0)),
        ("postgresGID", json!(26)),
        ("postgresUID", json!(26)),
        ("primaryUpdateMethod", json!("restart")),
        ("primaryUpdateStrategy", json!("unsupervised")),
        ("resources", json!({})),
        ("smartShutdownTimeout", json!(180)),
        ("startDelay", json!(3600)),
        ("stopDelay", json!(1800)),
        ("switchoverDelay", json!(3600)),
        ("affinity", json!({})),
        ("monitoring", json!({})),
    ] {
        set(spec, key, default);
    }
    set(&mut spec["affinity"], "podAntiAffinityType", json!("preferred"));
    let queries = json!([{"key": "queries", "name": "cnpg-default-monitoring"}]);
    set(&mut spec["monitoring"], "customQueriesConfigMap", queries);
    set(&mut spec["monitoring"], "disableDefaultQueries", json!(false));
    set(&mut spec["monitoring"], "enablePodMonitor", json!(false));
    if spec["storage"].is_object() {
        set(&mut spec["storage"], "resizeInUseVolumes", json!(true));
    }
}

/// What is there before anybody applies anything, and in every namespace.
pub(super) fn surroundings(objects: &[Value]) -> Vec<Value> {
    let mut made = Vec::new();
    let known = |kind: &str, name: &str| objects.iter().any(|it| it["kind"] == kind && super::name(it) == name);
    let mut namespaces = namespaces(objects);
    namespaces.insert("default".to_owned());
    for namespace in namespaces {
        let own = |kind: &str, name: &str| json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}});
        made.push(own("ServiceAccount", "default"));
        made.push(own("ConfigMap", "kube-root-ca.crt"));
        if !known("Namespace", &namespace) {
            made.push(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}));
        }
    }
    made.push(json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "kubernetes", "namespace": "default"},
        "spec": {"ports": [{"name": "https", "port": 443, "targetPort": 6443}]},
    }));
    made
}
