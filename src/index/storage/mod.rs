//! What the storage class of a claim survives, as far as manifests and configuration tell.

pub(in crate::index) mod block_disks;
pub(in crate::index) mod claims;
pub(in crate::index) mod file_storage;

use crate::config::Durability;
use crate::index::lookup::near_names::NearNames;
use crate::index::{Objects, Services};
use crate::model::{Object, products};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What volumes of known provisioners survive; the file says how to read it.
const PROVISIONERS: &str = include_str!("provisioners.txt");

/// What a claim asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassName<'a> {
    /// A storage class, or volumes that carry its name.
    Named(&'a str),
    /// The cluster's default class.
    Default,
    /// No class: one volume, by its name, if it is given.
    Volume(Option<&'a str>),
}

/// What is known of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageFact {
    /// How messages name it.
    pub title: String,
    /// What it survives; `None` if the manifests do not tell.
    pub durability: Option<Durability>,
    /// Why, or what is missing.
    pub reason: String,
    /// Where the reason is written.
    pub span: Option<Span>,
}

impl<'a> Objects<'a> {
    fn class_fact(&self, class: &Object) -> Fact {
        let provisioner = class.node().at(&["provisioner"]).map(NodeRef::text).unwrap_or_default();
        let span = class.place(&["provisioner"]).span;
        let durability = self.durability(class, provisioner);
        let reason = match durability {
            Some(it) => format!("provisioner {provisioner}: {}", describe(it)),
            None => format!("what provisioner {provisioner} survives is not known"),
        };
        (durability, reason, Some(span))
    }

    fn durability(&self, class: &Object, provisioner: &str) -> Option<Durability> {
        let line = PROVISIONERS.lines().map(str::trim).filter(|it| !it.starts_with('#')).find_map(|line| {
            let mut words = line.split_whitespace();
            let pattern = words.next()?;
            let fits = pattern == provisioner
                || pattern.strip_prefix('*').is_some_and(|it| provisioner.ends_with(it))
                || pattern.strip_suffix('*').is_some_and(|it| provisioner.starts_with(it));
            fits.then(|| words.collect::<Vec<_>>())
        })?;
        let parameters = class.node().at(&["parameters"]);
        // Portworx hands volumes of another backend on; LINSTOR places a copy on each node of a list.
        if ["backend", "nodeList", "linstor.csi.linbit.com/nodeList"]
            .iter()
            .any(|it| parameter(parameters, it).is_some())
        {
            return None;
        }
        // Of a strictly local volume the one copy stays on the pod's node.
        if parameter(parameters, "dataLocality") == Some("strict-local") {
            return Some(Durability::NodeLocal);
        }
        match line.as_slice() {
            ["copies", default, keys @ ..] => number(parameters, keys, default).map(by_copies),
            ["beyond", default, keys @ ..] => {
                number(parameters, keys, default).map(|it| by_copies(it.saturating_add(1)))
            }
            ["either", better, conditions @ ..] => {
                let holds = |condition: &&str| {
                    condition.split_once('=').is_some_and(|(key, value)| has_value(parameters, key, value))
                };
                Some(if conditions.iter().any(holds) { class_named(better)? } else { Durability::Zonal })
            }
            ["ceph-block"] => self.ceph_pool(parameters).and_then(ceph_durability),
            ["ceph-file"] => self.ceph_file_system(parameters),
            [word] => class_named(word),
            _ => None,
        }
    }

    /// Rook's pool behind a class: its namespace is the class's cluster.
    fn ceph_pool(&self, parameters: Option<NodeRef<'_>>) -> Option<NodeRef<'a>> {
        let pool = parameter(parameters, "pool")?;
        let cluster = parameter(parameters, "clusterID");
        let pools = self.named(products::ROOK, "CephBlockPool", pool);
        let near = pools.into_iter().find(|it| it.namespace().is_none() || it.namespace() == cluster)?;
        near.node().at(&["spec"])
    }

    fn ceph_file_system(&self, parameters: Option<NodeRef<'_>>) -> Option<Durability> {
        let systems = self.named(products::ROOK, "CephFilesystem", parameter(parameters, "fsName")?);
        let pools: Vec<_> = systems.last()?.node().items_at(&["spec", "dataPools"]).map(ceph_durability).collect();
        // Which of several pools holds the data is the class's secret: what all survive is sure.
        pools.into_iter().min().flatten()
    }
}

impl Services<'_> {
    /// The class that is marked as the default, else what a cluster on one machine comes with.
    fn read_default_class(&self) -> Option<Fact> {
        let marked = self.of_kind("storage.k8s.io", "StorageClass").filter(|it| is_default(it));
        let facts: Vec<Fact> = marked.map(|it| self.class_fact(it)).collect();
        match facts.split_first() {
            // The newest of several counts, which manifests do not tell.
            Some((first, rest)) => rest.iter().all(|it| it.0 == first.0).then(|| first.clone()),
            None => self.local_cluster.map(local_fact),
        }
    }
}

/// The tenth stage: storage classes and volumes.
pub struct Storage<'a> {
    services: Services<'a>,
    /// Volumes made by hand, by the name of their class.
    pub(super) volumes_of_class: HashMap<&'a str, Vec<&'a Object>>,
    default_class: Option<Fact>,
    pub(super) near_classes: OnceLock<NearNames>,
}

crate::index::stands_on!(Storage, services: Services);

impl<'a> Storage<'a> {
    /// Reads volumes and the default class.
    pub(super) fn new(services: Services<'a>) -> Storage<'a> {
        Storage {
            volumes_of_class: read_volumes(&services),
            default_class: services.read_default_class(),
            near_classes: OnceLock::new(),
            services,
        }
    }

    /// What the class that a claim asks for survives. The configuration stands over all manifests.
    pub fn storage_fact(&self, class: ClassName<'_>) -> StorageFact {
        let title = match class {
            ClassName::Named(name) => format!("storage class {name}"),
            ClassName::Default => "the default storage class".to_owned(),
            ClassName::Volume(Some(name)) => format!("volume {name}"),
            ClassName::Volume(None) => "a volume without storage class".to_owned(),
        };
        let found = self.configured(class).or_else(|| match class {
            ClassName::Named(name) => self.named_class(name),
            ClassName::Default => self.default_class.clone(),
            ClassName::Volume(name) => self.named("", "PersistentVolume", name?).last().map(|it| volume_fact(it)),
        });
        let unknown = || (None, "no manifest describes it".to_owned(), None);
        let (durability, reason, span) = found.unwrap_or_else(unknown);
        StorageFact { title, durability, reason, span }
    }

    fn configured(&self, class: ClassName<'_>) -> Option<Fact> {
        let name = match class {
            ClassName::Named(name) => name,
            ClassName::Default => "",
            ClassName::Volume(_) => return None,
        };
        let (durability, _) = self.config().storage_classes.get(name)?;
        Some((Some(*durability), format!("the configuration says {}", durability.name()), None))
    }

    fn named_class(&self, name: &str) -> Option<Fact> {
        if let Some(class) = self.named("storage.k8s.io", "StorageClass", name).last() {
            return Some(self.class_fact(class));
        }
        // Volumes made by hand carry the name of a class that need not exist.
        if let Some(volumes) = self.volumes_of_class.get(name) {
            let (weakest, reason, span) = volumes.iter().map(|it| volume_fact(it)).min_by_key(|it| it.0)?;
            return Some((weakest, reason, span));
        }
        let local = self.local_cluster?;
        let is_its_own = match local.group() {
            products::KIND => name == "standard",
            products::K3D => name == "local-path",
            _ => name == "standard" || name == "local-path",
        };
        is_its_own.then(|| local_fact(local))
    }
}

/// Durability, why, and where that is written.
pub(super) type Fact = (Option<Durability>, String, Option<Span>);

/// Volumes by the name of their class.
fn read_volumes<'a>(objects: &Objects<'a>) -> HashMap<&'a str, Vec<&'a Object>> {
    let mut volumes: HashMap<&'a str, Vec<&'a Object>> = HashMap::new();
    for volume in objects.of_kind("", "PersistentVolume").filter(|it| !it.is_made()) {
        if let Some(class) = volume.node().str_at(&["spec", "storageClassName"]).filter(|it| !it.is_empty()) {
            volumes.entry(class).or_default().push(volume);
        }
    }
    volumes
}

/// What a durability means, in a few words.
fn describe(durability: Durability) -> &'static str {
    match durability {
        Durability::NodeLocal => "the data stays on one node",
        Durability::SingleCopy => "there is one copy, reached over the network",
        Durability::File => "a file server, of which it is not known whether it is one machine",
        Durability::Zonal => "it survives a node",
        Durability::MultiZone => "it survives a zone",
    }
}

fn class_named(word: &str) -> Option<Durability> {
    Durability::ALL.into_iter().find(|it| it.name() == word)
}

/// A volume made by hand.
fn volume_fact(volume: &Object) -> Fact {
    let spec = volume.node();
    let sources = [("hostPath", Durability::NodeLocal), ("local", Durability::NodeLocal), ("nfs", Durability::File)];
    let found = sources.into_iter().find(|it| spec.at(&["spec", it.0]).is_some());
    match found {
        Some((key, durability)) => {
            let reason = format!("{} of type {key}: {}", volume.title(), describe(durability));
            (Some(durability), reason, Some(volume.place(&["spec", key]).span))
        }
        None => (None, format!("what {} survives is not known", volume.title()), Some(volume.name_span())),
    }
}

/// The class that a cluster on one machine comes with keeps volumes in a folder of the node.
fn local_fact(cluster: &Object) -> Fact {
    let durability = Durability::NodeLocal;
    let reason = format!("the default class of a cluster on one machine: {}", describe(durability));
    (Some(durability), reason, Some(cluster.name_span()))
}

pub(super) fn is_default(class: &Object) -> bool {
    let keys = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    keys.iter().any(|it| class.annotation(it) == Some("true"))
}

/// A parameter. Some drivers read keys without regard to case, and none knows two that differ in it only.
fn parameter<'n>(parameters: Option<NodeRef<'n>>, key: &str) -> Option<&'n str> {
    parameters?.entries().find(|it| it.name().eq_ignore_ascii_case(key)).map(|it| it.value.text())
}

/// The first of several parameters that is there, else the default.
fn number(parameters: Option<NodeRef<'_>>, keys: &[&str], default: &str) -> Option<i64> {
    keys.iter().find_map(|key| parameter(parameters, key)).unwrap_or(default).parse().ok()
}

fn by_copies(copies: i64) -> Durability {
    if copies > 1 { Durability::Zonal } else { Durability::SingleCopy }
}

/// Azure reads keys and values of parameters without regard to case.
fn has_value(parameters: Option<NodeRef<'_>>, key: &str, value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    parameters.into_iter().flat_map(NodeRef::entries).filter(|it| it.name().eq_ignore_ascii_case(key)).any(|it| {
        let written = it.value.text().to_ascii_lowercase();
        value.strip_prefix('*').map_or(written == value, |suffix| written.ends_with(suffix))
    })
}

/// A pool of Ceph: copies, or parts of which some may be lost, spread over hosts or zones.
fn ceph_durability(pool: NodeRef<'_>) -> Option<Durability> {
    let copies = pool.int_at(&["replicated", "size"]);
    let spare = pool.int_at(&["erasureCoded", "codingChunks"]);
    if copies.is_some_and(|it| it < 2) {
        return Some(Durability::SingleCopy);
    }
    if copies.is_none() && spare.is_none_or(|it| it < 1) {
        return None;
    }
    match pool.str_at(&["failureDomain"]) {
        None | Some("host") => Some(Durability::Zonal),
        Some("zone" | "region" | "datacenter") => Some(Durability::MultiZone),
        // Disks of one host, or a domain that the site has named.
        Some(_) => None,
    }
}
