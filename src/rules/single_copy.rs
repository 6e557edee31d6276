//! Which rule reports that something runs a single pod: what matters only with a second one is left to it.

use crate::finding::RuleId;
use crate::index::{Role, ScaledBy, Workload};
use crate::model::Object;

/// The rule that reports the single pod of a workload, and the object that it reports.
pub(in crate::rules) fn reported_by<'a>(workload: &Workload<'a>) -> (RuleId, &'a Object) {
    let object = workload.object;
    match (workload.role, workload.scale.by) {
        // Databases and brokers have rules of their own, whoever scales them.
        (Role::Postgres, _) => ("postgres-too-few-instances", object),
        (Role::Kafka, _) => ("kafka-too-few-brokers", object),
        (Role::ZooKeeper, _) => ("zookeeper-too-few-nodes", object),
        (_, ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler)) => ("hpa-floor-too-low", scaler),
        _ => ("workload-too-few-replicas", object),
    }
}
