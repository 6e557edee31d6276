//! What a pod asks of the scheduler to spread it, and which pods each of its constraints counts.

use crate::index::objects::namespaces;
use crate::index::{PodSetId, Pods, kafka, postgres};
use crate::model::{Labels, Object, Operator, Requirement, Selector, controller_selector};
use crate::suggest::is_slip;
use crate::yaml::NodeRef;
use std::ops::Range;

/// The spec of pods in a manifest: that of a workload's template, or of a template that Strimzi follows.
#[derive(Clone, Debug)]
pub struct PodSpec<'a> {
    /// The object that it is written in.
    pub object: &'a Object,
    /// The map with `affinity` and `topologySpreadConstraints`.
    pub node: NodeRef<'a>,
    /// The pods that it describes.
    pub pods: Vec<PodSetId>,
}

/// How a constraint is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpreadForm {
    /// `podAntiAffinity`, required.
    Required,
    /// `podAntiAffinity`, preferred.
    Preferred,
    /// `topologySpreadConstraints`, `DoNotSchedule`.
    Hard,
    /// `topologySpreadConstraints`, `ScheduleAnyway`.
    Soft,
}

impl SpreadForm {
    /// Whether it is a spread constraint, which cannot sensibly be about other pods.
    pub fn is_constraint(self) -> bool {
        matches!(self, SpreadForm::Hard | SpreadForm::Soft)
    }
}

/// Which pods a constraint counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The pods' own.
    Own,
    /// None, because it has no selector.
    NoSelector,
    /// None of the own, because it looks into other namespaces only: their names, empty for a selector.
    OtherNamespaces(Vec<String>),
    /// Those of others: a set of the environment, or `mismatchLabelKeys` say that own pods are left out.
    Others(Option<PodSetId>),
    /// None in the environment.
    Nothing,
    /// The manifests do not tell.
    Unknown,
}

/// One constraint of a pod to be kept apart from others.
#[derive(Clone, Debug)]
pub struct SpreadTerm<'a> {
    /// The map with `topologyKey` and `labelSelector`.
    pub node: NodeRef<'a>,
    /// How it is written.
    pub form: SpreadForm,
    /// The node label by which it spreads; the API server refuses a constraint without one.
    pub key: Option<&'a str>,
    /// What it selects by.
    pub selector: Option<Selector<'a>>,
    /// Whom it counts.
    pub reach: Reach,
}

/// Labels that controllers and meshes add to pods, so that no template shows them.
const ADDED: &[&str] = &[
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "deployment",
    "deploymentconfig",
    "strimzi.io/pod-name",
];

/// Node labels that hold many nodes each, so that pods spread by them may still share one.
const COARSE: &[&str] = &[
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/region",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
    "node.kubernetes.io/instance-type",
];

fn is_added(key: &str) -> bool {
    ADDED.contains(&key) || key.split('/').next().is_some_and(|it| it.ends_with("istio.io"))
}

impl<'a> Pods<'a> {
    /// The pod specs of replicated workloads, and those in Strimzi's resources, among the objects at these positions.
    pub fn pod_specs(&self, part: &Range<u32>) -> Vec<PodSpec<'a>> {
        let mut specs = Vec::new();
        for workload in self.in_part(self.workloads(), part, |it| it.object) {
            if workload.kind.is_replicated() {
                specs.extend(self.pod_spec_of(workload.object));
            }
        }
        for cluster in self.in_part(self.kafka_clusters(), part, |it| it.object) {
            let object = cluster.object;
            let mut of_kafka = Vec::new();
            for nodes in self.kafka_nodes(cluster) {
                if nodes.template.object.id() == object.id() {
                    of_kafka.extend(nodes.pods);
                }
            }
            let of_zookeeper = self.zookeeper_nodes(cluster).pods;
            for (part, pods) in [("kafka", of_kafka), ("zookeeper", of_zookeeper)] {
                let node = object.node().at(&["spec", part, "template", "pod"]);
                specs.extend(node.map(|node| PodSpec { object, node, pods }));
            }
        }
        for group in [postgres::CNPG, postgres::EDB] {
            for object in self.in_part(self.all_of_kind(group, "Pooler"), part, |it| it) {
                let node = object.node().at(&["spec", "template", "spec"]);
                specs.extend(node.map(|node| PodSpec { object, node, pods: self.pods_of(object).to_vec() }));
            }
        }
        for kind in ["KafkaNodePool", "KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"] {
            for object in self.in_part(self.all_of_kind(kafka::STRIMZI, kind), part, |it| it) {
                let node = object.node().at(&["spec", "template", "pod"]);
                specs.extend(node.map(|node| PodSpec { object, node, pods: self.pods_of(object).to_vec() }));
            }
        }
        specs
    }

    /// The pod spec of a workload.
    pub fn pod_spec_of(&self, object: &'a Object) -> Option<PodSpec<'a>> {
        let node = self.workload_of(object)?.template?.spec()?;
        Some(PodSpec { object, node, pods: self.pods_of(object).to_vec() })
    }

    /// What the pods of a spec ask for, in the order they are written.
    pub fn spread_terms(&self, spec: &PodSpec<'a>) -> Vec<SpreadTerm<'a>> {
        let mut terms = Vec::new();
        let affinity = spec.node.at(&["affinity", "podAntiAffinity"]);
        for (key, form) in [
            ("requiredDuringSchedulingIgnoredDuringExecution", SpreadForm::Required),
            ("preferredDuringSchedulingIgnoredDuringExecution", SpreadForm::Preferred),
        ] {
            for item in affinity.and_then(|it| it.at(&[key])).into_iter().flat_map(NodeRef::items) {
                let node = if form == SpreadForm::Required { Some(item) } else { item.at(&["podAffinityTerm"]) };
                terms.extend(node.map(|it| self.spread_term(spec, it, form)));
            }
        }
        for item in spec.node.items_at(&["topologySpreadConstraints"]) {
            let is_soft = item.str_at(&["whenUnsatisfiable"]) == Some("ScheduleAnyway");
            terms.push(self.spread_term(spec, item, if is_soft { SpreadForm::Soft } else { SpreadForm::Hard }));
        }
        terms
    }

    fn spread_term(&self, spec: &PodSpec<'a>, node: NodeRef<'a>, form: SpreadForm) -> SpreadTerm<'a> {
        let selector = node.at(&["labelSelector"]).map(|it| self.canaries.copied(spec.object, Selector::read(it)));
        let reach = match &selector {
            Some(selector) => self.reach(spec, node, form, selector),
            None => Reach::NoSelector,
        };
        SpreadTerm { node, form, key: node.at(&["topologyKey"]).map(NodeRef::text), selector, reach }
    }

    fn reach(&self, spec: &PodSpec<'a>, node: NodeRef<'a>, form: SpreadForm, selector: &Selector<'a>) -> Reach {
        if spec.pods.is_empty() {
            return Reach::Unknown;
        }
        let own: Vec<&Labels<'a>> = spec.pods.iter().map(|it| &self.pods(*it).labels).collect();
        let excludes = |key: &str| is_added(key) || own.iter().any(|it| it.get(key).is_some());
        if node.items_at(&["mismatchLabelKeys"]).any(|it| excludes(it.text())) {
            return Reach::Others(None);
        }
        let written: Vec<Requirement<'a>> =
            selector.requirements.iter().filter(|it| !is_added(&it.key)).cloned().collect();
        let shown = Selector { requirements: written };
        let is_own = own.iter().any(|it| shown.matches(it));
        if !is_own && (is_open(selector) || own.iter().any(|it| leaves_open(it, selector))) {
            return Reach::Unknown;
        }
        let scope = if form.is_constraint() { Scope::Own } else { self.scope(spec.object, node) };
        match (is_own, &scope) {
            (true, Scope::Own | Scope::All) => return Reach::Own,
            (_, Scope::Unknown) => return Reach::Unknown,
            _ => {}
        }
        let found = match &scope {
            Scope::Own => self.first_selected(spec.object, selector),
            Scope::Listed(names) => names.iter().filter_map(|it| self.selects_in(it, selector)).min(),
            Scope::All | Scope::Selected | Scope::Unknown => self.selects_anywhere(selector),
        };
        // Own pods, found by way of another namespace, are none of the others.
        match (found.filter(|it| !spec.pods.contains(it)), scope) {
            (Some(pods), _) => Reach::Others(Some(pods)),
            (None, Scope::Listed(names)) if is_own => {
                Reach::OtherNamespaces(names.into_iter().map(str::to_owned).collect())
            }
            (None, Scope::Selected) if is_own => Reach::OtherNamespaces(Vec::new()),
            (None, _) => Reach::Nothing,
        }
    }

    /// Into which namespaces an anti-affinity term looks: a union of names and selected namespaces.
    fn scope(&self, object: &Object, term: NodeRef<'a>) -> Scope<'a> {
        let names: Vec<&str> = term.items_at(&["namespaces"]).map(NodeRef::text).collect();
        let selector = term.at(&["namespaceSelector"]).map(Selector::read);
        if names.is_empty() && selector.is_none() {
            return Scope::Own;
        }
        if selector.as_ref().is_some_and(Selector::is_everything) {
            return Scope::All;
        }
        let Some(own) = object.namespace().filter(|it| !is_template(it)) else { return Scope::Unknown };
        if names.contains(&own) {
            return Scope::Own;
        }
        if names.iter().any(|it| is_template(it)) {
            return Scope::Unknown;
        }
        let Some(selector) = selector else { return Scope::Listed(names) };
        let mut labels = Labels::default();
        let found = self.named("", "Namespace", own);
        for it in &found {
            labels = Labels::read(it.node().at(&["metadata", "labels"]));
        }
        // The API server puts this label on every namespace.
        labels.set(NAMESPACE_NAME, own);
        let is_told = !found.is_empty() || selector.requirements.iter().all(|it| it.key == NAMESPACE_NAME);
        match (is_told, selector.matches(&labels)) {
            (false, _) => Scope::Unknown,
            (true, true) => Scope::Own,
            (true, false) => Scope::Selected,
        }
    }

    /// Whether a constraint keeps the pods that make it on different nodes.
    pub fn keeps_apart(&self, term: &SpreadTerm<'_>) -> bool {
        let Some(key) = term.key else { return false };
        term.reach == Reach::Own && !COARSE.contains(&key) && self.meant_topology_key(key).is_none()
    }

    /// The labels that select the pods of a spec: their controller's selector, or what an operator sets.
    pub fn identity_of(&self, spec: &PodSpec<'a>) -> String {
        if let Some(workload) = self.workload_of(spec.object) {
            return controller_selector(spec.object, workload.kind).map(|it| it.to_string()).unwrap_or_default();
        }
        let labels = spec.pods.first().map(|it| &self.pods(*it).labels);
        let known = [kafka::CLUSTER_LABEL, kafka::NAME_LABEL].into_iter();
        let pairs = known.filter_map(|key| Some(format!("{key}={}", labels?.get(key)?)));
        pairs.collect::<Vec<_>>().join(", ")
    }

    /// A label of the pods that is one slip away from what a selector asks for, while all else fits.
    pub fn nearly_selected(&self, spec: &PodSpec<'a>, selector: &Selector<'_>) -> Option<String> {
        spec.pods.iter().find_map(|it| nearest_label(&self.pods(*it).labels, selector))
    }
}

/// The label that the API server puts on every namespace.
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// The namespaces of a term.
enum Scope<'a> {
    /// That of the pod, perhaps among others.
    Own,
    All,
    /// These, and not that of the pod.
    Listed(Vec<&'a str>),
    /// Some, and not that of the pod.
    Selected,
    Unknown,
}

/// Labels that name an application.
const NAMING: &[&str] =
    &["app", "name", "k8s-app", "run", "component", "app.kubernetes.io/name", "app.kubernetes.io/instance"];

fn nearest_label(labels: &Labels<'_>, selector: &Selector<'_>) -> Option<String> {
    let mut slip = None;
    for requirement in &selector.requirements {
        let one = Selector { requirements: vec![requirement.clone()] };
        if one.matches(labels) {
            continue;
        }
        let (Operator::In, [wanted]) = (requirement.operator, requirement.values.as_slice()) else { return None };
        let other = labels.get(&requirement.key);
        let found = match other {
            Some(value) if value.eq_ignore_ascii_case(wanted) || is_slip(value, wanted) => {
                Some((requirement.key.as_ref(), value))
            }
            // The same value under another key, as in `app` for `app.kubernetes.io/name`.
            None if NAMING.contains(&requirement.key.as_ref()) => {
                labels.iter().find(|it| it.1 == wanted && NAMING.contains(&it.0))
            }
            _ => None,
        };
        let (key, value) = found?;
        if slip.replace(format!("{key}={value}")).is_some() {
            return None; // Two slips in one selector are another selector.
        }
    }
    slip
}

fn is_template(text: &str) -> bool {
    namespaces::is_template(text)
}

/// Whether what a selector asks for is a template placeholder among these labels.
fn leaves_open(labels: &Labels<'_>, selector: &Selector<'_>) -> bool {
    let asks = |key: &str| selector.requirements.iter().any(|it| it.key == key);
    labels.iter().any(|(key, value)| is_template(key) || (asks(key) && is_template(value)))
}

/// Whether a part of a selector is a template placeholder.
fn is_open(selector: &Selector<'_>) -> bool {
    selector.requirements.iter().any(|it| is_template(&it.key) || it.values.iter().any(|value| is_template(value)))
}
