//! The `spec` of a pod: what it holds besides containers, and what its parts share.

use crate::index::validation::{Checker, containers, metadata, names, placement};
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

/// How pods of a kind may restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Restart {
    /// Only always, which is also the default.
    Always,
    /// A Job's pods end, so that it has to be said how.
    Ends,
    /// A pod of its own may do either.
    Any,
}

/// A pod template below these keys; `claims` are volumes that its StatefulSet makes.
pub(super) fn template<'o>(
    checker: &mut Checker<'o>,
    owner: NodeRef<'o>,
    keys: &[&str],
    restart: Restart,
    claims: &[&'o str],
) {
    let Some(template) = owner.at(keys).filter(|it| it.is_map()) else { return };
    metadata::labels(checker, template, &["metadata", "labels"]);
    spec(checker, template, restart, claims);
}

/// The `spec` of a pod or template.
pub(super) fn spec<'o>(checker: &mut Checker<'o>, pod: NodeRef<'o>, restart: Restart, claims: &[&'o str]) {
    let Some(spec) = pod.get("spec").filter(|it| it.is_map()) else {
        if !Checker::has(pod, &["spec"]) {
            checker.required(pod, &["spec"]);
        }
        return;
    };
    match restart {
        Restart::Always => checker.one_of(spec, &["restartPolicy"], &["Always"]),
        Restart::Any => checker.one_of(spec, &["restartPolicy"], &["Always", "OnFailure", "Never"]),
        Restart::Ends if Checker::has(spec, &["restartPolicy"]) => {
            checker.one_of(spec, &["restartPolicy"], &["OnFailure", "Never"]);
        }
        Restart::Ends => {
            let message = "restartPolicy is missing: its default, Always, is refused here";
            checker.refuse(spec, &["restartPolicy"], message).help = Some("set OnFailure or Never".to_owned());
        }
    }
    for entry in spec.entries() {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "dnsPolicy" => {
                checker.one_of(spec, &[key], &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]);
            }
            "activeDeadlineSeconds" => checker.within(spec, &[key], 1, i64::from(i32::MAX)),
            "serviceAccountName" | "priorityClassName" | "runtimeClassName" => subdomain(checker, spec, key),
            "nodeSelector" => metadata::labels(checker, spec, &[key]),
            "affinity" => placement::affinity(checker, value),
            "topologySpreadConstraints" => placement::spread(checker, value),
            "tolerations" => value.items().for_each(|it| placement::tolerates(checker, it)),
            _ => {}
        }
    }
    let mut volumes: HashSet<&str> = claims.iter().copied().collect();
    check_volumes(checker, spec, &mut volumes);
    let is_open = spec.items_at(&["volumes"]).any(|it| Checker::text(it, &["name"]).is_none());
    let pod = containers::Pod { spec, volumes: (!is_open).then_some(volumes) };
    containers::check(checker, &pod);
}

/// A name of another object.
fn subdomain<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, key: &str) {
    if let Some(name) = Checker::text(spec, &[key])
        && let Err(reason) = names::dns_subdomain(name)
    {
        checker.refuse(spec, &[key], format!("{name} {reason}"));
    }
}

/// Each kind of volume that there is (`core/v1` VolumeSource), by name.
const SOURCES: &[&str] = &[
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
];

/// Fields without which a kind of volume is refused.
const NEEDED: &[(&str, &str)] = &[
    ("persistentVolumeClaim", "claimName"),
    ("hostPath", "path"),
    ("configMap", "name"),
    ("secret", "secretName"),
    ("nfs", "server"),
    ("nfs", "path"),
    ("csi", "driver"),
];

fn check_volumes<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, volumes: &mut HashSet<&'o str>) {
    for volume in spec.items_at(&["volumes"]).filter(|it| it.is_map()) {
        if checker.required(volume, &["name"]) {
            checker.dns_label(volume, &["name"]);
        }
        let there = volume.entries().filter(|it| !it.value.is_null()).map(Entry::name);
        let mut sources: Vec<&str> = there.filter(|it| SOURCES.contains(it)).collect();
        sources.sort_unstable();
        if let [first, second, ..] = sources.as_slice() {
            checker.refuse(volume, &[second], format!("a volume is either {first} or {second}, not both"));
        }
        for source in sources {
            for (_, field) in NEEDED.iter().filter(|it| it.0 == source) {
                checker.required(volume, &[source, field]);
            }
            match source {
                "configMap" | "secret" => check_items(checker, volume, &[source]),
                "projected" => {
                    for part in volume.items_at(&[source, "sources"]) {
                        check_items(checker, part, &["configMap"]);
                        check_items(checker, part, &["secret"]);
                    }
                }
                _ => {}
            }
        }
        volumes.extend(Checker::text(volume, &["name"]));
    }
    checker.unique(spec.items_at(&["volumes"]), &["name"], "volumes");
}

fn check_items<'o>(checker: &mut Checker<'o>, volume: NodeRef<'o>, keys: &[&str]) {
    let Some(source) = volume.at(keys).filter(|it| it.is_map()) else { return };
    checker.within(source, &["defaultMode"], 0, 0o777);
    for item in source.items_at(&["items"]).filter(|it| it.is_map()) {
        checker.required(item, &["key"]);
        checker.required(item, &["path"]);
        let path = Checker::text(item, &["path"]);
        if let Some(path) = path.filter(|it| it.starts_with('/') || it.split('/').any(|it| it == "..")) {
            checker.refuse(item, &["path"], format!("{path} leads out of the volume"));
        }
    }
}
