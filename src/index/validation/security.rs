//! Security contexts of pods and containers.

use super::checker::{Checker, is_object};
use super::names;
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// The largest number of a user or group.
const LARGEST_ID: i64 = i32::MAX as i64;
/// The longest name of a kernel parameter.
const LONGEST_SYSCTL: usize = 253;

/// The `securityContext` of a container in this pod.
pub(super) fn of_container<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, context: NodeRef<'o>) {
    for entry in context.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "runAsUser" | "runAsGroup" => checker.within(context, &[key], 0, LARGEST_ID),
            "procMount" => {
                checker.exactly_one_of(context, &[key], &["Default", "Unmasked"]);
                if entry.value.text() == "Unmasked" && pod.bool_at(&["hostUsers"]).unwrap_or(true) {
                    checker.refuse(context, &[key], "Unmasked needs hostUsers: false in the pod");
                }
            }
            "seccompProfile" => profile(checker, entry.value),
            "allowPrivilegeEscalation" if entry.value.as_bool() == Some(false) => escalation(checker, context),
            _ => {}
        }
    }
}

fn escalation<'o>(checker: &mut Checker<'o>, context: NodeRef<'o>) {
    let keys = &["allowPrivilegeEscalation"];
    if context.bool_at(&["privileged"]) == Some(true) {
        checker.refuse(context, keys, "allowPrivilegeEscalation: false beside privileged: true");
    } else if context.items_at(&["capabilities", "add"]).any(|it| it.as_str() == Some("CAP_SYS_ADMIN")) {
        checker.refuse(context, keys, "allowPrivilegeEscalation: false beside the capability CAP_SYS_ADMIN");
    }
}

/// The `securityContext` of a pod.
pub(super) fn of_pod<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, context: NodeRef<'o>) {
    for entry in context.entries().filter(|it| !it.value.is_null()) {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "runAsUser" | "runAsGroup" | "fsGroup" => checker.within(context, &[key], 0, LARGEST_ID),
            "supplementalGroups" => {
                value.items().for_each(|it| checker.within(it, &[], 0, LARGEST_ID));
            }
            "seccompProfile" => profile(checker, value),
            "fsGroupChangePolicy" => checker.exactly_one_of(context, &[key], &["Always", "OnRootMismatch"]),
            "supplementalGroupsPolicy" => checker.exactly_one_of(context, &[key], &["Merge", "Strict"]),
            "sysctls" => sysctls(checker, pod, value),
            _ => {}
        }
    }
}

fn profile<'o>(checker: &mut Checker<'o>, profile: NodeRef<'o>) {
    if !profile.is_map() {
        return;
    }
    checker.required_one_of(profile, &["type"], &["Localhost", "RuntimeDefault", "Unconfined"]);
    let keys = &["localhostProfile"];
    match Checker::text(profile, &["type"]) {
        Some("Localhost") if !Checker::has(profile, keys) => drop(checker.required(profile, keys)),
        Some("Localhost") => checker.named(profile, keys, names::path_below),
        Some(kind) if Checker::has(profile, keys) => {
            checker.refuse(profile, keys, format!("localhostProfile is refused for type {kind}"));
        }
        _ => {}
    }
}

fn sysctls<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, sysctls: NodeRef<'o>) {
    let shares = |key: &str| pod.bool_at(&[key]) == Some(true);
    let mut seen = HashSet::new();
    for sysctl in sysctls.items().filter(|it| is_object(*it)) {
        let Some(name) = checker.required_text(sysctl, &["name"]) else { continue };
        let dotted = name.replace('/', ".");
        let message = if let Err(reason) = kernel_parameter(name) {
            reason.to_owned()
        } else if !seen.insert(name) {
            "stands here twice".to_owned()
        } else if dotted.starts_with("net.") && shares("hostNetwork") {
            "is refused in a pod with hostNetwork: true".to_owned()
        } else if is_of_ipc(&dotted) && shares("hostIPC") {
            "is refused in a pod with hostIPC: true".to_owned()
        } else {
            continue;
        };
        checker.refuse(sysctl, &["name"], format!("{} {message}", super::checker::shown(name)));
    }
}

fn is_of_ipc(name: &str) -> bool {
    name.starts_with("kernel.shm")
        || name.starts_with("kernel.msg")
        || name == "kernel.sem"
        || name.starts_with("fs.mqueue.")
}

fn kernel_parameter(text: &str) -> names::Checked {
    if text.len() > LONGEST_SYSCTL {
        return Err("is longer than 253 characters");
    }
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let is_part = |part: &str| {
        part.starts_with(is_plain)
            && part.ends_with(is_plain)
            && part.chars().all(|it| is_plain(it) || matches!(it, '-' | '_'))
    };
    if text.split(['.', '/']).all(is_part) { Ok(()) } else { Err("is no name of a kernel parameter") }
}
