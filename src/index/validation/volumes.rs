//! The volumes of a pod.

use super::checker::{Checker, is_object, shown};
use super::{claims, environment, names, resources};
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// Each kind of volume that there is (`core/v1` VolumeSource), in the order in which the API server looks for them.
const SOURCES: &[&str] = &[
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
    "flocker",
];

/// Fields of pods that a file can have.
const FIELDS: &[&str] =
    &["metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"];
const HOST_PATHS: &[&str] =
    &["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];
/// The shortest and longest life of a token, in seconds.
const TOKEN_LIFE: (i64, i64) = (600, 1 << 32);

/// The `volumes` of a pod; their names are added to those that are known.
pub(super) fn check<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, known: &mut HashSet<&'o str>) {
    for volume in spec.items_at(&["volumes"]).filter(|it| is_object(*it)) {
        checker.required_named(volume, &["name"], names::dns_label);
        if let Some(source) = only_source(checker, volume, SOURCES, "a volume") {
            check_source(checker, volume, source);
        }
        known.extend(Checker::text(volume, &["name"]));
    }
    checker.unique(spec.items_at(&["volumes"]), &["name"], "volumes");
}

/// The first of the sources that are there; a second one is refused.
pub(super) fn only_source<'o>(
    checker: &mut Checker<'o>,
    volume: NodeRef<'o>,
    sources: &[&'static str],
    what: &str,
) -> Option<&'static str> {
    let is_there = |it: &&&str| Checker::has(volume, &[it]);
    let mut there = sources.iter().filter(is_there);
    let first = there.next()?;
    if let Some(second) = there.next() {
        checker.refuse(volume, &[second], format!("{what} is either {first} or {second}, not both"));
    }
    Some(first)
}

fn check_source<'o>(checker: &mut Checker<'o>, volume: NodeRef<'o>, key: &str) {
    let Some(source) = volume.get(key).filter(|it| it.is_map()) else { return };
    match key {
        "emptyDir" if source.get("sizeLimit").is_some_and(|it| resources::is_below_zero(it.text())) => {
            checker.refuse(source, &["sizeLimit"], "the limit is below 0");
        }
        "hostPath" => host_path(checker, source),
        "nfs" => nfs(checker, source),
        "persistentVolumeClaim" => drop(checker.required(source, &["claimName"])),
        "configMap" => files(checker, source, "name"),
        "secret" => files(checker, source, "secretName"),
        "downwardAPI" => {
            checker.within(source, &["defaultMode"], 0, 0o777);
            source.items_at(&["items"]).for_each(|it| pod_file(checker, it));
        }
        "projected" => projected(checker, source),
        "csi" => {
            checker.required_named(source, &["driver"], names::driver);
            if Checker::has(source, &["nodePublishSecretRef"]) {
                checker.required(source, &["nodePublishSecretRef", "name"]);
            }
        }
        "ephemeral" => {
            let template = source.get("volumeClaimTemplate").filter(|it| it.is_map());
            match template.and_then(|it| it.get("spec")).filter(|it| it.is_map()) {
                Some(spec) => claims::spec(checker, spec, claims::Of::Template),
                None if template.is_some() => {
                    checker.required(source, &["volumeClaimTemplate", "spec", "accessModes"]);
                }
                None => drop(checker.required(source, &["volumeClaimTemplate"])),
            }
        }
        _ => {}
    }
}

/// A `hostPath`.
pub(super) fn host_path<'o>(checker: &mut Checker<'o>, source: NodeRef<'o>) {
    checker.required_named(source, &["path"], names::no_steps_back);
    checker.one_of(source, &["type"], HOST_PATHS);
}

/// A share of an NFS server.
pub(super) fn nfs<'o>(checker: &mut Checker<'o>, source: NodeRef<'o>) {
    checker.required(source, &["server"]);
    if let Some(path) = checker.required_text(source, &["path"]).filter(|it| !it.starts_with('/')) {
        checker.refuse(source, &["path"], format!("{} does not begin with /", shown(path)));
    }
}

/// Files of a ConfigMap or Secret, which has to be named under this key.
fn files<'o>(checker: &mut Checker<'o>, source: NodeRef<'o>, name: &str) {
    checker.required(source, &[name]);
    checker.within(source, &["defaultMode"], 0, 0o777);
    for item in source.items_at(&["items"]).filter(|it| is_object(*it)) {
        checker.required(item, &["key"]);
        checker.required_named(item, &["path"], names::file_path);
        checker.within(item, &["mode"], 0, 0o777);
    }
}

/// A file with a field of the pod.
fn pod_file<'o>(checker: &mut Checker<'o>, file: NodeRef<'o>) {
    checker.required_named(file, &["path"], names::file_path);
    checker.within(file, &["mode"], 0, 0o777);
    let is_there = |key: &str| file.get(key).filter(|it| it.is_map());
    match (is_there("fieldRef"), is_there("resourceFieldRef")) {
        (Some(_), Some(_)) => {
            checker.refuse(file, &["resourceFieldRef"], "either fieldRef or resourceFieldRef, not both");
        }
        (Some(field), None) => environment::field(checker, field, FIELDS),
        (None, Some(amount)) => {
            if checker.required(amount, &["containerName"]) {
                environment::amount(checker, amount);
            }
        }
        (None, None) => drop(checker.refuse(file, &[], "needs one of fieldRef or resourceFieldRef")),
    }
}

fn projected<'o>(checker: &mut Checker<'o>, volume: NodeRef<'o>) {
    checker.within(volume, &["defaultMode"], 0, 0o777);
    let kinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];
    let mut paths = HashSet::new();
    for part in volume.items_at(&["sources"]).filter(|it| is_object(*it)) {
        only_source(checker, part, &kinds, "a source");
        for entry in part.entries().filter(|it| it.value.is_map()) {
            let source = entry.value;
            match entry.name() {
                "secret" | "configMap" => files(checker, source, "name"),
                "downwardAPI" => source.items_at(&["items"]).for_each(|it| pod_file(checker, it)),
                "serviceAccountToken" => {
                    checker.required_named(source, &["path"], names::file_path);
                    checker.within(source, &["expirationSeconds"], TOKEN_LIFE.0, TOKEN_LIFE.1);
                }
                _ => {}
            }
        }
        for item in part.entries().map(|it| it.value).flat_map(|it| it.items_at(&["items"])) {
            if let Some(path) = Checker::text(item, &["path"])
                && !paths.insert(path)
            {
                checker.refuse(item, &["path"], format!("two files are called {}", shown(path)));
            }
        }
    }
}
