//! Monitors, and the Services or pods that they select. Sources: prometheus-operator `pkg/apis/monitoring/v1`
//! (`ServiceMonitorSpec`, `PodMonitorSpec`, `NamespaceSelector`), VictoriaMetrics operator `VMServiceScrape`,
//! GoogleCloudPlatform/prometheus-engine `PodMonitoring`.

use crate::index::objects::namespaces;
use crate::index::services::labels as services;
use crate::index::{Monitoring, Nearness, Objects, PodSetId, Services, pods};
use crate::model::products::{PROMETHEUS, VICTORIA};
use crate::model::{Labels, Object, Selector, products};
use crate::yaml::NodeRef;

/// What a monitor selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Services, by their own labels.
    Services,
    /// Pods, by theirs.
    Pods,
}

/// The namespaces in which a monitor looks.
#[derive(Clone, Debug)]
pub(super) enum Scope<'a> {
    /// Its own.
    Own,
    /// All.
    All,
    /// These.
    Named(Vec<&'a str>),
}

/// A monitor of Prometheus or its like.
#[derive(Debug)]
pub struct Monitor<'a> {
    /// The object.
    pub object: &'a Object,
    /// What it selects.
    pub target: Target,
    /// By which labels.
    pub selector: Selector<'a>,
    /// What it scrapes of each.
    pub endpoints: Vec<NodeRef<'a>>,
    /// The Services that it selects, in order.
    pub services: Vec<&'a Object>,
    /// The pods that it selects, in order; none if it selects Services.
    pub pods: Vec<PodSetId>,
    pub(super) scope: Scope<'a>,
}

/// Group, kind, what it selects, where its endpoints stand.
const KINDS: &[(&str, &str, Target, &str)] = &[
    (PROMETHEUS, "ServiceMonitor", Target::Services, "endpoints"),
    (PROMETHEUS, "PodMonitor", Target::Pods, "podMetricsEndpoints"),
    (VICTORIA, "VMServiceScrape", Target::Services, "endpoints"),
    (VICTORIA, "VMPodScrape", Target::Pods, "podMetricsEndpoints"),
    (products::GOOGLE_MONITORING, "PodMonitoring", Target::Pods, "endpoints"),
    (products::GOOGLE_MONITORING, "ClusterPodMonitoring", Target::Pods, "endpoints"),
];

/// Whether an environment has any monitor.
pub(super) fn has_any(index: &Objects<'_>) -> bool {
    KINDS.iter().any(|it| index.of_kind(it.0, it.1).next().is_some())
}

/// What a monitor selects, and by which labels. None for what is no monitor, and without a selector, which the API
/// refuses.
pub(in crate::index) fn target_of(object: &Object) -> Option<(Target, Selector<'_>)> {
    let (_, _, target, _) = KINDS.iter().find(|it| object.is(it.0, it.1))?;
    Some((*target, Selector::read(object.node().get("spec")?.at(&["selector"])?)))
}

impl<'a> Scope<'a> {
    fn read(object: &'a Object) -> Scope<'a> {
        if object.kind().starts_with("Cluster") {
            return Scope::All;
        }
        let Some(node) = object.node().at(&["spec", "namespaceSelector"]) else { return Scope::Own };
        if node.bool_at(&["any"]) == Some(true) {
            return Scope::All;
        }
        let names: Vec<&str> = node.items_at(&["matchNames"]).map(NodeRef::text).collect();
        if names.is_empty() { Scope::Own } else { Scope::Named(names) }
    }

    /// Whether an object is where a monitor looks.
    pub(super) fn nearness(&self, index: &Objects<'_>, monitor: &Object, other: &Object) -> Nearness {
        match (self, other.namespace()) {
            (Scope::Own, _) => index.nearness(monitor, other),
            (Scope::All, _) => Nearness::Same,
            (Scope::Named(names), Some(own)) if names.contains(&own) => Nearness::Same,
            (Scope::Named(names), Some(own)) => {
                let is_open = namespaces::is_template(own) || names.iter().any(|it| namespaces::is_template(it));
                if is_open { Nearness::Unknown } else { Nearness::Different }
            }
            (Scope::Named(names), None) if names.contains(&"default") && !other.is_governed => Nearness::Same,
            (Scope::Named(_), None) => Nearness::Unknown,
        }
    }

    /// Whether it holds a namespace, as far as that is known.
    pub(super) fn holds(&self, monitor: &Object, namespace: Option<&str>) -> bool {
        let may_be = |it: &str| namespaces::is_template(it) || namespace.is_none_or(|own| own == it);
        match self {
            Scope::Own => monitor.namespace().is_none_or(may_be),
            Scope::All => true,
            Scope::Named(names) => names.iter().any(|it| may_be(it)),
        }
    }
}

impl Monitor<'_> {
    /// Whether it selects anything.
    pub fn is_empty(&self) -> bool {
        self.services.is_empty() && self.pods.is_empty()
    }

    /// Whether it would take pods of another environment, or a Service of theirs.
    pub(in crate::index) fn would_watch(
        &self,
        pods: &Labels<'_>,
        services: &[Labels<'_>],
        namespace: Option<&str>,
    ) -> bool {
        let matches = match self.target {
            Target::Pods => self.selector.matches(pods),
            Target::Services => services.iter().any(|it| self.selector.matches(it)),
        };
        matches && self.scope.holds(self.object, namespace)
    }

    /// Whether it looks into a namespace of this name.
    pub fn looks_into(&self, namespace: &str) -> bool {
        self.scope.holds(self.object, Some(namespace))
    }

    /// Whether an object is where it looks, and that is known.
    pub fn is_in_sight(&self, index: &Objects<'_>, other: &Object) -> bool {
        self.scope.nearness(index, self.object, other) == Nearness::Same
    }

    /// The namespaces in which it looks, for people.
    pub fn namespaces(&self) -> String {
        match &self.scope {
            Scope::All => "any namespace".to_owned(),
            Scope::Named(names) => format!("namespace {}", names.join(" or ")),
            Scope::Own => self.object.namespace().map_or("its namespace".to_owned(), |it| format!("namespace {it}")),
        }
    }
}

impl<'a> Services<'a> {
    fn services_in_scope(&self, from: &Object, selector: &Selector<'_>, scope: &Scope<'_>) -> Vec<&'a Object> {
        let mut found = self.services_labelled(selector);
        found.retain(|it| scope.nearness(self, from, it) != Nearness::Different);
        found
    }

    /// The Services with the labels that a selector wants, in whatever namespace.
    pub fn services_labelled(&self, selector: &Selector<'_>) -> Vec<&'a Object> {
        let candidates = self.service_labels().candidates(selector).into_iter().map(|it| self.object_at(it));
        candidates.filter(|it| services::matches(it, selector)).collect()
    }

    /// The hashes of the labels of Services, and of their keys alone.
    pub(in crate::index) fn service_hashes(&self) -> Vec<u32> {
        let services = self.of_kind("", "Service");
        let labels = services.filter_map(|it| it.node().at(&["metadata", "labels"])).flat_map(NodeRef::entries);
        labels.flat_map(|it| [pods::hash(it.name(), Some(it.value.text())), pods::hash(it.name(), None)]).collect()
    }

    /// The Services in the namespaces where a monitor looks.
    pub fn services_in_sight<'m>(&'m self, monitor: &'m Monitor<'a>) -> impl Iterator<Item = &'a Object> + 'm {
        let all = self.service_labels().all().iter().map(|it| self.object_at(*it));
        all.filter(|it| monitor.is_in_sight(self, it))
    }

    /// Services of the pods that have the labels which a monitor wants of Services.
    pub fn services_of_labelled_pods(&self, monitor: &Monitor<'a>) -> Vec<&'a Object> {
        let pods = self.pods_in_scope(monitor.object, &monitor.selector, &monitor.scope);
        let services = pods.iter().flat_map(|it| self.services_of(*it)).copied();
        services.filter(|it| monitor.is_in_sight(self, it)).collect()
    }

    fn pods_in_scope(&self, from: &Object, selector: &Selector<'_>, scope: &Scope<'_>) -> Vec<PodSetId> {
        if matches!(scope, Scope::Own) {
            return self.select(from, selector).into_iter().map(|it| it.pods).collect();
        }
        let mut found = self.pods_matching(selector);
        found.retain(|it| scope.nearness(self, from, self.pods(*it).owner) != Nearness::Different);
        found
    }
}

impl<'a> Monitoring<'a> {
    /// The resource of an operator whose pods share a label that a selector wants: the operator may make Services and
    /// pods with the others.
    pub fn made_for(&self, selector: &Selector<'_>) -> Option<&'a Object> {
        self.made_pods_that_share(selector).map(|it| self.pods(it).owner)
    }

    /// What may make Services or pods where a monitor looks that the manifests do not show.
    pub fn unseen_maker_in_sight(&self, monitor: &Monitor<'a>) -> Option<&'a Object> {
        match &monitor.scope {
            Scope::Own => self.unseen_pod_maker_near(monitor.object, &monitor.selector),
            Scope::All => self.unseen_pod_maker_in(None, &monitor.selector),
            Scope::Named(names) => names.iter().find_map(|it| self.unseen_pod_maker_in(Some(it), &monitor.selector)),
        }
    }
}

/// Reads the monitors, in order.
pub(super) fn read<'a>(index: &Services<'a>) -> Vec<Monitor<'a>> {
    let mut monitors = Vec::new();
    for (group, kind, _, endpoints) in KINDS {
        for object in index.of_kind(group, kind) {
            let Some((target, selector)) = target_of(object) else { continue };
            let scope = Scope::read(object);
            let (services, pods) = match target {
                Target::Services => (index.services_in_scope(object, &selector, &scope), Vec::new()),
                Target::Pods => (Vec::new(), index.pods_in_scope(object, &selector, &scope)),
            };
            let endpoints = object.node().items_at(&["spec", endpoints]).collect();
            monitors.push(Monitor { object, target, selector, endpoints, services, pods, scope });
        }
    }
    monitors
}
