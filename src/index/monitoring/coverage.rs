//! Who watches an application: monitors for certain, annotations and agents perhaps.

use crate::index::monitoring::Target;
use crate::index::services::selections::Selection;
use crate::index::{Budgets, Monitoring, PodSetId, Role, Unclassified, Workload};
use crate::model::products::{PROMETHEUS, VICTORIA, is_exporter_image, is_postgres_exporter};
use crate::model::{ImageName, Object, ObjectId, PodTemplate, Selector};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

/// What watches an application.
#[derive(Clone, Debug)]
pub enum Watcher {
    /// A monitor selects its Services or pods, or the resource itself asks for one.
    Certain,
    /// There are signs.
    Perhaps(Weak),
    /// Nothing shows.
    Nothing,
}

/// A sign that something watches an application, which proves nothing.
#[derive(Clone, Debug)]
pub struct Weak {
    /// What it is: `annotation prometheus.io/scrape`.
    pub what: String,
    /// Where it stands.
    pub span: Span,
}

impl Weak {
    /// The annotation of a template or Service by which agents find it.
    fn annotation(node: NodeRef<'_>) -> Option<Weak> {
        let annotations = node.at(&["metadata", "annotations"]).into_iter().flat_map(NodeRef::entries);
        let mut meant = annotations.filter(|it| it.value.text() != "false");
        let entry = meant.find(|entry| ANNOTATIONS.iter().any(|it| entry.name().starts_with(it)))?;
        Some(Weak { what: format!("annotation {}", entry.name()), span: entry.line_span() })
    }

    /// A container that exports what another one measures.
    fn exporter(container: NodeRef<'_>) -> Weak {
        let name = container.str_at(&["name"]).unwrap_or_default();
        Weak { what: format!("container {name}"), span: container.place(&["image"]) }
    }

    /// The exporter among the sidecars that a custom resource asks for.
    pub fn of_sidecars(object: &Object) -> Option<Weak> {
        let mut sidecars = object.node().items_at(&["spec", "sidecars"]);
        let is_exporter = |image| is_exporter_image(ImageName::read(image).name());
        sidecars.find(|it| it.str_at(&["image"]).is_some_and(is_exporter)).map(Weak::exporter)
    }
}

/// The hosts that probes ask, by their first label.
pub(super) type Probed<'a> = BTreeMap<String, &'a Object>;

/// Annotations, or the beginnings of their keys, by which agents find their targets.
const ANNOTATIONS: &[&str] = &[
    "prometheus.io/scrape",
    "prometheus.io/should_be_scraped",
    "k8s.grafana.com/scrape",
    "instrumentation.opentelemetry.io/inject-",
    "sidecar.opentelemetry.io/inject",
    "ad.datadoghq.com/",
    "admission.datadoghq.com/",
    "co.elastic.metrics/",
    "newrelic.io/scrape",
];

/// Variables, or the beginnings of their names, by which programs send what they measure.
const VARIABLES: &[&str] =
    &["OTEL_EXPORTER_", "COLLECTOR_SERVICE_ADDR", "DD_AGENT_HOST", "STATSD_HOST", "NEW_RELIC_LICENSE_KEY"];

impl<'a> Monitoring<'a> {
    /// The monitor that selects pods, or a Service of theirs.
    pub fn monitor_of(&self, pods: PodSetId) -> Option<&'a Object> {
        struct First(Option<usize>);
        let of_services = |it: &Selection<'a>| {
            First(it.services.iter().filter_map(|it| self.by_service.get(&it.id())).min().copied())
        };
        let by_service = self.selections_to(pods).filter_map(|it| it.once(of_services).0);
        let first = self.by_pods.get(&pods).copied().into_iter().chain(by_service).min()?;
        Some(self.monitors[first].object)
    }

    /// The workloads that export what PostgreSQL measures, and are no databases themselves.
    pub fn postgres_exporters(&self) -> impl Iterator<Item = &Workload<'a>> {
        let exports = |it: &Workload<'a>| {
            let mut containers = it.containers();
            it.role != Role::Postgres && containers.any(|it| is_postgres_exporter(it.image_name()))
        };
        let find = || (0..).zip(self.workloads()).filter(|it| exports(it.1)).map(|it| it.0).collect();
        self.postgres_exporters.get_or_init(find).iter().map(|at: &usize| &self.workloads()[*at])
    }

    /// The monitor that selects pods which an object makes.
    pub fn monitor_of_pods_of(&self, object: &Object) -> Option<&'a Object> {
        self.pods_of(object).iter().find_map(|it| self.monitor_of(*it))
    }

    /// What watches a workload.
    pub fn watcher_of(&self, workload: &Unclassified<'a>) -> Watcher {
        if self.monitor_of_pods_of(workload.object).is_some() {
            return Watcher::Certain;
        }
        self.weak_watcher_of(workload).map_or(Watcher::Nothing, Watcher::Perhaps)
    }

    fn weak_watcher_of(&self, workload: &Unclassified<'a>) -> Option<Weak> {
        struct First(Option<(ObjectId, Weak)>);
        if let Some(weak) = workload.template.and_then(|it| Weak::annotation(it.node())) {
            return Some(weak);
        }
        let first =
            |it: &Selection<'a>| First(it.services.iter().find_map(|it| Some((it.id(), Weak::annotation(it.node())?))));
        let of_services = self.selections_of_workload(workload).filter_map(|it| it.once(first).0.clone());
        if let Some((_, weak)) = of_services.min_by_key(|it| it.0) {
            return Some(weak);
        }
        for container in workload.containers() {
            let is_sign = |name: &str| VARIABLES.iter().any(|it| name.starts_with(it));
            let written = container.node().items_at(&["env"]).find(|it| it.str_at(&["name"]).is_some_and(is_sign));
            if let Some(variable) = written {
                let name = variable.str_at(&["name"]).unwrap_or_default();
                return Some(Weak { what: format!("variable {name}"), span: variable.place(&["name"]) });
            }
            if self.has_env(workload.object, container, is_sign) {
                let what = format!("a variable that container {} takes from a ConfigMap", container.name());
                return Some(Weak { what, span: container.node().place(&["envFrom"]) });
            }
        }
        let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
        if let Some(exporter) = workload.containers().chain(sidecars).find(|it| is_exporter_image(it.image_name())) {
            return Some(Weak::exporter(exporter.node()));
        }
        if self.probed.is_empty() {
            return None;
        }
        let probe = self.services_of_workload(workload).find_map(|it| self.probed.get(it.name()))?;
        Some(Weak { what: probe.title(), span: probe.name_span() })
    }

    /// Monitors of Services that may mean those which operators make for the pods of a resource.
    pub fn may_watch_made_services(&self, object: &Object) -> Option<&'a Object> {
        let of_services = self.monitors().iter().filter(|it| it.target == Target::Services && it.is_empty());
        let shares = |selector: &Selector<'_>| {
            let mut pods = self.pods_of(object).iter().map(|it| &self.pods(*it).labels);
            pods.any(|labels| selector.requirements.iter().any(|it| it.matches(labels)))
        };
        of_services.filter(|it| shares(&it.selector)).map(|it| it.object).next()
    }

    /// A configuration file of Prometheus itself, which may find its targets without monitors.
    pub fn own_discovery(&self) -> Option<&'a Object> {
        let has_discovery = |object: &Object| {
            let data = ["data", "stringData"].into_iter().filter_map(|it| object.node().at(&[it]));
            data.flat_map(NodeRef::entries).any(|it| it.value.text().contains("scrape_configs"))
        };
        let find = || {
            let files = self.of_kind("", "ConfigMap").chain(self.of_kind("", "Secret"));
            files.into_iter().find(|it| has_discovery(it)).map(Object::id)
        };
        let id = (*self.own_discovery.get_or_init(find))?;
        Some(self.object_at(id))
    }
}

/// The first labels of the hosts that Probes ask.
pub(super) fn read_probed<'a>(index: &Budgets<'a>) -> Probed<'a> {
    let mut probed = Probed::new();
    for probe in index.of_kind(PROMETHEUS, "Probe").chain(index.of_kind(VICTORIA, "VMProbe")) {
        for target in probe.node().items_at(&["spec", "targets", "staticConfig", "static"]) {
            let text = target.text();
            let host = text.split_once("://").map_or(text, |it| it.1);
            let first = host.split(['.', ':', '/']).next().unwrap_or_default();
            probed.entry(first.to_owned()).or_insert(probe);
        }
    }
    probed
}
