//! `kafka-backup-missing`

use crate::index::KafkaCluster;
use crate::rule::{Context, Verdict, rule};

/// Charts of tools that back volumes up, whose schedules may stand in their values.
const INSTALLERS: &[&str] = &["velero", "k8up", "k10", "longhorn", "snapscheduler"];

rule!(KafkaBackupMissing, "kafka/kafka-backup-missing.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let object = cluster.object;
    if cluster.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let is_tiered = object.node().at(&["spec", "kafka", "tieredStorage"]).is_some();
    if is_tiered || index.kafka_backup(object).is_some() {
        return Verdict::Pass;
    }
    if index.environment().is_fragment {
        return Verdict::open("a backup may stand in another file: run on the whole directory");
    }
    if let Some(chart) = index.charts().find(|it| INSTALLERS.contains(it)) {
        return Verdict::open(format!("the chart {chart} may hold schedules"));
    }
    let message = format!("no manifest shows a copy of the messages of {} outside it", object.title());
    cx.fail(object, object.name_place(), message)
        .help(
            "replication is no backup: a deleted topic is deleted in every copy. Mirror the topics that cannot be made \
             again to another cluster, write them to a store of objects, or say in the configuration who keeps a copy",
        )
        .verdict()
}
