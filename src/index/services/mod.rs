//! Services, and what reaches pods through them.

pub(in crate::index) mod clients;
pub(in crate::index) mod labels;
pub(in crate::index) mod network_policies;
pub(in crate::index) mod selections;
pub(in crate::index) mod uses;

use crate::index::lookup::directory::Directory;
use crate::index::lookup::near_names::NearNames;
use crate::index::services::labels::ServiceLabels;
pub(super) use crate::index::services::selections::service_selector;
use crate::index::services::selections::{Selection, Selections};
use crate::index::services::uses::Uses;
use crate::index::{Objects, PodSetId, Pods, Unclassified, WorkloadId};
use crate::model::{Object, Place, Selector, Version, is_placeholder};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

/// The field by which a Service has the addresses of pods that are not ready.
const UNREADY_FIELD: &[&str] = &["spec", "publishNotReadyAddresses"];

/// The annotation that was its first form.
const UNREADY_ANNOTATION: &str = "service.alpha.kubernetes.io/tolerate-unready-endpoints";

/// The first Kubernetes that does not read the annotation any more (kubernetes/kubernetes, CHANGELOG-1.24).
const ANNOTATION_REMOVED: Version = Version::new(1, 24, 0);

impl Objects<'_> {
    /// Where a Service asks for the addresses of pods that are not ready; `None` if it has only those of ready ones.
    pub fn unready_addresses(&self, service: &Object) -> Option<Place> {
        if service.node().bool_at(UNREADY_FIELD) == Some(true) {
            return Some(service.place(UNREADY_FIELD));
        }
        let is_annotated = service.annotation(UNREADY_ANNOTATION) == Some("true");
        let place = || service.place(&["metadata", "annotations", UNREADY_ANNOTATION]);
        (is_annotated && self.is_older_than(ANNOTATION_REMOVED)).then(place)
    }

    /// Whether a template decides if a Service has the addresses of pods that are not ready.
    pub fn has_open_readiness(&self, service: &Object) -> bool {
        let field = service.node().at(UNREADY_FIELD).map(NodeRef::text);
        field.or_else(|| service.annotation(UNREADY_ANNOTATION)).is_some_and(is_placeholder)
    }
}

/// The Services that an Ingress leads to, each with its path.
fn ingress_backends(ingress: &Object) -> impl Iterator<Item = (&str, &str)> {
    let rules = ingress.node().items_at(&["spec", "rules"]);
    rules.flat_map(|it| it.items_at(&["http", "paths"])).filter_map(|it| {
        let name = it.str_at(&["backend", "service", "name"]).or_else(|| it.str_at(&["backend", "serviceName"]))?;
        Some((name, it.str_at(&["path"]).unwrap_or("/")))
    })
}

/// Who names Services as addresses, by name and namespace of the Service as they are written.
pub(super) type Mentions = HashMap<(String, Option<String>), Vec<WorkloadId>>;

/// The ninth stage: Services, the pods that they select, and what leads to them.
pub struct Services<'a> {
    pods: Pods<'a>,
    selections: Selections<'a>,
    pub(super) uses: Uses,
    /// Ingresses by the Services that they lead to.
    ingresses: Directory<'a>,
    pub(super) by_near_name: OnceLock<NearNames>,
    pub(super) mentions: OnceLock<Mentions>,
    labels: OnceLock<ServiceLabels>,
}

crate::index::stands_on!(Services, pods: Pods);

impl<'a> Services<'a> {
    /// Files Services and Ingresses.
    pub(super) fn new(pods: Pods<'a>) -> Services<'a> {
        Services {
            selections: Selections::read(&pods),
            uses: Uses::read(&pods),
            ingresses: ingresses(&pods),
            by_near_name: OnceLock::new(),
            mentions: OnceLock::new(),
            labels: OnceLock::new(),
            pods,
        }
    }

    /// The Services by their own labels.
    pub(super) fn service_labels(&self) -> &ServiceLabels {
        self.labels.get_or_init(|| ServiceLabels::new(self))
    }

    /// The Services that select pods, in order.
    pub fn services_of(&self, pods: PodSetId) -> impl Iterator<Item = &'a Object> {
        self.selections.services_of(pods)
    }

    /// The Services that select a workload's pods.
    pub fn services_of_workload(&self, workload: &Unclassified<'_>) -> impl Iterator<Item = &'a Object> {
        self.pods_of(workload.object).iter().flat_map(|it| self.services_of(*it))
    }

    /// The same of pods by what they select: those of one selection lead to the same pods.
    pub fn selections_to(&self, pods: PodSetId) -> impl Iterator<Item = &Selection<'a>> {
        self.selections.leading_to(pods)
    }

    /// The same of a workload.
    pub fn selections_of_workload(&self, workload: &Unclassified<'_>) -> impl Iterator<Item = &Selection<'a>> {
        self.pods_of(workload.object).iter().flat_map(|it| self.selections.leading_to(*it))
    }

    /// The Services that lead to the same pods as one does, if it selects any by itself.
    pub fn selection_of(&self, service: &Object) -> Option<&Selection<'a>> {
        self.selections.of(service)
    }

    /// The pods that a Service selects, in order.
    pub fn pods_of_service(&self, service: &Object) -> &[PodSetId] {
        self.selections.of(service).map_or(&[], |it| &it.pods)
    }

    /// The selector of a Service; `None` if it selects nothing by itself.
    pub fn selector_of_service<'s>(&self, service: &'s Object) -> Option<Selector<'s>> {
        service_selector(service)
    }

    /// The Ingresses that lead to a Service.
    pub fn ingresses_of_service(&self, service: &Object) -> Vec<&'a Object> {
        self.look_up(&self.ingresses, service, ("", "Service", service.name()))
    }

    /// Whether any Service selects a workload's pods that is there for more than monitoring.
    pub fn is_exposed(&self, workload: &Unclassified<'_>) -> bool {
        struct Exposed(bool);
        let find = |it: &Selection<'a>| Exposed(it.services.iter().any(|it| !self.is_for_monitoring(it)));
        self.selections_of_workload(workload).any(|it| it.once(find).0)
    }

    /// Whether requests from outside the cluster reach a workload: by an Ingress, a route or a load balancer.
    pub fn is_entry(&self, workload: &Unclassified<'_>) -> bool {
        struct Entry(bool);
        let is_entry = |it: &Object| !self.is_for_monitoring(it) && self.entry(it).is_some();
        let find = |it: &Selection<'a>| Entry(it.services.iter().any(|it| is_entry(it)));
        self.selections_of_workload(workload).any(|it| it.once(find).0)
    }

    /// Whether an Ingress reaches a workload under a path that fits.
    pub(super) fn has_ingress_path(&self, workload: &Unclassified<'_>, fits: impl Fn(&str) -> bool) -> bool {
        struct Paths(BTreeSet<String>);
        let find = |it: &Selection<'a>| {
            let mut paths = BTreeSet::new();
            for service in &it.services {
                for ingress in self.ingresses_of_service(service) {
                    let backends = ingress_backends(ingress).filter(|it| it.0 == service.name());
                    paths.extend(backends.map(|it| it.1.to_owned()));
                }
            }
            Paths(paths)
        };
        self.selections_of_workload(workload).any(|it| it.once(find).0.iter().any(|it| fits(it)))
    }
}

/// The Ingresses by the Services that they lead to.
fn ingresses<'a>(objects: &Objects<'a>) -> Directory<'a> {
    let groups = ["networking.k8s.io", "apps"]; // The older `extensions` counts as `apps`.
    let ingresses: Vec<&'a Object> = groups.iter().flat_map(|it| objects.of_kind(it, "Ingress")).collect();
    let mut backends = Vec::new();
    for ingress in ingresses {
        let mut names: Vec<&str> = ingress_backends(ingress).map(|it| it.0).collect();
        names.sort_unstable();
        names.dedup();
        backends.extend(names.into_iter().map(|name| (("", "Service", name), ingress)));
    }
    Directory::new(backends)
}
