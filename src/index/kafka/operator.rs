//! The Strimzi operators that the environment installs: which release, and which namespaces they watch.
//!
//! Sources: strimzi/strimzi-kafka-operator `ClusterOperatorConfig.java` (`STRIMZI_NAMESPACE`, absent or `*` is all),
//! `helm-charts/helm3/strimzi-kafka-operator/values.yaml` (`watchNamespaces`, `watchAnyNamespace`).

use crate::index::kafka::releases::in_range;
use crate::index::kafka::{CLUSTER_LABEL, STRIMZI};
use crate::index::lookup::directory::Directory;
use crate::index::{ClusterNodes, Objects};
use crate::model::{Container, INFLATED, ImageName, Object, Version, is_placeholder, products};
use crate::source::Span;
use crate::yaml::{Entry, NodeRef};

/// Which releases a pin admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// This one.
    Exact(Version),
    /// One of these; perhaps one that is newer than all we know.
    Range(Vec<Version>, bool),
    /// It does not tell, or not in a way that we read.
    Unknown,
}

/// The namespaces that an operator watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// All.
    All,
    /// These.
    Namespaces(Vec<String>),
    /// The manifests do not tell.
    Unknown,
}

/// An installation of the operator.
#[derive(Clone, Debug)]
pub struct Installation<'a> {
    /// What installs it: a Deployment, a HelmRelease, an Application, a Subscription.
    pub object: &'a Object,
    /// The release.
    pub pin: Pin,
    /// Where the release is written.
    pub span: Span,
    /// The versions of Kafka that it has images for, where it lists them itself.
    pub versions: Option<Vec<String>>,
    /// The namespaces that it watches.
    pub watch: Watch,
    /// Where they are written, or else what installs it.
    pub watch_span: Span,
}

impl Installation<'_> {
    /// The release, if it is one.
    pub fn release(&self) -> Option<Version> {
        match self.pin {
            Pin::Exact(release) => Some(release),
            _ => None,
        }
    }

    /// The releases that it may be; nothing if they are not known, or may be newer than all we know.
    pub fn releases(&self) -> Vec<Version> {
        match &self.pin {
            Pin::Exact(release) => vec![*release],
            Pin::Range(releases, false) => releases.clone(),
            Pin::Range(_, true) | Pin::Unknown => Vec::new(),
        }
    }

    /// `Strimzi 0.45.1`.
    pub fn title(&self) -> String {
        match &self.pin {
            Pin::Exact(release) => format!("Strimzi {release}"),
            Pin::Range(releases, _) => match (releases.first(), releases.last()) {
                (Some(first), Some(last)) => format!("Strimzi {first} to {last}"),
                _ => "Strimzi".to_owned(),
            },
            Pin::Unknown => "Strimzi".to_owned(),
        }
    }

    /// Whether it watches a namespace; `None` if that is not known.
    pub fn watches(&self, namespace: Option<&str>) -> Option<bool> {
        match (&self.watch, namespace) {
            (Watch::All, _) => Some(true),
            (Watch::Unknown, _) | (_, None) => None,
            (Watch::Namespaces(names), Some(own)) => Some(names.iter().any(|it| it == own)),
        }
    }
}

impl<'a> Objects<'a> {
    /// An installation by Flux: a chart named in place, or by reference.
    fn of_release(&self, release: &'a Object) -> Option<Installation<'a>> {
        let spec = release.node().get("spec")?;
        let (pin, span) = match spec.at(&["chart", "spec"]) {
            Some(chart) if chart.str_at(&["chart"]) == Some(products::STRIMZI_CHART) => pin_of(chart, "version"),
            Some(_) => return None,
            None => self.pin_of_reference(release, spec.get("chartRef")?)?,
        };
        let values = spec.get("values");
        let target = spec.str_at(&["targetNamespace"]).or(release.namespace());
        let has_more = spec.get("valuesFrom").is_some();
        let (watch, watch_span) = watch_of_values(release, values, target, has_more);
        let pin = pin_of_values(values).unwrap_or(pin);
        Some(Installation { object: release, pin, span, versions: None, watch, watch_span })
    }

    fn pin_of_reference(&self, release: &Object, reference: NodeRef<'a>) -> Option<(Pin, Span)> {
        let (kind, name) = (reference.str_at(&["kind"])?, reference.str_at(&["name"])?);
        let source = self.find(release, products::FLUX_SOURCE, kind, name)?;
        let spec = source.node().get("spec")?;
        match kind {
            "HelmChart" if spec.str_at(&["chart"]) == Some(products::STRIMZI_CHART) => Some(pin_of(spec, "version")),
            "OCIRepository" if spec.str_at(&["url"])?.trim_end_matches('/').ends_with(products::STRIMZI_CHART) => {
                let by = spec.get("ref")?;
                Some(pin_of(by, if by.get("tag").is_some() { "tag" } else { "semver" }))
            }
            _ => None,
        }
    }
}

/// The sixth stage: who runs Strimzi, and the node pools.
pub struct StrimziOperators<'a> {
    nodes: ClusterNodes<'a>,
    strimzi_installations: Vec<Installation<'a>>,
    /// Node pools by the name of their cluster.
    pub(in crate::index) pools: Directory<'a>,
}

crate::index::stands_on!(StrimziOperators, nodes: ClusterNodes);

impl<'a> StrimziOperators<'a> {
    /// Finds installations of the operator, and the pools.
    pub(in crate::index) fn new(nodes: ClusterNodes<'a>) -> StrimziOperators<'a> {
        let pools = nodes.of_kind(STRIMZI, "KafkaNodePool");
        let named = pools.filter_map(|it| Some(((STRIMZI, "Kafka", it.label(CLUSTER_LABEL)?), it)));
        StrimziOperators {
            strimzi_installations: read_installations(&nodes),
            pools: Directory::new(named.collect()),
            nodes,
        }
    }

    /// The installations of the operator, in order.
    pub fn strimzi_installations(&self) -> &[Installation<'a>] {
        &self.strimzi_installations
    }

    /// Those that may watch the namespace of an object.
    pub fn strimzi_installations_of<'i>(&'i self, object: &Object) -> Vec<&'i Installation<'a>> {
        let own = object.namespace().filter(|it| !is_placeholder(it));
        self.strimzi_installations().iter().filter(|it| it.watches(own) != Some(false)).collect()
    }

    /// The objects that the operator looks after, in order.
    pub fn strimzi_objects(&self) -> Vec<&'a Object> {
        self.of_group(STRIMZI)
    }

    /// The release that the configuration names, for resources that no installation looks after.
    pub fn configured_strimzi(&self) -> Option<(Version, Span)> {
        self.config().cluster.strimzi
    }
}

fn read_installations<'a>(index: &ClusterNodes<'a>) -> Vec<Installation<'a>> {
    let mut found = Vec::new();
    found.extend(index.workloads().iter().filter_map(|workload| {
        let container = workload.template?.containers().find(|it| is_cluster_operator(*it))?;
        Some(of_deployment(workload.object, container.node()))
    }));
    found.extend(index.of_kind(products::FLUX_HELM, "HelmRelease").filter_map(|it| index.of_release(it)));
    found.extend(index.of_kind(products::ARGO, "Application").filter_map(|it| of_application(it, &["spec"])));
    let sets = index.of_kind(products::ARGO, "ApplicationSet");
    found.extend(sets.filter_map(|it| of_application(it, &["spec", "template", "spec"])));
    let by_kustomize = index.chart_releases().iter().filter(|it| it.object.group() == INFLATED);
    found.extend(by_kustomize.filter_map(|it| of_kustomization(it.object)));
    found.extend(index.of_kind(products::OLM, "Subscription").filter_map(of_subscription));
    found
}

/// Whether a container is the cluster operator. Topic and user operators that stand alone run from the same image.
fn is_cluster_operator(container: Container<'_>) -> bool {
    let is_other = |word: &str| word.ends_with("topic_operator_run.sh") || word.ends_with("user_operator_run.sh");
    products::is_strimzi_operator(container.repository()) && !container.words().any(is_other)
}

/// The release at a key: exact, or a range.
fn pin_of(node: NodeRef<'_>, key: &str) -> (Pin, Span) {
    let Some(entry) = node.entry(key) else { return (Pin::Unknown, node.first_line()) };
    (read_pin(entry.value.text()), entry.line_span())
}

fn read_pin(text: &str) -> Pin {
    match (Version::exact(text), in_range(text)) {
        (Some(release), _) => Pin::Exact(release),
        (None, Some((releases, is_open))) => Pin::Range(releases, is_open),
        (None, None) => Pin::Unknown,
    }
}

/// The release that a chart's values put in place of its own.
fn pin_of_values(values: Option<NodeRef<'_>>) -> Option<Pin> {
    let values = values?;
    let tag = values.str_at(&["image", "tag"]).or_else(|| values.str_at(&["defaultImageTag"]))?;
    Some(read_pin(tag))
}

/// What a chart's values say of the namespaces. Values from elsewhere may say otherwise.
fn watch_of_values(object: &Object, values: Option<NodeRef<'_>>, own: Option<&str>, has_more: bool) -> (Watch, Span) {
    let any = values.and_then(|it| it.get("watchAnyNamespace"));
    if let Some(any) = any.filter(|it| it.as_bool() == Some(true)) {
        return (Watch::All, any.first_line());
    }
    let list = values.and_then(|it| it.entry("watchNamespaces"));
    let span = list.map_or_else(|| object.name_span(), Entry::line_span);
    let Some(own) = own.filter(|it| !has_more && !is_placeholder(it)) else { return (Watch::Unknown, span) };
    let written = list.into_iter().flat_map(|it| it.value.items()).map(|it| it.text().to_owned());
    let names: Vec<String> = std::iter::once(own.to_owned()).chain(written).collect();
    if names.iter().any(|it| is_placeholder(it)) { (Watch::Unknown, span) } else { (Watch::Namespaces(names), span) }
}

fn of_deployment<'a>(object: &'a Object, container: NodeRef<'a>) -> Installation<'a> {
    let variable = |name: &str| container.items_at(&["env"]).find(|it| it.str_at(&["name"]) == Some(name));
    let image = ImageName::read(container.str_at(&["image"]).unwrap_or_default());
    let images = variable("STRIMZI_KAFKA_IMAGES").and_then(|it| it.str_at(&["value"]));
    let versions = images.map(|it| it.lines().filter_map(|it| Some(it.trim().split_once('=')?.0.to_owned())).collect());
    let namespaces = variable("STRIMZI_NAMESPACE");
    let watch = match namespaces.map(|it| (it.str_at(&["value"]), it)) {
        None => Watch::All,
        Some((Some(text), _)) if text.trim().is_empty() || text.trim() == "*" => Watch::All,
        Some((Some(text), _)) if is_placeholder(text) => Watch::Unknown,
        Some((Some(text), _)) => Watch::Namespaces(text.split(',').map(|it| it.trim().to_owned()).collect()),
        Some((None, it)) => match it.str_at(&["valueFrom", "fieldRef", "fieldPath"]) {
            Some("metadata.namespace") => {
                object.namespace().map_or(Watch::Unknown, |it| Watch::Namespaces(vec![it.to_owned()]))
            }
            _ => Watch::Unknown,
        },
    };
    Installation {
        object,
        pin: image.tag.map_or(Pin::Unknown, read_pin),
        span: container.place(&["image"]),
        versions,
        watch,
        watch_span: namespaces.map_or_else(|| object.name_span(), |it| it.place(&["value"])),
    }
}

fn of_application<'a>(object: &'a Object, keys: &[&str]) -> Option<Installation<'a>> {
    let spec = object.node().at(keys)?;
    let mut sources = spec.get("source").into_iter().chain(spec.items_at(&["sources"]));
    let source = sources.find(|it| it.str_at(&["chart"]) == Some(products::STRIMZI_CHART))?;
    let (pin, span) = pin_of(source, "targetRevision");
    let values = source.at(&["helm", "valuesObject"]);
    let has_more = ["values", "valueFiles", "parameters"].iter().any(|it| source.at(&["helm", it]).is_some());
    let own = spec.str_at(&["destination", "namespace"]);
    let (watch, watch_span) = watch_of_values(object, values, own, has_more);
    let pin = pin_of_values(values).unwrap_or(pin);
    Some(Installation { object, pin, span, versions: None, watch, watch_span })
}

/// An installation by an entry of `helmCharts`.
fn of_kustomization(object: &Object) -> Option<Installation<'_>> {
    let spec = object.node().get("spec").filter(|it| it.str_at(&["name"]) == Some(products::STRIMZI_CHART))?;
    let (pin, span) = pin_of(spec, "version");
    let values = spec.get("valuesInline");
    let has_more = ["valuesFile", "additionalValuesFiles"].iter().any(|it| spec.get(it).is_some());
    let (watch, watch_span) = watch_of_values(object, values, object.namespace(), has_more);
    let pin = pin_of_values(values).unwrap_or(pin);
    Some(Installation { object, pin, span, versions: None, watch, watch_span })
}

fn of_subscription(object: &Object) -> Option<Installation<'_>> {
    let spec = object.node().get("spec").filter(|it| it.str_at(&["name"]) == Some(products::STRIMZI_CHART))?;
    let (key, text) = match (spec.str_at(&["startingCSV"]), spec.str_at(&["channel"])) {
        (Some(csv), _) => ("startingCSV", csv.split_once(".v").map_or("", |it| it.1)),
        (None, Some(channel)) => ("channel", channel.trim_start_matches("strimzi-")),
        (None, None) => return None,
    };
    // OLM begins with this version and goes on to the newest of the channel, unless somebody has to approve that
    // (operator-framework/api, `pkg/operators/v1alpha1/subscription_types.go`, `installPlanApproval`).
    let is_held = spec.str_at(&["installPlanApproval"]) == Some("Manual");
    let is_least = key == "startingCSV" && !is_held;
    let of_channel = spec.str_at(&["channel"]).map(|it| read_pin(it.trim_start_matches("strimzi-")));
    let pin = match of_channel {
        Some(pin @ (Pin::Exact(_) | Pin::Range(..))) if is_least => pin,
        _ if is_least => read_pin(&format!(">={text}")),
        _ => read_pin(text),
    };
    let watch_span = object.name_span();
    Some(Installation { object, pin, span: spec.place(&[key]), versions: None, watch: Watch::Unknown, watch_span })
}
