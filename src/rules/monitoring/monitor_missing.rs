//! `monitor-missing`

use super::new_monitors;
use crate::index::monitoring::{Watcher, Weak};
use crate::index::postgres::Flavor;
use crate::index::{Index, KafkaCluster, PostgresCluster, Workload};
use crate::model::Object;
use crate::rule::{Context, Draft, Similar, Verdict, cases, rule};
use crate::rules::kafka::KafkaMetricsDisabled;
use crate::rules::monitoring::MonitorSelectsNothing;

const APP_HELP: &str = "what nobody measures fails unseen: add a ServiceMonitor for the Service with its metrics, or a \
                        PodMonitor where there is no Service";
const ALL_HELP: &str = "what nobody measures fails unseen: add a ServiceMonitor for each Service with metrics, and a \
                        PodMonitor for Kafka, for PostgreSQL and its exporter, and for what has no Service";
const WEAK_HELP: &str = "see that what reads these signs is there: an agent, a collector, or a Prometheus that finds \
                         its targets by annotations";
const KAFKA_HELP: &str = "add a PodMonitor for strimzi.io/kind: Kafka with port tcp-prometheus, as in Strimzi's \
                          examples; Strimzi makes no monitors itself";
const POSTGRES_HELP: &str = "add a PodMonitor for the port with its metrics: metrics of CloudNativePG's pods, or that \
                             of a postgres_exporter beside the server";

cases!(MonitorMissing: WEAK = "weak");

rule!(MonitorMissing, "monitoring/monitor-missing.md", |walk| {
    walk.workloads(judge_workload);
    walk.kafka_clusters(judge_kafka);
    walk.postgres_clusters(judge_postgres);
});

/// Why nothing can be concluded from the absence of a monitor.
fn doubt(object: &Object, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    if !index.environment().is_directory {
        return Some("what watches it may stand in another file: run on the whole directory".to_owned());
    }
    if let Some(file) = index.own_discovery() {
        return Some(format!("the configuration of Prometheus in {} may find it", file.title()));
    }
    if cx.run().others_would_watch(index, object) {
        return Some("a monitor of another environment of this run selects it".to_owned());
    }
    None
}

fn judge_workload<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if !workload.role.is_recognised_app() {
        return Verdict::NotApplicable;
    }
    match index.watcher_of(workload) {
        Watcher::Certain => return Verdict::Pass,
        Watcher::Perhaps(weak) => return only_weakly(object, &weak, cx),
        Watcher::Nothing => {}
    }
    if let Some(reason) = doubt(object, cx) {
        return Verdict::open(reason);
    }
    let message = format!("no monitor selects {}", object.title());
    let of_services = index.services_of_workload(workload).find_map(|it| index.monitor_meant_for(it));
    let monitor = of_services.or_else(|| index.monitor_meant_for(object));
    let role = workload.role.name();
    let draft = unwatched(object, message, "applications", APP_HELP, cx).evidence("role", role);
    let Some(monitor) = monitor else { return draft.fix(new_monitors::of_workload(workload, index)).verdict() };
    let text = format!("so that nothing measures {}", object.title());
    draft.merged_into(MonitorSelectsNothing::ID, monitor, object.name_span(), text).verdict()
}

/// Says that nothing watches an object: with all others at once, where the run holds no monitor at all.
fn unwatched<'c>(
    object: &Object,
    message: String,
    noun: &'static str,
    help: &'static str,
    cx: &'c mut Context<'_>,
) -> Draft<'c> {
    let has_monitors = cx.once_in_run("has a monitor", |it| !it.monitors().is_empty());
    let name = object.name().to_owned();
    if has_monitors {
        let draft = cx.fail(object, object.name_place(), message).help(help);
        return draft.listed_with_similar(Similar { noun, verdict: "have no monitor", name, help });
    }
    let verdict = "are not monitored; no ServiceMonitor or PodMonitor exists";
    let message = format!("{} is not monitored; no ServiceMonitor or PodMonitor exists", object.title());
    let draft = cx.fail(object, object.name_place(), message).help(help);
    draft.listed_together(Similar { noun: "components", verdict, name, help: ALL_HELP })
}

fn only_weakly(object: &Object, weak: &Weak, cx: &mut Context<'_>) -> Verdict {
    if !cx.index().environment().is_directory {
        return Verdict::open("what watches it may stand in another file: run on the whole directory");
    }
    let message = format!("no monitor selects {}, only {} says that it is watched", object.title(), weak.what);
    cx.fail(object, object.name_place(), message)
        .case(WEAK)
        .label(weak.span, "the only sign of it")
        .help(WEAK_HELP)
        .listed_with_similar(Similar {
            noun: "applications",
            verdict: "have no monitor, only signs that something watches them",
            name: object.name().to_owned(),
            help: WEAK_HELP,
        })
        .verdict()
}

fn judge_kafka(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), cluster.object);
    if cluster.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let pools = cluster.pools.iter().map(|it| it.object);
    let makers: Vec<&Object> = std::iter::once(object).chain(pools).collect();
    if makers.iter().any(|it| index.monitor_of_pods_of(it).is_some()) {
        return Verdict::Pass;
    }
    if let Some(monitor) = makers.iter().find_map(|it| index.may_watch_made_services(it)) {
        return Verdict::open(format!("{} may select the Services that Strimzi makes", monitor.title()));
    }
    if let Some(reason) = makers.iter().find_map(|it| doubt(it, cx)) {
        return Verdict::open(reason);
    }
    let is_silent = ["metricsConfig", "metrics"].iter().all(|it| object.node().at(&["spec", "kafka", it]).is_none());
    if is_silent {
        let text = "no PodMonitor selects its pods either";
        return cx.blocked(object, KafkaMetricsDisabled::ID, object, object.name_span(), text);
    }
    let message = format!("no monitor selects the pods of {}", object.title());
    let repair = new_monitors::of_kafka(cluster, index);
    unwatched(object, message, "Kafka clusters", KAFKA_HELP, cx).fix(repair).verdict()
}

fn judge_postgres(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), cluster.object);
    if cluster.instances == Some(0) {
        return Verdict::NotApplicable;
    }
    let node = object.node();
    let asks = |keys: &[&str]| node.at(keys).is_some_and(|it| it.as_bool() != Some(false));
    let asks_itself =
        [&["spec", "monitoring", "enablePodMonitor"][..], &["spec", "instrumentation"]].iter().any(|it| asks(it))
            || (cluster.flavor != Flavor::Cnpg && asks(&["spec", "monitoring"]));
    if asks_itself || index.monitor_of_pods_of(object).is_some() || exporter_is_watched(cluster, index) {
        return Verdict::Pass;
    }
    if let Some(monitor) = index.may_watch_made_services(object) {
        return Verdict::open(format!("{} may select the Services of its operator", monitor.title()));
    }
    if let Some(reason) = doubt(object, cx) {
        return Verdict::open(reason);
    }
    if let Some(workload) = index.workload_of(object)
        && let Watcher::Perhaps(weak) = index.watcher_of(workload)
    {
        return only_weakly(object, &weak, cx);
    }
    if let Some(weak) = Weak::of_sidecars(object) {
        return only_weakly(object, &weak, cx);
    }
    let message = format!("no monitor selects the pods of {}", object.title());
    let repair =
        Some(object).filter(|_| cluster.flavor == Flavor::Cnpg).and_then(|it| new_monitors::of_cnpg(it, index));
    unwatched(object, message, "PostgreSQL databases", POSTGRES_HELP, cx).fix(repair).verdict()
}

/// Whether a monitor selects an exporter of PostgreSQL near the database.
fn exporter_is_watched(cluster: &PostgresCluster<'_>, index: &Index<'_>) -> bool {
    index.postgres_exporters().any(|it| {
        index.nearness(it.object, cluster.object) != crate::index::Nearness::Different
            && !matches!(index.watcher_of(it), Watcher::Nothing)
    })
}
