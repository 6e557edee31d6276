//! The checks of the standard `baseline`.

use super::{Breach, Pod};
use crate::model::{Container, is_placeholder};
use crate::yaml::NodeRef;

/// Capabilities that a container may add (`check_capabilities_baseline.go`).
const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Kernel settings that a pod may change, with the minor version that brought them (`check_sysctls.go`).
const SYSCTLS: &[(&str, u64)] = &[
    ("kernel.shm_rmid_forced", 0),
    ("net.ipv4.ip_local_port_range", 0),
    ("net.ipv4.ip_unprivileged_port_start", 0),
    ("net.ipv4.ping_group_range", 0),
    ("net.ipv4.tcp_syncookies", 0),
    ("net.ipv4.ip_local_reserved_ports", 27),
    ("net.ipv4.tcp_fin_timeout", 29),
    ("net.ipv4.tcp_keepalive_intvl", 29),
    ("net.ipv4.tcp_keepalive_probes", 29),
    ("net.ipv4.tcp_keepalive_time", 29),
    ("net.ipv4.tcp_rmem", 32),
    ("net.ipv4.tcp_wmem", 32),
    ("net.ipv4.tcp_notsent_lowat", 37),
    ("net.ipv4.tcp_slow_start_after_idle", 37),
];

/// Types that SELinux options may name (`check_seLinuxOptions.go`).
const SELINUX_TYPES: &[&str] = &["container_t", "container_init_t", "container_kvm_t"];

const APP_ARMOR_ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

/// What is refused; `restricted` has stricter forms of some checks, which then stand in their place.
pub(super) fn breaches<'a>(pod: &Pod<'a>, is_restricted: bool) -> Vec<Breach<'a>> {
    let mut found = Vec::new();
    of_pod(pod, is_restricted, &mut found);
    for container in &pod.containers {
        of_container(pod, *container, is_restricted, &mut found);
    }
    for holder in pod.holders() {
        of_context(pod, holder, is_restricted, &mut found);
    }
    found
}

fn of_pod<'a>(pod: &Pod<'a>, is_restricted: bool, found: &mut Vec<Breach<'a>>) {
    let spec = pod.spec;
    for (control, keys) in
        [("hostNetwork", &["hostNetwork"] as &[&str]), ("hostPID", &["hostPID"]), ("hostIPC", &["hostIPC"])]
    {
        if spec.bool_at(keys) == Some(true) {
            found.push(Breach { control, at: spec, keys });
        }
    }
    let host_paths = pod.template.volumes().filter(|it| !is_restricted && it.at(&["hostPath"]).is_some());
    found.extend(host_paths.map(|at| Breach { control: "hostPath", at, keys: &["hostPath"] }));
    let refused = spec.items_at(&["securityContext", "sysctls"]).filter(|it| {
        let name = it.str_at(&["name"]).unwrap_or_default();
        !is_placeholder(name) && !SYSCTLS.iter().any(|it| it.0 == name && pod.is_judged_since(it.1))
    });
    found.extend(refused.map(|at| Breach { control: "sysctls", at, keys: &["name"] }));
    let annotations = pod.template.node().at(&["metadata", "annotations"]);
    let refused = annotations.into_iter().flat_map(NodeRef::entries).any(|it| {
        let profile = it.value.text();
        let is_allowed = profile.is_empty() || profile == "runtime/default" || profile.starts_with("localhost/");
        it.name().starts_with(APP_ARMOR_ANNOTATION) && !is_allowed && !is_placeholder(profile)
    });
    if let Some(at) = annotations.filter(|_| refused) {
        found.push(Breach { control: "appArmorProfile", at, keys: &[] });
    }
}

fn of_container<'a>(pod: &Pod<'a>, container: Container<'a>, is_restricted: bool, found: &mut Vec<Breach<'a>>) {
    let node = container.node();
    let ports = node.items_at(&["ports"]).filter(|it| it.int_at(&["hostPort"]).is_some_and(|it| it != 0));
    found.extend(ports.map(|at| Breach { control: "hostPort", at, keys: &["hostPort"] }));
    if node.bool_at(&["securityContext", "privileged"]) == Some(true) {
        found.push(Breach { control: "privileged", at: node, keys: &["securityContext", "privileged"] });
    }
    let is_stricter = is_restricted && pod.is_judged_since(22);
    if !is_stricter && adds(node, CAPABILITIES) {
        found.push(Breach { control: "capabilities", at: node, keys: &["securityContext", "capabilities", "add"] });
    }
    let mount = node.str_at(&["securityContext", "procMount"]).unwrap_or("Default");
    let is_relaxed = pod.has_own_users() && !is_restricted;
    if mount != "Default" && !is_relaxed && !is_placeholder(mount) {
        found.push(Breach { control: "procMount", at: node, keys: &["securityContext", "procMount"] });
    }
    if pod.is_judged_since(34) {
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"].iter().filter_map(|it| node.at(&[it]));
        let hooks = ["postStart", "preStop"].iter().filter_map(|it| node.at(&["lifecycle", it]));
        let handlers = probes.chain(hooks).flat_map(|it| [it.at(&["httpGet"]), it.at(&["tcpSocket"])]);
        let hosts = handlers.flatten().filter(|it| it.str_at(&["host"]).is_some_and(|it| !it.is_empty()));
        found.extend(hosts.map(|at| Breach { control: "host of a probe or hook", at, keys: &["host"] }));
    }
}

/// What stands in the security context of the pod or of a container.
fn of_context<'a>(pod: &Pod<'a>, holder: NodeRef<'a>, is_restricted: bool, found: &mut Vec<Breach<'a>>) {
    let Some(context) = holder.at(&["securityContext"]) else { return };
    let mut add = |control, keys| found.push(Breach { control, at: holder, keys });
    if let Some(options) = context.at(&["seLinuxOptions"]) {
        let text = |key: &str| options.str_at(&[key]).unwrap_or_default();
        let kind = text("type");
        let is_engine = kind == "container_engine_t" && pod.is_judged_since(31);
        let is_type = kind.is_empty() || is_engine || SELINUX_TYPES.contains(&kind) || is_placeholder(kind);
        if !is_type || !text("user").is_empty() || !text("role").is_empty() {
            add("seLinuxOptions", &["securityContext", "seLinuxOptions"]);
        }
    }
    // `restricted` asks for a profile, too.
    if !is_restricted && pod.is_judged_since(19) && has_bad_profile(context, "seccompProfile") {
        add("seccompProfile", &["securityContext", "seccompProfile"]);
    }
    if has_bad_profile(context, "appArmorProfile") {
        add("appArmorProfile", &["securityContext", "appArmorProfile"]);
    }
    if context.bool_at(&["windowsOptions", "hostProcess"]) == Some(true) {
        add("windowsOptions.hostProcess", &["securityContext", "windowsOptions", "hostProcess"]);
    }
}

/// Whether a context names a profile that confines nothing.
pub(super) fn has_bad_profile(context: NodeRef<'_>, key: &str) -> bool {
    let kind = context.str_at(&[key, "type"]);
    kind.is_some_and(|it| !matches!(it, "RuntimeDefault" | "Localhost") && !is_placeholder(it))
}

/// Whether a container adds a capability that is not among these.
pub(super) fn adds(container: NodeRef<'_>, allowed: &[&str]) -> bool {
    let mut added = container.items_at(&["securityContext", "capabilities", "add"]).map(NodeRef::text);
    added.any(|it| !allowed.contains(&it) && !is_placeholder(it))
}
