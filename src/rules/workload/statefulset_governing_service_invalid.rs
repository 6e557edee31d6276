//! `statefulset-governing-service-invalid`

use crate::index::Workload;
use crate::model::{Container, Object, PodTemplate, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::new_objects::{copy, new_object};
use crate::rules::words::is_open;
use crate::yaml::{NodeRef, Value};

const HELP: &str = "add a Service with clusterIP: None and the pods' labels as selector, for example <name>-headless; \
                    neither serviceName nor clusterIP can be changed, so recreate the StatefulSet \
                    (kubectl delete --cascade=orphan keeps its pods) with the new serviceName";

cases!(StatefulsetGoverningServiceInvalid: NOT_NEEDED = "not-needed");

rule!(StatefulsetGoverningServiceInvalid, "workload/statefulset-governing-service-invalid.md", |walk| walk
    .workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    if workload.kind != WorkloadKind::StatefulSet {
        return Verdict::NotApplicable;
    }
    let needs_names = is_several(workload) || uses_pod_names(workload);
    let name = object.node().at(&["spec", "serviceName"]).map(NodeRef::text).unwrap_or_default();
    if name.is_empty() {
        if !needs_names {
            return Verdict::Pass;
        }
        let message = format!("{} names no Service: its pods have no DNS names of their own", object.title());
        return cx.fail(object, object.place(&["spec", "serviceName"]), message).case(NOT_NEEDED).help(HELP).verdict();
    }
    if is_open(name) {
        return Verdict::open("serviceName is a template placeholder");
    }
    let Some(service) = cx.index().find(object, "", "Service", name) else {
        return judge_absent(object, name, needs_names, cx);
    };
    let cluster_ip = service.node().at(&["spec", "clusterIP"]).map(NodeRef::text).unwrap_or_default();
    if is_open(cluster_ip) {
        return Verdict::open("the clusterIP of its Service is a template placeholder");
    }
    let is_headless =
        cluster_ip == "None" || service.node().items_at(&["spec", "clusterIPs"]).any(|it| it.text() == "None");
    if is_headless {
        return Verdict::Pass;
    }
    let message = format!(
        "{} is governed by {}, which is not headless: its pods have no DNS names of their own",
        object.title(),
        service.title()
    );
    cx.fail(object, object.place(&["spec", "serviceName"]), message)
        .label(service.place(&["spec", "clusterIP"]).span, "clusterIP is not None")
        .help(HELP)
        .maybe_case((!needs_names).then_some(NOT_NEEDED))
        .verdict()
}

fn judge_absent(object: &Object, name: &str, needs_names: bool, cx: &mut Context<'_>) -> Verdict {
    let is_elsewhere = cx
        .run()
        .with_object("", "Service", name)
        .any(|index| index.named("", "Service", name).iter().any(|it| it.namespace() == object.namespace()));
    if cx.index().environment().is_fragment || is_elsewhere {
        return Verdict::open(format!("Service {name} may stand in another file"));
    }
    let message = format!(
        "{} is governed by Service {name}, which is not there: its pods have no DNS names of their own",
        object.title()
    );
    cx.fail(object, object.place(&["spec", "serviceName"]), message)
        .absent(&["Service"])
        .help("add a Service of this name with clusterIP: None and the pods' labels as selector")
        .fix(headless_service(object, name))
        .maybe_case((!needs_names).then_some(NOT_NEEDED))
        .verdict()
}

/// The Service that gives the pods their names.
fn headless_service(object: &Object, name: &str) -> Option<Repair> {
    let labels = copy(object, object.node().at(&["spec", "selector", "matchLabels"])?)?;
    let ports = object.node().items_at(&["spec", "template", "spec", "containers"]);
    let ports = ports.flat_map(|it| it.items_at(&["ports"]).collect::<Vec<_>>());
    let ports: Vec<Value> = ports.filter_map(|it| service_port(object, it)).collect();
    if object.node().at(&["spec", "selector", "matchExpressions"]).is_some() || labels == Value::Map(Vec::new()) {
        return None; // A Service knows no expressions.
    }
    let mut spec = vec![("clusterIP", Value::text("None")), ("selector", labels)];
    if !ports.is_empty() {
        spec.push(("ports", Value::list(ports)));
    }
    let service = new_object(object, ("v1", "Service"), name, [("spec", Value::map(spec))])?;
    Some(Repair::new().append(object, vec![service]))
}

/// The port of a Service for that of a container. A Service with several asks for their names.
fn service_port(object: &Object, port: NodeRef<'_>) -> Option<Value> {
    let number = copy(object, port.at(&["containerPort"])?)?;
    let name = port.at(&["name"]).and_then(|it| copy(object, it)).unwrap_or_else(|| {
        let number = port.at(&["containerPort"]).map(NodeRef::text).unwrap_or_default();
        Value::text(format!("port-{number}"))
    });
    Some(Value::map([("name", name), ("port", number)]))
}

fn is_several(workload: &Workload<'_>) -> bool {
    workload.scale.floor.is_some_and(|it| it > 1) || workload.scale.ceiling.is_some_and(|it| it > 1)
}

/// Whether a command or variable holds the name of one of the pods.
fn uses_pod_names(workload: &Workload<'_>) -> bool {
    let first = format!("{}-0.", workload.object.name());
    let names_a_pod = |it: &str| {
        let own = ["$(POD_NAME).", "${POD_NAME}.", "${HOSTNAME}.", "$(HOSTNAME).", "$(hostname)."];
        it.contains(&first) || own.iter().any(|own| it.contains(own))
    };
    let inits = workload.template.into_iter().flat_map(PodTemplate::init_containers);
    let mut containers = workload.containers().chain(inits);
    containers.any(|it: Container<'_>| {
        it.words().any(names_a_pod) || it.env().any(|(_, value)| value.is_some_and(names_a_pod))
    })
}
