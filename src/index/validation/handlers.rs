//! What the kubelet asks of a container or runs in it: probes and lifecycle hooks.

use super::checker::{Checker, is_object, shown};
use super::names;
use crate::model::may_be_filled_in;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;

/// The default of `terminationGracePeriodSeconds`.
const GRACE_PERIOD: i64 = 30;

/// Exactly one of some fields.
pub(super) fn one_source<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], sources: &[&str]) {
    let Some(holder) = node.at(keys) else { return };
    let there: Vec<&str> = sources.iter().copied().filter(|it| Checker::has(holder, &[it])).collect();
    match there.as_slice() {
        [_] => {}
        [] => drop(checker.refuse(node, keys, format!("needs one of {}", super::list(sources)))),
        [first, second, ..] => {
            checker.refuse(holder, &[second], format!("either {first} or {second}, not both"));
        }
    }
}

/// A probe, which stands under this key. Its handlers and their ports have a rule of their own.
pub(super) fn probe<'o>(checker: &mut Checker<'o>, probe: NodeRef<'o>, of: &str) {
    for entry in probe.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "initialDelaySeconds" | "timeoutSeconds" | "periodSeconds" | "successThreshold" | "failureThreshold" => {
                checker.at_least(probe, &[key], 0);
            }
            "terminationGracePeriodSeconds" if of == "readinessProbe" => {
                let message = "a readiness probe stops nothing: terminationGracePeriodSeconds is refused here";
                checker.refuse(probe, &[key], message);
            }
            "terminationGracePeriodSeconds" => checker.at_least(probe, &[key], 1),
            "httpGet" => request(checker, entry.value),
            _ => {}
        }
    }
}

/// What a request of HTTP has besides its port.
fn request<'o>(checker: &mut Checker<'o>, request: NodeRef<'o>) {
    checker.one_of(request, &["scheme"], &["HTTP", "HTTPS"]);
    for header in request.items_at(&["httpHeaders"]).filter(|it| is_object(*it)) {
        checker.required_named(header, &["name"], names::header);
    }
}

/// The `lifecycle` of a container in this pod.
pub(super) fn lifecycle<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, lifecycle: NodeRef<'o>) {
    for hook in ["postStart", "preStop"] {
        let Some(handler) = lifecycle.get(hook).filter(|it| it.is_map()) else { continue };
        one_source(checker, lifecycle, &[hook], &["exec", "httpGet", "tcpSocket", "sleep"]);
        for entry in handler.entries().filter(|it| it.value.is_map()) {
            let (key, value) = (entry.name(), entry.value);
            match key {
                "exec" => drop(checker.required(value, &["command"])),
                "httpGet" => {
                    request(checker, value);
                    port(checker, value);
                }
                "tcpSocket" => port(checker, value),
                "sleep" => sleep(checker, pod, value),
                _ => {}
            }
        }
    }
}

/// A port that is a number or a name.
fn port<'o>(checker: &mut Checker<'o>, holder: NodeRef<'o>) {
    let Some(port) = holder.get("port").filter(|it| !it.is_null()) else {
        checker.required(holder, &["port"]);
        return;
    };
    match port.scalar() {
        Some(Scalar::Int(_)) => checker.within(holder, &["port"], 1, 65535),
        Some(Scalar::Str(name)) if !may_be_filled_in(name) => {
            if let Err(reason) = names::port_name(name) {
                checker.refuse(holder, &["port"], format!("{} {reason}", shown(name)));
            }
        }
        _ => {}
    }
}

/// A pause, which must end within the grace period.
fn sleep<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, sleep: NodeRef<'o>) {
    checker.at_least(sleep, &["seconds"], 0);
    let grace = match Checker::known(pod, &["terminationGracePeriodSeconds"]) {
        Some(it) => it.as_int(),
        None if Checker::has(pod, &["terminationGracePeriodSeconds"]) => None,
        None => Some(GRACE_PERIOD),
    };
    if let (Some(seconds), Some(grace)) = (sleep.int_at(&["seconds"]), grace)
        && seconds > grace
    {
        let default = if Checker::has(pod, &["terminationGracePeriodSeconds"]) { "" } else { ", the default" };
        let message = format!("{seconds} seconds are more than terminationGracePeriodSeconds {grace}{default}");
        let help = "sleep for less, or give the pod a longer grace period";
        checker.refuse(sleep, &["seconds"], message).help = Some(help.to_owned());
    }
}
