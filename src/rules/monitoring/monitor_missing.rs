//! `monitor-missing`

use crate::index::monitoring::{Watcher, Weak};
use crate::index::postgres::Flavor;
use crate::index::{Index, KafkaCluster, PostgresCluster, Role, Workload};
use crate::model::Object;
use crate::model::products::is_postgres_exporter;
use crate::rule::{Context, Draft, NoParams, Rule, Similar, Walk, cases};
use crate::rules::kafka::KafkaMetricsDisabled;
use crate::rules::monitoring::MonitorSelectsNothing;

pub(crate) struct MonitorMissing;

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

impl Rule for MonitorMissing {
    const PAGE: &'static str = include_str!("../../../rules/monitoring/monitor-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in cx.workloads().iter().filter(|it| it.role.is_recognised_app()) {
                check_workload(workload, cx);
            }
            for cluster in cx.kafka_clusters().iter().filter(|it| !it.is_switched_off()) {
                check_kafka(cluster, cx);
            }
            for cluster in cx.postgres_clusters().filter(|it| it.instances != Some(0)) {
                check_postgres(cluster, cx);
            }
        });
    }
}

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

fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let index = cx.index();
    let watcher = index.workload_of(object).map_or(Watcher::Nothing, |it| index.watcher_of(it));
    match watcher {
        Watcher::Certain(_) => cx.pass(object),
        Watcher::Perhaps(weak) => only_weakly(object, &weak, cx),
        Watcher::Nothing => {
            if let Some(reason) = doubt(object, cx) {
                return cx.not_verifiable(object, reason);
            }
            let message = format!("no monitor selects {}", object.title());
            let monitor = index.services_of_workload(workload).find_map(|it| index.monitor_meant_for(it));
            let role = workload.role.name();
            let draft = unwatched(object, message, "applications", APP_HELP, cx).evidence("role", role);
            if let Some(monitor) = monitor {
                let text = format!("so that nothing measures {}", object.title());
                draft.merged_into(MonitorSelectsNothing::ID, monitor, object.name_span(), text);
            }
        }
    }
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

fn only_weakly(object: &Object, weak: &Weak, cx: &mut Context<'_>) {
    if !cx.index().environment().is_directory {
        return cx.not_verifiable(object, "what watches it may stand in another file: run on the whole directory");
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
        });
}

fn check_kafka(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    let index = cx.index();
    let pools = cluster.pools.iter().map(|it| it.object);
    let makers: Vec<&Object> = std::iter::once(object).chain(pools).collect();
    if makers.iter().any(|it| index.monitor_of_pods_of(it).is_some()) {
        return cx.pass(object);
    }
    if let Some(monitor) = makers.iter().find_map(|it| index.may_watch_made_services(it)) {
        return cx.not_verifiable(object, format!("{} may select the Services that Strimzi makes", monitor.title()));
    }
    if let Some(reason) = makers.iter().find_map(|it| doubt(it, cx)) {
        return cx.not_verifiable(object, reason);
    }
    let is_silent = ["metricsConfig", "metrics"].iter().all(|it| object.node().at(&["spec", "kafka", it]).is_none());
    if is_silent {
        let text = "no PodMonitor selects its pods either";
        cx.blocked(object, KafkaMetricsDisabled::ID, object, object.name_span(), text);
        return;
    }
    let message = format!("no monitor selects the pods of {}", object.title());
    unwatched(object, message, "Kafka clusters", KAFKA_HELP, cx);
}

fn check_postgres(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    let index = cx.index();
    let node = object.node();
    let asks = |keys: &[&str]| node.at(keys).is_some_and(|it| it.as_bool() != Some(false));
    let asks_itself =
        [&["spec", "monitoring", "enablePodMonitor"][..], &["spec", "instrumentation"]].iter().any(|it| asks(it))
            || (cluster.flavor != Flavor::Cnpg && asks(&["spec", "monitoring"]));
    if asks_itself || index.monitor_of_pods_of(object).is_some() || exporter_is_watched(cluster, index) {
        return cx.pass(object);
    }
    if let Some(monitor) = index.may_watch_made_services(object) {
        return cx.not_verifiable(object, format!("{} may select the Services of its operator", monitor.title()));
    }
    if let Some(reason) = doubt(object, cx) {
        return cx.not_verifiable(object, reason);
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
    unwatched(object, message, "PostgreSQL databases", POSTGRES_HELP, cx);
}

/// Whether a monitor selects an exporter of PostgreSQL near the database.
fn exporter_is_watched(cluster: &PostgresCluster<'_>, index: &Index<'_>) -> bool {
    let exports = |it: &Workload<'_>| {
        let mut containers = it.containers();
        it.role != Role::Postgres && containers.any(|it| is_postgres_exporter(it.image_name()))
    };
    let mut exporters = index.workloads().iter().filter(|it| exports(it));
    exporters.any(|it| {
        index.nearness(it.object, cluster.object) != crate::index::Nearness::Different
            && !matches!(index.watcher_of(it), Watcher::Nothing)
    })
}
