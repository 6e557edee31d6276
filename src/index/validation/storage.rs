//! Volumes of the cluster, classes of storage and of priority.

use super::checker::{Checker, is_object, shown};
use super::{claims, names, placement, resources, volumes};
use crate::model::Quantity;
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// The highest priority that is not reserved for Kubernetes itself.
const HIGHEST_PRIORITY: i64 = 1_000_000_000;
const RECLAIM: &[&str] = &["Delete", "Recycle", "Retain"];
/// Each kind of volume of the cluster, in the order in which the API server looks for them.
const SOURCES: &[&str] = &[
    "hostPath",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "glusterfs",
    "flocker",
    "nfs",
    "rbd",
    "quobyte",
    "cephfs",
    "iscsi",
    "cinder",
    "fc",
    "flexVolume",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "scaleIO",
    "local",
    "storageos",
    "csi",
];

pub(super) fn volume(checker: &mut Checker<'_>) {
    let root = checker.root();
    let Some(spec) = root.get("spec").filter(|it| it.is_map()) else {
        checker.required(root, &["spec"]);
        return;
    };
    claims::access_modes(checker, spec);
    capacity(checker, spec);
    for entry in spec.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "persistentVolumeReclaimPolicy" => checker.one_of(spec, &[key], RECLAIM),
            "volumeMode" => checker.exactly_one_of(spec, &[key], &["Filesystem", "Block"]),
            "storageClassName" | "volumeAttributesClassName" => checker.dns_subdomain(spec, &[key]),
            "nodeAffinity" => {
                placement::node_terms(checker, entry.value, "required");
                if !Checker::has(entry.value, &["required"]) {
                    checker.required(entry.value, &["required"]);
                }
            }
            _ => {}
        }
    }
    let Some(key) = volumes::only_source(checker, spec, SOURCES, "a volume") else {
        checker.refuse(root, &["spec"], "no kind of volume is given, as in csi or nfs");
        return;
    };
    source(checker, spec, key);
}

fn source<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, key: &str) {
    let Some(source) = spec.get(key).filter(|it| it.is_map()) else { return };
    match key {
        "hostPath" => volumes::host_path(checker, source),
        "nfs" => volumes::nfs(checker, source),
        "local" => {
            checker.required_named(source, &["path"], names::no_steps_back);
            if !Checker::has(spec, &["nodeAffinity", "required"]) {
                checker.refuse(spec, &["nodeAffinity"], "a local volume needs nodeAffinity: where is it?");
            }
        }
        "csi" => {
            checker.required_named(source, &["driver"], names::driver);
            checker.required(source, &["volumeHandle"]);
        }
        _ => {}
    }
}

fn capacity<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    if spec.at(&["capacity"]).is_none_or(|it| it.entries().next().is_none()) {
        checker.refuse(spec, &["capacity"], "missing or empty");
        return;
    }
    if !Checker::has(spec, &["capacity", "storage"]) {
        checker.refuse(spec, &["capacity"], "the capacity has no storage");
    }
    for entry in spec.at(&["capacity"]).into_iter().flat_map(NodeRef::entries) {
        let (name, text) = (entry.name(), entry.value.text());
        if name != "storage" {
            checker.refuse(spec, &["capacity", name], format!("{} is no capacity: only storage is", shown(name)));
        } else if resources::is_below_zero(text) || Quantity::parse(text).is_some_and(|it| it.0 == 0) {
            checker.refuse(spec, &["capacity", name], format!("{text} is not above 0"));
        }
    }
}

pub(super) fn class(checker: &mut Checker<'_>) {
    let root = checker.root();
    checker.required_named(root, &["provisioner"], names::qualified_in_any_case);
    for entry in root.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "reclaimPolicy" => checker.one_of(root, &[key], RECLAIM),
            "volumeBindingMode" => checker.exactly_one_of(root, &[key], &["Immediate", "WaitForFirstConsumer"]),
            "parameters" if entry.value.entries().any(|it| it.name().is_empty()) => {
                checker.refuse(root, &[key], "a parameter has no name");
            }
            "allowedTopologies" => topologies(checker, entry.value),
            _ => {}
        }
    }
}

fn topologies<'o>(checker: &mut Checker<'o>, terms: NodeRef<'o>) {
    let mut seen = HashSet::new();
    for term in terms.items().filter(|it| is_object(*it)) {
        let expressions = || term.items_at(&["matchLabelExpressions"]).filter(|it| is_object(*it));
        let mut whole = Vec::new();
        for expression in expressions() {
            checker.required_named(expression, &["key"], names::qualified);
            checker.required(expression, &["values"]);
            let mut values = HashSet::new();
            for value in expression.items_at(&["values"]).filter(|it| !values.insert(it.text())) {
                checker.refuse(value, &[], format!("{} stands here twice", shown(value.text())));
            }
            let mut values: Vec<&str> = values.into_iter().collect();
            values.sort_unstable();
            whole.push((expression.str_at(&["key"]).unwrap_or_default(), values));
        }
        checker.unique(expressions(), &["key"], "expressions");
        whole.sort_unstable();
        if whole.is_empty() {
            checker.refuse(term, &["matchLabelExpressions"], "missing or empty");
        } else if !seen.insert(whole) {
            checker.refuse(term, &["matchLabelExpressions"], "the same topology stands here twice");
        }
    }
}

pub(super) fn priority_class(checker: &mut Checker<'_>) {
    let root = checker.root();
    let name = checker.object.name();
    if name.starts_with("system-") {
        if !matches!(name, "system-node-critical" | "system-cluster-critical") {
            checker.refuse(root, &["metadata", "name"], "names that begin with system- belong to Kubernetes");
        }
    } else {
        checker.within(root, &["value"], i64::MIN, HIGHEST_PRIORITY);
    }
    checker.exactly_one_of(root, &["preemptionPolicy"], &["PreemptLowerPriority", "Never"]);
}
