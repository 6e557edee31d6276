//! Containers that a mesh or runtime puts into pods when they are made, so that no template shows them.
//!
//! Sources: istio.io `docs/reference/config/annotations`, linkerd.io `reference/proxy-configuration`,
//! docs.dapr.io `reference/arguments-annotations-overview`, developer.hashicorp.com
//! `consul/docs/k8s/annotations-and-labels`.

use crate::index::Objects;
use crate::model::{Object, PodTemplate};
use crate::yaml::NodeRef;

/// Who injects, by what, and how the request of what is injected is written.
struct Injector {
    name: &'static str,
    /// Labels or annotations of the pod template, each with the values that ask for it, or none if any does: the first
    /// that is there decides.
    keys: &'static [(&'static str, &'static [&'static str])],
    /// Labels or annotations of the namespace, with the value that asks for it; an empty one stands for any.
    of_namespace: &'static [(&'static str, &'static str)],
    /// The annotations that set requests of cpu and of memory.
    requests: [&'static str; 2],
}

const INJECTORS: &[Injector] = &[
    Injector {
        name: "Istio",
        keys: &[("sidecar.istio.io/inject", &["true"]), ("istio.io/rev", &[])],
        of_namespace: &[("istio-injection", "enabled"), ("istio.io/rev", "")],
        requests: ["sidecar.istio.io/proxyCPU", "sidecar.istio.io/proxyMemory"],
    },
    Injector {
        name: "Linkerd",
        keys: &[("linkerd.io/inject", &["enabled", "ingress"])],
        of_namespace: &[("linkerd.io/inject", "enabled"), ("linkerd.io/inject", "ingress")],
        requests: ["config.linkerd.io/proxy-cpu-request", "config.linkerd.io/proxy-memory-request"],
    },
    Injector {
        name: "Dapr",
        keys: &[("dapr.io/enabled", &["true"])],
        of_namespace: &[],
        requests: ["dapr.io/sidecar-cpu-request", "dapr.io/sidecar-memory-request"],
    },
    Injector {
        name: "Consul",
        keys: &[("consul.hashicorp.com/connect-inject", &["true"])],
        of_namespace: &[],
        requests: [
            "consul.hashicorp.com/sidecar-proxy-cpu-request",
            "consul.hashicorp.com/sidecar-proxy-memory-request",
        ],
    },
];

impl Objects<'_> {
    /// Why the request of a container that is injected into an object's pods is not known, and what would tell it;
    /// `None` where nothing is injected, or its request is annotated.
    pub fn injected_without(&self, object: &Object, template: PodTemplate<'_>, resource: &str) -> Option<String> {
        let pod = |key: &str| marked(template.node(), key);
        let namespace = object.namespace().and_then(|it| self.named("", "Namespace", it).first().copied());
        let injector = INJECTORS.iter().find(|it| {
            let asks = |(key, value): &(&str, &str)| {
                let marked = namespace.and_then(|it| marked(it.node(), key));
                marked.is_some_and(|it| if value.is_empty() { !it.is_empty() } else { it == *value })
            };
            let own = it.keys.iter().find_map(|(key, values)| Some((pod(key)?, values)));
            own.map_or_else(
                || it.of_namespace.iter().any(asks),
                |(value, values)| if values.is_empty() { !value.is_empty() } else { values.contains(&value) },
            )
        })?;
        let request = injector.requests[usize::from(resource == "memory")];
        let name = injector.name;
        pod(request)
            .is_none()
            .then(|| format!("{name} injects a container whose {resource} request no annotation {request} sets"))
    }
}

/// The value of a label or annotation.
fn marked<'a>(node: NodeRef<'a>, key: &str) -> Option<&'a str> {
    ["annotations", "labels"].into_iter().find_map(|it| node.at(&["metadata", it, key])).map(NodeRef::text)
}
