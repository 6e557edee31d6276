//! Views on custom resources: the fields that rules read, with the types that the resources' definitions
//! give them. Fields that no rule reads are not looked at, and unknown ones are nobody's concern here.

mod kafka;
mod postgres;
mod scaling;

use super::decode::Decoder;
use crate::products;
use edms_yaml::read_error::Error;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Deserialize;

/// An object: metadata as everywhere, and a spec.
#[derive(Deserialize)]
#[expect(dead_code, reason = "read to be checked, then dropped")]
struct Object<Spec> {
    metadata: Option<ObjectMeta>,
    spec: Option<Spec>,
}

/// A custom kind, in all its versions, and how to read it.
pub(super) struct Custom {
    groups: &'static [&'static str],
    kind: &'static str,
    pub(super) decode: fn(Decoder<'_, '_>) -> Result<(), Error>,
}

const fn of<Spec: for<'de> Deserialize<'de>>(groups: &'static [&'static str], kind: &'static str) -> Custom {
    Custom { groups, kind, decode: |decoder| Object::<Spec>::deserialize(decoder).map(drop) }
}

/// The view on this kind, if there is one.
pub(super) fn find(group: &str, kind: &str) -> Option<&'static Custom> {
    KINDS.iter().find(|it| it.kind == kind && it.groups.contains(&group))
}

const STRIMZI: &[&str] = &[products::STRIMZI];
/// `CloudNativePG`, and the product that its makers sell under another group.
const CNPG: &[&str] = &[products::CNPG, products::EDB];
const KEDA: &[&str] = &[products::KEDA];
const MONITORING: &[&str] = &[products::PROMETHEUS];

static KINDS: &[Custom] = &[
    of::<kafka::Kafka>(STRIMZI, "Kafka"),
    of::<kafka::NodePool>(STRIMZI, "KafkaNodePool"),
    of::<kafka::Topic>(STRIMZI, "KafkaTopic"),
    of::<kafka::Connect>(STRIMZI, "KafkaConnect"),
    of::<kafka::Connect>(STRIMZI, "KafkaMirrorMaker"),
    of::<kafka::Connect>(STRIMZI, "KafkaMirrorMaker2"),
    of::<kafka::Connect>(STRIMZI, "KafkaBridge"),
    of::<kafka::Connector>(STRIMZI, "KafkaConnector"),
    of::<postgres::Cluster>(CNPG, "Cluster"),
    of::<postgres::ScheduledBackup>(CNPG, "ScheduledBackup"),
    of::<postgres::Pooler>(CNPG, "Pooler"),
    of::<postgres::Zalando>(&[products::ZALANDO], "postgresql"),
    of::<postgres::Crunchy>(&[products::CRUNCHY], "PostgresCluster"),
    of::<scaling::Keda>(KEDA, "ScaledObject"),
    of::<scaling::Keda>(KEDA, "ScaledJob"),
    of::<scaling::Replicas>(&[products::ARGO], "Rollout"),
    of::<scaling::Replicas>(&[products::OPENSHIFT_APPS], "DeploymentConfig"),
    of::<scaling::Replicas>(MONITORING, "Prometheus"),
    of::<scaling::Replicas>(MONITORING, "Alertmanager"),
    of::<scaling::Monitor>(MONITORING, "ServiceMonitor"),
    of::<scaling::Monitor>(MONITORING, "PodMonitor"),
    of::<scaling::Rules>(MONITORING, "PrometheusRule"),
];
