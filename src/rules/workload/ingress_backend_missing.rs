//! `ingress-backend-missing`

use crate::index::{Backend, Nearness};
use crate::model::{Object, ObjectId};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::new_objects::written_name;
use crate::rules::parts::judge_parts;
use crate::rules::repairs::correct;
use crate::rules::words::{is_open, list};
use crate::source::Span;
use crate::suggest::nearest;
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

cases!(IngressBackendMissing: TARGET_PORT = "target-port");

rule!(IngressBackendMissing, "workload/ingress-backend-missing.md", |walk| walk.environment(|cx| {
    let mut groups: BTreeMap<(ObjectId, &str, Option<&str>), Vec<Backend<'_>>> = BTreeMap::new();
    for backend in cx.index().backends() {
        let key = (backend.object.id(), backend.name, backend.namespace);
        groups.entry(key).or_default().push(backend);
    }
    let groups: Vec<Vec<Backend<'_>>> = groups.into_values().collect();
    for of_object in groups.chunk_by(|a, b| a[0].object.id() == b[0].object.id()) {
        let object = of_object[0][0].object;
        let verdict = judge_parts(object, of_object, cx, |it, cx| judge_service(it, cx));
        cx.judge(object, verdict);
    }
}));

/// Judges whether references of one object to one Service lead somewhere.
fn judge_service<'a>(backends: &[Backend<'a>], cx: &mut Context<'a>) -> Verdict {
    let first = &backends[0];
    if is_open(first.name) || first.namespace.is_some_and(is_open) {
        return Verdict::open("the name of a Service is a template placeholder");
    }
    let Some(service) = cx.index().service_of_backend(first) else { return judge_missing(backends, cx) };
    let mut by_port: BTreeMap<Option<&str>, Vec<Backend<'_>>> = BTreeMap::new();
    for backend in backends {
        let port = backend.port_keys.and_then(|it| backend.node.at(it));
        by_port.entry(port.map(NodeRef::text)).or_default().push(*backend);
    }
    judge_parts(first.object, by_port.into_values(), cx, |it, cx| judge_port(&it, service, cx))
}

/// Many references to the same are one mistake: the places of the others.
fn others(backends: &[Backend<'_>], keys: &[&str]) -> impl Iterator<Item = (Span, &'static str)> {
    backends.iter().skip(1).take(3).map(|it| (it.node.place(keys), "here, too"))
}

fn judge_port(backends: &[Backend<'_>], service: &Object, cx: &mut Context<'_>) -> Verdict {
    let backend = &backends[0];
    let port = backend.port_keys.and_then(|keys| Some((keys, backend.node.at(keys)?)));
    let Some((port_keys, port)) = port else { return Verdict::Pass };
    let ports: Vec<NodeRef<'_>> = service.node().items_at(&["spec", "ports"]).collect();
    let is_away = service.node().str_at(&["spec", "type"]) == Some("ExternalName");
    let texts = || ports.iter().flat_map(|it| [it.at(&["port"]), it.at(&["name"])]).flatten().map(NodeRef::text);
    if ports.is_empty() || is_away || is_open(port.text()) || texts().any(is_open) {
        return Verdict::Pass;
    }
    let hits = |it: &NodeRef<'_>| match port.as_int() {
        Some(number) => it.int_at(&["port"]) == Some(number),
        None => it.str_at(&["name"]) == Some(port.text()),
    };
    if ports.iter().any(hits) {
        return Verdict::Pass;
    }
    let target = ports.iter().find(|it| it.at(&["targetPort"]).is_some_and(|it| it.text() == port.text()));
    let known: Vec<String> = ports.iter().map(describe).collect();
    let names = ports.iter().filter_map(|it| it.str_at(&["name"]));
    let help = match (target, nearest(port.text(), names)) {
        (Some(it), _) => format!("{} is where the pods listen; the Service's port is {}", port.text(), describe(it)),
        (None, Some(meant)) if port.as_int().is_none() => format!("did you mean {meant}?"),
        _ => format!("the Service's ports: {}", list(&known)),
    };
    let message = format!(
        "{} sends requests to port {} of {}, which has no such port",
        backend.object.title(),
        port.text(),
        service.title()
    );
    let place = backend.object.place_in(backend.node, port_keys);
    cx.fail(backend.object, place, message)
        .label(service.place(&["spec", "ports"]).span, "its ports")
        .help(help)
        .absent(&[])
        .labels(others(backends, port_keys))
        // Some controllers compare the pods' port as well.
        .maybe_case(target.map(|_| TARGET_PORT))
        .verdict()
}

/// `http (80)`, or `80` for a port without a name.
fn describe(port: &NodeRef<'_>) -> String {
    let number = port.at(&["port"]).map(NodeRef::text).unwrap_or_default();
    port.str_at(&["name"]).map_or_else(|| number.to_owned(), |it| format!("{it} ({number})"))
}

fn judge_missing(backends: &[Backend<'_>], cx: &mut Context<'_>) -> Verdict {
    let backend = &backends[0];
    let index = cx.index();
    let (object, name) = (backend.object, backend.name);
    if index.maker_of_name(object, backend.namespace, name).is_some() {
        return Verdict::Pass; // Its operator makes Services called after it.
    }
    let slip = if backend.namespace.is_none() { index.nearly_named_service(object, name) } else { None };
    let elsewhere = index.named("", "Service", name).first().copied();
    if slip.is_none()
        && let Some(reason) = doubt(backend, elsewhere, cx)
    {
        return Verdict::open(reason);
    }
    let there = backend.namespace.or(object.namespace());
    let there = there.map_or_else(|| "there".to_owned(), |it| format!("in namespace {it}"));
    let message = format!("{} sends requests to Service {name}, which is not {there}", object.title());
    let draft = cx.fail(object, object.place_in(backend.node, backend.name_keys), message);
    match (slip, elsewhere) {
        (Some(slip), _) => {
            let written = backend.node.at(backend.name_keys).filter(|it| it.text() == name);
            let repair = written.map(|it| correct(object, it, written_name(slip)));
            draft.label(slip.name_span(), "was this meant?").help(format!("did you mean {}?", slip.name())).fix(repair)
        }
        (None, Some(it)) => {
            let namespace = it.namespace().unwrap_or("default");
            draft.label(it.name_span(), format!("this one is in namespace {namespace}")).help(
                "an Ingress leads to Services of its own namespace only; a route may name another where a \
                 ReferenceGrant allows it",
            )
        }
        (None, None) => {
            draft.help("requests for these paths are answered with an error: add the Service, or correct the name")
        }
    }
    .labels(others(backends, backend.name_keys))
    .verdict()
}

/// Why a Service that is not there may be there all the same.
fn doubt(backend: &Backend<'_>, elsewhere: Option<&Object>, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    let (object, name) = (backend.object, backend.name);
    if index.environment().is_fragment {
        return Some(format!("Service {name} may stand in another file"));
    }
    if cx.run().has_elsewhere(index, "", "Service", name) {
        return Some(format!("Service {name} is in another environment of this run"));
    }
    let has_others = || match backend.namespace {
        Some(namespace) => index.first_in(Some(namespace), "", "Service").is_some(),
        None => index.nearness_of_kind(object, "", "Service") != Nearness::Different,
    };
    if elsewhere.is_none() && !has_others() {
        return Some(format!("no Service of the namespace is in the manifests, {name} neither"));
    }
    if index.has_unread_templates() {
        return Some(format!("Service {name} may stand in a template that is not read"));
    }
    if index.is_unseen_makers_name(name) {
        return Some(format!("a custom resource called {name} may make the Service"));
    }
    let maker = index.unseen_maker_near(object).filter(|_| backend.namespace.is_none());
    maker.map(|it| format!("{} may make Service {name}", it.title()))
}
