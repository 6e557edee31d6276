//! Which workloads answer requests through a Service, and which of their containers do.

use crate::index::objects::namespaces::is_template;
use crate::index::services::selections::Selection;
use crate::index::{Nearness, Role, Roles, Services, Unclassified, Workload};
use crate::model::products::is_exporter_image;
use crate::model::{Container, Object, ObjectId, PodTemplate};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Containers that stand beside an application, by their own name or that of their image.
const SIDECARS: &[&str] = &[
    "istio-proxy",
    "proxyv2",
    "linkerd-proxy",
    "envoy",
    "vault-agent",
    "cloudsql-proxy",
    "cloud-sql-proxy",
    "gce-proxy",
    "otel-collector",
    "opentelemetry-collector",
    "opentelemetry-collector-contrib",
    "jaeger-agent",
    "fluent-bit",
    "fluentd",
    "filebeat",
    "promtail",
    "vector",
    "daprd",
    "consul-dataplane",
    "kube-rbac-proxy",
    "config-reloader",
    "prometheus-config-reloader",
    "configmap-reload",
];

/// How requests reach a workload.
#[derive(Clone, Debug)]
pub struct Serving<'a> {
    /// The Services that pass them on, in order: the first of them; never empty.
    pub services: Vec<&'a Object>,
    /// How many more there are.
    pub others: usize,
    /// The first that requests from outside the cluster reach, and by what.
    pub entry: Option<(&'a Object, &'static str)>,
    /// The containers that own a port which they pass them to, in the template's order; the first one that is
    /// no sidecar where the manifests do not tell. Empty for a template without containers.
    pub containers: Vec<Container<'a>>,
}

/// So many Services are shown; a thousand workloads of a thousand Services would be a million labels.
const SHOWN: usize = 10;

impl<'a> Serving<'a> {
    /// The Services that are shown, each as messages name it; the last stands for those that are not shown, too.
    pub fn shown(&self) -> impl Iterator<Item = (&'a Object, String)> {
        let last = self.services.len() - 1;
        self.services.iter().enumerate().map(move |(at, service)| match self.others {
            others if others > 0 && at == last => (*service, format!("{}, as {others} more do,", service.title())),
            _ => (*service, service.title()),
        })
    }
}

impl<'a> Unclassified<'a> {
    /// The containers without those that are known to stand beside an application; all, if only such are there.
    pub fn main_containers(&self) -> Vec<Container<'a>> {
        let all: Vec<_> = self.containers().collect();
        let main: Vec<_> = all.iter().copied().filter(|it| !is_sidecar(*it)).collect();
        if main.is_empty() { all } else { main }
    }

    /// Whether it was switched off by hand.
    pub fn is_switched_off(&self) -> bool {
        self.scale.ceiling == Some(0)
    }
}

/// Whether a container is known to stand beside an application.
pub fn is_sidecar(container: Container<'_>) -> bool {
    let (name, parts) = (container.name(), container.image_parts());
    let image = parts.name();
    name.ends_with("-reloader")
        || is_exporter_image(image)
        || parts.repository() == "linkerd/proxy"
        || SIDECARS.iter().any(|it| *it == name || *it == image)
}

/// Whether the name of a port, or of what it leads to, says that it is there for monitoring.
pub fn is_metrics_name(name: &str) -> bool {
    name.split('-').any(|it| matches!(it, "metrics" | "metric" | "prom" | "prometheus"))
}

impl Services<'_> {
    /// What brings a Service's requests from outside the cluster: an Ingress or a route, or its own type.
    pub fn entry(&self, service: &Object) -> Option<&'static str> {
        if self.uses.routed.contains(&service.id()) {
            return Some("an Ingress or a route");
        }
        (service.node().str_at(&["spec", "type"]) == Some("LoadBalancer")).then_some("a load balancer")
    }

    /// Whether names say that a Service is there for monitoring only, and no Ingress or route leads to it.
    pub fn is_for_monitoring(&self, service: &Object) -> bool {
        let mut ports = service.node().items_at(&["spec", "ports"]).peekable();
        ports.peek().is_some()
            && !self.uses.routed.contains(&service.id())
            && ports.all(|port| {
                let is_unnamed = port.str_at(&["name"]).is_none() && port.str_at(&["targetPort"]).is_none();
                is_metrics_port(port) || (is_unnamed && service.name().ends_with("-metrics"))
            })
    }

    /// The names and target ports of a Service's ports that ServiceMonitors scrape.
    pub(in crate::index) fn scraped_of(&self, service: &Object) -> Option<&BTreeSet<String>> {
        self.uses.scraped.get(&service.id())
    }
}

/// What the Services of one selection pass on to a server, or to what need not be one.
struct Passing<const IS_SERVER: bool> {
    /// The first of them, in order.
    services: Vec<ObjectId>,
    count: usize,
    /// The first that requests from outside reach, and by what.
    entry: Option<(ObjectId, &'static str)>,
    /// Different ports to which they lead: a Service, and the position in its list.
    ports: Vec<(ObjectId, usize)>,
    /// Whether one of them has no port.
    is_open: bool,
}

impl<'a> Roles<'a> {
    /// How requests reach a workload: through Services of its own namespace that are there for more than
    /// monitoring. `None` if there is none.
    pub fn serving(&self, workload: &Workload<'a>) -> Option<Serving<'a>> {
        match workload.role {
            Role::Backend | Role::Frontend => self.serving_of::<true>(workload),
            _ => self.serving_of::<false>(workload),
        }
    }

    fn serving_of<const IS_SERVER: bool>(&self, workload: &Workload<'a>) -> Option<Serving<'a>> {
        let near = self.selections_of_workload(workload).filter(|it| {
            let first = it.services.first();
            first.is_some_and(|it| self.nearness(it, workload.object) == Nearness::Same)
        });
        let passing: Vec<_> = near.map(|it| it.once(|it| self.passing::<IS_SERVER>(it))).collect();
        let mut services: Vec<ObjectId> = passing.iter().flat_map(|it| &it.services).copied().collect();
        services.sort_unstable();
        services.truncate(SHOWN);
        let services: Vec<&'a Object> = services.into_iter().map(|it| self.object_at(it)).collect();
        if services.is_empty() {
            return None;
        }
        let others = passing.iter().map(|it| it.count).sum::<usize>() - services.len();
        let entry = passing.iter().filter_map(|it| it.entry).min_by_key(|it| it.0);
        let entry = entry.map(|(service, way)| (self.object_at(service), way));
        let ports = passing.iter().flat_map(|it| it.ports.chunk_by(|one, other| one.0 == other.0));
        let ports = ports.flat_map(|it| self.ports_at(it));
        let is_open = passing.iter().any(|it| it.is_open);
        let containers = targeted(workload, ports, is_open);
        Some(Serving { services, others, entry, containers })
    }

    fn passing<const IS_SERVER: bool>(&self, selection: &Selection<'a>) -> Passing<IS_SERVER> {
        let mut passing = Passing { services: Vec::new(), count: 0, entry: None, ports: Vec::new(), is_open: false };
        let mut seen = HashSet::new();
        for service in &selection.services {
            let passes_on = !self.is_for_monitoring(service)
                && (IS_SERVER || !self.is_only_scraped(service))
                // Such a Service sends requests to pods that are not ready, too.
                && self.unready_addresses(service).is_none();
            if !passes_on {
                continue;
            }
            passing.count += 1;
            if passing.services.len() < SHOWN {
                passing.services.push(service.id());
            }
            if passing.entry.is_none() {
                passing.entry = self.entry(service).map(|it| (service.id(), it));
            }
            let mut of_requests = ports(service).enumerate().filter(|it| !is_metrics_port(it.1)).peekable();
            passing.is_open |= of_requests.peek().is_none();
            for (at, port) in of_requests {
                if seen.insert(target(port).map(|it| (it.text(), it.as_int()))) {
                    passing.ports.push((service.id(), at));
                }
            }
        }
        passing
    }

    /// The ports of one Service at these positions of its list, which are in order.
    fn ports_at(&self, wanted: &[(ObjectId, usize)]) -> Vec<NodeRef<'a>> {
        let Some((service, _)) = wanted.first() else { return Vec::new() };
        let mut wanted = wanted.iter().map(|it| it.1).peekable();
        let all = ports(self.object_at(*service)).enumerate();
        all.filter(|it| wanted.next_if_eq(&it.0).is_some()).map(|it| it.1).collect()
    }

    /// Whether every port of a Service is scraped by a `ServiceMonitor`, and no Ingress or route leads to it.
    fn is_only_scraped(&self, service: &Object) -> bool {
        let Some(scraped) = self.uses.scraped.get(&service.id()) else { return false };
        let is_scraped = |port: NodeRef<'_>| {
            let keys = ["name", "targetPort"];
            keys.iter().filter_map(|it| port.at(&[it])).any(|it| scraped.contains(it.text()))
        };
        !self.uses.routed.contains(&service.id()) && ports(service).all(is_scraped)
    }
}

/// Whether a Service's port is there for monitoring.
fn is_metrics_port(port: NodeRef<'_>) -> bool {
    ["name", "targetPort"].iter().filter_map(|it| port.str_at(&[it])).any(is_metrics_name)
}

fn ports(service: &Object) -> impl Iterator<Item = NodeRef<'_>> {
    service.node().items_at(&["spec", "ports"])
}

/// What a Service's port leads to.
fn target(port: NodeRef<'_>) -> Option<NodeRef<'_>> {
    port.at(&["targetPort"]).or_else(|| port.at(&["port"]))
}

/// The containers that own the ports which Services lead to.
fn targeted<'a>(
    workload: &Workload<'a>,
    ports: impl Iterator<Item = NodeRef<'a>>,
    mut is_open: bool,
) -> Vec<Container<'a>> {
    let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
    let all: Vec<Container<'a>> = workload.containers().chain(sidecars).collect();
    let declared = Declared::of(&all);
    let mut owners = BTreeSet::new();
    for port in ports {
        match owner(&all, &declared, port) {
            Some(at) => drop(owners.insert(at)),
            None => is_open = true,
        }
    }
    if is_open && owners.is_empty() {
        return workload.main_containers().into_iter().take(1).collect();
    }
    owners.into_iter().map(|at| all[at]).collect()
}

/// The container that a Service's port leads to: the one that declares it, or else probes itself there.
fn owner(containers: &[Container<'_>], declared: &Declared<'_>, port: NodeRef<'_>) -> Option<usize> {
    let target = target(port)?;
    if is_template(target.text()) {
        // It may lead anywhere, so to the one that is ready for it, if there is one.
        return containers.iter().position(|it| it.node().at(&["readinessProbe"]).is_some());
    }
    let probes_itself = |it: &Container<'_>| {
        let probes = ["readinessProbe", "livenessProbe", "startupProbe"].iter().filter_map(|key| it.node().at(&[key]));
        let ports = probes.flat_map(|probe| {
            ["httpGet", "tcpSocket", "grpc"].into_iter().filter_map(move |key| probe.at(&[key, "port"]))
        });
        let mut numbers = ports.filter_map(NodeRef::as_int);
        target.as_int().is_some_and(|number| numbers.any(|it| it == number))
    };
    declared.first(target).or_else(|| containers.iter().position(probes_itself))
}

/// The first container that declares each port.
#[derive(Default)]
struct Declared<'a> {
    by_name: HashMap<&'a str, usize>,
    by_number: HashMap<i64, usize>,
}

impl<'a> Declared<'a> {
    fn of(containers: &[Container<'a>]) -> Declared<'a> {
        let mut declared = Declared::default();
        for (at, container) in containers.iter().enumerate() {
            for (name, number) in container.ports() {
                name.map(|it| *declared.by_name.entry(it).or_insert(at));
                number.map(|it| *declared.by_number.entry(it).or_insert(at));
            }
        }
        declared
    }

    fn first(&self, target: NodeRef<'_>) -> Option<usize> {
        match target.as_int() {
            Some(number) => self.by_number.get(&number).copied(),
            None => self.by_name.get(target.text()).copied(),
        }
    }
}
