//! Which workloads answer requests through a Service, and which of their containers do.

use super::namespaces::is_template;
use super::{Address, Nearness, Objects, Role, Roles, Services, Unclassified, Workload, address};
use crate::model::{Container, Object, Operator, PodTemplate, Selector};
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
    /// The Services that pass them on, in order; never empty.
    pub services: Vec<&'a Object>,
    /// The containers that own a port which they pass them to, in the template's order; the first one that is
    /// no sidecar where the manifests do not tell. Empty for a template without containers.
    pub containers: Vec<Container<'a>>,
}

/// What is known of Services besides whom they select.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// Services that an Ingress or a route names.
    routed: HashSet<Address>,
    /// By Service, the ports that a `ServiceMonitor` scrapes: their names and target ports.
    scraped: HashMap<Address, BTreeSet<String>>,
}

impl Uses {
    pub(super) fn read(objects: &Objects<'_>) -> Uses {
        Uses { routed: objects.routed_services(), scraped: objects.scraped_services() }
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
    let (name, repository) = (container.name(), container.repository());
    let image = repository.rsplit('/').next().unwrap_or_default();
    name.ends_with("-reloader")
        || image.ends_with("-exporter")
        || repository == "linkerd/proxy"
        || SIDECARS.iter().any(|it| *it == name || *it == image)
}

/// Whether the name of a port, or of what it leads to, says that it is there for monitoring.
pub fn is_metrics_name(name: &str) -> bool {
    name.split('-').any(|it| matches!(it, "metrics" | "metric" | "prom" | "prometheus"))
}

impl<'a> Objects<'a> {
    fn routed_services(&self) -> HashSet<Address> {
        let mut routed = HashSet::new();
        let mut add = |from: &Object, name: Option<NodeRef<'_>>| {
            let service = name.and_then(|it| self.find(from, "", "Service", it.text()));
            routed.extend(service.map(address));
        };
        // `extensions` is filed under `apps`.
        for ingress in self.of_kind("networking.k8s.io", "Ingress").chain(self.of_kind("apps", "Ingress")) {
            let spec = ingress.node();
            let paths = spec.items_at(&["spec", "rules"]).flat_map(|it| it.items_at(&["http", "paths"]));
            let backends = paths.filter_map(|it| it.at(&["backend"]));
            let defaults = [spec.at(&["spec", "defaultBackend"]), spec.at(&["spec", "backend"])];
            for backend in backends.chain(defaults.into_iter().flatten()) {
                add(ingress, backend.at(&["service", "name"]).or_else(|| backend.at(&["serviceName"])));
            }
        }
        for route in self.of_kind("route.openshift.io", "Route") {
            add(route, route.node().at(&["spec", "to", "name"]));
            for other in route.node().items_at(&["spec", "alternateBackends"]) {
                add(route, other.at(&["name"]));
            }
        }
        for kind in ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"] {
            for route in self.of_kind("gateway.networking.k8s.io", kind) {
                for backend in route.node().items_at(&["spec", "rules"]).flat_map(|it| it.items_at(&["backendRefs"])) {
                    add(route, backend.at(&["name"]));
                }
            }
        }
        for route in
            self.of_kind("traefik.io", "IngressRoute").chain(self.of_kind("traefik.containo.us", "IngressRoute"))
        {
            for service in route.node().items_at(&["spec", "routes"]).flat_map(|it| it.items_at(&["services"])) {
                add(route, service.at(&["name"]));
            }
        }
        routed
    }

    fn scraped_services(&self) -> HashMap<Address, BTreeSet<String>> {
        let mut by_label: HashMap<(&str, &str), Vec<&'a Object>> = HashMap::new();
        let monitors: Vec<&'a Object> = self.of_kind("monitoring.coreos.com", "ServiceMonitor").collect();
        if !monitors.is_empty() {
            for service in self.of_kind("", "Service") {
                for label in service.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                    by_label.entry((label.name(), label.value.text())).or_default().push(service);
                }
            }
        }
        let mut scraped: HashMap<Address, BTreeSet<String>> = HashMap::new();
        for monitor in monitors {
            let Some(selector) = monitor.node().at(&["spec", "selector"]).map(Selector::read) else { continue };
            // A selector that asks for no value is no evidence: it would make every Service a scraped one.
            let Some(rarest) = rarest(&selector, &by_label) else { continue };
            let spans_namespaces = monitor.node().at(&["spec", "namespaceSelector"]).is_some();
            for service in rarest {
                let labels = crate::model::Labels::read(service.node().at(&["metadata", "labels"]));
                let is_near = spans_namespaces || self.nearness(monitor, service) == Nearness::Same;
                if is_near && selector.matches(&labels) {
                    let ports = monitor.node().items_at(&["spec", "endpoints"]);
                    let ports = ports.filter_map(|it| it.at(&["port"]).or_else(|| it.at(&["targetPort"])));
                    scraped.entry(address(service)).or_default().extend(ports.map(|it| it.text().to_owned()));
                }
            }
        }
        scraped
    }
}

impl Services<'_> {
    /// What brings a Service's requests from outside the cluster: an Ingress or a route, or its own type.
    pub fn entry(&self, service: &Object) -> Option<&'static str> {
        if self.uses.routed.contains(&address(service)) {
            return Some("an Ingress or a route");
        }
        (service.node().str_at(&["spec", "type"]) == Some("LoadBalancer")).then_some("a load balancer")
    }

    /// Whether names say that a Service is there for monitoring only, and no Ingress or route leads to it.
    pub fn is_for_monitoring(&self, service: &Object) -> bool {
        let mut ports = service.node().items_at(&["spec", "ports"]).peekable();
        ports.peek().is_some()
            && !self.uses.routed.contains(&address(service))
            && ports.all(|port| {
                let is_unnamed = port.str_at(&["name"]).is_none() && port.str_at(&["targetPort"]).is_none();
                is_metrics_port(port) || (is_unnamed && service.name().ends_with("-metrics"))
            })
    }

    /// The names and target ports of a Service's ports that ServiceMonitors scrape.
    pub(super) fn scraped_of(&self, service: &Object) -> Option<&BTreeSet<String>> {
        self.uses.scraped.get(&address(service))
    }
}

impl<'a> Roles<'a> {
    /// How requests reach a workload: through Services of its own namespace that are there for more than
    /// monitoring. `None` if there is none.
    pub fn serving(&self, workload: &Workload<'a>) -> Option<Serving<'a>> {
        let is_server = matches!(workload.role, Role::Backend | Role::Frontend);
        let services: Vec<&'a Object> = self
            .services_of_workload(workload)
            .filter(|it| self.nearness(it, workload.object) == Nearness::Same)
            .filter(|it| !self.is_for_monitoring(it) && (is_server || !self.is_only_scraped(it)))
            // Such a Service sends requests to pods that are not ready, too.
            .filter(|it| it.node().bool_at(&["spec", "publishNotReadyAddresses"]) != Some(true))
            .collect();
        if services.is_empty() {
            return None;
        }
        let containers = targeted(workload, &services);
        Some(Serving { services, containers })
    }

    /// Whether every port of a Service is scraped by a `ServiceMonitor`, and no Ingress or route leads to it.
    fn is_only_scraped(&self, service: &Object) -> bool {
        let Some(scraped) = self.uses.scraped.get(&address(service)) else { return false };
        let is_scraped = |port: NodeRef<'_>| {
            let keys = ["name", "targetPort"];
            keys.iter().filter_map(|it| port.at(&[it])).any(|it| scraped.contains(it.text()))
        };
        !self.uses.routed.contains(&address(service)) && service.node().items_at(&["spec", "ports"]).all(is_scraped)
    }
}

/// The Services with the rarest label that a selector asks for.
fn rarest<'s, 'a>(
    selector: &'s Selector<'_>,
    by_label: &'s HashMap<(&str, &str), Vec<&'a Object>>,
) -> Option<Vec<&'a Object>> {
    let asked = selector.requirements.iter().filter(|it| it.operator == Operator::In);
    let found = asked.map(|requirement| -> Vec<&'s [&'a Object]> {
        let values = requirement.values.iter();
        values.filter_map(|it| by_label.get(&(requirement.key.as_ref(), it.as_ref()))).map(Vec::as_slice).collect()
    });
    let fewest = found.min_by_key(|it| it.iter().map(|it| it.len()).sum::<usize>())?;
    Some(fewest.concat())
}

/// Whether a Service's port is there for monitoring.
fn is_metrics_port(port: NodeRef<'_>) -> bool {
    ["name", "targetPort"].iter().filter_map(|it| port.str_at(&[it])).any(is_metrics_name)
}

/// The containers that own the ports which Services lead to.
fn targeted<'a>(workload: &Workload<'a>, services: &[&Object]) -> Vec<Container<'a>> {
    let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
    let all: Vec<Container<'a>> = workload.containers().chain(sidecars).collect();
    let mut owners = BTreeSet::new();
    let mut is_open = false;
    for service in services {
        let mut ports = service.node().items_at(&["spec", "ports"]).filter(|it| !is_metrics_port(*it)).peekable();
        is_open |= ports.peek().is_none();
        for port in ports {
            match owner(&all, port) {
                Some(at) => drop(owners.insert(at)),
                None => is_open = true,
            }
        }
    }
    if is_open && owners.is_empty() {
        return workload.main_containers().into_iter().take(1).collect();
    }
    owners.into_iter().map(|at| all[at]).collect()
}

/// The container that a Service's port leads to: the one that declares it, or else probes itself there.
fn owner(containers: &[Container<'_>], port: NodeRef<'_>) -> Option<usize> {
    let target = port.at(&["targetPort"]).or_else(|| port.at(&["port"]))?;
    if is_template(target.text()) {
        // It may lead anywhere, so to the one that is ready for it, if there is one.
        return containers.iter().position(|it| it.node().at(&["readinessProbe"]).is_some());
    }
    let declares = |it: &Container<'_>| match target.as_int() {
        Some(number) => it.has_port(number),
        None => it.ports().any(|(name, _)| name == Some(target.text())),
    };
    let probes_itself = |it: &Container<'_>| {
        let probes = ["readinessProbe", "livenessProbe", "startupProbe"].iter().filter_map(|key| it.node().at(&[key]));
        let ports = probes.flat_map(|probe| {
            ["httpGet", "tcpSocket", "grpc"].into_iter().filter_map(move |key| probe.at(&[key, "port"]))
        });
        let mut numbers = ports.filter_map(NodeRef::as_int);
        target.as_int().is_some_and(|number| numbers.any(|it| it == number))
    };
    containers.iter().position(declares).or_else(|| containers.iter().position(probes_itself))
}
