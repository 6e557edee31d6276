//! Containers that a mesh or runtime puts into pods when they are made, so that no template shows them.
//!
//! Sources: istio.io `docs/reference/config/annotations`, linkerd.io `reference/proxy-configuration`,
//! docs.dapr.io `reference/arguments-annotations-overview`.

use crate::index::Objects;
use crate::model::{Object, PodTemplate};
use crate::yaml::NodeRef;

/// Who injects, by what, and how the request of what is injected is written.
struct Injector {
    name: &'static str,
    /// A label or annotation of the pod template, with the values that ask for it.
    key: &'static str,
    values: &'static [&'static str],
    /// A label or annotation of the namespace.
    of_namespace: Option<(&'static str, &'static str)>,
    /// The annotations that set requests of cpu and of memory.
    requests: [&'static str; 2],
}

const INJECTORS: &[Injector] = &[
    Injector {
        name: "Istio",
        key: "sidecar.istio.io/inject",
        values: &["true"],
        of_namespace: Some(("istio-injection", "enabled")),
        requests: ["sidecar.istio.io/proxyCPU", "sidecar.istio.io/proxyMemory"],
    },
    Injector {
        name: "Linkerd",
        key: "linkerd.io/inject",
        values: &["enabled", "ingress"],
        of_namespace: Some(("linkerd.io/inject", "enabled")),
        requests: ["config.linkerd.io/proxy-cpu-request", "config.linkerd.io/proxy-memory-request"],
    },
    Injector {
        name: "Dapr",
        key: "dapr.io/enabled",
        values: &["true"],
        of_namespace: None,
        requests: ["dapr.io/sidecar-cpu-request", "dapr.io/sidecar-memory-request"],
    },
];

impl Objects<'_> {
    /// Why the request of a container that is injected into an object's pods is not known, and what would tell it;
    /// `None` where nothing is injected, or its request is annotated.
    pub fn injected_without(&self, object: &Object, template: PodTemplate<'_>, resource: &str) -> Option<String> {
        let pod = |key: &str| marked(template.node(), key);
        let namespace = object.namespace().and_then(|it| self.named("", "Namespace", it).first().copied());
        let injector = INJECTORS.iter().find(|it| {
            let wanted = namespace.zip(it.of_namespace);
            let is_wanted =
                || wanted.is_some_and(|(namespace, (key, value))| marked(namespace.node(), key) == Some(value));
            pod(it.key).map_or_else(is_wanted, |value| it.values.contains(&value))
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
