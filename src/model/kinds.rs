//! The kinds that rules know something of. Everything else is accounted for as unknown.

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
        "kafka.strimzi.io",
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
    ("core.strimzi.io", &["StrimziPodSet"]),
    ("postgresql.cnpg.io", &["Cluster", "ScheduledBackup", "Backup", "Pooler", "ImageCatalog", "ClusterImageCatalog"]),
    ("barmancloud.cnpg.io", &["ObjectStore"]),
    ("postgresql.k8s.enterprisedb.io", &["Cluster", "ScheduledBackup", "Backup", "Pooler"]),
    ("acid.zalan.do", &["postgresql", "OperatorConfiguration"]),
    ("postgres-operator.crunchydata.com", &["PostgresCluster"]),
    ("pgv2.percona.com", &["PerconaPGCluster"]),
    ("stackgres.io", &["SGCluster"]),
    ("kubedb.com", &["Postgres"]),
    ("kubegres.reactive-tech.io", &["Kubegres"]),
    ("datadoghq.com", &["DatadogAgent"]),
    ("keda.sh", &["ScaledObject", "ScaledJob", "TriggerAuthentication", "ClusterTriggerAuthentication"]),
    ("autoscaling.k8s.io", &["VerticalPodAutoscaler"]),
    (
        "monitoring.coreos.com",
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
    ("operator.victoriametrics.com", &["VMServiceScrape", "VMPodScrape", "VMProbe", "VMRule"]),
    ("monitoring.googleapis.com", &["PodMonitoring", "ClusterPodMonitoring"]),
    ("helm.toolkit.fluxcd.io", &["HelmRelease"]),
    ("source.toolkit.fluxcd.io", &["HelmRepository", "GitRepository", "OCIRepository", "HelmChart", "Bucket"]),
    ("helm.cattle.io", &["HelmChart"]),
    ("rabbitmq.com", &["RabbitmqCluster"]),
    ("cluster.redpanda.com", &["Redpanda"]),
    ("redpanda.vectorized.io", &["Cluster"]),
    ("mongodbcommunity.mongodb.com", &["MongoDBCommunity"]),
    ("operators.coreos.com", &["Subscription"]),
    ("argoproj.io", &["Rollout", "Application", "ApplicationSet"]),
    ("gateway.networking.k8s.io", &["Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"]),
    ("traefik.io", &["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"]),
    ("traefik.containo.us", &["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"]),
    ("grafana.integreatly.org", &["GrafanaDashboard"]),
    ("integreatly.org", &["GrafanaDashboard"]),
    ("velero.io", &["Schedule", "BackupStorageLocation"]),
    ("k8up.io", &["Schedule"]),
    ("snapscheduler.backube", &["SnapshotSchedule"]),
    ("volsync.backube", &["ReplicationSource"]),
    ("longhorn.io", &["RecurringJob"]),
    ("config.kio.kasten.io", &["Policy"]),
    ("stork.libopenstorage.org", &["ApplicationBackupSchedule"]),
    ("apps.openshift.io", &["DeploymentConfig"]),
    ("route.openshift.io", &["Route"]),
    ("kind.x-k8s.io", &["Cluster"]),
    ("k3d.io", &["Simple"]),
    ("eksctl.io", &["ClusterConfig"]),
    ("cluster.x-k8s.io", &["Cluster", "MachineDeployment", "MachinePool"]),
    (
        "controlplane.cluster.x-k8s.io",
        &[
            "KubeadmControlPlane",
            "RKE2ControlPlane",
            "K0sControlPlane",
            "KThreesControlPlane",
            "MicroK8sControlPlane",
            "TalosControlPlane",
        ],
    ),
    ("kops.k8s.io", &["Cluster", "InstanceGroup"]),
    ("karpenter.sh", &["NodePool", "Provisioner"]),
    ("ceph.rook.io", &["CephBlockPool", "CephFilesystem"]),
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
