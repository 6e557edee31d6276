//! The kinds that rules know something of. Everything else is accounted for as unknown.

use edms_k8s::products;

/// A kind with its group, as in `Deployment.apps`; those of the core group stand alone.
pub fn kind_and_group(kind: &str, group: &str) -> String {
    if group.is_empty() { kind.to_owned() } else { format!("{kind}.{group}") }
}

/// Groups of Kubernetes itself: every kind in them is known.
const BUILT_IN_GROUPS: &[&str] = &[
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Groups of custom resources, with their kinds.
pub(super) const CUSTOM: &[(&str, &[&str])] = &[
    (
        products::STRIMZI,
        &[
            "Kafka",
            "KafkaNodePool",
            "KafkaTopic",
            "KafkaUser",
            "KafkaConnect",
            "KafkaConnector",
            "KafkaMirrorMaker",
            "KafkaMirrorMaker2",
            "KafkaBridge",
            "KafkaRebalance",
        ],
    ),
    (products::STRIMZI_CORE, &["StrimziPodSet"]),
    (products::CNPG, &["Cluster", "ScheduledBackup", "Backup", "Pooler", "ImageCatalog", "ClusterImageCatalog"]),
    (products::BARMAN, &["ObjectStore"]),
    (products::EDB, &["Cluster", "ScheduledBackup", "Backup", "Pooler"]),
    (products::ZALANDO, &["postgresql", "OperatorConfiguration"]),
    (products::CRUNCHY, &["PostgresCluster"]),
    (products::PERCONA, &["PerconaPGCluster"]),
    (products::STACKGRES, &["SGCluster"]),
    (products::KUBEDB, &["Postgres"]),
    (products::KUBEGRES, &["Kubegres"]),
    ("datadoghq.com", &["DatadogAgent"]),
    (products::KEDA, &["ScaledObject", "ScaledJob", "TriggerAuthentication", "ClusterTriggerAuthentication"]),
    (products::VPA, &["VerticalPodAutoscaler"]),
    (
        products::PROMETHEUS,
        &[
            "Prometheus",
            "PrometheusAgent",
            "ThanosRuler",
            "Alertmanager",
            "AlertmanagerConfig",
            "ServiceMonitor",
            "PodMonitor",
            "Probe",
            "PrometheusRule",
        ],
    ),
    (products::VICTORIA, &["VMServiceScrape", "VMPodScrape", "VMProbe", "VMRule"]),
    (products::GOOGLE_MONITORING, &["PodMonitoring", "ClusterPodMonitoring"]),
    (products::FLUX_HELM, &["HelmRelease"]),
    (products::FLUX_SOURCE, &["HelmRepository", "GitRepository", "OCIRepository", "HelmChart", "Bucket"]),
    (products::K3S_HELM, &["HelmChart"]),
    (products::RABBITMQ, &["RabbitmqCluster"]),
    (products::REDPANDA, &["Redpanda"]),
    (products::REDPANDA_V1, &["Cluster"]),
    (products::MONGODB, &["MongoDBCommunity"]),
    (products::OLM, &["Subscription"]),
    (products::ARGO, &["Rollout", "Application", "ApplicationSet"]),
    (products::GATEWAY, &["Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]),
    ("traefik.io", &["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"]),
    ("traefik.containo.us", &["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"]),
    ("networking.istio.io", &["VirtualService"]),
    ("projectcontour.io", &["HTTPProxy"]),
    ("apisix.apache.org", &["ApisixRoute"]),
    ("zalando.org", &["RouteGroup"]),
    ("grafana.integreatly.org", &["GrafanaDashboard"]),
    ("integreatly.org", &["GrafanaDashboard"]),
    (products::VELERO, &["Schedule", "BackupStorageLocation"]),
    ("k8up.io", &["Schedule"]),
    ("snapscheduler.backube", &["SnapshotSchedule"]),
    ("volsync.backube", &["ReplicationSource"]),
    (products::LONGHORN, &["RecurringJob"]),
    (products::KASTEN, &["Policy"]),
    (products::STORK, &["ApplicationBackupSchedule"]),
    (products::OPENSHIFT_APPS, &["DeploymentConfig"]),
    (products::OPENSHIFT_ROUTES, &["Route"]),
    (products::KIND, &["Cluster"]),
    (products::K3D, &["Simple"]),
    (products::EKSCTL, &["ClusterConfig"]),
    (products::CLUSTER_API, &["Cluster", "MachineDeployment", "MachinePool"]),
    (
        products::CLUSTER_API_CONTROL_PLANES,
        &[
            "KubeadmControlPlane",
            "RKE2ControlPlane",
            "K0sControlPlane",
            "KThreesControlPlane",
            "MicroK8sControlPlane",
            "TalosControlPlane",
        ],
    ),
    (products::KOPS, &["Cluster", "InstanceGroup"]),
    ("karpenter.sh", &["NodePool", "Provisioner"]),
    (products::ROOK, &["CephBlockPool", "CephFilesystem"]),
];

/// The kinds of built-in groups that somebody may scale.
const SCALABLE: &[(&str, &[&str])] =
    &[("", &["ReplicationController"]), ("apps", &["Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"])];

/// The kind of this group that is written in other letters: kinds are compared exactly.
pub fn kind_in_other_letters(group: &str, kind: &str) -> Option<&'static str> {
    let kinds = SCALABLE.iter().chain(CUSTOM).filter(|it| it.0 == group).flat_map(|it| it.1);
    kinds.copied().find(|it| it.eq_ignore_ascii_case(kind) && *it != kind)
}

/// Whether any rule knows something of this kind.
pub fn is_known(group: &str, kind: &str) -> bool {
    is_built_in(group) || CUSTOM.iter().any(|(it, kinds)| *it == group && kinds.contains(&kind))
}

/// Whether the group is one of Kubernetes itself.
pub fn is_built_in(group: &str) -> bool {
    BUILT_IN_GROUPS.contains(&group)
}

/// `extensions` was the older home of what is in `apps` today.
pub fn normal_group(group: &str) -> &str {
    if group == "extensions" { "apps" } else { group }
}
