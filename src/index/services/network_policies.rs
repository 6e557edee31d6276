//! Which NetworkPolicies isolate pods, which ports they admit, and which ports of pods are scraped.

use crate::index::lookup::groups::Groups;
use crate::index::{Nearness, PodSetId, Services};
use crate::model::{Container, Object, PodTemplate, Selector, is_placeholder, products};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap};

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

/// Policies for incoming connections. Those that select the same pods are one group.
#[derive(Debug)]
pub struct IngressPolicies<'a> {
    groups: Vec<Vec<&'a Object>>,
    by_pods: Groups<PodSetId, (usize, Nearness)>,
}

impl<'a> IngressPolicies<'a> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether any selects pods.
    pub fn select(&self, pods: PodSetId) -> bool {
        !self.by_pods.get(pods).is_empty()
    }

    /// How many select pods.
    pub fn count(&self, pods: PodSetId) -> usize {
        self.by_pods.get(pods).iter().map(|it| self.groups[it.0].len()).sum()
    }

    /// The first that certainly selects pods: what may be in their namespace may admit, but only what is there isolates.
    pub fn isolating(&self, pods: PodSetId) -> Option<&'a Object> {
        let same = self.by_pods.get(pods).iter().filter(|it| it.1 == Nearness::Same);
        same.filter_map(|it| self.groups[it.0].first().copied()).min_by_key(|it| it.id())
    }

    /// Whether one that selects pods fits. Each group is asked once, for all that `known` was made for.
    pub fn any(&self, pods: PodSetId, known: &mut HashMap<usize, bool>, fits: impl Fn(&Object) -> bool) -> bool {
        let mut groups = self.by_pods.get(pods).iter();
        groups.any(|it| *known.entry(it.0).or_insert_with(|| self.groups[it.0].iter().any(|it| fits(it))))
    }
}

impl<'a> Services<'a> {
    /// The policies for incoming connections, by the pods that they select.
    pub fn ingress_policies(&self) -> IngressPolicies<'a> {
        let mut groups: Vec<Vec<&'a Object>> = Vec::new();
        let mut known = HashMap::new();
        let mut selecting = Vec::new();
        for policy in self.of_kind("networking.k8s.io", "NetworkPolicy") {
            let mut types = policy.node().items_at(&["spec", "policyTypes"]).map(NodeRef::text).peekable();
            let is_for_ingress = types.peek().is_none() || types.any(|it| it == "Ingress");
            let Some(selector) = policy.node().at(&["spec", "podSelector"]).map(Selector::read) else { continue };
            if !is_for_ingress {
                continue;
            }
            // All on which it depends what is selected.
            let place = (policy.namespace(), policy.is_governed, self.folder(policy));
            let group = *known.entry((place, self.effective(&selector))).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
                let selected = self.select(policy, &selector);
                selecting.extend(selected.into_iter().map(|it| (it.pods, (group, it.nearness))));
            }
            groups[group].push(policy);
        }
        IngressPolicies { groups, by_pods: Groups::new(selecting) }
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

    /// Whether a policy admits connections to a port of pods, from anywhere at all. `names` are those of that port.
    pub fn admits(&self, policy: &Object, number: i64, names: &BTreeSet<&str>) -> bool {
        policy.node().items_at(&["spec", "ingress"]).any(|rule| admits_port(rule, number, |it| names.contains(it)))
    }

    /// The names by which pods call a port: the first of each name counts.
    pub fn names_of_port(&self, pods: PodSetId, number: i64) -> BTreeSet<&'a str> {
        let template = self.workload_of(self.pods(pods).owner).and_then(|it| it.template);
        let named = template.into_iter().flat_map(ports).filter_map(|it| it.0);
        named.filter(|name| template.is_some_and(|it| port_named(it, name) == Some(number))).collect()
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
                    found.extend(self.scraped(*pods, target, service, port));
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
    ports(template).find(|it| it.0 == Some(name))?.1
}

/// The names and numbers of the ports of containers.
fn ports(template: PodTemplate<'_>) -> impl Iterator<Item = (Option<&str>, Option<i64>)> {
    template.containers().chain(template.sidecars()).flat_map(Container::ports)
}
