//! `nodeport-exposure`

use crate::index::Role;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::words::count;
use std::collections::BTreeSet;

pub(crate) struct NodeportExposure;

cases!(NodeportExposure: LOCAL = "local");

impl Rule for NodeportExposure {
    const PAGE: &'static str = include_str!("../../../rules/workload/nodeport-exposure.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let exposed = |it: &&Object| it.node().str_at(&["spec", "type"]) == Some("NodePort");
            let services: Vec<&Object> = cx.of_kind("", "Service").filter(exposed).collect();
            if services.is_empty() {
                return;
            }
            let routed: BTreeSet<&str> = index.backends().iter().map(|it| it.name).collect();
            for service in services {
                check_service(service, routed.contains(service.name()), cx);
            }
        });
    }
}

fn check_service(service: &Object, is_routed: bool, cx: &mut Context<'_>) {
    let index = cx.index();
    let owners: Vec<_> =
        index.pods_of_service(service).iter().filter_map(|it| index.workload_of(index.pods(*it).owner)).collect();
    let is_waived = |it: &Role| matches!(it, Role::Tool | Role::Platform | Role::Controller | Role::Ignored);
    if owners.is_empty() || owners.iter().all(|it| is_waived(&it.role)) || index.is_monitoring_service(service) {
        return;
    }
    let local = ["spec", "externalTrafficPolicy"];
    if service.node().str_at(&local) == Some("Local") {
        let floor: Option<i64> = owners.iter().map(|it| it.scale.floor).sum();
        let nodes = index.node_evidence();
        let known = if let [one] = nodes { one.nodes.least.map(|it| (it, one)) } else { None };
        if let (Some(floor), Some((least, evidence))) = (floor, known)
            && floor < least
        {
            let message = format!(
                "{} is answered by nodes with a pod only, and {} are for {}",
                service.title(),
                count(floor, "pod"),
                count(least, "node")
            );
            cx.fail(service, service.place(&local), message).case(LOCAL).label(evidence.place.span, "the nodes").help(
                "requests to the other nodes are dropped: remove externalTrafficPolicy: Local, or let the load \
                       balancer ask the nodes",
            );
            return;
        }
    }
    // An Ingress in front of it is the way in, and the port of the node is only that of a load balancer.
    if is_routed {
        return cx.pass(service);
    }
    let message = format!("clients reach {} through a port of the nodes", service.title());
    cx.fail(service, service.place(&["spec", "type"]), message).help(
        "a client that knows the address of one node is cut off when that node is lost: put a load balancer in front of \
         all nodes, or use type LoadBalancer, an Ingress or a Gateway",
    );
}
