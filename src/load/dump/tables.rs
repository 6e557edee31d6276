//! The tables of what a server writes, by kind.

use crate::model::products;
use Is::{Address, Assigned, Each, Empty, Like, Map, PullPolicy, Value, Within};

/// A field of a kind, and what the server makes of it where it is absent.
pub(super) type Field = (&'static str, Is);

/// What a server writes.
#[derive(Clone, Copy)]
pub(super) enum Is {
    /// This value, as JSON without quotes.
    Value(&'static str),
    /// Whatever it is, the server chose it.
    Assigned,
    /// An empty map.
    Empty,
    /// A map with these among its fields; where nothing else remains, it was absent itself.
    Map(&'static [Field]),
    /// A map with these among its fields, which somebody wrote.
    Within(&'static [Field]),
    /// A list of such maps.
    Each(&'static [Field]),
    /// What the named field beside it says.
    Like(&'static str),
    /// A cluster's address, unless there is to be none.
    Address,
    /// By the tag of the image beside it.
    PullPolicy,
}

/// The fields of a kind that a server writes.
pub(super) fn of(group: &str, kind: &str) -> Option<&'static [Field]> {
    KINDS.iter().find(|it| (it.0, it.1) == (group, kind)).map(|it| it.2)
}

/// In every object.
pub(super) const ANY: &[Field] =
    &[("metadata", Within(&[("creationTimestamp", Assigned), ("generation", Assigned), ("selfLink", Assigned)]))];

const KINDS: &[(&str, &str, &[Field])] = &[
    ("", "Namespace", &[("spec", Map(&[("finalizers", Assigned)]))]),
    ("", "PersistentVolume", &[("spec", Within(PERSISTENT_VOLUME)), STATUS]),
    ("", "PersistentVolumeClaim", &[("spec", Within(CLAIM)), STATUS]),
    ("", "Pod", &[("spec", Within(POD))]),
    ("", "ReplicationController", &[("spec", Within(&[("template", TEMPLATE)])), STATUS]),
    ("", "Secret", &[("type", Value("Opaque"))]),
    ("", "Service", &[("spec", Within(SERVICE)), STATUS]),
    ("apps", "DaemonSet", &[("spec", Within(DAEMON_SET)), STATUS]),
    ("apps", "Deployment", &[("spec", Within(DEPLOYMENT)), STATUS]),
    ("apps", "ReplicaSet", &[("spec", Within(&[("template", TEMPLATE)])), STATUS]),
    ("apps", "StatefulSet", &[("spec", Within(STATEFUL_SET)), STATUS]),
    (products::ARGO, "Rollout", &[("spec", Within(&[("template", TEMPLATE)])), STATUS]),
    ("autoscaling", "HorizontalPodAutoscaler", &[("spec", Within(AUTOSCALER)), STATUS]),
    ("batch", "CronJob", &[("spec", Within(CRON_JOB)), STATUS]),
    ("batch", "Job", &[("spec", Within(JOB)), STATUS]),
    (
        products::PROMETHEUS,
        "Alertmanager",
        &[("spec", Within(&[("portName", Value("web")), ("retention", Value("120h"))])), STATUS],
    ),
    (products::PROMETHEUS, "Prometheus", &[("spec", Within(PROMETHEUS)), STATUS]),
    (products::PROMETHEUS, "PrometheusAgent", &[("spec", Within(PROMETHEUS)), STATUS]),
    (products::PROMETHEUS, "ThanosRuler", &[("spec", Within(&[("portName", Value("web"))])), STATUS]),
    ("networking.k8s.io", "Ingress", &[STATUS]),
    ("networking.k8s.io", "NetworkPolicy", &[("spec", Within(NETWORK_POLICY)), STATUS]),
    ("policy", "PodDisruptionBudget", &[STATUS]),
    (products::CNPG, "Cluster", &[("spec", Within(CNPG)), STATUS]),
    (products::EDB, "Cluster", &[("spec", Within(CNPG)), STATUS]),
    (
        "storage.k8s.io",
        "StorageClass",
        &[("reclaimPolicy", Value("Delete")), ("volumeBindingMode", Value("Immediate"))],
    ),
];

const STATUS: Field = ("status", Assigned);

const TEMPLATE: Is = Within(&[("metadata", Within(&[("creationTimestamp", Assigned)])), ("spec", Within(POD_SPEC))]);

/// In a template. The account is there under its older name, too.
const POD_SPEC: &[Field] = &[
    ("containers", Each(CONTAINER)),
    ("dnsPolicy", Value("ClusterFirst")),
    ("enableServiceLinks", Value("true")),
    ("initContainers", Each(CONTAINER)),
    ("restartPolicy", Value("Always")),
    ("schedulerName", Value("default-scheduler")),
    ("securityContext", Empty),
    ("serviceAccount", Like("serviceAccountName")),
    ("terminationGracePeriodSeconds", Value("30")),
    ("volumes", Each(VOLUME)),
];

/// In a pod, which admission and the scheduler complete.
const POD: &[Field] = &[
    ("containers", Each(CONTAINER)),
    ("dnsPolicy", Value("ClusterFirst")),
    ("enableServiceLinks", Value("true")),
    ("initContainers", Each(CONTAINER)),
    ("nodeName", Assigned),
    ("preemptionPolicy", Value("PreemptLowerPriority")),
    ("priority", Assigned),
    ("restartPolicy", Value("Always")),
    ("schedulerName", Value("default-scheduler")),
    ("securityContext", Empty),
    ("serviceAccount", Like("serviceAccountName")),
    ("serviceAccountName", Value("default")),
    ("terminationGracePeriodSeconds", Value("30")),
    ("tolerations", Value(TOLERATIONS)),
    ("volumes", Each(VOLUME)),
];

/// What the admission plugin `DefaultTolerationSeconds` adds.
const TOLERATIONS: &str = concat!(
    r#"[{"effect":"NoExecute","key":"node.kubernetes.io/not-ready","operator":"Exists","tolerationSeconds":300},"#,
    r#"{"effect":"NoExecute","key":"node.kubernetes.io/unreachable","operator":"Exists","tolerationSeconds":300}]"#
);

const CONTAINER: &[Field] = &[
    ("env", Each(&[("valueFrom", Within(&[("fieldRef", Within(&[("apiVersion", Value("v1"))]))]))])),
    ("imagePullPolicy", PullPolicy),
    ("livenessProbe", Within(PROBE)),
    ("ports", Each(&[("protocol", Value("TCP"))])),
    ("readinessProbe", Within(PROBE)),
    ("resources", Empty),
    ("startupProbe", Within(PROBE)),
    ("terminationMessagePath", Value("/dev/termination-log")),
    ("terminationMessagePolicy", Value("File")),
];

const PROBE: &[Field] = &[
    ("failureThreshold", Value("3")),
    ("grpc", Within(&[("service", Value(""))])),
    ("httpGet", Within(&[("path", Value("/")), ("scheme", Value("HTTP"))])),
    ("periodSeconds", Value("10")),
    ("successThreshold", Value("1")),
    ("timeoutSeconds", Value("1")),
];

const VOLUME: &[Field] = &[
    ("configMap", Within(&[("defaultMode", Value("420"))])),
    ("downwardAPI", Within(&[("defaultMode", Value("420"))])),
    ("hostPath", Within(&[("type", Value(""))])),
    ("projected", Within(&[("defaultMode", Value("420"))])),
    ("secret", Within(&[("defaultMode", Value("420"))])),
];

const DEPLOYMENT: &[Field] = &[
    ("progressDeadlineSeconds", Value("600")),
    ("revisionHistoryLimit", Value("10")),
    ("strategy", Map(&[("rollingUpdate", Map(QUARTERS)), ("type", Value("RollingUpdate"))])),
    ("template", TEMPLATE),
];
const QUARTERS: &[Field] = &[("maxSurge", Value("25%")), ("maxUnavailable", Value("25%"))];

const STATEFUL_SET: &[Field] = &[
    ("persistentVolumeClaimRetentionPolicy", Map(&[("whenDeleted", Value("Retain")), ("whenScaled", Value("Retain"))])),
    ("podManagementPolicy", Value("OrderedReady")),
    ("revisionHistoryLimit", Value("10")),
    ("template", TEMPLATE),
    ("updateStrategy", Map(&[("rollingUpdate", Map(&[("partition", Value("0"))])), ("type", Value("RollingUpdate"))])),
    (
        "volumeClaimTemplates",
        Each(&[
            ("apiVersion", Value("v1")),
            ("kind", Value("PersistentVolumeClaim")),
            ("metadata", Within(&[("creationTimestamp", Assigned)])),
            ("spec", Within(&[("volumeMode", Value("Filesystem"))])),
            STATUS,
        ]),
    ),
];

const DAEMON_SET: &[Field] = &[
    ("revisionHistoryLimit", Value("10")),
    ("template", TEMPLATE),
    (
        "updateStrategy",
        Map(&[
            ("rollingUpdate", Map(&[("maxSurge", Value("0")), ("maxUnavailable", Value("1"))])),
            ("type", Value("RollingUpdate")),
        ]),
    ),
];

const JOB: &[Field] = &[
    ("backoffLimit", Value("6")),
    ("completionMode", Value("NonIndexed")),
    ("completions", Value("1")),
    ("manualSelector", Value("false")),
    ("parallelism", Value("1")),
    ("podReplacementPolicy", Value("TerminatingOrFailed")),
    ("suspend", Value("false")),
    ("template", TEMPLATE),
];

const CRON_JOB: &[Field] = &[
    ("concurrencyPolicy", Value("Allow")),
    ("failedJobsHistoryLimit", Value("1")),
    ("jobTemplate", Within(&[("metadata", Within(&[("creationTimestamp", Assigned)])), ("spec", Within(JOB))])),
    ("successfulJobsHistoryLimit", Value("3")),
    ("suspend", Value("false")),
];

const AUTOSCALER: &[Field] = &[
    (
        "behavior",
        Map(&[
            (
                "scaleDown",
                Map(&[
                    ("policies", Value(r#"[{"periodSeconds":15,"type":"Percent","value":100}]"#)),
                    ("selectPolicy", Value("Max")),
                ]),
            ),
            (
                "scaleUp",
                Map(&[
                    ("policies", Value(SCALE_UP)),
                    ("selectPolicy", Value("Max")),
                    ("stabilizationWindowSeconds", Value("0")),
                ]),
            ),
        ]),
    ),
    ("minReplicas", Value("1")),
];
const SCALE_UP: &str = concat!(
    r#"[{"periodSeconds":15,"type":"Pods","value":4},"#,
    r#"{"periodSeconds":15,"type":"Percent","value":100}]"#
);

const SERVICE: &[Field] = &[
    ("allocateLoadBalancerNodePorts", Value("true")),
    ("clusterIP", Address),
    ("clusterIPs", Assigned),
    ("externalTrafficPolicy", Value("Cluster")),
    ("healthCheckNodePort", Assigned),
    ("internalTrafficPolicy", Value("Cluster")),
    ("ipFamilies", Assigned),
    ("ipFamilyPolicy", Value("SingleStack")),
    ("ports", Each(&[("nodePort", Assigned), ("protocol", Value("TCP")), ("targetPort", Like("port"))])),
    ("sessionAffinity", Value("None")),
    ("type", Value("ClusterIP")),
];

const CLAIM: &[Field] = &[("volumeMode", Value("Filesystem")), ("volumeName", Assigned)];

const PERSISTENT_VOLUME: &[Field] =
    &[("claimRef", Assigned), ("persistentVolumeReclaimPolicy", Value("Retain")), ("volumeMode", Value("Filesystem"))];

const NETWORK_POLICY: &[Field] = &[
    ("egress", Each(&[("ports", Each(&[("protocol", Value("TCP"))]))])),
    ("ingress", Each(&[("ports", Each(&[("protocol", Value("TCP"))]))])),
];

const PROMETHEUS: &[Field] =
    &[("evaluationInterval", Value("30s")), ("portName", Value("web")), ("scrapeInterval", Value("30s"))];

const CNPG: &[Field] = &[
    ("affinity", Map(&[("podAntiAffinityType", Value("preferred"))])),
    ("enablePDB", Value("true")),
    ("enableSuperuserAccess", Value("false")),
    ("failoverDelay", Value("0")),
    ("instances", Value("1")),
    ("logLevel", Value("info")),
    ("maxSyncReplicas", Value("0")),
    ("minSyncReplicas", Value("0")),
    (
        "monitoring",
        Map(&[
            ("customQueriesConfigMap", Value(r#"[{"key":"queries","name":"cnpg-default-monitoring"}]"#)),
            ("disableDefaultQueries", Value("false")),
            ("enablePodMonitor", Value("false")),
        ]),
    ),
    ("postgresGID", Value("26")),
    ("postgresUID", Value("26")),
    ("primaryUpdateMethod", Value("restart")),
    ("primaryUpdateStrategy", Value("unsupervised")),
    ("resources", Empty),
    ("smartShutdownTimeout", Value("180")),
    ("startDelay", Value("3600")),
    ("stopDelay", Value("1800")),
    ("storage", Within(&[("resizeInUseVolumes", Value("true"))])),
    ("switchoverDelay", Value("3600")),
];
