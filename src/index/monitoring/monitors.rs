//! Monitors, and the Services or pods that they select. Sources: prometheus-operator `pkg/apis/monitoring/v1`
//! (`ServiceMonitorSpec`, `PodMonitorSpec`, `NamespaceSelector`), VictoriaMetrics operator `VMServiceScrape`,
//! GoogleCloudPlatform/prometheus-engine `PodMonitoring`.

use crate::index::objects::namespaces;
use crate::index::services::labels as services;
use crate::index::{Monitoring, Nearness, Objects, PodSetId, Services, pods};
use crate::model::products::{PROMETHEUS, VICTORIA};
use crate::model::{Labels, Object, Operator, Requirement, Selector, products};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// What a monitor selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Services, by their own labels.
    Services,
    /// Pods, by theirs.
    Pods,
}

/// The namespaces in which a monitor looks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    /// The position of the first monitor that selects the same for certain.
    pub alike: usize,
    is_empty: bool,
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
        self.is_empty
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

    /// Whether an object may be where it looks.
    fn may_see(&self, index: &Objects<'_>, other: &Object) -> bool {
        self.scope.nearness(index, self.object, other) != Nearness::Different
    }

    /// Whether it asks for no label that must be there.
    pub(super) fn is_wide(&self) -> bool {
        let asks = |it: &Requirement<'_>| matches!(it.operator, Operator::In | Operator::Exists);
        !self.selector.requirements.iter().any(asks)
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
    /// The Services that a monitor selects, in order; none if it selects pods.
    pub fn services_watched<'m>(&'m self, monitor: &'m Monitor<'a>) -> impl Iterator<Item = &'a Object> + use<'m, 'a> {
        let is_meant = monitor.target == Target::Services;
        let labelled = is_meant.then(|| self.services_labelled(&monitor.selector)).into_iter().flatten();
        labelled.filter(|it| monitor.may_see(self, it))
    }

    /// Whether a monitor selects a Service, if it selects Services.
    pub(super) fn watches_service(&self, monitor: &Monitor<'a>, service: &Object) -> bool {
        services::matches(service, &monitor.selector) && monitor.may_see(self, service)
    }

    /// The Services with the labels that a selector wants, in whatever namespace.
    pub fn services_labelled<'s>(
        &'s self,
        selector: &'s Selector<'_>,
    ) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
        let candidates = self.service_labels().candidates(selector).map(|it| self.object_at(it));
        candidates.filter(|it| services::matches(it, selector))
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
        let mut pods: Vec<PodSetId> = self.pods_labelled(monitor).collect();
        pods.sort_unstable();
        let services = pods.into_iter().flat_map(|it| self.services_of(it));
        services.filter(|it| monitor.is_in_sight(self, it)).collect()
    }

    /// The pods that a monitor selects, in no order; none if it selects Services.
    pub fn pods_watched<'m>(&'m self, monitor: &'m Monitor<'a>) -> impl Iterator<Item = PodSetId> + use<'m, 'a> {
        let is_meant = monitor.target == Target::Pods;
        is_meant.then(|| self.pods_labelled(monitor)).into_iter().flatten()
    }

    /// Whether a monitor selects pods, if it selects pods.
    pub(super) fn watches_pods(&self, monitor: &Monitor<'a>, pods: PodSetId) -> bool {
        let pods = self.pods(pods);
        monitor.selector.matches(&pods.labels) && monitor.may_see(self, pods.owner)
    }

    /// The pods with the labels that a monitor wants, of pods or of Services, where it looks.
    fn pods_labelled<'m>(&'m self, monitor: &'m Monitor<'a>) -> impl Iterator<Item = PodSetId> + use<'m, 'a> {
        let near = matches!(monitor.scope, Scope::Own).then_some(monitor.object);
        self.pods_fitting(near, &monitor.selector).filter(|it| monitor.may_see(self, self.pods(*it).owner))
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
    let mut monitors: Vec<Monitor<'a>> = Vec::new();
    let mut known = HashMap::new();
    for (group, kind, _, endpoints) in KINDS {
        for object in index.of_kind(group, kind) {
            let Some((target, selector)) = target_of(object) else { continue };
            let scope = Scope::read(object);
            // All on which it depends what is selected.
            let place = (object.namespace(), object.is_governed, index.folder(object));
            let effective = match target {
                Target::Services => index.service_labels().effective(&selector),
                Target::Pods => index.effective(&selector),
            };
            let key = (target, scope.clone(), (scope == Scope::Own).then_some(place), effective);
            let alike = *known.entry(key).or_insert(monitors.len());
            let endpoints = object.node().items_at(&["spec", endpoints]).collect();
            let mut monitor = Monitor { object, target, selector, endpoints, alike, is_empty: true, scope };
            monitor.is_empty = match monitors.get(alike) {
                Some(first) => first.is_empty,
                None => {
                    index.services_watched(&monitor).next().is_none() && index.pods_watched(&monitor).next().is_none()
                }
            };
            monitors.push(monitor);
        }
    }
    monitors
}
