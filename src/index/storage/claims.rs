//! The volumes that workloads and databases claim, and the class that each asks for.

use crate::index::objects::namespaces::is_template;
use crate::index::storage::{ClassName, StorageFact};
use crate::index::{Objects, Storage, Unclassified};
use crate::model::{Object, Place, WorkloadKind, products};
use crate::source::Span;
use crate::yaml::{Entry, NodeRef};

/// A claim on storage.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Its name, or what stands for it in a custom resource.
    pub name: String,
    /// What it asks for; `None` if a template fills it in later.
    pub class: Option<ClassName<'a>>,
    /// Where that is written, or would be.
    pub place: Place,
    /// How large it is, as written, and where.
    pub size: Option<(&'a str, Place)>,
}

/// A claim that a template names, so that all its pods share one volume.
#[derive(Clone, Copy, Debug)]
pub struct SharedClaim<'a> {
    /// The template's volume.
    pub volume: NodeRef<'a>,
    /// The claim's name.
    pub name: &'a str,
    /// The claim itself, if a manifest of the environment makes it.
    pub object: Option<&'a Object>,
}

/// Who may mount a volume at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// One pod.
    OnePod,
    /// The pods of one node.
    OneNode,
    /// Pods of several nodes.
    Many,
    /// The manifests do not tell.
    Unknown,
}

impl Access {
    /// The mode's name in the API, where a single node is the limit.
    pub fn mode(self) -> Option<&'static str> {
        match self {
            Access::OnePod => Some("ReadWriteOncePod"),
            Access::OneNode => Some("ReadWriteOnce"),
            Access::Many | Access::Unknown => None,
        }
    }
}

impl<'a> Claim<'a> {
    /// Reads a claim, or a template of one in the object, as the API has it.
    pub fn read(object: &'a Object, node: NodeRef<'a>) -> Claim<'a> {
        claim(object, node)
    }
}

impl SharedClaim<'_> {
    /// Where the template names it.
    pub fn span(&self) -> Span {
        self.volume.place(&["persistentVolumeClaim", "claimName"])
    }

    /// Who may mount it.
    pub fn access(&self) -> Access {
        let modes = self.object.into_iter().flat_map(|it| it.node().items_at(&["spec", "accessModes"]));
        let modes: Vec<&str> = modes.map(NodeRef::text).collect();
        if modes.is_empty() || modes.iter().any(|it| is_template(it)) {
            return Access::Unknown;
        }
        let only = |allowed: &[&str]| modes.iter().all(|it| allowed.contains(it));
        if only(&["ReadWriteOncePod"]) {
            Access::OnePod
        } else if only(&["ReadWriteOnce", "ReadWriteOncePod"]) {
            Access::OneNode
        } else {
            Access::Many
        }
    }
}

/// Where custom resources for databases keep their storage, and in it the class.
const STORAGE: &[(&str, &[&str], &str)] = &[
    (crate::index::postgres::CNPG, &["spec", "storage"], "storageClass"),
    (crate::index::postgres::EDB, &["spec", "storage"], "storageClass"),
    (crate::index::postgres::ZALANDO, &["spec", "volume"], "storageClass"),
    (products::STACKGRES, &["spec", "pods", "persistentVolume"], "storageClass"),
    (products::KUBEDB, &["spec", "storage"], "storageClassName"),
    (products::KUBEGRES, &["spec", "database"], "storageClassName"),
];

/// The annotation in which old manifests write the class.
const CLASS_ANNOTATION: &str = "volume.beta.kubernetes.io/storage-class";

impl<'a> Objects<'a> {
    /// The claims that a workload's template names. A StatefulSet's own templates stand over volumes of their name.
    pub fn shared_claims(&self, workload: &Unclassified<'a>) -> Vec<SharedClaim<'a>> {
        let object = workload.object;
        let own = object.node().items_at(&["spec", "volumeClaimTemplates"]);
        let own: Vec<&str> = own.filter_map(|it| it.str_at(&["metadata", "name"])).collect();
        let volumes = workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<_>>());
        let is_own = |volume: NodeRef<'a>| volume.str_at(&["name"]).is_some_and(|it| own.contains(&it));
        let named = volumes.filter(|it| !is_own(*it)).filter_map(|volume| {
            let name = volume.str_at(&["persistentVolumeClaim", "claimName"])?;
            let object = if is_template(name) { None } else { self.find(object, "", "PersistentVolumeClaim", name) };
            Some(SharedClaim { volume, name, object })
        });
        named.collect()
    }

    /// What a claim of its own asks for.
    pub(in crate::index) fn claim_of(&self, object: &'a Object) -> Claim<'a> {
        claim(object, object.node())
    }
}

impl<'a> Storage<'a> {
    /// The claims of a workload's pods: those of its templates, and those that a manifest of the environment
    /// makes and the pods name.
    pub fn claims_of(&self, workload: &Unclassified<'a>) -> Vec<Claim<'a>> {
        let object = workload.object;
        let mut claims = Vec::new();
        if workload.kind == WorkloadKind::StatefulSet {
            let templates = object.node().items_at(&["spec", "volumeClaimTemplates"]);
            claims.extend(templates.map(|it| claim(object, it)));
        }
        for volume in workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<_>>()) {
            let Some(name) = volume.str_at(&["persistentVolumeClaim", "claimName"]) else { continue };
            let found = self.find(object, "", "PersistentVolumeClaim", name);
            claims.extend(found.map(|it| claim(it, it.node())));
        }
        claims
    }

    /// A claim of the pods that only one node can mount, so that they cannot run twice. One that is not in the
    /// manifests is believed to be such if the author chose to recreate the pod.
    pub fn single_writer_claim(&self, workload: &Unclassified<'a>) -> Option<SharedClaim<'a>> {
        let claims = self.shared_claims(workload);
        let is_limited = |it: &&SharedClaim<'a>| it.access().mode().is_some();
        let is_unseen = |it: &&SharedClaim<'a>| it.object.is_none() && workload.is_recreated();
        claims.iter().find(is_limited).or_else(|| claims.iter().find(is_unseen)).copied()
    }

    /// What the class of a claim in the manifests survives.
    pub fn claim_fact(&self, claim: &'a Object) -> Option<StorageFact> {
        Some(self.storage_fact(self::claim(claim, claim.node()).class?))
    }

    /// What a claim, or a template of one, of an object asks for.
    pub(in crate::index) fn claim_in(&self, object: &'a Object, node: NodeRef<'a>) -> Claim<'a> {
        claim(object, node)
    }

    /// The claims that an operator makes for a database's data.
    pub fn claims_of_database(&self, database: &'a Object) -> Vec<Claim<'a>> {
        if let Some((_, keys, key)) = STORAGE.iter().find(|it| it.0 == database.group()) {
            let Some(storage) = database.node().at(keys) else { return Vec::new() };
            // CloudNativePG also takes a whole template, in which the class has its usual name.
            let template = storage.at(&["pvcTemplate"]).filter(|it| it.at(&["storageClassName"]).is_some());
            let (node, key) = template.map_or((storage, *key), |it| (it, "storageClassName"));
            return vec![custom(database, node, key, "storage")];
        }
        let sets = database.node().items_at(&["spec", "instances"]);
        let specs = sets.filter_map(|it| it.at(&["dataVolumeClaimSpec"]));
        specs.map(|it| custom(database, it, "storageClassName", "data")).collect()
    }

    /// The persistent volumes of a Strimzi storage.
    pub fn claims_of_storage(&self, object: &'a Object, keys: &[&str]) -> Vec<Claim<'a>> {
        let Some(storage) = object.node().at(keys) else { return Vec::new() };
        let all = std::iter::once(storage).chain(storage.items_at(&["volumes"]));
        let persistent = all.filter(|it| it.str_at(&["type"]) == Some("persistent-claim"));
        persistent.map(|it| custom(object, it, "class", "storage")).collect()
    }
}

/// A claim, or a template of one, as the API has it.
fn claim<'a>(object: &'a Object, node: NodeRef<'a>) -> Claim<'a> {
    let name = node.at(&["metadata", "name"]).map(NodeRef::text).unwrap_or_default().to_owned();
    let annotations = node.at(&["metadata", "annotations"]);
    let size = size(object, node, &["spec", "resources", "requests", "storage"]);
    if let Some(class) = annotations.and_then(|it| it.get(CLASS_ANNOTATION)) {
        let place = object.place_in(node, &["metadata", "annotations", CLASS_ANNOTATION]);
        return Claim { name, class: named(class.text()), place, size };
    }
    let class = node.at(&["spec", "storageClassName"]).map(NodeRef::text);
    let volume = node.str_at(&["spec", "volumeName"]);
    let class = match class {
        Some("") => Some(ClassName::Volume(volume)),
        Some(class) => named(class),
        None if volume.is_some() => Some(ClassName::Volume(volume)),
        None => Some(ClassName::Default),
    };
    let mut place = object.place_in(node, &["spec", "storageClassName"]);
    if class == Some(ClassName::Default) {
        // Nothing names the class: the claim's name stands for it.
        let name = node.at(&["metadata"]).and_then(|it| it.entry("name"));
        place.span = name.map_or(place.span, Entry::line_span);
    }
    Claim { name, class, place, size }
}

fn size<'a>(object: &'a Object, node: NodeRef<'a>, keys: &[&str]) -> Option<(&'a str, Place)> {
    Some((node.at(keys)?.text(), object.place_in(node, keys)))
}

/// A claim that an operator makes from a field of its resource.
fn custom<'a>(object: &'a Object, node: NodeRef<'a>, key: &str, name: &str) -> Claim<'a> {
    let class = node.at(&[key]).map(NodeRef::text).filter(|it| !it.is_empty());
    let mut place = object.place_in(node, &[key]);
    if class.is_none() {
        // Nothing names the class: the size stands where it would.
        place.span = node.entry("size").map_or(place.span, Entry::line_span);
    }
    let class = class.map_or(Some(ClassName::Default), named);
    let size = size(object, node, &["size"]).or_else(|| size(object, node, &["resources", "requests", "storage"]));
    Claim { name: name.to_owned(), class, place, size }
}

fn named(class: &str) -> Option<ClassName<'_>> {
    (!is_template(class)).then_some(ClassName::Named(class))
}
