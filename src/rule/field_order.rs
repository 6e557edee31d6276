//! Where a new field stands among those that are there: as people write manifests.

use crate::yaml::NodeRef;
use crate::yaml::edit::At;

/// The usual order of fields, by the maps that hold them. A field that no list has comes last.
const ORDERS: &[&[&str]] = &[
    &["apiVersion", "kind", "metadata", "spec"],
    &["name", "namespace", "labels", "annotations"],
    &[
        "replicas",
        "serviceName",
        "podManagementPolicy",
        "revisionHistoryLimit",
        "minReadySeconds",
        "progressDeadlineSeconds",
        "paused",
        "strategy",
        "updateStrategy",
        "persistentVolumeClaimRetentionPolicy",
        "selector",
        "template",
        "volumeClaimTemplates",
    ],
    &["type", "rollingUpdate"],
    &["partition", "maxUnavailable", "maxSurge"],
    &["minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy", "selector"],
    &["scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"],
    &[
        "scaleTargetRef",
        "pollingInterval",
        "cooldownPeriod",
        "minReplicaCount",
        "maxReplicaCount",
        "fallback",
        "triggers",
    ],
    &["apiVersion", "kind", "name"],
    &[
        "serviceAccountName",
        "terminationGracePeriodSeconds",
        "priorityClassName",
        "nodeSelector",
        "affinity",
        "topologySpreadConstraints",
        "tolerations",
        "initContainers",
        "containers",
        "volumes",
    ],
    &[
        "name",
        "image",
        "command",
        "args",
        "ports",
        "env",
        "envFrom",
        "resources",
        "startupProbe",
        "livenessProbe",
        "readinessProbe",
        "lifecycle",
        "volumeMounts",
    ],
    &[
        "maxSkew",
        "minDomains",
        "topologyKey",
        "whenUnsatisfiable",
        "nodeAffinityPolicy",
        "nodeTaintsPolicy",
        "labelSelector",
        "matchLabelKeys",
    ],
    &[
        "exec",
        "httpGet",
        "tcpSocket",
        "grpc",
        "initialDelaySeconds",
        "periodSeconds",
        "timeoutSeconds",
        "successThreshold",
        "failureThreshold",
    ],
    &["name", "port", "targetPort", "protocol"],
    &["type", "clusterIP", "publishNotReadyAddresses", "selector", "ports"],
    // A Kafka resource of Strimzi, what it says of brokers, and a topic.
    &["kafka", "zookeeper", "entityOperator", "kafkaExporter", "cruiseControl"],
    &["version", "metadataVersion", "replicas", "listeners", "rack", "config", "metricsConfig", "storage", "template"],
    &["partitions", "replicas", "config"],
];

/// Where a new field of a map stands: in the usual order, if there is one.
pub(super) fn anchor(map: NodeRef<'_>, key: &str) -> At<'static> {
    let has = |it: &&str| map.get(it).is_some();
    // Maps of several kinds have fields of one name: the one that knows most of the others counts.
    let fitting = ORDERS.iter().filter(|it| it.contains(&key));
    fitting.max_by_key(|it| it.iter().filter(|it| has(it)).count()).map_or(At::Last, |it| At::Ordered(it))
}
