//! Objects of which only a part is written: patches that lie among manifests. The API server refuses each of them by
//! itself, so nobody applies one as it stands.

use crate::model::{Object, never_served, products};
use crate::yaml::NodeRef;

/// What of an object of this group and kind cannot be absent: if all of it is, the object is a patch.
const NEEDED: &[(&str, &str, &[&[&str]])] = &[
    ("apps", "Deployment", &[&["selector"], CONTAINERS]),
    ("apps", "StatefulSet", &[&["selector"], CONTAINERS]),
    ("apps", "DaemonSet", &[&["selector"], CONTAINERS]),
    ("apps", "ReplicaSet", &[&["selector"], CONTAINERS]),
    ("batch", "Job", &[CONTAINERS]),
    ("batch", "CronJob", &[&["schedule"], &["jobTemplate", "spec", "template", "spec", "containers"]]),
    ("autoscaling", "HorizontalPodAutoscaler", &[&["scaleTargetRef"], &["maxReplicas"]]),
    (products::KEDA, "ScaledObject", &[&["scaleTargetRef"], &["triggers"]]),
    ("networking.k8s.io", "Ingress", &[&["rules"], &["defaultBackend"]]),
    ("", "Service", &[&["ports"], &["selector"], &["externalName"], &["clusterIP"]]),
    ("", "PersistentVolumeClaim", &[&["accessModes"], &["resources"]]),
    (products::STRIMZI, "Kafka", &[&["kafka", "listeners"], &["kafka", "storage"], &["zookeeper"]]),
    (products::STRIMZI, "KafkaNodePool", &[&["roles"], &["storage"]]),
];
const CONTAINERS: &[&str] = &["template", "spec", "containers"];

/// Why an object is a patch, if it is one. A container without an image is a part as well.
pub(super) fn why(object: &Object) -> Option<&'static str> {
    let node = object.node();
    if node.get("$patch").is_some() {
        return Some("a patch: it says `$patch`");
    }
    // A version that nobody serves is a mistake, whatever else is missing.
    if never_served(object.group(), object.version(), object.kind()).is_some() {
        return None;
    }
    let (group, kind) = (object.group(), object.kind());
    let (_, _, needed) = NEEDED.iter().find(|it| it.0 == group && it.1 == kind)?;
    let spec = node.get("spec")?;
    let is_there =
        |keys: &&[&str]| spec.at(keys).is_some_and(|it| !it.is_null() && (!is_containers(keys) || has_image(it)));
    let is_patch = !needed.iter().any(is_there);
    is_patch.then(|| if needed.contains(&CONTAINERS) { WORKLOAD } else { OTHER })
}

const WORKLOAD: &str = "a patch: it has neither a selector nor a container with an image";
const OTHER: &str = "a patch: it lacks all that makes an object of its kind";

fn is_containers(keys: &[&str]) -> bool {
    keys.last() == Some(&"containers")
}

fn has_image(containers: NodeRef<'_>) -> bool {
    containers.items().any(|it| it.get("image").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use std::sync::Arc;

    fn is_patch(text: &str) -> bool {
        let text: Arc<str> = text.into();
        let length = text.len();
        let document = crate::yaml::parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document");
        let document = Arc::new(document);
        why(&Object::read(&document, document.root()).expect("is an object")).is_some()
    }

    #[test]
    fn what_no_server_has_is_no_patch() {
        let of = |version: &str| {
            format!("apiVersion: {version}\nkind: Deployment\nmetadata: {{name: a}}\nspec: {{replicas: 1}}")
        };
        assert!(is_patch(&of("apps/v1")) && !is_patch(&of("apps/v2")));
    }

    #[test]
    fn parts_are_told_from_objects() {
        let of = |version: &str, kind: &str, spec: &str| {
            is_patch(&format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"))
        };
        for spec in [
            "{replicas: 3}",
            "{template: {spec: {nodeSelector: {a: b}}}}",
            "{template: {spec: {containers: [{name: a, resources: {}}]}}}",
            "{template: {spec: {containers: []}}}",
            "{}",
        ] {
            assert!(of("apps/v1", "Deployment", spec), "{spec}");
        }
        for spec in [
            "{selector: {matchLabels: {a: b}}}",
            "{selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: a}]}}}",
            "{template: {spec: {containers: [{name: a, image: 'a:1'}]}}}",
        ] {
            assert!(!of("apps/v1", "Deployment", spec), "{spec}");
        }
        assert!(of("autoscaling/v2", "HorizontalPodAutoscaler", "{minReplicas: 2}"));
        assert!(of("v1", "Service", "{type: LoadBalancer}"));
        assert!(of("kafka.strimzi.io/v1beta2", "Kafka", "{kafka: {replicas: 3}}"));
        assert!(!of("v1", "Service", "{type: ExternalName, externalName: a.b}"));
        assert!(!of("kafka.strimzi.io/v1beta2", "Kafka", "{kafka: {listeners: []}}"));
        assert!(!of("policy/v1", "PodDisruptionBudget", "{maxUnavailable: 1}"));
        assert!(is_patch("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n$patch: delete\n"));
        // What the API server fills in is no patch, and neither is what has no spec.
        assert!(!is_patch("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"));
    }
}
