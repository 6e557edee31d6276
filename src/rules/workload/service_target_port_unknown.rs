//! `service-target-port-unknown`

use crate::index::{Index, Selection, Workload};
use crate::model::{Container, Object, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::parts::judge_parts;
use crate::rules::repairs::correct;
use crate::rules::words::{is_open, list};
use crate::source::Span;
use crate::suggest::Candidates;
use crate::yaml::NodeRef;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

cases!(ServiceTargetPortUnknown: REFUSED = "refused");

rule!(ServiceTargetPortUnknown, "workload/service-target-port-unknown.md", |walk| walk
    .of_kinds(&[("", "Service")], judge));

fn judge(service: &Object, cx: &mut Context<'_>) -> Verdict {
    if service.node().str_at(&["spec", "type"]) == Some("ExternalName") {
        return Verdict::NotApplicable;
    }
    let named = service.node().items_at(&["spec", "ports"]).filter_map(|port| {
        let target = port.at(&["targetPort"]).filter(|it| it.as_int().is_none())?;
        Some((port, target.text())).filter(|it| !it.1.is_empty())
    });
    let behind = OnceCell::new();
    judge_parts(service, named, cx, |(port, name), cx| judge_port(service, port, name, &behind, cx))
}

/// Judges whether a port leads somewhere.
fn judge_port(
    service: &Object,
    port: NodeRef<'_>,
    name: &str,
    behind: &OnceCell<Option<Arc<Behind>>>,
    cx: &mut Context<'_>,
) -> Verdict {
    if is_open(name) {
        return Verdict::open("a target port is a template placeholder");
    }
    if !name.bytes().any(|it| it.is_ascii_alphabetic()) {
        let message = format!("{} leads to port {name:?}, a text without a letter", service.title());
        return cx
            .fail(service, service.place_in(port, &["targetPort"]), message)
            .case(REFUSED)
            .help("the API server takes a number without quotes, or the name of a container's port")
            .verdict();
    }
    let index = cx.index();
    // Another rule tells, if nothing is behind it and that is wrong.
    let selection = || index.selection_of(service).filter(|it| !it.pods.is_empty());
    let Some(behind) = behind.get_or_init(|| Some(selection()?.once(|it| Behind::read(it, index)))) else {
        return Verdict::Pass;
    };
    if behind.is_virtual {
        return Verdict::open("the ports of pods that an operator makes are not in the manifests");
    }
    let protocol = protocol(port);
    let named = behind.by_name.get(name).map_or(&[][..], Vec::as_slice);
    if behind.is_elsewhere || named.iter().any(|it| it.0 == protocol) {
        return Verdict::Pass;
    }
    if behind.has_open {
        return Verdict::open("names of its pods' ports are template placeholders");
    }
    report(service, port, name, behind, cx)
}

/// The ports of the pods behind a Service.
struct Behind {
    /// How messages name the first workload, and where it is written.
    owner: Option<(String, Span)>,
    /// Whether an operator makes some of the pods.
    is_virtual: bool,
    /// Whether a template stands elsewhere.
    is_elsewhere: bool,
    /// Whether a name is a template placeholder.
    has_open: bool,
    /// The protocols of the ports of each name, and where they are written.
    by_name: HashMap<String, Vec<(String, Span)>>,
    /// The names, in order.
    names: Candidates<String>,
}

impl Behind {
    fn read(selection: &Selection<'_>, index: &Index<'_>) -> Behind {
        let sets = || selection.pods.iter().map(|it| index.pods(*it));
        let workloads: Vec<&Workload<'_>> = sets().filter_map(|it| index.workload_of(it.owner)).collect();
        let mut behind = Behind {
            owner: workloads.first().map(|it| (it.object.title(), it.object.name_span())),
            is_virtual: sets().any(|it| it.is_virtual),
            is_elsewhere: workloads.iter().any(|it| it.template.is_none()),
            has_open: false,
            by_name: HashMap::new(),
            names: Candidates::default(),
        };
        let mut names = Vec::new();
        for port in workloads.iter().flat_map(|it| ports_of(it)) {
            let Some(name) = port.str_at(&["name"]) else { continue };
            behind.has_open |= is_open(name);
            names.push(name.to_owned());
            behind.by_name.entry(name.to_owned()).or_default().push((protocol(port).to_owned(), port.first_line()));
        }
        behind.names = Candidates::new(names);
        behind
    }
}

fn report(service: &Object, port: NodeRef<'_>, name: &str, behind: &Behind, cx: &mut Context<'_>) -> Verdict {
    let protocol = protocol(port);
    let other_protocol = behind.by_name.get(name).and_then(|it| it.first());
    let (whose, owner) = behind.owner.clone().unzip();
    let whose = whose.unwrap_or_default();
    let message = match other_protocol {
        Some((other, _)) => {
            format!("{} leads to port {name} by {protocol}, and in {whose} that port is for {other}", service.title())
        }
        None => format!("{} leads to port {name}, which the pods of {whose} do not name", service.title()),
    };
    let known = behind.names.all();
    let meant = behind.names.nearest(name).filter(|_| other_protocol.is_none());
    let sure = meant.and_then(|_| behind.names.certain(name));
    let repair = sure.zip(port.at(&["targetPort"])).map(|(meant, node)| correct(service, node, meant));
    let help = match meant {
        _ if other_protocol.is_some() => "protocols are compared, too: give both the same".to_owned(),
        Some(meant) => format!("did you mean {meant}?"),
        None if known.is_empty() => {
            format!("name the port under the container's ports, name: {name}, or give its number here")
        }
        None => format!("the pods' named ports: {}", list(known)),
    };
    let span = other_protocol.map(|it| it.1).or(owner);
    cx.fail(service, service.place_in(port, &["targetPort"]), message)
        .help(help)
        .fix(repair)
        .labels(span.map(|it| (it, "the Service has no endpoints for this port")))
        .verdict()
}

fn protocol(port: NodeRef<'_>) -> &str {
    port.str_at(&["protocol"]).unwrap_or("TCP")
}

/// The ports of a workload's containers that a Service can lead to.
fn ports_of<'a>(workload: &Workload<'a>) -> Vec<NodeRef<'a>> {
    let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
    let containers: Vec<Container<'a>> = workload.containers().chain(sidecars).collect();
    containers.into_iter().flat_map(|it| it.node().items_at(&["ports"])).collect()
}
