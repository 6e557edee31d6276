//! PostgreSQL databases, whoever runs them: how many instances, and where that is written.

mod archive;
mod backups;
mod cnpg_operator;
mod commands;
mod connections;
mod data_volumes;
mod demands;
mod destinations;
mod dumps;
mod files;
mod hosts;
mod images;
mod jobs;
mod loading;
mod major;
mod memory;
mod placement;
mod poolers;
mod readers;
mod releases;
mod replication;
mod repositories;
mod schedules;
mod server;
mod sizes;
pub mod switches;
mod synchronous;
mod zalando;

pub use crate::model::products::{
    BARMAN, BARMAN_PLUGIN, CNPG, CRUNCHY, EDB, KUBEDB, KUBEGRES, PERCONA, STACKGRES, ZALANDO,
};
pub use archive::{Archive, plugins};
pub use backups::Backups;
pub use connections::{Accepted, Pool};
pub use data_volumes::DataVolume;
pub use demands::Demand;
pub use destinations::Destination;
pub use dumps::{Dump, Goes};
pub use files::{ConfigFile, Origin, Text};
pub use hosts::Host;
pub use loading::{InForce, Loading};
pub use major::Major;
pub use memory::{Parameter, SHARED_BUFFERS, buffer_bytes};
pub use placement::Placement;
pub use releases::{is_named_follower, primary_of};
pub use replication::{Evidence, Replication, promotes};
pub use repositories::Repository;
pub use schedules::{SUSPENSIONS, Schedule, lacking};
pub use server::{Data, Family, Mount, Server, Variable, Volume, covers};
pub use sizes::setting_bytes;
pub use synchronous::{Synchrony, Wait};
pub use zalando::OperatorSetting;

use crate::finding::{Classified, ScaleSource};
use crate::index::{Role, Roles};
use crate::model::{Object, Place};
use crate::yaml::{NodeRef, Step};
use std::collections::HashMap;
use std::sync::Arc;

/// Who runs a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// CloudNativePG, and EDB's edition of it.
    Cnpg,
    /// Zalando's operator.
    Zalando,
    /// Crunchy's operator.
    Crunchy,
    /// Another operator.
    OtherOperator,
    /// A StatefulSet, Deployment or the like, without an operator.
    SelfManaged,
}

/// A PostgreSQL database.
#[derive(Clone, Debug)]
pub struct PostgresCluster<'a> {
    /// The custom resource or workload.
    pub object: &'a Object,
    /// Who runs it.
    pub flavor: Flavor,
    /// Instances at least; `None` if the number is a template placeholder.
    pub instances: Option<i64>,
    /// Where the number is written, or would be.
    pub place: Place,
    /// Whether the number is written; else it is the operator's default.
    pub is_written: bool,
    /// Whether it follows another cluster, so that one instance is what its makers recommend.
    pub is_standby: bool,
}

/// A custom resource with the number of instances in one field: group, kind, who runs it, the field of
/// `spec`, and its default; none where it is required.
type Simple = (&'static str, &'static str, Flavor, &'static str, Option<i64>);

const SIMPLE: &[Simple] = &[
    (CNPG, "Cluster", Flavor::Cnpg, "instances", Some(1)),
    (EDB, "Cluster", Flavor::Cnpg, "instances", Some(1)),
    (ZALANDO, "postgresql", Flavor::Zalando, "numberOfInstances", None),
    (STACKGRES, "SGCluster", Flavor::OtherOperator, "instances", None),
    (KUBEDB, "Postgres", Flavor::OtherOperator, "replicas", Some(1)),
    (KUBEGRES, "Kubegres", Flavor::OtherOperator, "replicas", None),
];

/// Custom resources with a list of instance sets, each with `replicas`.
const SETS: &[(&str, &str, Flavor)] =
    &[(CRUNCHY, "PostgresCluster", Flavor::Crunchy), (PERCONA, "PerconaPGCluster", Flavor::OtherOperator)];

/// Whether a kind is a database, or, as a Pooler, stands before one.
pub fn is_database_kind(group: &str, kind: &str) -> bool {
    let simple = SIMPLE.iter().map(|it| (it.0, it.1));
    let mut known = simple.chain(SETS.iter().map(|it| (it.0, it.1)));
    known.any(|it| it == (group, kind)) || (matches!(group, CNPG | EDB) && kind == "Pooler")
}

/// The twelfth stage: the databases.
pub struct PostgresClusters<'a> {
    roles: Roles<'a>,
    clusters: Vec<PostgresCluster<'a>>,
    hosts: hosts::Hosts<'a>,
    jobs: jobs::Jobs<'a>,
    /// ScheduledBackups by the name of their cluster.
    scheduled_backups: HashMap<&'a str, Vec<&'a Object>>,
}

crate::index::stands_on!(PostgresClusters, roles: Roles);

impl<'a> PostgresClusters<'a> {
    /// Reads the databases.
    pub(super) fn new(roles: Roles<'a>) -> PostgresClusters<'a> {
        let mut clusters = read_clusters(&roles);
        clusters.sort_by_key(|it| it.object.id());
        let hosts = hosts::Hosts::new(&roles, &clusters);
        let (jobs, scheduled_backups) = (jobs::Jobs::read(&roles), schedules::by_cluster(&roles));
        let mut databases = PostgresClusters { roles, clusters, hosts, jobs, scheduled_backups };
        databases.file_jobs();
        databases
    }

    /// The table of components as they were recognised.
    pub fn classification(&self) -> Vec<Classified> {
        let workloads = self.workloads().iter().map(|it| Classified {
            object: it.object.identity().clone(),
            role: it.role.name(),
            reason: Arc::clone(&it.role_reason),
            floor: it.scale.floor,
            ceiling: it.scale.ceiling,
            scaled_by: it.scale.by.source(),
        });
        let kafka = self.kafka_clusters().iter().map(|it| Classified {
            object: it.object.identity().clone(),
            role: Role::Kafka.name(),
            reason: format!("custom resource, {} mode", it.mode.name()).into(),
            floor: it.brokers(),
            ceiling: it.brokers(),
            scaled_by: ScaleSource::Word(if it.uses_pools { "node pools" } else { "replicas" }),
        });
        let managed = self.clusters.iter().filter(|it| it.flavor != Flavor::SelfManaged);
        let postgres = managed.map(|it| Classified {
            object: it.object.identity().clone(),
            role: Role::Postgres.name(),
            reason: "custom resource".into(),
            floor: it.instances,
            ceiling: it.instances,
            scaled_by: ScaleSource::Word("instances"),
        });
        let mut all: Vec<Classified> = workloads.chain(kafka).chain(postgres).collect();
        // Identities differ, so that nothing is lost by a sort that needs no room.
        all.sort_unstable_by(|one, other| one.object.key().cmp(&other.object.key()));
        all
    }

    /// The databases, custom resources first.
    pub fn postgres_clusters(&self) -> &[PostgresCluster<'a>] {
        &self.clusters
    }
}

fn read_clusters<'a>(index: &Roles<'a>) -> Vec<PostgresCluster<'a>> {
    let mut found = Vec::new();
    for (group, kind, flavor, key, default) in SIMPLE {
        let keys = ["spec", *key];
        for object in index.of_kind(group, kind) {
            let node = object.node().at(&keys);
            found.push(PostgresCluster {
                object,
                flavor: *flavor,
                instances: node.map_or(*default, NodeRef::as_int),
                place: object.place(&keys),
                is_written: node.is_some(),
                is_standby: is_standby(object),
            });
        }
    }
    for (group, kind, flavor) in SETS {
        found.extend(index.of_kind(group, kind).map(|object| read_sets(object, *flavor)));
    }
    for workload in index.workloads().iter().filter(|it| it.role == Role::Postgres) {
        let object = workload.object;
        found.push(PostgresCluster {
            object,
            flavor: Flavor::SelfManaged,
            instances: workload.scale.floor,
            place: workload.scale_place(),
            is_written: object.node().at(&["spec", "replicas"]).is_some(),
            is_standby: false,
        });
    }
    found
}

/// Reads a cluster of instance sets.
fn read_sets(object: &Object, flavor: Flavor) -> PostgresCluster<'_> {
    let sets: Vec<NodeRef<'_>> = object.node().items_at(&["spec", "instances"]).collect();
    let replicas = |set: &NodeRef<'_>| set.at(&["replicas"]).map_or(Some(1), NodeRef::as_int);
    let place = match sets.as_slice() {
        [set] => object.place_in(*set, &["replicas"]),
        _ => object.place(&["spec", "instances"]),
    };
    PostgresCluster {
        object,
        flavor,
        instances: sets.iter().map(replicas).sum(),
        is_written: sets.iter().any(|it| it.at(&["replicas"]).is_some())
            || place.path.0.last() != Some(&Step::Key("replicas".into())),
        place,
        is_standby: is_standby(object),
    }
}

/// Whether a cluster follows another one.
fn is_standby(object: &Object) -> bool {
    let spec = object.node();
    let replica = spec.at(&["spec", "replica"]);
    let follows = replica.is_some_and(|it| {
        it.bool_at(&["enabled"]) == Some(true)
            || it.str_at(&["primary"]).is_some_and(|primary| {
                let own = it.str_at(&["self"]).unwrap_or(object.name());
                primary != own
            })
    });
    let standby = spec.at(&["spec", "standby"]);
    let enabled = standby.is_some_and(|it| match object.group() {
        ZALANDO => true,
        _ => it.bool_at(&["enabled"]) == Some(true),
    });
    follows || enabled
}
