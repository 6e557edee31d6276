//! Which monitors and rules the Prometheus of the environment takes.
//!
//! Prometheus operator, API reference of `PrometheusSpec`: of objects, a selector that is absent takes none and an
//! empty one all; of namespaces, an absent one means that of the Prometheus, and an empty one all. The chart
//! kube-prometheus-stack writes `release: <its release>` for a selector that its values leave absent or empty, unless
//! `…SelectorNilUsesHelmValues` is false (`templates/prometheus/prometheus.yaml`).

use crate::index::monitoring::takers::{OfPrefix, RULE, Says, Taker};
use crate::index::objects::namespaces;
use crate::index::{Chart, Installed, Monitoring, Nearness, Objects};
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
    /// By none of those that the manifests hold.
    No {
        /// Why, of the first of them.
        shown: Vec<Refusal<'a>>,
        /// How many there are.
        count: usize,
    },
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
    /// Whether a Prometheus takes an object with these labels.
    fn by_resource(&self, taker: &Taker<'a>, prefix: &str, object: &Object, labels: &Labels<'_>) -> Verdict<'a> {
        let prometheus = taker.prometheus;
        let selector = match &taker.says {
            Says::Labels(selector) => selector,
            Says::Nothing => {
                return Verdict::Unknown(format!(
                    "{} has no selectors: its configuration is its own",
                    prometheus.title()
                ));
            }
            Says::None => {
                let says = format!("takes none: {prefix}Selector is absent");
                return Verdict::No(Refusal { object: prometheus, place: taker.place.clone(), says, label: None });
            }
        };
        if let Some(verdict) = by_labels(prometheus, &taker.place, selector, labels) {
            return verdict;
        }
        let key = format!("{prefix}NamespaceSelector");
        let place = || prometheus.place(&["spec", &key]);
        match prometheus.node().at(&["spec", &key]) {
            Some(node) => self.by_namespace(prometheus, place(), &Selector::read(node), object),
            None => match self.nearness(prometheus, object) {
                Nearness::Same => Verdict::Yes,
                Nearness::Unknown => Verdict::Unknown("the namespaces are template placeholders".to_owned()),
                Nearness::Different => {
                    let own = prometheus.namespace().unwrap_or("default");
                    let says = format!("takes those of its own namespace {own} only: {key} is absent");
                    Verdict::No(Refusal { object: prometheus, place: place(), says, label: None })
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

/// So many refusals are shown.
const SHOWN: usize = 10;

impl<'a> Monitoring<'a> {
    /// Whether any Prometheus of the environment takes a monitor or a rule.
    pub fn taken(&self, object: &Object) -> Taken<'a> {
        let Some((prefix, takers)) = prefix(object.kind()).and_then(|it| Some((it, self.takers.of(it)?))) else {
            return Taken::Yes;
        };
        let labels = Labels::read(object.node().at(&["metadata", "labels"]));
        let ask = |at: usize| self.by_resource(&takers.all[at], prefix, object, &labels);
        // Of several that are not known the last one says why.
        let mut unknown: Option<(usize, String)> = None;
        for at in asked(takers, &labels).into_iter().flatten().copied() {
            match ask(at) {
                Verdict::Yes => return Taken::Yes,
                Verdict::Unknown(reason) if unknown.as_ref().is_none_or(|it| it.0 < at) => unknown = Some((at, reason)),
                Verdict::Unknown(_) | Verdict::No(_) => {}
            }
        }
        let mut by_charts = Vec::new();
        let charts = self.chart_releases().iter().filter(|it| CHARTS.contains(&it.name));
        for chart in charts.filter(|it| !it.is_off(&["prometheus", "enabled"])) {
            match self.by_chart(chart, prefix, object) {
                Verdict::Yes => return Taken::Yes,
                Verdict::No(refusal) => by_charts.push(refusal),
                Verdict::Unknown(reason) => unknown = Some((takers.all.len(), reason)),
            }
        }
        let count = takers.all.len() + by_charts.len();
        match unknown {
            Some((_, reason)) => Taken::Unknown(reason),
            None if count == 0 => Taken::NoPrometheus,
            None => {
                let refusal = |it| if let Verdict::No(refusal) = it { Some(refusal) } else { None };
                let shown = (0..takers.all.len()).filter_map(|at| refusal(ask(at)));
                Taken::No { shown: shown.chain(by_charts).take(SHOWN).collect(), count }
            }
        }
    }

    /// The positions, among all of its kinds, of each Prometheus that may take a monitor.
    pub fn may_take<'m>(&'m self, monitor: &'m Object) -> impl Iterator<Item = usize> + use<'m, 'a> {
        let takers = prefix(monitor.kind()).and_then(|it| Some((it, self.takers.of(it)?)));
        takers.into_iter().flat_map(move |(prefix, takers)| {
            let labels = Labels::read(monitor.node().at(&["metadata", "labels"]));
            let mut asked = asked(takers, &labels).concat();
            asked.sort_unstable();
            asked.into_iter().filter(move |at| {
                !matches!(self.by_resource(&takers.all[*at], prefix, monitor, &labels), Verdict::No(_))
            })
        })
    }
}

/// The positions of those that may take what has these labels. Labels that are template placeholders may be any.
fn asked<'t>(takers: &'t OfPrefix<'_>, labels: &Labels<'_>) -> Vec<&'t [usize]> {
    if has_open(labels) { takers.every().collect() } else { takers.candidates(labels) }
}

impl<'a> Installed<'a> {
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
        let labels = Labels::read(object.node().at(&["metadata", "labels"]));
        let by_labels = by_labels(chart.object, &chart.place(&path), &selector, &labels);
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

/// Whether a label is a template placeholder.
fn has_open(labels: &Labels<'_>) -> bool {
    labels.iter().any(|(key, value)| crate::model::is_placeholder(key) || crate::model::is_placeholder(value))
}

/// The verdict of labels, unless they let it through.
fn by_labels<'a>(by: &'a Object, place: &Place, selector: &Selector<'_>, labels: &Labels<'_>) -> Option<Verdict<'a>> {
    if selector.matches(labels) {
        return None;
    }
    if selector.is_open() || has_open(labels) {
        return Some(Verdict::Unknown("a label is a template placeholder".to_owned()));
    }
    let label = match selector.requirements.as_slice() {
        [one] if one.operator == crate::model::Operator::In => {
            one.values.first().map(|it| format!("{}: {it}", one.key))
        }
        _ => None,
    };
    let says = format!("takes those with {selector} only");
    Some(Verdict::No(Refusal { object: by, place: place.clone(), says, label }))
}

/// How the keys of a kind begin in a Prometheus.
fn prefix(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ServiceMonitor" => "serviceMonitor",
        "PodMonitor" => "podMonitor",
        "Probe" => "probe",
        "PrometheusRule" => RULE,
        _ => return None,
    })
}
