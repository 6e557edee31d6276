//! What the standard `restricted` asks for beyond `baseline`.

use super::baseline::{adds, has_bad_profile};
use super::{Breach, Pod};
use crate::model::is_placeholder;
use crate::yaml::NodeRef;

/// Volumes that a pod may have (`check_restrictedVolumes.go`).
const VOLUMES: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const NON_ROOT: &[&str] = &["securityContext", "runAsNonRoot"];
const SECCOMP: &[&str] = &["securityContext", "seccompProfile"];

pub(super) fn breaches<'a>(pod: &Pod<'a>) -> Vec<Breach<'a>> {
    let mut found = Vec::new();
    let volumes = pod.template.volumes().filter(|volume| {
        let mut sources = volume.entries().filter(|it| it.name() != "name").peekable();
        sources.peek().is_some() && !sources.any(|it| VOLUMES.contains(&it.name()) || is_placeholder(it.name()))
    });
    found.extend(volumes.map(|at| Breach { control: "volumes", at, keys: &["name"] }));
    if !pod.is_for_windows() {
        for container in &pod.containers {
            let node = container.node();
            if pod.is_judged_since(8) && may_not_be(node, "allowPrivilegeEscalation", false) {
                let keys = &["securityContext", "allowPrivilegeEscalation"];
                found.push(Breach { control: "allowPrivilegeEscalation", at: node, keys });
            }
            if pod.is_judged_since(22) && (!drops_all(node) || adds(node, &["NET_BIND_SERVICE"])) {
                found.push(Breach { control: "capabilities", at: node, keys: &["securityContext", "capabilities"] });
            }
        }
    }
    found.extend(users(pod));
    found.extend(seccomp(pod));
    found
}

/// Whether a field of a security context is not what it has to be; one that is a template placeholder may be.
fn may_not_be(holder: NodeRef<'_>, key: &str, wanted: bool) -> bool {
    holder.at(&["securityContext", key]).is_none_or(|it| it.as_bool() == Some(!wanted))
}

fn drops_all(container: NodeRef<'_>) -> bool {
    let mut dropped = container.items_at(&["securityContext", "capabilities", "drop"]).map(NodeRef::text);
    dropped.any(|it| it == "ALL" || is_placeholder(it))
}

/// Pods that run as root, or may.
fn users<'a>(pod: &Pod<'a>) -> Vec<Breach<'a>> {
    let mut found = Vec::new();
    if pod.has_own_users() {
        return found;
    }
    let written = |it: NodeRef<'a>| it.at(NON_ROOT);
    let is_refused = |it: NodeRef<'a>| written(it).is_some_and(|it| it.as_bool() == Some(false));
    let is_covered = written(pod.spec).is_some_and(|it| it.as_bool() != Some(false));
    if is_refused(pod.spec) {
        found.push(Breach { control: "runAsNonRoot", at: pod.spec, keys: NON_ROOT });
    }
    let nodes = pod.containers.iter().map(|it| it.node());
    let bad = nodes.filter(|it| is_refused(*it) || (written(*it).is_none() && !is_covered));
    found.extend(bad.map(|at| Breach { control: "runAsNonRoot", at, keys: NON_ROOT }));
    if pod.is_judged_since(23) {
        let keys = &["securityContext", "runAsUser"];
        let roots = pod.holders().filter(|it| it.int_at(keys) == Some(0));
        found.extend(roots.map(|at| Breach { control: "runAsUser", at, keys }));
    }
    found
}

/// Containers without a profile of system calls.
fn seccomp<'a>(pod: &Pod<'a>) -> Vec<Breach<'a>> {
    if !pod.is_judged_since(19) || pod.is_for_windows() {
        return Vec::new();
    }
    let is_bad = |it: NodeRef<'a>| it.at(&["securityContext"]).is_some_and(|it| has_bad_profile(it, "seccompProfile"));
    let is_covered = pod.spec.at(SECCOMP).is_some() && !is_bad(pod.spec);
    let refused = pod.holders().filter(|it| {
        let is_pod = *it == pod.spec;
        is_bad(*it) || (!is_pod && it.at(SECCOMP).is_none() && !is_covered)
    });
    refused.map(|at| Breach { control: "seccompProfile", at, keys: SECCOMP }).collect()
}
