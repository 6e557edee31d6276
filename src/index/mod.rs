//! Every question across objects, answered by look-up: who selects, scales, exposes and protects whom.
//!
//! Selector matching, namespace defaulting and replica arithmetic exist once, here.

mod aims;
mod backends;
mod budgets;
pub mod charts;
mod claims;
mod cluster;
pub mod commands;
mod copies;
pub mod cron;
mod directory;
mod domains;
mod file_storage;
mod groups;
mod hashing;
mod ingress_controllers;
mod injected;
pub mod kafka;
mod kubernetes;
mod limits;
mod metrics;
pub mod monitoring;
mod namespaces;
mod near;
mod network_policies;
mod nodes;
mod notes;
mod objects;
mod operators;
mod pods;
pub mod postgres;
mod references;
mod requests;
mod rights;
mod roles;
mod run_time_labels;
mod scale;
mod service_names;
mod services;
mod serving;
mod spread;
mod storage;
mod storage_uses;
mod store_clients;
mod targets;
mod types;
mod unknown;
pub mod validation;
mod workloads;
mod zones;

pub use aims::{Aim, Selectable};
pub use backends::Backend;
pub use budgets::{Allowance, Budget, BudgetId, Demand, Maker};
pub use charts::{Chart, Setting, Standing, Store, chart_of};
pub use claims::{Access, Claim, SharedClaim};
pub use cluster::{NodeEvidence, NodeMaker, NodeRange, SingleNode};
pub use copies::Copies;
pub use domains::{Domains, is_host_key};
pub use file_storage::FileStorage;
pub use kafka::{Cleaner, KafkaCluster};
pub use metrics::{MetricTarget, ResourceMetric, count_metrics, resource_metrics};
pub use namespaces::Nearness;
pub use near::{NearMiss, is_slip};
pub use network_policies::ScrapedPort;
pub use pods::{Control, PodSet, PodSetId, Selected};
pub use postgres::PostgresCluster;
pub use references::ConfigReference;
pub use requests::{Requests, pod_demand, request};
pub use roles::Role;
pub use scale::{
    AUTOSCALERS, KEDA_PAUSED, KEDA_PAUSED_REPLICAS, Scale, ScaledBy, Target, floor_place, follows_a_queue,
    has_external_metric, scale_by, scale_target, target_keys,
};
pub use serving::{Serving, is_metrics_name, is_sidecar};
pub use spread::{PodSpec, Reach, SpreadForm, SpreadTerm};
pub use storage::{ClassName, StorageFact};
pub use storage_uses::{Keeper, StorageUse, StorageUses};
pub use types::Typing;
pub use workloads::{Workload, WorkloadId};
pub use zones::{ZONE, is_zone_key};

use crate::config::Config;
use crate::model::{Environment, Object};
use crate::source::{SourceId, Sources, Span};
use objects::{Address, address};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// An environment, indexed.
pub struct Index<'a> {
    environment: &'a Environment,
    sources: &'a Sources,
    config: &'a Config,
    only_namespace: Option<&'a str>,
    has_template_namespaces: bool,
    folders: HashMap<SourceId, u32>,
    /// By kind and group; `extensions` counts as `apps`.
    by_kind: hashing::Map<&'a str, Vec<(&'a str, Vec<&'a Object>)>>,
    by_name: directory::Directory<'a>,
    /// Objects that a later one of the same identity replaces.
    replaced: hashing::Map<Address, &'a Object>,
    /// Autoscalers by their target.
    scalers: directory::Directory<'a>,
    /// The targets of autoscalers of all kinds, by the position of the autoscaler.
    targets: groups::Groups<u32, &'a Object>,
    /// VerticalPodAutoscalers, by the position of their target.
    vertical_scalers: groups::Groups<u32, &'a Object>,
    /// What says that it scales something but is none of the autoscalers that we can follow, by the name it says.
    stray_scalers: directory::Directory<'a>,
    near_names: std::sync::OnceLock<targets::NearNames>,
    near_services: std::sync::OnceLock<targets::NearNames>,
    slips: std::sync::OnceLock<HashMap<Address, u32>>,
    node_labels: std::sync::OnceLock<BTreeSet<String>>,
    /// Node pools by the name of their cluster.
    pools: directory::Directory<'a>,
    /// Argo Rollouts by the Deployment whose template they run.
    rollouts: directory::Directory<'a>,
    workloads: Vec<Workload<'a>>,
    workload_of: hashing::Map<Address, WorkloadId>,
    kafka_workloads: Vec<WorkloadId>,
    pods: Vec<PodSet<'a>>,
    pods_of: groups::Groups<Address, PodSetId>,
    pod_labels: pods::PodIndex<'a>,
    uses: serving::Uses,
    /// Volumes made by hand, by the name of their class.
    volumes_of_class: HashMap<&'a str, Vec<&'a Object>>,
    /// The manifest of a cluster on one machine, if no other cluster is described.
    local_cluster: Option<&'a Object>,
    default_class: Option<storage::Fact>,
    copy_facts: copies::CopyFacts<'a>,
    /// Of the pods that operators make only.
    made_labels: pods::PodIndex<'a>,
    services_of: groups::Groups<PodSetId, &'a Object>,
    /// Ingresses by the Services that they lead to.
    ingresses: directory::Directory<'a>,
    kafka_clusters: Vec<KafkaCluster<'a>>,
    kafka_cluster_of: HashMap<Address, usize>,
    strimzi_installations: Vec<kafka::operator::Installation<'a>>,
    postgres_clusters: Vec<PostgresCluster<'a>>,
    budgets: Vec<Budget<'a>>,
    selections: Vec<Vec<Selected>>,
    budgets_of: groups::Groups<PodSetId, (BudgetId, Nearness)>,
    makers: unknown::Makers<'a>,
    candidates: near::Candidates<'a>,
    /// Only selectors that match nothing need them.
    near_labels: OnceLock<near::NearLabels>,
    hosts: OnceLock<Option<Domains>>,
    zones: OnceLock<Option<Domains>>,
    owned_labels: OnceLock<run_time_labels::OwnedLabels>,
    operands: OnceLock<service_names::Operands>,
    mentions: OnceLock<store_clients::Mentions>,
    operators_namespaces: OnceLock<BTreeSet<String>>,
    rights: rights::Rights<'a>,
    node_evidence: Vec<NodeEvidence<'a>>,
    storage_uses: StorageUses<'a>,
    kafka_bootstraps: Vec<kafka::Bootstrap<'a>>,
    kafka_creations: Vec<kafka::creations::Creation<'a>>,
    kafka_topic_sizes: kafka::consumers::Sizes<'a>,
    single_node: OnceLock<Option<SingleNode>>,
    monitoring: monitoring::Monitoring<'a>,
    charts: Vec<Chart<'a>>,
    /// The positions of the charts that an object installs, by its own.
    charts_of: HashMap<u32, std::ops::Range<usize>>,
}

impl<'a> Index<'a> {
    /// Indexes an environment.
    pub fn new(environment: &'a Environment, sources: &'a Sources, config: &'a Config) -> Index<'a> {
        let mut index = Index {
            environment,
            sources,
            config,
            only_namespace: namespaces::only_namespace(&environment.objects),
            has_template_namespaces: environment
                .objects
                .iter()
                .any(|it| it.namespace().is_some_and(namespaces::is_template)),
            folders: folders(environment, sources),
            by_kind: hashing::Map::default(),
            by_name: directory::Directory::default(),
            replaced: hashing::Map::default(),
            scalers: directory::Directory::default(),
            targets: groups::Groups::default(),
            vertical_scalers: groups::Groups::default(),
            stray_scalers: directory::Directory::default(),
            near_names: std::sync::OnceLock::new(),
            near_services: std::sync::OnceLock::new(),
            slips: std::sync::OnceLock::new(),
            node_labels: std::sync::OnceLock::new(),
            pools: directory::Directory::default(),
            rollouts: directory::Directory::default(),
            workloads: Vec::new(),
            workload_of: hashing::Map::default(),
            kafka_workloads: Vec::new(),
            pods: Vec::new(),
            pods_of: groups::Groups::default(),
            pod_labels: pods::PodIndex::default(),
            uses: serving::Uses::default(),
            volumes_of_class: HashMap::new(),
            local_cluster: None,
            default_class: None,
            copy_facts: copies::CopyFacts::default(),
            made_labels: pods::PodIndex::default(),
            services_of: groups::Groups::default(),
            ingresses: directory::Directory::default(),
            kafka_clusters: Vec::new(),
            kafka_cluster_of: HashMap::new(),
            strimzi_installations: Vec::new(),
            postgres_clusters: Vec::new(),
            budgets: Vec::new(),
            selections: Vec::new(),
            budgets_of: groups::Groups::default(),
            makers: unknown::Makers::default(),
            candidates: near::Candidates::default(),
            near_labels: OnceLock::new(),
            hosts: OnceLock::new(),
            zones: OnceLock::new(),
            owned_labels: OnceLock::new(),
            operands: OnceLock::new(),
            mentions: OnceLock::new(),
            operators_namespaces: OnceLock::new(),
            rights: rights::Rights::default(),
            node_evidence: Vec::new(),
            storage_uses: StorageUses::default(),
            kafka_bootstraps: Vec::new(),
            kafka_creations: Vec::new(),
            kafka_topic_sizes: HashMap::new(),
            single_node: OnceLock::new(),
            monitoring: monitoring::Monitoring::default(),
            charts: Vec::new(),
            charts_of: HashMap::new(),
        };
        index.index_objects();
        index.index_charts();
        index.makers = unknown::Makers::new(&index);
        index.rights = rights::Rights::new(&index);
        index.index_scalers();
        index.index_workloads();
        index.node_evidence = index.read_node_evidence();
        index.strimzi_installations = index.read_installations();
        index.kafka_clusters = index.read_kafka_clusters();
        let clusters = index.kafka_clusters.iter().enumerate();
        index.kafka_cluster_of = clusters.map(|(at, it)| (address(it.object), at)).collect();
        index.index_pods();
        index.index_services();
        index.uses = index.read_uses();
        index.volumes_of_class = index.read_volumes();
        index.local_cluster = index.read_local_cluster();
        index.default_class = index.read_default_class();
        index.index_ingresses();
        index.classify_workloads();
        index.copy_facts = index.read_copy_facts();
        index.postgres_clusters = index.read_postgres_clusters();
        index.index_budgets();
        index.candidates = near::Candidates::new(&index);
        index.read_monitoring();
        index.storage_uses = index.read_storage_uses();
        index.kafka_bootstraps = index.read_bootstraps();
        index.kafka_creations = index.read_creations();
        index.kafka_topic_sizes = index.read_topic_sizes();
        index
    }

    /// The environment.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// The configuration.
    pub fn config(&self) -> &'a Config {
        self.config
    }

    /// The name of the file that a span lies in.
    pub fn source_name(&self, span: Span) -> &'a str {
        self.sources.get(span.source).name()
    }

    /// Whether the environment, though only one file of a larger whole, holds its workloads' budgets or
    /// autoscalers: then an author who keeps those beside the workloads has forgotten a missing one.
    pub fn keeps_policies(&self) -> bool {
        let policies = [
            ("policy", "PodDisruptionBudget"),
            ("autoscaling", "HorizontalPodAutoscaler"),
            ("keda.sh", "ScaledObject"),
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

    /// A number for the folder of an object's file: equal for equal folders.
    fn folder(&self, object: &Object) -> u32 {
        self.folders.get(&object.document().source()).copied().unwrap_or(u32::MAX)
    }

    fn index_scalers(&mut self) {
        let mut targets = Vec::new();
        for scaler in self.autoscalers() {
            // Without a group the HPA controller looks in the core group and never scales an app.
            let Some(Target { group: Some(group), kind, name }) = scale_target(scaler) else { continue };
            targets.push(((scale::normal_group(group), kind, name), scaler));
        }
        self.scalers = directory::Directory::new(targets);
        self.index_targets();
        self.index_stray_scalers();
        let pools = self.of_kind(kafka::STRIMZI, "KafkaNodePool");
        let named = pools.filter_map(|it| Some(((kafka::STRIMZI, "Kafka", it.label(kafka::CLUSTER_LABEL)?), it)));
        self.pools = directory::Directory::new(named.collect());
        let rollouts = self.of_kind("argoproj.io", "Rollout").filter_map(|rollout| {
            let reference = rollout.node().at(&["spec", "workloadRef"])?;
            let name = reference.get("name")?.text();
            (reference.str_at(&["kind"]) == Some("Deployment")).then_some((("apps", "Deployment", name), rollout))
        });
        self.rollouts = directory::Directory::new(rollouts.collect());
    }

    fn index_budgets(&mut self) {
        let (made, written): (Vec<&'a Object>, Vec<&'a Object>) =
            self.of_kind("policy", "PodDisruptionBudget").partition(|it| it.is_made());
        self.replace_generated(&made);
        self.budgets.splice(0..0, written.into_iter().map(Budget::written));
        self.selections = self
            .budgets
            .iter()
            .map(|budget| budget.selector.as_ref().map_or_else(Vec::new, |it| self.select(budget.object(), it)))
            .collect();
        let mut selecting = Vec::new();
        for (at, selection) in self.selections.iter().enumerate() {
            let id = BudgetId(u32::try_from(at).expect("fewer than 2^32 budgets"));
            selecting.extend(selection.iter().map(|it| (it.pods, (id, it.nearness))));
        }
        self.budgets_of = groups::Groups::new(selecting);
    }
}

/// Numbers the folders of the environment's files.
fn folders(environment: &Environment, sources: &Sources) -> HashMap<SourceId, u32> {
    let used: BTreeSet<SourceId> = environment.objects.iter().map(|it| it.document().source()).collect();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut folders = HashMap::new();
    for id in used {
        let name = sources.get(id).name();
        let folder = name.rsplit_once('/').map_or("", |it| it.0);
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        folders.insert(id, *numbers.entry(folder).or_insert(next));
    }
    folders
}
