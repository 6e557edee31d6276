//! Every question across objects, answered by look-up: who selects, scales, exposes and protects whom.
//!
//! Selector matching, namespace defaulting and replica arithmetic exist once, here.

/// Lets a stage answer what the stage that it is made of answers.
macro_rules! stands_on {
    ($stage:ident, $field:ident: $below:ident) => {
        impl<'a> std::ops::Deref for $stage<'a> {
            type Target = $below<'a>;

            fn deref(&self) -> &$below<'a> {
                &self.$field
            }
        }
    };
}
pub(in crate::index) use stands_on;

mod across;
mod aims;
mod asked;
mod autoscalers;
mod budgets;
pub mod charts;
mod copies;
mod java;
mod pod_security;
mod webhooks;

mod installed;
pub mod kafka;
mod lookup;
mod metrics_providers;
pub mod monitoring;
mod nodes;
mod objects;
mod of_object;
mod operators;
mod pods;
pub mod postgres;
mod roles;
mod services;
mod storage;
mod storage_uses;
pub mod validation;
mod workloads;

pub use across::Environments;
pub use aims::{Aim, Selectable};
pub use asked::Asked;
pub use autoscalers::metrics::{MetricTarget, ResourceMetric, count_metrics, resource_metrics};
pub use autoscalers::requests::{QuotaSum, Requests, pod_demand, quota_sum, request, sets_requests};
pub use autoscalers::{
    AUTOSCALERS, Autoscalers, KEDA_PAUSED, KEDA_PAUSED_REPLICAS, SCALES_TO_ZERO, Scale, ScaledBy, Target, floor_place,
    follows_a_queue, has_external_metric, scale_by, scale_target, target_keys,
};
pub use budgets::near::NearMiss;
pub use budgets::{Allowance, Budget, BudgetId, Budgets, Demand, Maker};
pub use charts::{Chart, Setting, Standing, Store, chart_of};
pub use copies::{Copies, CopyFacts};
pub use installed::Installed;
pub use java::{HeapSize, JavaHeap};
pub use kafka::{Cleaner, KafkaCluster, KafkaClusters, StrimziOperators};
pub use lookup::memo::Memo;
pub use metrics_providers::{EXTERNAL_METRICS, MetricsProvider};
pub use monitoring::Monitoring;
pub use nodes::domains::{Domains, is_host_key};
pub use nodes::zones::{ZONE, is_zone_key, zone_of};
pub use nodes::{ClusterNodes, NodeEvidence, NodeMaker, NodeRange, SingleNode};
pub use objects::Objects;
pub use objects::backends::Backend;
pub use objects::commands;
pub use objects::namespaces::Nearness;
pub use objects::references::ConfigReference;
pub use objects::types::Typing;
pub use of_object::OfObject;
pub use pod_security::{Breach, ENFORCE, Enforced, Standard};
pub use pods::apart::{Member, SharedTerm};
pub use pods::service_names::is_everywhere;
pub use pods::spread::{PodSpec, Reach, SpreadForm, SpreadTerm};
pub use pods::{Control, PodSet, PodSetId, Pods, Selected, is_suspended};
pub use postgres::{PostgresCluster, PostgresClusters};
pub use roles::quorums::Quorum;
pub use roles::serving::{Serving, is_metrics_name, is_sidecar};
pub use roles::{Role, Roles, Workload};
pub use services::Services;
pub use services::network_policies::{IngressPolicies, ScrapedPort};
pub use services::selections::Selection;
pub use storage::block_disks::BlockDisk;
pub use storage::claims::{Access, Claim, SharedClaim};
pub use storage::file_storage::FileStorage;
pub use storage::{ClassName, Storage, StorageFact};
pub use storage_uses::{Keeper, StorageUse, StorageUses};
pub use webhooks::{Covers, PodWebhook};
pub use workloads::{Unclassified, WorkloadId, Workloads};

use crate::config::Config;
use crate::model::{Environment, products};
use crate::source::Sources;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An environment, indexed: the last of a row of stages, each of which is made of the one before it and answers all
/// that those before it answer. What a stage reads, it can only ask of earlier ones.
pub struct Index<'a> {
    monitoring: Monitoring<'a>,
    copies: CopyFacts<'a>,
    storage_uses: StorageUses<'a>,
    kafka_bootstraps: Vec<kafka::Bootstrap<'a>>,
    kafka_creations: Vec<kafka::creations::Creation<'a>>,
    kafka_topic_sizes: kafka::consumers::Sizes<'a>,
    brokers: kafka::NearBrokers,
}

stands_on!(Index, monitoring: Monitoring);

impl<'a> Index<'a> {
    /// Indexes an environment that is the only one.
    #[cfg_attr(whole, expect(dead_code, reason = "tests index single environments"))]
    pub fn new(environment: &'a Environment, sources: &'a Sources, config: &'a Config) -> Index<'a> {
        Index::in_run(environment, sources, config, Arc::default())
    }

    /// Indexes one of the environments of a run, which have `memo` in common.
    pub fn in_run(
        environment: &'a Environment,
        sources: &'a Sources,
        config: &'a Config,
        memo: Arc<Memo>,
    ) -> Index<'a> {
        let installed = Installed::new(Objects::new(environment, sources, config, memo));
        let nodes = ClusterNodes::new(Workloads::new(Autoscalers::new(installed)));
        let kafka = KafkaClusters::new(StrimziOperators::new(nodes));
        let made = operators::made(&kafka);
        let roles = Roles::new(Storage::new(Services::new(Pods::new(kafka, made.pods))));
        let budgets = Budgets::new(PostgresClusters::new(roles), made.budgets);
        let monitoring = Monitoring::new(budgets);
        let copies = CopyFacts::read(&monitoring, monitoring.workloads());
        let kafka_creations = monitoring.read_creations();
        Index {
            storage_uses: monitoring.read_storage_uses(&copies),
            copies,
            kafka_bootstraps: monitoring.read_bootstraps(),
            kafka_topic_sizes: monitoring.read_topic_sizes(&kafka_creations),
            brokers: kafka::NearBrokers::default(),
            kafka_creations,
            monitoring,
        }
    }

    /// How many copies of its data each application keeps.
    pub fn copies(&self) -> &CopyFacts<'a> {
        &self.copies
    }

    /// Whether the environment, though only one file of a larger whole, holds its workloads' budgets or
    /// autoscalers: then an author who keeps those beside the workloads has forgotten a missing one.
    pub fn keeps_policies(&self) -> bool {
        let policies = [
            ("policy", "PodDisruptionBudget"),
            ("autoscaling", "HorizontalPodAutoscaler"),
            (products::KEDA, "ScaledObject"),
        ];
        policies.iter().any(|(group, kind)| self.of_kind(group, kind).next().is_some())
    }

    /// Workloads in groups of one namespace and, where they are labelled with it, one Helm release, in order.
    pub fn by_release<'w>(&self, workloads: Vec<&'w Workload<'a>>) -> Vec<Vec<&'w Workload<'a>>> {
        let mut groups: BTreeMap<(Option<&str>, Option<&str>), Vec<&'w Workload<'a>>> = BTreeMap::new();
        for workload in workloads {
            let release = workload.object.label("app.kubernetes.io/instance");
            groups.entry((workload.object.namespace(), release)).or_default().push(workload);
        }
        groups.into_values().collect()
    }
}
