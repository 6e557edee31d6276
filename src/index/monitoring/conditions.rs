//! Of which conditions alerts tell: by the metrics that their expressions select, recorded series resolved once.

use crate::config::pattern;
use crate::index::monitoring::{AlertRule, Selection};
use crate::index::{Installed, Monitoring, Role};
use crate::model::{Object, Version};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The metrics of each condition.
const METRICS: &str = include_str!("conditions.txt");

/// Charts whose default rules report pods, CPU, memory and autoscalers.
const DEFAULT_RULES: &[&str] = &["kube-prometheus-stack", "prometheus-operator", "victoria-metrics-k8s-stack"];

/// What an alert ought to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// A pod is not ready.
    Pod,
    /// CPU runs short.
    Cpu,
    /// Memory runs short.
    Memory,
    /// A broker is down.
    Kafka,
    /// A database is not available.
    Postgres,
    /// An autoscaler has no room left.
    Ceiling,
}

impl Condition {
    /// The conditions with their words in the table.
    const ALL: &'static [(&'static str, Condition)] = &[
        ("pod", Condition::Pod),
        ("cpu", Condition::Cpu),
        ("memory", Condition::Memory),
        ("kafka", Condition::Kafka),
        ("postgres", Condition::Postgres),
        ("ceiling", Condition::Ceiling),
    ];

    /// Words of which one in an alert's name says what it is about, where its expression is not readable.
    fn words(self) -> &'static [&'static str] {
        match self {
            Condition::Pod => &["pod", "ready", "replica", "crash", "down"],
            Condition::Cpu => &["cpu"],
            Condition::Memory => &["memory", "oom"],
            Condition::Kafka => &["kafka", "broker"],
            Condition::Postgres => &["postgres", "pg", "database"],
            Condition::Ceiling => &["hpa", "autoscaler", "maxed"],
        }
    }
}

/// How well alerts report a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covered {
    /// An alert does.
    Yes,
    /// Only this alert may.
    Weakly(String),
}

/// What alerts report; a condition that is not there has none.
pub(super) type Coverage = BTreeMap<Condition, Covered>;

/// The table, read once an environment.
struct Metrics {
    exact: HashMap<&'static str, Condition>,
    patterns: Vec<(&'static str, Condition)>,
}

impl Metrics {
    fn read() -> Metrics {
        let mut metrics = Metrics { exact: HashMap::new(), patterns: Vec::new() };
        for line in METRICS.lines().filter(|it| !it.starts_with('#')) {
            let Some((word, name)) = line.split_once(' ') else { continue };
            let Some((_, condition)) = Condition::ALL.iter().find(|it| it.0 == word) else { continue };
            if name.contains('*') {
                metrics.patterns.push((name, *condition));
            } else {
                metrics.exact.insert(name, *condition);
            }
        }
        metrics
    }

    fn condition(&self, metric: &str) -> Option<Condition> {
        let pattern = || self.patterns.iter().find(|it| pattern::matches(it.0, metric)).map(|it| it.1);
        self.exact.get(metric).copied().or_else(pattern)
    }
}

/// What selections are compared with.
struct Surroundings<'i> {
    namespaces: BTreeSet<&'i str>,
    names: BTreeSet<&'i str>,
    /// Whether the operator still has the metric `strimzi_resource_state`.
    has_resource_state: bool,
}

impl Installed<'_> {
    /// Whether an object installs a chart of which we know the rules, with all its values at hand: it brings no others.
    pub fn has_known_rules(&self, object: &Object) -> bool {
        let mut releases = self.chart_releases().iter().filter(|it| it.object.id() == object.id());
        releases.any(|it| DEFAULT_RULES.contains(&it.name) && !it.has_more)
    }
}

impl<'a> Monitoring<'a> {
    /// How well alerts report a condition, if any does.
    pub fn alerts_of(&self, condition: Condition) -> Option<Covered> {
        self.coverage.get_or_init(|| self.read_coverage()).get(&condition).cloned()
    }

    fn read_coverage(&self) -> Coverage {
        let metrics = Metrics::read();
        let surroundings = self.surroundings();
        let mut coverage = Coverage::new();
        let has_defaults = self
            .chart_releases()
            .iter()
            .any(|it| DEFAULT_RULES.contains(&it.name) && !it.is_off(&["defaultRules", "create"]));
        if has_defaults {
            for condition in [Condition::Pod, Condition::Cpu, Condition::Memory, Condition::Ceiling] {
                coverage.insert(condition, Covered::Yes);
            }
        }
        let rules = self.alert_rules();
        let recorded: HashMap<&str, &AlertRule<'a>> =
            rules.iter().filter(|it| !it.is_alert).map(|it| (it.name.as_str(), it)).collect();
        for rule in rules.iter().filter(|it| it.is_alert) {
            let Some(expression) = rule.expression() else {
                by_name(&rule.name, &mut coverage);
                continue;
            };
            for selection in expression.selections() {
                let behind = selection.metric().and_then(|it| recorded.get(it)).and_then(|it| it.expression());
                let behind = behind.into_iter().flat_map(crate::index::monitoring::Expression::selections);
                for selection in std::iter::once(selection).chain(behind) {
                    surroundings.judge(&selection, &rule.name, &metrics, &mut coverage);
                }
            }
        }
        coverage
    }

    fn surroundings(&self) -> Surroundings<'_> {
        let kafka = self.kafka_clusters().iter().map(|it| it.object);
        let postgres = self.postgres_clusters().iter().map(|it| it.object);
        let workloads = self.workloads().iter().filter(|it| it.role != Role::Platform).map(|it| it.object);
        let objects: Vec<_> = workloads.chain(kafka).chain(postgres).collect();
        let services = self.of_kind("", "Service").map(crate::model::Object::name);
        Surroundings {
            namespaces: objects.iter().filter_map(|it| it.namespace()).collect(),
            names: objects.iter().map(|it| it.name()).chain(services).collect(),
            has_resource_state: self.kafka_release().is_none_or(|it| it < Version::new(1, 2, 0)),
        }
    }
}

/// An alert that is not readable counts by its name: what nobody can see must not be called missing.
fn by_name(name: &str, coverage: &mut Coverage) {
    let name = name.to_ascii_lowercase();
    for (_, condition) in Condition::ALL {
        if condition.words().iter().any(|it| name.contains(it)) {
            coverage.insert(*condition, Covered::Yes);
        }
    }
}

impl Surroundings<'_> {
    fn judge(&self, selection: &Selection<'_>, alert: &str, metrics: &Metrics, coverage: &mut Coverage) {
        let Some(metric) = selection.metric() else { return };
        if !self.is_here(selection) {
            return;
        }
        let weak = |condition: Condition, coverage: &mut Coverage| {
            coverage.entry(condition).or_insert_with(|| Covered::Weakly(alert.to_owned()));
        };
        match metric {
            "kube_pod_container_status_last_terminated_reason" => {
                if selection.wanted("reason").any(|it| it.is_positive() && it.fits("OOMKilled")) {
                    coverage.insert(Condition::Memory, Covered::Yes);
                }
            }
            "strimzi_resource_state" => {
                if self.has_resource_state {
                    coverage.insert(Condition::Kafka, Covered::Yes);
                }
            }
            "container_last_seen" => {
                if selection.wanted("container").any(|it| it.is_positive() && it.fits("kafka")) {
                    coverage.insert(Condition::Kafka, Covered::Yes);
                }
            }
            "up" => {
                if self.is_up_of_these(selection) {
                    coverage.insert(Condition::Pod, Covered::Yes);
                }
            }
            _ => {
                if let Some(condition) = metrics.condition(metric) {
                    coverage.insert(condition, Covered::Yes);
                }
            }
        }
        let is_general = metric == "up" || metric.starts_with("kube_pod_") || metric.starts_with("kube_statefulset_");
        let names = |words: &[&str]| {
            selection.labels().any(|(_, it)| it.is_positive() && words.iter().any(|word| has_word(it.text, word)))
        };
        if is_general && names(&["kafka"]) {
            weak(Condition::Kafka, coverage);
        }
        if is_general && names(&["postgres", "postgresql", "pg", "db"]) {
            weak(Condition::Postgres, coverage);
        }
    }

    /// Whether the namespaces that it asks for are of this environment.
    fn is_here(&self, selection: &Selection<'_>) -> bool {
        ["namespace", "kubernetes_namespace", "exported_namespace"].iter().flat_map(|it| selection.wanted(it)).all(
            |it| {
                self.namespaces.is_empty() || it.text.contains('$') || self.namespaces.iter().any(|name| it.fits(name))
            },
        )
    }

    /// Whether `up` is that of an application here: its jobs are named for Services, or for monitors of pods.
    fn is_up_of_these(&self, selection: &Selection<'_>) -> bool {
        let fits = |it: &crate::index::monitoring::Wanted<'_>| {
            self.names.iter().any(|name| it.fits(name)) || self.names.iter().any(|name| it.text.contains(name))
        };
        let mut labels = selection.labels().filter(|it| it.1.is_positive());
        labels.all(|(label, wanted)| match label {
            "namespace" | "kubernetes_namespace" => true,
            _ => fits(&wanted),
        })
    }
}

/// Whether a text has a word, between signs that are no letters.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| it == word || (word.len() > 4 && it.contains(word)))
}
