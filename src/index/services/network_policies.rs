//! Which NetworkPolicies isolate pods, which ports they admit, and which ports of pods are scraped.

use crate::index::{Nearness, PodSetId, Services};
use crate::model::{Container, Object, PodTemplate, Selector, is_placeholder, products};
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

/// A port of pods from which Prometheus reads.
#[derive(Clone, Debug)]
pub struct ScrapedPort<'a> {
    /// The pods.
    pub pods: PodSetId,
    /// The number.
    pub number: i64,
    /// What says that it is scraped, and where: a Service behind a ServiceMonitor, or a PodMonitor.
    pub by: &'a Object,
    /// The place of the port there.
    pub node: NodeRef<'a>,
}

/// Groups whose policies admit what a NetworkPolicy does not.
const OTHER_POLICIES: &[&str] =
    &["cilium.io", "crd.projectcalico.org", "projectcalico.org", "policy.networking.k8s.io"];

impl<'a> Services<'a> {
    /// The policies for incoming connections, by the pods that they select.
    pub fn ingress_policies(&self) -> BTreeMap<PodSetId, Vec<(&'a Object, Nearness)>> {
        let mut policies: BTreeMap<PodSetId, Vec<(&'a Object, Nearness)>> = BTreeMap::new();
        for policy in self.of_kind("networking.k8s.io", "NetworkPolicy") {
            let mut types = policy.node().items_at(&["spec", "policyTypes"]).map(NodeRef::text).peekable();
            let is_for_ingress = types.peek().is_none() || types.any(|it| it == "Ingress");
            let Some(selector) = policy.node().at(&["spec", "podSelector"]).map(Selector::read) else { continue };
            if is_for_ingress {
                for selected in self.select(policy, &selector) {
                    policies.entry(selected.pods).or_default().push((policy, selected.nearness));
                }
            }
        }
        policies
    }

    /// A policy of another kind, which may admit more.
    fn other_network_policy(&self) -> Option<&'a Object> {
        self.objects().find(|it| OTHER_POLICIES.contains(&it.group()))
    }

    /// Why connections that a policy does not admit may be admitted all the same: by what this run does not judge.
    pub fn may_be_admitted_otherwise(&self) -> Option<String> {
        if let Some(other) = self.other_network_policy() {
            return Some(format!("{} may admit more", other.title()));
        }
        self.environment().is_fragment.then(|| "a policy that admits more may stand in another file".to_owned())
    }

    /// Whether a policy admits connections to a port of pods, from anywhere at all.
    pub fn admits(&self, policy: &Object, pods: PodSetId, number: i64) -> bool {
        let names_it = |name: &str| {
            let owner = self.workload_of(self.pods(pods).owner);
            owner.and_then(|it| it.template).is_some_and(|it| port_named(it, name) == Some(number))
        };
        policy.node().items_at(&["spec", "ingress"]).any(|rule| admits_port(rule, number, names_it))
    }

    /// Whether a policy admits connections to a port of pods, with its number and name, from another namespace.
    pub fn admits_strangers(&self, policy: &Object, (number, name): (i64, &str)) -> bool {
        let own = policy.namespace();
        let is_own = |selector: NodeRef<'_>| {
            own.is_some() && selector.str_at(&["matchLabels", "kubernetes.io/metadata.name"]) == own
        };
        let is_stranger = |peer: NodeRef<'_>| {
            peer.at(&["ipBlock"]).is_some() || peer.at(&["namespaceSelector"]).is_some_and(|it| !is_own(it))
        };
        policy.node().items_at(&["spec", "ingress"]).any(|rule| {
            let mut from = rule.items_at(&["from"]).peekable();
            (from.peek().is_none() || from.any(is_stranger)) && admits_port(rule, number, |it| it == name)
        })
    }

    /// The ports of workloads' pods that ServiceMonitors and PodMonitors name, as far as they are known.
    pub fn scraped_ports(&self) -> Vec<ScrapedPort<'a>> {
        let mut found = Vec::new();
        for service in self.of_kind("", "Service") {
            let Some(scraped) = self.scraped_of(service) else { continue };
            for port in service.node().items_at(&["spec", "ports"]) {
                let is_named =
                    ["name", "targetPort"].iter().filter_map(|it| port.at(&[it])).any(|it| scraped.contains(it.text()));
                let Some(target) = port.at(&["targetPort"]).or_else(|| port.at(&["port"])).filter(|_| is_named) else {
                    continue;
                };
                for pods in self.pods_of_service(service) {
                    found.extend(self.scraped(pods, target, service, port));
                }
            }
        }
        for monitor in self.of_kind(products::PROMETHEUS, "PodMonitor") {
            let Some(selector) = monitor.node().at(&["spec", "selector"]).map(Selector::read) else { continue };
            if monitor.node().at(&["spec", "namespaceSelector"]).is_some() {
                continue;
            }
            for endpoint in monitor.node().items_at(&["spec", "podMetricsEndpoints"]) {
                let port = ["port", "portNumber", "targetPort"].iter().find_map(|it| endpoint.at(&[it]));
                let Some(port) = port else { continue };
                for selected in self.select(monitor, &selector) {
                    found.extend(self.scraped(selected.pods, port, monitor, endpoint));
                }
            }
        }
        found
    }

    fn scraped(&self, pods: PodSetId, port: NodeRef<'a>, by: &'a Object, node: NodeRef<'a>) -> Option<ScrapedPort<'a>> {
        let template = self.workload_of(self.pods(pods).owner)?.template?;
        // Policies do not hold for pods in the network of their node.
        if template.spec()?.bool_at(&["hostNetwork"]) == Some(true) {
            return None;
        }
        let number = port.as_int().or_else(|| port_named(template, port.text()))?;
        Some(ScrapedPort { pods, number, by, node })
    }
}

/// Whether a rule of a policy admits connections by TCP to a port.
fn admits_port(rule: NodeRef<'_>, number: i64, names_it: impl Fn(&str) -> bool) -> bool {
    let fits = |port: NodeRef<'_>| {
        let Some(written) = port.at(&["port"]) else { return true };
        match (written.as_int(), port.int_at(&["endPort"])) {
            (Some(first), Some(last)) => (first..=last).contains(&number),
            (Some(only), None) => only == number,
            (None, _) => is_placeholder(written.text()) || names_it(written.text()),
        }
    };
    let is_tcp = |port: NodeRef<'_>| port.str_at(&["protocol"]).is_none_or(|it| it == "TCP");
    let mut ports = rule.items_at(&["ports"]).peekable();
    ports.peek().is_none() || ports.any(|it| is_tcp(it) && fits(it))
}

/// The number of a container's port with this name.
fn port_named(template: PodTemplate<'_>, name: &str) -> Option<i64> {
    let mut ports = template.containers().chain(template.sidecars()).flat_map(Container::ports);
    ports.find(|it| it.0 == Some(name))?.1
}
