//! `kafka-backup-missing`

use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct KafkaBackupMissing;

/// Charts of tools that back volumes up, whose schedules may stand in their values.
const INSTALLERS: &[&str] = &["velero", "k8up", "k10", "longhorn", "snapscheduler"];

impl Rule for KafkaBackupMissing {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-backup-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
        let index = cx.index();
        for cluster in index.kafka_clusters().iter().filter(|it| !it.is_switched_off()) {
            let object = cluster.object;
            let is_tiered = object.node().at(&["spec", "kafka", "tieredStorage"]).is_some();
            if is_tiered || index.kafka_backup(object).is_some() {
                cx.pass(object);
                continue;
            }
            if index.environment().is_fragment {
                cx.not_verifiable(object, "a backup may stand in another file: run on the whole directory");
                continue;
            }
            if let Some(chart) = index.charts().find(|it| INSTALLERS.contains(it)) {
                cx.not_verifiable(object, format!("the chart {chart} may hold schedules"));
                continue;
            }
            let message = format!("no manifest shows a copy of the messages of {} outside it", object.title());
            cx.fail(object, object.name_place(), message).help(
                "replication is no backup: a deleted topic is deleted in every copy. Mirror the topics that cannot be made \
                 again to another cluster, write them to a store of objects, or say in the configuration who keeps a copy",
            );
        }
        });
    }
}
