//! Who keeps data on which storage class.

use crate::index::copies::CopyFacts;
use crate::index::kafka::Mode;
use crate::index::lookup::near_names::NearNames;
use crate::index::storage::claims::Claim;
use crate::index::storage::{ClassName, is_default};
use crate::index::{Copies, Index, Objects, PostgresClusters, Role, Roles};
use crate::model::{Object, ObjectId, products};
use crate::suggest::is_slip;
use std::collections::{HashMap, HashSet};

/// What keeps its data in a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// Kafka, `ZooKeeper` or PostgreSQL, whoever runs it.
    Store,
    /// Another store of data.
    OtherStore,
    /// An application.
    App,
    /// A tool, a controller or a part of the platform.
    Other,
    /// No pods that the manifests show.
    Nobody,
}

/// One claim, and who makes or mounts it.
#[derive(Clone, Debug)]
pub struct StorageUse<'a> {
    /// The workload, the custom resource, or the claim itself where nothing mounts it.
    pub object: &'a Object,
    /// The claim.
    pub claim: Claim<'a>,
    /// What it is for.
    pub keeper: Keeper,
    /// How many copies of the data the application keeps.
    pub copies: Copies,
}

/// All uses, and those of each class that a manifest describes.
#[derive(Debug, Default)]
pub struct StorageUses<'a> {
    /// All claims of the environment: of custom resources, of workloads, and those that nothing mounts.
    pub all: Vec<StorageUse<'a>>,
    by_class: HashMap<ObjectId, Vec<usize>>,
}

impl<'a> StorageUses<'a> {
    /// The claims on a class.
    pub fn of_class(&self, class: &Object) -> impl Iterator<Item = &StorageUse<'a>> {
        self.by_class.get(&class.id()).into_iter().flatten().map(|it| &self.all[*it])
    }
}

impl<'a> Objects<'a> {
    /// The classes that are marked as the default.
    pub fn default_classes(&self) -> impl Iterator<Item = &'a Object> {
        self.of_kind("storage.k8s.io", "StorageClass").filter(|it| is_default(it))
    }

    /// The StorageClass that a claim asks for, if a manifest describes it.
    pub fn storage_class(&self, class: ClassName<'_>) -> Option<&'a Object> {
        match class {
            ClassName::Named(name) => self.named("storage.k8s.io", "StorageClass", name).last().copied(),
            ClassName::Default => {
                let mut marked = self.default_classes();
                // The newest of several counts, which manifests do not tell.
                marked.next().filter(|_| marked.next().is_none())
            }
            ClassName::Volume(_) => None,
        }
    }

    fn add_lone_claims(&self, uses: &mut Vec<StorageUse<'a>>) {
        let mounted: HashSet<_> = uses.iter().map(|it| it.claim.place.span).collect();
        for object in self.of_kind("", "PersistentVolumeClaim").filter(|it| !it.is_made()) {
            let claim = self.claim_of(object);
            if !mounted.contains(&claim.place.span) {
                uses.push(StorageUse { object, claim, keeper: Keeper::Nobody, copies: Copies::Unknown });
            }
        }
    }
}

impl<'a> Roles<'a> {
    fn add_kafka(&self, facts: &CopyFacts<'a>, uses: &mut Vec<StorageUse<'a>>) {
        let mut add = |object: &'a Object, keys: &[&str], copies: Copies| {
            let claims = self.claims_of_storage(object, keys).into_iter();
            uses.extend(claims.map(|claim| StorageUse {
                object,
                claim,
                keeper: Keeper::Store,
                copies: copies.clone(),
            }));
        };
        for cluster in self.kafka_clusters() {
            let brokers = facts.of_brokers(cluster);
            if cluster.mode != Mode::Kraft {
                add(cluster.object, &["spec", "zookeeper", "storage"], facts.of_zookeepers(cluster));
            }
            if !cluster.uses_pools {
                add(cluster.object, &["spec", "kafka", "storage"], brokers);
                continue;
            }
            for pool in cluster.pools.iter().filter(|it| !it.is_empty()) {
                let copies = if pool.is_broker { brokers.clone() } else { facts.of_controllers(cluster) };
                add(pool.object, &["spec", "storage"], copies);
            }
        }
    }

    fn add_workloads(&self, facts: &CopyFacts<'a>, uses: &mut Vec<StorageUse<'a>>) {
        for workload in self.workloads() {
            let keeper = match workload.role {
                Role::Postgres | Role::Kafka | Role::ZooKeeper => Keeper::Store,
                Role::Datastore => Keeper::OtherStore,
                Role::Tool | Role::Platform | Role::Controller => Keeper::Other,
                _ => Keeper::App,
            };
            let copies = facts.of_workload(workload);
            for claim in self.claims_of(workload) {
                uses.push(StorageUse { object: workload.object, claim, keeper, copies: copies.clone() });
            }
        }
    }
}

impl<'a> PostgresClusters<'a> {
    fn add_databases(&self, facts: &CopyFacts<'a>, uses: &mut Vec<StorageUse<'a>>) {
        for database in self.postgres_clusters() {
            if self.workload_of(database.object).is_some() {
                continue;
            }
            let copies = facts.of_database(database);
            for claim in self.claims_of_database(database.object) {
                uses.push(StorageUse { object: database.object, claim, keeper: Keeper::Store, copies: copies.clone() });
            }
        }
    }
}

impl<'a> PostgresClusters<'a> {
    pub(super) fn read_storage_uses(&self, facts: &CopyFacts<'a>) -> StorageUses<'a> {
        let mut uses = StorageUses::default();
        self.add_kafka(facts, &mut uses.all);
        self.add_databases(facts, &mut uses.all);
        self.add_workloads(facts, &mut uses.all);
        self.add_lone_claims(&mut uses.all);
        let default = self.storage_class(ClassName::Default);
        let class_of = |it: ClassName<'_>| if it == ClassName::Default { default } else { self.storage_class(it) };
        for (at, it) in uses.all.iter().enumerate() {
            if let Some(class) = it.claim.class.and_then(class_of) {
                uses.by_class.entry(class.id()).or_default().push(at);
            }
        }
        uses
    }
}

impl<'a> Index<'a> {
    /// Who keeps data on which class.
    pub fn storage_uses(&self) -> &StorageUses<'a> {
        &self.storage_uses
    }

    /// The volumes made by hand that carry the name of a class.
    pub fn volumes_of_class(&self, class: &str) -> &[&'a Object] {
        self.volumes_of_class.get(class).map_or(&[], Vec::as_slice)
    }

    /// A class whose name is one slip away.
    pub fn storage_class_near(&self, name: &str) -> Option<&'a Object> {
        let near = self.near_classes.get_or_init(|| NearNames::of(self.of_kind("storage.k8s.io", "StorageClass")));
        near.find(name).into_iter().map(|it| self.object_at(it)).find(|it| is_slip(name, it.name()))
    }

    /// The class that a cluster on one machine comes with, where no manifest adds another cluster.
    pub fn only_class(&self) -> Option<&'static str> {
        match self.local_cluster?.group() {
            products::KIND => Some("standard"),
            products::K3D => Some("local-path"),
            _ => None, // minikube and k3s have classes of add-ons that no Node shows.
        }
    }
}
