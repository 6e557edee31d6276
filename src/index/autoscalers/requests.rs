//! What pods request, with what the API server and the namespace add to it.
//!
//! Sources: kubernetes/kubernetes `pkg/controller/podautoscaler/replica_calculator.go`
//! (`calculateRequests`), `pkg/apis/core/v1/defaults.go`.

use crate::index::{Autoscalers, Nearness};
use crate::model::{Container, Object, PodTemplate, Quantity};
use crate::yaml::NodeRef;

/// Whether all that an autoscaler measures has a request.
#[derive(Clone, Debug)]
pub enum Requests<'a> {
    /// It has.
    Complete,
    /// These containers have none.
    MissingIn(Vec<Container<'a>>),
    /// There is no container of that name.
    NoContainer,
    /// The manifests do not tell, and why.
    Unknown(&'static str),
}

/// A request for a resource in a `resources` map; a limit stands for it where it is absent.
pub fn request<'a>(resources: Option<NodeRef<'a>>, resource: &str) -> Option<NodeRef<'a>> {
    let of = |key| resources.and_then(|it| it.at(&[key, resource]));
    of("requests").or_else(|| of("limits"))
}

/// Whether a VerticalPodAutoscaler sets the requests of a container, for a resource or for any. What its policies do not
/// name the one for `*` stands for.
pub fn sets_requests(vertical: &Object, container: &str, resource: Option<&str>) -> bool {
    let policies: Vec<NodeRef<'_>> =
        vertical.node().items_at(&["spec", "resourcePolicy", "containerPolicies"]).collect();
    let named = |wanted: &str| policies.iter().find(|it| it.str_at(&["containerName"]) == Some(wanted));
    let Some(policy) = named(container).or_else(|| named("*")) else { return true };
    let controlled = policy.at(&["controlledResources"]);
    let has = resource.is_none_or(|wanted| controlled.is_none_or(|it| it.items().any(|it| it.text() == wanted)));
    // Without quotes `Off` is a truth value, and means the same to its author.
    has && !policy.at(&["mode"]).is_some_and(|it| it.text().eq_ignore_ascii_case("off"))
}

/// What a pod asks for at least: for the whole of it, or the sum over the containers that keep running.
/// `key` is `requests` or `limits`. What is not written, or not readable, counts nothing.
pub fn pod_demand(template: PodTemplate<'_>, key: &str, resource: &str) -> Quantity {
    let of = |resources: Option<NodeRef<'_>>| {
        match key {
            "limits" => resources.and_then(|it| it.at(&["limits", resource])),
            _ => request(resources, resource),
        }
        .and_then(Quantity::read)
    };
    if let Some(whole) = of(template.node().at(&["spec", "resources"])) {
        return whole;
    }
    let running = template.containers().chain(template.sidecars());
    running.filter_map(|it| of(it.node().at(&["resources"]))).fold(Quantity::default(), Quantity::plus)
}

/// What a key of a ResourceQuota adds up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotaSum {
    /// Pods.
    Pods,
    /// `requests` or `limits` of a resource.
    Of(&'static str, &'static str),
}

/// What a key of a ResourceQuota adds up, if that is pods or what they ask for.
pub fn quota_sum(key: &str) -> Option<QuotaSum> {
    Some(match key {
        "pods" | "count/pods" => QuotaSum::Pods,
        "cpu" | "requests.cpu" => QuotaSum::Of("requests", "cpu"),
        "memory" | "requests.memory" => QuotaSum::Of("requests", "memory"),
        "limits.cpu" => QuotaSum::Of("limits", "cpu"),
        "limits.memory" => QuotaSum::Of("limits", "memory"),
        _ => return None,
    })
}

impl<'a> Autoscalers<'a> {
    /// Whether a LimitRange in the namespace of an object sets `defaultRequest` or `default` of a resource.
    pub fn limit_default(&self, object: &Object, key: &str, resource: &str) -> bool {
        self.limits.given(self, object, key, resource) == Nearness::Same
    }

    /// Whether a LimitRange gives containers a request that have none: from its defaults, or else from its greatest or
    /// least amount.
    pub fn default_request(&self, from: &Object, resource: &str) -> Option<Nearness> {
        Some(self.limits.requesting(self, from, resource)).filter(|it| *it != Nearness::Different)
    }

    /// Whether the containers of a template, or one of them, request a resource.
    pub fn requests(
        &self,
        from: &Object,
        template: PodTemplate<'a>,
        container: Option<&str>,
        resource: &str,
    ) -> Requests<'a> {
        // A share of nothing is no number.
        let lacks = |it: &Container<'a>| {
            let request = request(it.node().at(&["resources"]), resource);
            request.is_none_or(|it| Quantity::read(it) == Some(Quantity::default()))
        };
        let all: Vec<Container<'a>> = template.containers().chain(template.sidecars()).collect();
        if all.is_empty() {
            return Requests::Unknown("the containers are not in the manifests");
        }
        let measured: Vec<Container<'a>> =
            all.iter().copied().filter(|it| container.is_none_or(|name| it.name() == name)).collect();
        if measured.is_empty() {
            return Requests::NoContainer;
        }
        // With requests or limits for the whole pod, what one container requests is enough.
        let whole = template.node().at(&["spec", "resources"]);
        let has_whole = whole.is_some_and(|it| it.at(&["requests"]).is_some() || it.at(&["limits"]).is_some());
        if container.is_none() && has_whole && (request(whole, resource).is_some() || !all.iter().all(lacks)) {
            return Requests::Complete;
        }
        let missing: Vec<Container<'a>> = measured.into_iter().filter(lacks).collect();
        if missing.is_empty() {
            return Requests::Complete;
        }
        let is_open = |it: NodeRef<'_>| it.at(&["resources"]).is_some_and(|it| !it.is_map() && !it.is_null());
        if missing.iter().any(|it| is_open(it.node())) {
            return Requests::Unknown("the resources are template placeholders");
        }
        match self.default_request(from, resource) {
            Some(Nearness::Same) => Requests::Complete,
            Some(_) => Requests::Unknown("namespaces are left out, so a LimitRange may or may not set the request"),
            None => Requests::MissingIn(missing),
        }
    }

    /// The VerticalPodAutoscalers that set the requests of an object's pods.
    pub fn vertical_scalers_of(&self, object: &Object) -> Vec<&'a Object> {
        let all = self.vertical_scalers.get(object.id()).iter().copied();
        // Without quotes `Off` is a truth value, and means the same to its author.
        let is_off = |it: &Object| {
            it.node()
                .at(&["spec", "updatePolicy", "updateMode"])
                .is_some_and(|it| it.text().eq_ignore_ascii_case("off"))
        };
        all.filter(|it| !is_off(it)).collect()
    }
}
