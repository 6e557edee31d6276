//! What is known of Services besides whom they select: what leads to them, and what scrapes them.

use crate::index::{Nearness, Objects};
use crate::model::{Object, ObjectId, Operator, Selector, products};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What is known of Services besides whom they select.
#[derive(Debug, Default)]
pub(in crate::index) struct Uses {
    /// Services that an Ingress or a route names.
    pub(in crate::index) routed: HashSet<ObjectId>,
    /// By Service, the ports that a `ServiceMonitor` scrapes: their names and target ports.
    pub(in crate::index) scraped: HashMap<ObjectId, BTreeSet<String>>,
}

impl Uses {
    pub(in crate::index) fn read(objects: &Objects<'_>) -> Uses {
        Uses { routed: objects.routed_services(), scraped: objects.scraped_services() }
    }
}

/// Where kinds of routes name the Services that they lead to: the lists of rules, the lists of backends in each, and the
/// name in those. An empty path is the place itself.
type Route = (&'static str, &'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const ROUTES: &[Route] = &[
    (products::OPENSHIFT_ROUTES, "Route", &[], &["spec", "to"], &["name"]),
    (products::OPENSHIFT_ROUTES, "Route", &[], &["spec", "alternateBackends"], &["name"]),
    (products::GATEWAY, "HTTPRoute", &["spec", "rules"], &["backendRefs"], &["name"]),
    (products::GATEWAY, "GRPCRoute", &["spec", "rules"], &["backendRefs"], &["name"]),
    (products::GATEWAY, "TLSRoute", &["spec", "rules"], &["backendRefs"], &["name"]),
    (products::GATEWAY, "TCPRoute", &["spec", "rules"], &["backendRefs"], &["name"]),
    ("traefik.io", "IngressRoute", &["spec", "routes"], &["services"], &["name"]),
    ("traefik.io", "IngressRouteTCP", &["spec", "routes"], &["services"], &["name"]),
    ("traefik.containo.us", "IngressRoute", &["spec", "routes"], &["services"], &["name"]),
    ("traefik.containo.us", "IngressRouteTCP", &["spec", "routes"], &["services"], &["name"]),
    ("projectcontour.io", "HTTPProxy", &["spec", "routes"], &["services"], &["name"]),
    ("projectcontour.io", "HTTPProxy", &[], &["spec", "tcpproxy", "services"], &["name"]),
    ("apisix.apache.org", "ApisixRoute", &["spec", "http"], &["backends"], &["serviceName"]),
    ("zalando.org", "RouteGroup", &[], &["spec", "backends"], &["serviceName"]),
];

/// What stands at a path below each of some places: itself, or the items where it is a list.
fn below<'a>(places: Vec<NodeRef<'a>>, keys: &[&str]) -> Vec<NodeRef<'a>> {
    let found = places.into_iter().filter_map(|it| if keys.is_empty() { Some(it) } else { it.at(keys) });
    let mut all = Vec::new();
    for node in found {
        if node.is_seq() { all.extend(node.items()) } else { all.push(node) }
    }
    all
}

/// Whether a VirtualService is for what comes through a gateway, and not for the mesh alone.
fn leads_inside(route: &Object) -> bool {
    route.node().items_at(&["spec", "gateways"]).any(|it| it.text() != "mesh")
}

impl<'a> Objects<'a> {
    fn routed_services(&self) -> HashSet<ObjectId> {
        let mut routed = HashSet::new();
        let mut add = |from: &Object, name: Option<NodeRef<'_>>| {
            let service = name.and_then(|it| self.find(from, "", "Service", it.text()));
            routed.extend(service.map(Object::id));
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
        for (group, kind, rules, backends, name) in ROUTES {
            for route in self.of_kind(group, kind) {
                let rules = below(vec![route.node()], rules);
                for backend in below(rules, backends) {
                    add(route, backend.at(name));
                }
            }
        }
        for route in self.of_kind("networking.istio.io", "VirtualService").filter(|it| leads_inside(it)) {
            let routes = below(vec![route.node()], &["spec", "http"])
                .into_iter()
                .chain(["tls", "tcp"].into_iter().flat_map(|it| route.node().items_at(&["spec", it])));
            for target in routes.flat_map(|it| it.items_at(&["route"])) {
                let host = target.str_at(&["destination", "host"]).unwrap_or_default();
                let (name, rest) = host.split_once('.').unwrap_or((host, ""));
                let namespace = rest.split('.').next().filter(|it| !it.is_empty());
                let found = match namespace {
                    None => self.find(route, "", "Service", name),
                    Some(namespace) => {
                        self.named("", "Service", name).into_iter().find(|it| it.namespace() == Some(namespace))
                    }
                };
                routed.extend(found.map(Object::id));
            }
        }
        routed
    }

    fn scraped_services(&self) -> HashMap<ObjectId, BTreeSet<String>> {
        let mut by_label: HashMap<(&str, &str), Vec<&'a Object>> = HashMap::new();
        let monitors: Vec<&'a Object> = self.of_kind(products::PROMETHEUS, "ServiceMonitor").collect();
        if !monitors.is_empty() {
            for service in self.of_kind("", "Service") {
                for label in service.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                    by_label.entry((label.name(), label.value.text())).or_default().push(service);
                }
            }
        }
        let mut scraped: HashMap<ObjectId, BTreeSet<String>> = HashMap::new();
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
                    scraped.entry(service.id()).or_default().extend(ports.map(|it| it.text().to_owned()));
                }
            }
        }
        scraped
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
