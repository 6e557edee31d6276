//! `nodeport-exposure`

use crate::index::{Index, Role, Selection};
use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;
use std::collections::BTreeSet;

cases!(NodeportExposure: LOCAL = "local");

rule!(NodeportExposure, "workload/nodeport-exposure.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let exposed = |it: &&Object| it.node().str_at(&["spec", "type"]) == Some("NodePort");
    let mut services = index.of_kind("", "Service").filter(exposed).peekable();
    if services.peek().is_some() {
        let routed: BTreeSet<&str> = index.backends().iter().map(|it| it.name).collect();
        cx.judge_each(services, |it, cx| judge(it, routed.contains(it.name()), cx));
    }
}));

/// The workloads behind a Service.
struct Owners {
    /// Whether there are none but such as nobody minds.
    are_waived: bool,
    /// How many pods they have at least.
    floor: Option<i64>,
}

impl Owners {
    fn read(selection: &Selection<'_>, index: &Index<'_>) -> Owners {
        let owners = || selection.pods.iter().filter_map(|it| index.workload_of(index.pods(*it).owner));
        let is_waived = |it: &Role| matches!(it, Role::Tool | Role::Platform | Role::Controller | Role::Ignored);
        Owners { are_waived: owners().all(|it| is_waived(&it.role)), floor: owners().map(|it| it.scale.floor).sum() }
    }
}

fn judge(service: &Object, is_routed: bool, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(owners) = index.selection_of(service).map(|it| it.once(|it| Owners::read(it, index))) else {
        return Verdict::NotApplicable;
    };
    if owners.are_waived || index.is_monitoring_service(service) {
        return Verdict::NotApplicable;
    }
    let local = ["spec", "externalTrafficPolicy"];
    if service.node().str_at(&local) == Some("Local") {
        let nodes = index.node_evidence();
        let known = if let [one] = nodes { one.nodes.least.map(|it| (it, one)) } else { None };
        if let (Some(floor), Some((least, evidence))) = (owners.floor, known)
            && floor < least
        {
            let message = format!(
                "{} is answered by nodes with a pod only, and {} are for {}",
                service.title(),
                count(floor, "pod"),
                count(least, "node")
            );
            let help = "requests to the other nodes are dropped: remove externalTrafficPolicy: Local, or let the load \
                        balancer ask the nodes";
            let draft = cx.fail(service, service.place(&local), message).case(LOCAL).help(help);
            return draft.label(evidence.place.span, "the nodes").verdict();
        }
    }
    // An Ingress in front of it is the way in, and the port of the node is only that of a load balancer.
    if is_routed {
        return Verdict::Pass;
    }
    let message = format!("clients reach {} through a port of the nodes", service.title());
    let help = "a client that knows the address of one node is cut off when that node is lost: put a load balancer in \
                front of all nodes, or use type LoadBalancer, an Ingress or a Gateway";
    cx.fail(service, service.place(&["spec", "type"]), message).help(help).verdict()
}
