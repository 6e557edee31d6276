//! The containers of a pod.

use crate::index::validation::{Checker, names};
use crate::model::{Quantity, is_placeholder};
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

/// What containers share.
pub(super) struct Pod<'o> {
    /// The pod's `spec`.
    pub(super) spec: NodeRef<'o>,
    /// The names of its volumes; `None` if one of them is filled in later.
    pub(super) volumes: Option<HashSet<&'o str>>,
}

/// All containers of a pod.
pub(super) fn check<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>) {
    let spec = pod.spec;
    checker.required(spec, &["containers"]);
    let inits = || spec.items_at(&["initContainers"]).filter(|it| it.is_map());
    let mains = || spec.items_at(&["containers"]).filter(|it| it.is_map());
    for container in inits() {
        let runs_on = Checker::text(container, &["restartPolicy"]) == Some("Always");
        for key in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] {
            if !runs_on && Checker::has(container, &[key]) {
                let message = format!("{key} is refused in an init container without restartPolicy: Always");
                checker.refuse(container, &[key], message);
            }
        }
        check_container(checker, pod, container);
    }
    for container in mains() {
        check_container(checker, pod, container);
    }
    checker.unique(inits().chain(mains()), &["name"], "containers");
    check_host_ports(checker, pod, mains());
}

fn check_container<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, container: NodeRef<'o>) {
    if checker.required(container, &["name"]) {
        checker.dns_label(container, &["name"]);
    }
    if checker.required_text(container, &["image"]).is_some_and(|it| it.trim() != it) {
        checker.refuse(container, &["image"], "the image has blanks at its ends");
    }
    for entry in container.entries() {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "imagePullPolicy" => checker.one_of(container, &[key], &["Always", "IfNotPresent", "Never"]),
            "terminationMessagePolicy" => checker.one_of(container, &[key], &["File", "FallbackToLogsOnError"]),
            "env" => value.items().filter(|it| it.is_map()).for_each(|it| check_variable(checker, it)),
            "envFrom" => {
                for from in value.items().filter(|it| it.is_map()) {
                    one_source(checker, from, &[], &["configMapRef", "secretRef"]);
                }
            }
            "ports" => check_ports(checker, pod, value),
            "volumeMounts" => check_mounts(checker, pod, value),
            "resources" => check_resources(checker, container, value),
            "livenessProbe" | "readinessProbe" | "startupProbe" => check_probe(checker, value, key),
            "lifecycle" => {
                for hook in ["postStart", "preStop"] {
                    one_handler(checker, container, &[key, hook], &["exec", "httpGet", "tcpSocket", "sleep"]);
                }
            }
            "securityContext" => check_security(checker, value),
            _ => {}
        }
    }
}

fn check_security<'o>(checker: &mut Checker<'o>, context: NodeRef<'o>) {
    if context.bool_at(&["privileged"]) == Some(true) && context.bool_at(&["allowPrivilegeEscalation"]) == Some(false) {
        let message = "allowPrivilegeEscalation: false beside privileged: true";
        checker.refuse(context, &["allowPrivilegeEscalation"], message);
    }
}

fn check_variable<'o>(checker: &mut Checker<'o>, variable: NodeRef<'o>) {
    if checker.required_text(variable, &["name"]).is_some_and(|it| it.contains('=')) {
        checker.refuse(variable, &["name"], "the name of a variable holds an =");
    }
    let Some(from) = variable.get("valueFrom").filter(|it| it.is_map()) else { return };
    if variable.get("value").is_some_and(|it| !it.is_null() && !it.text().is_empty()) {
        checker.refuse(variable, &["valueFrom"], "a variable has either value or valueFrom, not both");
    }
    let sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
    one_source(checker, variable, &["valueFrom"], &sources);
    for reference in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = from.get(reference).filter(|it| it.is_map()) {
            checker.required(reference, &["key"]);
            checker.required(reference, &["name"]);
        }
    }
}

/// Exactly one of some fields.
fn one_source<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], sources: &[&str]) {
    let Some(holder) = node.at(keys) else { return };
    let there: Vec<&str> = sources.iter().copied().filter(|it| Checker::has(holder, &[it])).collect();
    match there.as_slice() {
        [_] => {}
        [] => drop(checker.refuse(node, keys, format!("needs one of {}", crate::index::validation::list(sources)))),
        [first, second, ..] => {
            checker.refuse(holder, &[second], format!("either {first} or {second}, not both"));
        }
    }
}

/// A handler that has to be of exactly one kind.
fn one_handler<'o>(checker: &mut Checker<'o>, container: NodeRef<'o>, keys: &[&str], kinds: &[&str]) {
    if container.at(keys).is_some_and(NodeRef::is_map) {
        one_source(checker, container, keys, kinds);
    }
}

fn check_ports<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, ports: NodeRef<'o>) {
    let on_host = pod.spec.bool_at(&["hostNetwork"]) == Some(true);
    for port in ports.items().filter(|it| it.is_map()) {
        if !Checker::has(port, &["containerPort"]) {
            checker.required(port, &["containerPort"]);
        }
        for key in port.entries().map(Entry::name) {
            match key {
                "containerPort" => checker.within(port, &[key], 1, 65535),
                "hostPort" => check_host_port(checker, port, on_host),
                "protocol" => checker.one_of(port, &[key], &["TCP", "UDP", "SCTP"]),
                "name" => check_port_name(checker, port),
                _ => {}
            }
        }
    }
    checker.unique(ports.items(), &["name"], "ports");
}

fn check_port_name<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>) {
    if let Some(name) = Checker::text(port, &["name"])
        && let Err(reason) = names::port_name(name)
    {
        checker.refuse(port, &["name"], format!("{name} {reason}"));
    }
}

fn check_host_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>, on_host: bool) {
    checker.within(port, &["hostPort"], 0, 65535);
    let numbers = (port.int_at(&["containerPort"]), port.int_at(&["hostPort"]));
    if let (Some(own), Some(host)) = numbers
        && on_host
        && host != 0
        && host != own
    {
        let message = format!("on the host's network hostPort {host} has to be containerPort {own}");
        checker.refuse(port, &["hostPort"], message);
    }
}

/// Ports of the node that two containers ask for.
fn check_host_ports<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, containers: impl Iterator<Item = NodeRef<'o>>) {
    let on_host = pod.spec.bool_at(&["hostNetwork"]) == Some(true);
    let mut seen = HashSet::new();
    for port in containers.flat_map(|it| it.items_at(&["ports"])) {
        let written = port.int_at(&["hostPort"]).filter(|it| *it != 0);
        // The default on the host's network.
        let Some(number) = written.or_else(|| if on_host { port.int_at(&["containerPort"]) } else { None }) else {
            continue;
        };
        let protocol = Checker::text(port, &["protocol"]).unwrap_or("TCP");
        let address = port.str_at(&["hostIP"]).unwrap_or_default();
        if !seen.insert((number, protocol, address)) {
            let key = if written.is_some() { "hostPort" } else { "containerPort" };
            checker.refuse(port, &[key], format!("two containers ask for port {number} of the node"));
        }
    }
}

fn check_mounts<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, mounts: NodeRef<'o>) {
    let mut paths = HashSet::new();
    for mount in mounts.items().filter(|it| it.is_map()) {
        if let (Some(name), Some(volumes)) = (checker.required_text(mount, &["name"]), &pod.volumes)
            && !volumes.contains(name)
        {
            let near = crate::suggest::nearest(name, volumes.iter().copied());
            let refusal = checker.refuse(mount, &["name"], format!("the pod has no volume {name}"));
            refusal.help = near.map(|it| format!("did you mean {it}?"));
        }
        if let Some(path) = checker.required_text(mount, &["mountPath"])
            && !paths.insert(path)
        {
            checker.refuse(mount, &["mountPath"], format!("two volumes are mounted at {path}"));
        }
        for key in ["subPath", "subPathExpr"] {
            let path = Checker::text(mount, &[key]);
            if let Some(path) = path.filter(|it| it.starts_with('/') || it.split('/').any(|it| it == "..")) {
                checker.refuse(mount, &[key], format!("{path} leads out of the volume"));
            }
        }
        let modes = ["None", "HostToContainer", "Bidirectional"];
        checker.one_of(mount, &["mountPropagation"], &modes);
    }
}

/// Resources of containers that need no prefix.
const STANDARD: &[&str] = &["cpu", "memory", "ephemeral-storage"];

fn check_resources<'o>(checker: &mut Checker<'o>, container: NodeRef<'o>, resources: NodeRef<'o>) {
    let [requests, limits] = ["requests", "limits"].map(|it| resources.at(&[it]));
    for (part, amounts) in [("requests", requests), ("limits", limits)] {
        for entry in amounts.into_iter().flat_map(NodeRef::entries) {
            check_amount(checker, container, part, entry);
        }
    }
    let amount = |node: Option<NodeRef<'o>>, name: &str| node?.at(&[name]).and_then(Quantity::read);
    for entry in requests.filter(|_| limits.is_some()).into_iter().flat_map(NodeRef::entries) {
        let name = entry.name();
        let (Some(request), Some(limit)) = (amount(requests, name), amount(limits, name)) else { continue };
        if request > limit {
            let limit = container.at(&["resources", "limits", name]).map(NodeRef::text).unwrap_or_default();
            let message = format!("the request of {} {name} is above its limit of {limit}", entry.value.text());
            checker.refuse(container, &["resources", "requests", name], message);
        }
    }
}

fn check_amount<'o>(checker: &mut Checker<'o>, container: NodeRef<'o>, part: &str, entry: Entry<'o>) {
    let name = entry.name();
    let is_known = STANDARD.contains(&name) || name.starts_with("hugepages-") || name.contains('/');
    if !is_known && !is_placeholder(name) {
        let near = crate::suggest::nearest(name, STANDARD.iter().copied());
        let message = format!("{name} is no resource of containers: cpu, memory, ephemeral-storage, or with a domain");
        let refusal = checker.refuse(container, &["resources", part, name], message);
        refusal.help = near.map(|it| format!("did you mean {it}?"));
    }
    if entry.value.text().starts_with('-') {
        let message = format!("{} is below 0", entry.value.text());
        checker.refuse(container, &["resources", part, name], message);
    }
}

/// A probe, which stands under this key.
fn check_probe<'o>(checker: &mut Checker<'o>, probe: NodeRef<'o>, of: &str) {
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
            "httpGet" => checker.one_of(probe, &[key, "scheme"], &["HTTP", "HTTPS"]),
            _ => {}
        }
    }
}
