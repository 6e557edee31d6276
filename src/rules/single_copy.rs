//! Which rule reports that something runs a single pod: what matters only with a second one is left to it.

use crate::finding::RuleId;
use crate::index::{Role, ScaledBy, Workload};
use crate::model::Object;
use crate::rules::autoscaling::HpaFloorTooLow;
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::kafka::ZookeeperTooFewNodes;
use crate::rules::postgres::PostgresTooFewInstances;
use crate::rules::workload::WorkloadTooFewReplicas;

/// The rule that reports the single pod of a workload, and the object that it reports.
pub(in crate::rules) fn reported_by<'a>(workload: &Workload<'a>) -> (RuleId, &'a Object) {
    let object = workload.object;
    match (workload.role, workload.scale.by) {
        // Databases and brokers have rules of their own, whoever scales them.
        (Role::Postgres, _) => (PostgresTooFewInstances::ID, object),
        (Role::Kafka, _) => (KafkaTooFewBrokers::ID, object),
        (Role::ZooKeeper, _) => (ZookeeperTooFewNodes::ID, object),
        (_, ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler)) => (HpaFloorTooLow::ID, scaler),
        _ => (WorkloadTooFewReplicas::ID, object),
    }
}
