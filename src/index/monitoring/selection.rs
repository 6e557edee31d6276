//! Which monitors and rules the Prometheus of the environment takes.
//!
//! Prometheus operator, API reference of `PrometheusSpec`: of objects, a selector that is absent takes none and an
//! empty one all; of namespaces, an absent one means that of the Prometheus, and an empty one all. The chart
//! kube-prometheus-stack writes `release: <its release>` for a selector that its values leave absent or empty, unless
//! `…SelectorNilUsesHelmValues` is false (`templates/prometheus/prometheus.yaml`).

use crate::index::objects::namespaces;
use crate::index::{Chart, Installed, Nearness, Objects};
use crate::model::products::PROMETHEUS;
use crate::model::{Labels, Object, Place, Selector};

/// The key of the label that every namespace has.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// The charts that install Prometheus and write a label for an absent selector.
const CHARTS: &[&str] = &["kube-prometheus-stack", "prometheus-operator"];

/// Why a Prometheus does not take an object.
#[derive(Clone, Debug)]
pub struct Refusal<'a> {
    /// The Prometheus, or what installs its chart.
    pub object: &'a Object,
    /// Where it says so.
    pub place: Place,
    /// What it says: `takes only those with release=monitoring`.
    pub says: String,
    /// The label that would do, if one would.
    pub label: Option<String>,
}

/// Whether an object is taken by any Prometheus.
#[derive(Clone, Debug)]
pub enum Taken<'a> {
    /// By one.
    Yes,
    /// By none of those that the manifests hold, and why.
    No(Vec<Refusal<'a>>),
    /// The manifests do not tell, and why.
    Unknown(String),
    /// The manifests hold no Prometheus.
    NoPrometheus,
}

/// Whether one Prometheus takes an object.
enum Verdict<'a> {
    Yes,
    No(Refusal<'a>),
    Unknown(String),
}

impl<'a> Objects<'a> {
    fn by_resource(&self, prometheus: &'a Object, prefix: &str, object: &Object) -> Verdict<'a> {
        let spec = prometheus.node().at(&["spec"]);
        let of = |key: &str| spec.and_then(|it| it.at(&[key]));
        let monitor_keys = ["serviceMonitorSelector", "podMonitorSelector", "probeSelector", "scrapeConfigSelector"];
        if prefix != "rule" && monitor_keys.iter().all(|it| of(it).is_none()) {
            return Verdict::Unknown(format!("{} has no selectors: its configuration is its own", prometheus.title()));
        }
        let key = format!("{prefix}Selector");
        let place = prometheus.place(&["spec", &key]);
        let Some(selector) = of(&key) else {
            let says = format!("takes none: {key} is absent");
            return Verdict::No(Refusal { object: prometheus, place, says, label: None });
        };
        let selector = Selector::read(selector);
        if let Some(verdict) = by_labels(prometheus, place, &selector, object) {
            return verdict;
        }
        let key = format!("{prefix}NamespaceSelector");
        let place = prometheus.place(&["spec", &key]);
        match of(&key) {
            Some(node) => self.by_namespace(prometheus, place, &Selector::read(node), object),
            None => match self.nearness(prometheus, object) {
                Nearness::Same => Verdict::Yes,
                Nearness::Unknown => Verdict::Unknown("the namespaces are template placeholders".to_owned()),
                Nearness::Different => {
                    let own = prometheus.namespace().unwrap_or("default");
                    let says = format!("takes those of its own namespace {own} only: {key} is absent");
                    Verdict::No(Refusal { object: prometheus, place, says, label: None })
                }
            },
        }
    }

    fn by_namespace(
        &self,
        prometheus: &'a Object,
        place: Place,
        selector: &Selector<'_>,
        object: &Object,
    ) -> Verdict<'a> {
        if selector.is_everything() {
            return Verdict::Yes;
        }
        let Some(name) = object.namespace().filter(|it| !namespaces::is_template(it)) else {
            return Verdict::Unknown("its namespace is not in the manifests".to_owned());
        };
        let namespace = self.named("", "Namespace", name).first().copied();
        let mut labels = Labels::read(namespace.and_then(|it| it.node().at(&["metadata", "labels"])));
        labels.set(NAMESPACE_NAME, name);
        if selector.matches(&labels) {
            return Verdict::Yes;
        }
        let is_known = namespace.is_some() || selector.requirements.iter().all(|it| it.key == NAMESPACE_NAME);
        if !is_known || selector.is_open() {
            return Verdict::Unknown(format!("the labels of namespace {name} are not in the manifests"));
        }
        let says = format!("takes those of namespaces with {selector} only, and {name} has not");
        Verdict::No(Refusal { object: prometheus, place, says, label: None })
    }
}

impl<'a> Installed<'a> {
    /// Whether any Prometheus of the environment takes a monitor or a rule.
    pub fn taken(&self, object: &Object) -> Taken<'a> {
        let Some(prefix) = prefix(object.kind()) else { return Taken::Yes };
        let kinds: &[&str] =
            if prefix == "rule" { &["Prometheus", "ThanosRuler"] } else { &["Prometheus", "PrometheusAgent"] };
        let resources = kinds.iter().flat_map(|it| self.of_kind(PROMETHEUS, it));
        let mut verdicts: Vec<Verdict<'a>> = resources.map(|it| self.by_resource(it, prefix, object)).collect();
        let charts = self.chart_releases().iter().filter(|it| CHARTS.contains(&it.name));
        let charts = charts.filter(|it| !it.is_off(&["prometheus", "enabled"]));
        verdicts.extend(charts.map(|it| self.by_chart(it, prefix, object)));
        let (mut refusals, mut unknown) = (Vec::new(), None);
        for verdict in verdicts {
            match verdict {
                Verdict::Yes => return Taken::Yes,
                Verdict::No(refusal) => refusals.push(refusal),
                Verdict::Unknown(reason) => unknown = Some(reason),
            }
        }
        match unknown {
            Some(reason) => Taken::Unknown(reason),
            None if refusals.is_empty() => Taken::NoPrometheus,
            None => Taken::No(refusals),
        }
    }

    /// Whether one Prometheus takes a monitor or a rule, as far as the manifests tell.
    pub fn takes(&self, prometheus: &'a Object, object: &Object) -> Option<bool> {
        match self.by_resource(prometheus, prefix(object.kind())?, object) {
            Verdict::Yes => Some(true),
            Verdict::No(_) => Some(false),
            Verdict::Unknown(_) => None,
        }
    }

    /// Whether the environment holds a Prometheus, or a chart that is likely to install one.
    pub fn has_prometheus(&self) -> bool {
        let resources = ["Prometheus", "PrometheusAgent", "ThanosRuler"];
        resources.iter().any(|it| self.of_kind(PROMETHEUS, it).next().is_some())
            || self.chart_releases().iter().any(|it| it.name.contains("prometheus"))
    }

    fn by_chart(&self, chart: &Chart<'a>, prefix: &str, object: &Object) -> Verdict<'a> {
        let key = format!("{prefix}Selector");
        let path = ["prometheus", "prometheusSpec", key.as_str()];
        let switch = format!("{key}NilUsesHelmValues");
        let switch = ["prometheus", "prometheusSpec", switch.as_str()];
        let release = [("release", chart.release.as_str())];
        let selector = match chart.at(&path) {
            Some(node) => Selector::read(node),
            None if chart.is_off(&switch) => Selector::default(),
            None => Selector::of(&release),
        };
        let by_labels = by_labels(chart.object, chart.place(&path), &selector, object);
        let verdict = by_labels.unwrap_or_else(|| {
            let key = format!("{prefix}NamespaceSelector");
            let path = ["prometheus", "prometheusSpec", key.as_str()];
            match chart.at(&path) {
                None => Verdict::Yes,
                Some(node) => self.by_namespace(chart.object, chart.place(&path), &Selector::read(node), object),
            }
        });
        match verdict {
            Verdict::No(_) if chart.has_more => {
                Verdict::Unknown(format!("{} takes values from elsewhere", chart.object.title()))
            }
            verdict => verdict,
        }
    }
}

/// The verdict of labels, unless they let it through.
fn by_labels<'a>(by: &'a Object, place: Place, selector: &Selector<'_>, object: &Object) -> Option<Verdict<'a>> {
    let labels = Labels::read(object.node().at(&["metadata", "labels"]));
    if selector.matches(&labels) {
        return None;
    }
    let is_open =
        labels.iter().any(|(key, value)| crate::model::is_placeholder(key) || crate::model::is_placeholder(value));
    if selector.is_open() || is_open {
        return Some(Verdict::Unknown("a label is a template placeholder".to_owned()));
    }
    let label = match selector.requirements.as_slice() {
        [one] if one.operator == crate::model::Operator::In => {
            one.values.first().map(|it| format!("{}: {it}", one.key))
        }
        _ => None,
    };
    let says = format!("takes those with {selector} only");
    Some(Verdict::No(Refusal { object: by, place, says, label }))
}

/// How the keys of a kind begin in a Prometheus.
fn prefix(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ServiceMonitor" => "serviceMonitor",
        "PodMonitor" => "podMonitor",
        "Probe" => "probe",
        "PrometheusRule" => "rule",
        _ => return None,
    })
}
