//! `kafka-replication-factor-low`

use super::copies_of;
use super::replication::{raise, raise_minimum};
use crate::index::kafka::settings::{DEFAULT_REPLICATION, Setting, default_of, place_of_variables, setting_of_brokers};
use crate::index::{KafkaCluster, Workload};
use crate::model::Object;
use crate::rule::{Context, Draft, Repair, Verdict, cases, rule};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;

cases!(KafkaReplicationFactorLow: TWO = "two");

rule!(KafkaReplicationFactorLow, "kafka/kafka-replication-factor-low.md", |walk| {
    walk.kafka_clusters(judge_cluster);
    walk.each(|index| index.broker_workloads(), judge_brokers);
});

fn judge_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let setting = cluster.setting(DEFAULT_REPLICATION);
    let (Some(copies), Some(brokers)) = (setting.value, cluster.brokers()) else {
        return Verdict::open("the replication factor or the number of brokers is a template placeholder");
    };
    if copies >= 3 {
        return Verdict::Pass;
    }
    if brokers == 0 {
        return Verdict::NotApplicable; // `kafka-nodepool-missing` reports it.
    }
    let repair = (brokers >= 3).then(|| {
        let repair = raise(Repair::new(), object, DEFAULT_REPLICATION, 3, true);
        raise_minimum(repair, cluster, cx.index()).effect("topics that are made from then on have 3 copies")
    });
    let draft = low(object, &setting, copies, cx).evidence("brokers", brokers).fix(repair);
    with_help(draft, object, &setting, brokers)
}

fn judge_brokers(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some((name, setting)) = setting_of_brokers(workload, DEFAULT_REPLICATION) else {
        return judge_default(workload, cx);
    };
    match setting.value {
        None => Verdict::open(format!("{name} is a template placeholder")),
        Some(copies) if copies >= 3 => Verdict::Pass,
        Some(copies) => low(object, &setting, copies, cx).help(help(workload.scale.floor.unwrap_or(0))).verdict(),
    }
}

/// Brokers whose variables say nothing of copies have Kafka's default.
fn judge_default(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(place) = place_of_variables(workload) else {
        return Verdict::open("the brokers' configuration is not in their environment");
    };
    if workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let setting = Setting { value: default_of(DEFAULT_REPLICATION), is_written: false, place };
    let draft = low(object, &setting, setting.value.unwrap_or(1), cx);
    with_help(draft, object, &setting, workload.scale.floor.unwrap_or(0))
}

/// A factor that nobody wrote follows from the one broker; one that is written stays when brokers are added.
fn with_help(draft: Draft<'_>, object: &Object, setting: &Setting, brokers: i64) -> Verdict {
    let draft = draft.help(help(brokers));
    if brokers == 1 && !setting.is_written {
        let text = "so topics that name no replication factor have one copy (the default)";
        return draft.merged_into(KafkaTooFewBrokers::ID, object, object.name_span(), text).verdict();
    }
    draft.verdict()
}

/// The finding about a replication factor of this many copies.
fn low<'c>(object: &Object, setting: &Setting, copies: i64, cx: &'c mut Context<'_>) -> Draft<'c> {
    let message = format!(
        "{} gives topics {} by default{}; at least 3 are required",
        object.title(),
        copies_of(copies),
        if setting.is_written { "" } else { ": default.replication.factor is not set" },
    );
    cx.fail(object, setting.place.clone(), message)
        .evidence("default.replication.factor", copies)
        .maybe_case((copies == 2).then_some(TWO))
}

fn help(brokers: i64) -> String {
    let first = match brokers {
        0..=2 => format!("with {}: run 3, then ", count(brokers, "broker")),
        _ => String::new(),
    };
    format!(
        "{first}set default.replication.factor: 3 and min.insync.replicas: 2; topics that exist keep their copies \
         until partitions are reassigned"
    )
}
