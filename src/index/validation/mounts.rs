//! What a container mounts of its pod's volumes, as folders or as devices.

use super::checker::{Checker, is_object, shown};
use super::names;
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// What containers share.
pub(super) struct Pod<'o> {
    /// The pod's `spec`.
    pub(super) spec: NodeRef<'o>,
    /// The names of its volumes; `None` if one of them is a template placeholder.
    pub(super) volumes: Option<HashSet<&'o str>>,
}

/// The `volumeMounts` of a container.
pub(super) fn mounts<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, container: NodeRef<'o>, mounts: NodeRef<'o>) {
    let mut paths = HashSet::new();
    for mount in mounts.items().filter(|it| is_object(*it)) {
        known_volume(checker, pod, mount);
        if let Some(path) = checker.required_text(mount, &["mountPath"])
            && !paths.insert(path)
        {
            checker.refuse(mount, &["mountPath"], format!("two volumes are mounted at {}", shown(path)));
        }
        for entry in mount.entries().filter(|it| !it.value.is_null()) {
            let key = entry.name();
            match key {
                "subPath" => checker.named(mount, &[key], names::path_below),
                "subPathExpr" => {
                    checker.named(mount, &[key], names::path_below);
                    if Checker::text(mount, &["subPath"]).is_some() && !entry.value.text().is_empty() {
                        checker.refuse(mount, &[key], "either subPath or subPathExpr, not both");
                    }
                }
                "mountPropagation" => propagation(checker, container, mount),
                "recursiveReadOnly" => recursive(checker, mount),
                _ => {}
            }
        }
    }
}

fn known_volume<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, holder: NodeRef<'o>) {
    if let (Some(name), Some(volumes)) = (checker.required_text(holder, &["name"]), &pod.volumes)
        && !volumes.contains(name)
    {
        let near = crate::suggest::nearest(name, volumes.iter().copied());
        let refusal = checker.refuse(holder, &["name"], format!("the pod has no volume {}", shown(name)));
        refusal.suggest(near);
        refusal.meant = crate::suggest::certain(name, volumes.iter().copied()).map(str::to_owned);
    }
}

fn propagation<'o>(checker: &mut Checker<'o>, container: NodeRef<'o>, mount: NodeRef<'o>) {
    let keys = &["mountPropagation"];
    checker.exactly_one_of(mount, keys, &["None", "HostToContainer", "Bidirectional"]);
    let privileged = container.at(&["securityContext", "privileged"]);
    let is_open = privileged.is_some_and(|it| it.as_bool().is_none() && !it.is_null());
    if Checker::text(mount, keys) == Some("Bidirectional")
        && !is_open
        && privileged.and_then(NodeRef::as_bool) != Some(true)
    {
        checker.refuse(mount, keys, "Bidirectional needs a container with privileged: true");
    }
}

fn recursive<'o>(checker: &mut Checker<'o>, mount: NodeRef<'o>) {
    let keys = &["recursiveReadOnly"];
    checker.exactly_one_of(mount, keys, &["Disabled", "IfPossible", "Enabled"]);
    let Some(mode @ ("IfPossible" | "Enabled")) = Checker::text(mount, keys) else { return };
    if mount.bool_at(&["readOnly"]) != Some(true) {
        checker.refuse(mount, keys, format!("{mode} needs readOnly: true"));
    } else if Checker::text(mount, &["mountPropagation"]).is_some_and(|it| it != "None") {
        checker.refuse(mount, keys, format!("{mode} needs mountPropagation: None"));
    }
}

/// The `volumeDevices` of a container.
pub(super) fn devices<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, container: NodeRef<'o>, devices: NodeRef<'o>) {
    let mounts = |key: &'static str| container.items_at(&["volumeMounts"]).filter_map(move |it| it.str_at(&[key]));
    let (mut seen, mut paths): (HashSet<&str>, HashSet<&str>) =
        (mounts("name").collect(), mounts("mountPath").collect());
    for device in devices.items().filter(|it| is_object(*it)) {
        known_volume(checker, pod, device);
        if let Some(name) = Checker::text(device, &["name"]) {
            let of_pod = || pod.spec.items_at(&["volumes"]).find(|it| it.str_at(&["name"]) == Some(name));
            let is_claim =
                |it: NodeRef<'_>| Checker::has(it, &["persistentVolumeClaim"]) || Checker::has(it, &["ephemeral"]);
            if of_pod().is_some_and(|it| !is_claim(it)) {
                let message = format!("{} is no claim: only those are devices", shown(name));
                checker.refuse(device, &["name"], message);
            } else if !seen.insert(name) {
                checker.refuse(device, &["name"], format!("{} is mounted twice", shown(name)));
            }
        }
        checker.required_named(device, &["devicePath"], names::no_steps_back);
        if let Some(path) = Checker::text(device, &["devicePath"]).filter(|it| !paths.insert(it)) {
            checker.refuse(device, &["devicePath"], format!("two volumes are mounted at {}", shown(path)));
        }
    }
}
