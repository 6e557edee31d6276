//! The Services to which Ingresses and routes send requests.

use crate::index::Objects;
use crate::index::objects::namespaces;
use crate::model::{Object, products};
use crate::yaml::NodeRef;

/// One reference from an Ingress or route to a Service.
#[derive(Clone, Copy, Debug)]
pub struct Backend<'a> {
    /// The Ingress or route.
    pub object: &'a Object,
    /// The map that holds the name.
    pub node: NodeRef<'a>,
    /// The keys from there to the name.
    pub name_keys: &'static [&'static str],
    /// The name of the Service.
    pub name: &'a str,
    /// The namespace that the reference writes.
    pub namespace: Option<&'a str>,
    /// The keys from `node` to the port, if one is written.
    pub port_keys: Option<&'static [&'static str]>,
}

/// Names of `alb.ingress.kubernetes.io/actions.NAME`, which stand in the place of Services.
const ALB_ACTION: &str = "alb.ingress.kubernetes.io/actions.";

impl<'a> Objects<'a> {
    /// Every reference from Ingresses, Gateway API routes, Traefik's and OpenShift's routes, in order.
    pub fn backends(&self) -> Vec<Backend<'a>> {
        let mut found = Vec::new();
        // `extensions` is filed under `apps`.
        for object in self.of_kind("networking.k8s.io", "Ingress").chain(self.of_kind("apps", "Ingress")) {
            ingress(object, &mut found);
        }
        for kind in ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] {
            for object in self.of_kind(products::GATEWAY, kind) {
                route(object, &mut found);
            }
        }
        for group in ["traefik.io", "traefik.containo.us"] {
            for kind in ["IngressRoute", "IngressRouteTCP", "IngressRouteUDP"] {
                self.of_kind(group, kind).for_each(|it| traefik(it, &mut found));
            }
        }
        for object in self.of_kind(products::OPENSHIFT_ROUTES, "Route") {
            openshift(object, &mut found);
        }
        found
    }

    /// The Service that a reference means.
    pub fn service_of_backend(&self, backend: &Backend<'_>) -> Option<&'a Object> {
        let Some(namespace) = backend.namespace else { return self.find(backend.object, "", "Service", backend.name) };
        let fits = |it: &Object| it.namespace().is_none_or(|it| it == namespace || namespaces::is_template(it));
        self.named("", "Service", backend.name).into_iter().find(|it| fits(it))
    }
}

fn ingress<'a>(object: &'a Object, found: &mut Vec<Backend<'a>>) {
    let node = object.node();
    let rules = node.items_at(&["spec", "rules"]).flat_map(|it| it.items_at(&["http", "paths"]));
    let backends = rules.filter_map(|it| it.at(&["backend"]));
    let defaults = [node.at(&["spec", "defaultBackend"]), node.at(&["spec", "backend"])];
    for backend in backends.chain(defaults.into_iter().flatten()) {
        let (name_keys, ports): (&'static [&'static str], [&'static [&'static str]; 2]) = match backend.at(&["service"])
        {
            Some(_) => (&["service", "name"], [&["service", "port", "number"], &["service", "port", "name"]]),
            None => (&["serviceName"], [&["servicePort"], &["servicePort"]]),
        };
        let Some(name) = backend.at(name_keys).map(NodeRef::text) else { continue };
        let port_keys = ports.into_iter().find(|it| backend.at(it).is_some());
        let port = port_keys.and_then(|it| backend.at(it)).map(NodeRef::text);
        let is_action = port == Some("use-annotation") || object.annotation(&format!("{ALB_ACTION}{name}")).is_some();
        if !is_action {
            found.push(Backend { object, node: backend, name_keys, name, namespace: None, port_keys });
        }
    }
}

fn route<'a>(object: &'a Object, found: &mut Vec<Backend<'a>>) {
    let rules = object.node().items_at(&["spec", "rules"]);
    for backend in rules.flat_map(|it| it.items_at(&["backendRefs"])) {
        let is_service = matches!(backend.str_at(&["group"]), None | Some("" | "core"))
            && matches!(backend.str_at(&["kind"]), None | Some("Service"));
        found.extend(direct(object, backend).filter(|_| is_service));
    }
}

fn traefik<'a>(object: &'a Object, found: &mut Vec<Backend<'a>>) {
    let routes = object.node().items_at(&["spec", "routes"]);
    for service in routes.flat_map(|it| it.items_at(&["services"])) {
        let is_service = matches!(service.str_at(&["kind"]), None | Some("Service"));
        // `api@internal` and the like are of other providers.
        found.extend(direct(object, service).filter(|it| is_service && !it.name.contains('@')));
    }
}

fn openshift<'a>(object: &'a Object, found: &mut Vec<Backend<'a>>) {
    let first = object.node().at(&["spec", "to"]);
    let others = object.node().items_at(&["spec", "alternateBackends"]);
    found.extend(first.into_iter().chain(others).filter_map(|it| direct(object, it)));
}

/// A reference with `name`, `namespace` and `port` side by side.
fn direct<'a>(object: &'a Object, node: NodeRef<'a>) -> Option<Backend<'a>> {
    let name = node.get("name")?.text();
    let port_keys: Option<&'static [&'static str]> = node.at(&["port"]).map(|_| ["port"].as_slice());
    Some(Backend { object, node, name_keys: &["name"], name, namespace: node.str_at(&["namespace"]), port_keys })
}
