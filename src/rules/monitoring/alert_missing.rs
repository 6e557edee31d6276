//! `alert-missing`

use super::new_alerts;
use crate::index::Index;
use crate::index::monitoring::{Condition, Covered};
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::list;

/// What became of the conditions, by name, for the sentences of the readiness report.
type Told = Vec<(&'static str, &'static str)>;

/// The conditions of the guideline by name, in words, with what to watch.
const CONDITIONS: &[(Condition, &str, &str, &str)] = &[
    (
        Condition::Pod,
        "pod",
        "pods that are not ready",
        "kube_pod_status_ready, kube_deployment_status_replicas_available",
    ),
    (
        Condition::Cpu,
        "cpu",
        "high CPU usage",
        "container_cpu_cfs_throttled_periods_total, container_cpu_usage_seconds_total",
    ),
    (Condition::Memory, "memory", "high memory usage", "container_memory_working_set_bytes against its limit"),
    (
        Condition::Kafka,
        "kafka",
        "Kafka brokers that are down",
        "kafka_server_replicamanager_underreplicatedpartitions, kafka_controller_kafkacontroller_activecontrollercount",
    ),
    (Condition::Postgres, "postgres", "PostgreSQL that is unavailable", "pg_up, for CloudNativePG cnpg_collector_up"),
];

cases!(AlertMissing: STORE = "store", WEAK = "weak", CEILING = "ceiling");

rule!(AlertMissing, "monitoring/alert-missing.md", |walk| walk.environment(|cx| {
    let Some(subject) = subject(cx.index()) else { return };
    let verdict = judge(subject, cx);
    cx.judge(subject, verdict);
}));

fn judge(subject: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if !index.environment().is_directory {
        return Verdict::open("alerts may stand in another file: run on the whole directory");
    }
    let (mut missing, mut weak, mut told) = (Vec::new(), Vec::new(), Told::new());
    for (condition, name, words, metrics) in CONDITIONS {
        let Some(example) = example(*condition, index) else { continue };
        let state = match covered(*condition, cx) {
            Some(Covered::Yes) => "told",
            Some(Covered::Weakly(alert)) => {
                weak.push((*words, alert, example));
                "weak"
            }
            None => {
                missing.push((*condition, *words, *metrics, example));
                "missing"
            }
        };
        told.push((*name, state));
    }
    let verdict = match (missing.is_empty(), weak.is_empty()) {
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Fail,
        (false, _) => judge_missing(subject, &missing, &told, cx),
    };
    for (words, alert, example) in weak {
        let message = format!("only alert {alert} may cover {words}");
        let draft = cx.fail(subject, subject.name_place(), message);
        told.iter()
            .fold(draft, |draft, (name, state)| draft.evidence(name, state))
            .heuristic()
            .case(WEAK)
            .label(example.name_span(), "watched by its name alone")
            .help("it says that a pod is there, not that it does its work: alert on its own metrics");
    }
    ceiling(cx);
    verdict
}

/// How well any environment of the run reports a condition.
fn covered(condition: Condition, cx: &Context<'_>) -> Option<Covered> {
    if cx.once_in_run(&format!("alerts of {condition:?}"), |it| it.alerts_of(condition) == Some(Covered::Yes)) {
        return Some(Covered::Yes);
    }
    cx.index().alerts_of(condition)
}

/// One of the objects that a condition is about.
fn example<'a>(condition: Condition, index: &Index<'a>) -> Option<&'a Object> {
    let kafka = index.kafka_clusters().iter().find(|it| !it.is_switched_off()).map(|it| it.object);
    let postgres = index.postgres_clusters().iter().find(|it| it.instances != Some(0)).map(|it| it.object);
    let app = index.workloads().iter().find(|it| it.role.is_recognised_app()).map(|it| it.object);
    match condition {
        Condition::Kafka => kafka,
        Condition::Postgres => postgres,
        _ => app.or(kafka).or(postgres),
    }
}

/// What the finding is about: where alerts are kept, or else what they would be about.
fn subject<'a>(index: &Index<'a>) -> Option<&'a Object> {
    let example = example(Condition::Pod, index)?;
    let rules = index.alert_rules().iter().find(|it| it.is_alert).map(|it| it.object);
    Some(rules.unwrap_or(example))
}

/// Why alerts may be there that the manifests do not show.
fn unseen(cx: &Context<'_>) -> Option<String> {
    let installs = |it: &Index<'_>| {
        let kinds =
            [(products::ARGO, "Application"), (products::ARGO, "ApplicationSet"), (products::FLUX_HELM, "HelmRelease")];
        let objects = kinds.iter().flat_map(|(group, kind)| it.of_kind(group, kind));
        let mut names = objects.filter(|object| !it.has_known_rules(object)).map(Object::name).chain(it.charts());
        names.any(|it| ["monitoring", "alert", "observability", "metrics-stack"].iter().any(|word| it.contains(word)))
    };
    cx.once_in_run("installs alerts", installs)
        .then(|| "an application that the manifests install may bring alerts".to_owned())
}

fn judge_missing(
    subject: &Object,
    missing: &[(Condition, &str, &str, &Object)],
    told: &Told,
    cx: &mut Context<'_>,
) -> Verdict {
    if let Some(reason) = unseen(cx) {
        return Verdict::open(reason);
    }
    let words: Vec<String> = missing.iter().map(|it| it.1.to_owned()).collect();
    let all = if words.len() > 4 { format!("{} and {}", words[..4].join(", "), words[4]) } else { list(&words) };
    let message = format!("no alert covers {all}");
    let is_store = missing.iter().any(|it| matches!(it.0, Condition::Kafka | Condition::Postgres));
    let watch: Vec<String> = missing.iter().map(|it| format!("{}: {}", it.1, it.2)).collect();
    let conditions: Vec<Condition> = missing.iter().map(|it| it.0).collect();
    let repair = missing.first().and_then(|it| new_alerts::on(it.3, &conditions, cx.index()));
    let mut draft = cx
        .fail(subject, subject.name_place(), message)
        .fix(repair)
        .maybe_case(is_store.then_some(STORE))
        .evidence("missing", missing.len())
        .help(format!("add a PrometheusRule with an alert on each; {}", watch.join("; ")));
    draft = told.iter().fold(draft, |draft, (name, state)| draft.evidence(name, state));
    for (condition, words, _, example) in missing {
        if matches!(condition, Condition::Kafka | Condition::Postgres) {
            draft = draft.label(example.name_span(), format!("{words}: no alert"));
        }
    }
    draft.verdict()
}

/// The sixth condition: an autoscaler that has no room left.
fn ceiling(cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(scaler) = index.of_kind("autoscaling", "HorizontalPodAutoscaler").find(|it| !it.is_made()) else { return };
    if covered(Condition::Ceiling, cx).is_some() || unseen(cx).is_some() {
        return;
    }
    let message = "no alert covers an autoscaler that has reached its maximum".to_owned();
    cx.fail(scaler, scaler.place(&["spec", "maxReplicas"]), message).case(CEILING).help(
        "from there on load grows and pods do not: alert on kube_horizontalpodautoscaler_status_current_replicas == \
         kube_horizontalpodautoscaler_spec_max_replicas for some minutes",
    );
}
