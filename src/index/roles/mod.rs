//! What part a workload plays, and why we think so.

mod configured;
mod images;
mod programs;
mod scores;

pub(super) use images::product_of;
pub(super) use programs::postgres_container;

pub(in crate::index) mod ingress_controllers;
pub(in crate::index) mod quorums;
pub(in crate::index) mod serving;

use crate::index::{Objects, Services, Storage, Unclassified, WorkloadId, Workloads};
use crate::model::annotations::ROLE_ANNOTATION;
use crate::model::{Object, WorkloadKind};
use configured::Configured;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

/// The part that a workload plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Serves requests of other programs.
    Backend,
    /// Serves people.
    Frontend,
    /// Reads from a queue or stream.
    Consumer,
    /// An application of which no more is known.
    App,
    /// A PostgreSQL server without an operator.
    Postgres,
    /// A Kafka broker without an operator.
    Kafka,
    /// A ZooKeeper node without an operator.
    ZooKeeper,
    /// Another store of data.
    Datastore,
    /// Elects a leader, so that a second replica only waits.
    Controller,
    /// Part of the platform: its namespace says so.
    Platform,
    /// Must not run twice, by the configuration or its name: a scheduler.
    Singleton,
    /// A tool for people: a shell, a console, a load generator; or pods that only hold room.
    Tool,
    /// Not judged: runs to its end, or on every node, or the configuration says so.
    Ignored,
}

impl Role {
    /// All roles with their words; the words of the configuration.
    pub const ALL: &'static [(Role, &'static str)] = &[
        (Role::Backend, "backend"),
        (Role::Frontend, "frontend"),
        (Role::Consumer, "consumer"),
        (Role::App, "app"),
        (Role::Postgres, "postgres"),
        (Role::Kafka, "kafka"),
        (Role::ZooKeeper, "zookeeper"),
        (Role::Datastore, "datastore"),
        (Role::Controller, "controller"),
        (Role::Platform, "platform"),
        (Role::Singleton, "singleton"),
        (Role::Tool, "tool"),
        (Role::Ignored, "ignore"),
    ];

    /// The role with this word.
    pub fn named(word: &str) -> Option<Role> {
        Role::ALL.iter().find(|it| it.1 == word).map(|it| it.0)
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        Role::ALL.iter().find(|it| it.0 == self).map_or("app", |it| it.1)
    }

    /// Whether it is an application of the guideline's section 4, recognised as such.
    pub fn is_recognised_app(self) -> bool {
        matches!(self, Role::Backend | Role::Frontend | Role::Consumer)
    }

    /// Whether it is a store of the system that the guideline is about: a database, brokers, or their `ZooKeeper`.
    pub fn is_system_store(self) -> bool {
        self.is_kafka() || self == Role::Postgres
    }

    /// Whether it keeps data at all.
    pub fn is_store(self) -> bool {
        self.is_system_store() || self == Role::Datastore
    }

    /// Whether it is a broker, a controller or a `ZooKeeper` node.
    pub fn is_kafka(self) -> bool {
        matches!(self, Role::Kafka | Role::ZooKeeper)
    }

    /// Whether it serves the cluster or its people, not the system.
    pub fn is_platform(self) -> bool {
        matches!(self, Role::Tool | Role::Platform | Role::Controller)
    }

    /// Whether it runs beside the system: the platform, and stores that the guideline is not about.
    pub fn is_beside_the_system(self) -> bool {
        self.is_platform() || self == Role::Datastore
    }

    /// Whether it is an application at all.
    pub fn is_app(self) -> bool {
        self.is_recognised_app() || self == Role::App
    }
}

/// Namespaces of the platform. `*-system` as such is none: applications call themselves that, too.
const PLATFORM_NAMESPACES: &[&str] = &[
    "kube-system",
    "monitoring",
    "argocd",
    "flux-system",
    "istio-system",
    "cert-manager",
    "ingress-nginx",
    "strimzi-system",
    "cnpg-system",
    "gatekeeper-system",
    "longhorn-system",
    "metallb-system",
    "cattle-system",
    "calico-system",
    "tigera-operator",
    "knative-serving",
    "linkerd",
    "velero",
    "external-secrets",
    "keda",
    "kyverno",
    "rook-ceph",
    "postgres-operator",
    "kube-node-lease",
    "kube-public",
    "gke-system",
    "openshift-operators",
];

/// The eleventh stage: the part that each workload plays.
pub struct Roles<'a> {
    storage: Storage<'a>,
    workloads: Vec<Workload<'a>>,
    kafka_workloads: Vec<WorkloadId>,
}

crate::index::stands_on!(Roles, storage: Storage);

/// Fewer workloads are not worth a second thread.
const FEW: usize = 64;

impl<'a> Roles<'a> {
    /// Gives the workloads their roles.
    pub(super) fn new(storage: Storage<'a>) -> Roles<'a> {
        // Many workloads have their role for the same reason.
        let mut reasons: HashSet<Arc<str>> = HashSet::new();
        let mut workloads = Vec::with_capacity(storage.workloads().len());
        let configured = Configured::new(&storage.config().components);
        let all = storage.workloads().par_iter().with_min_len(FEW);
        let roles: Vec<(Role, String)> = all.map(|it| classify(&storage, &configured, it)).collect();
        for (workload, (role, reason)) in storage.workloads().iter().zip(roles) {
            let reason = reasons.get(reason.as_str()).map_or_else(|| reason.into(), Arc::clone);
            reasons.insert(Arc::clone(&reason));
            workloads.push(Workload::new(Arc::clone(workload), role, reason));
        }
        let of_kafka = workloads.iter().zip(0..).filter(|it| it.0.role == Role::Kafka);
        let kafka_workloads = of_kafka.map(|it| WorkloadId(it.1)).collect();
        Roles { storage, workloads, kafka_workloads }
    }

    /// All workloads, in order.
    pub fn workloads(&self) -> &[Workload<'a>] {
        &self.workloads
    }

    /// The workload that an object is.
    pub fn workload_of(&self, object: &Object) -> Option<&Workload<'a>> {
        self.workload_id(object).map(|it| &self.workloads[it.0 as usize])
    }

    /// Those that are Kafka without an operator.
    pub fn kafka_workloads(&self) -> impl Iterator<Item = &Workload<'a>> {
        self.kafka_workloads.iter().map(|it| &self.workloads[it.0 as usize])
    }
}

/// A workload whose role is known.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    unclassified: Arc<Unclassified<'a>>,
    /// The part that it plays.
    pub role: Role,
    /// Why we think so.
    pub role_reason: Arc<str>,
}

impl<'a> Workload<'a> {
    /// Gives a workload its role.
    pub(super) fn new(unclassified: Arc<Unclassified<'a>>, role: Role, role_reason: Arc<str>) -> Workload<'a> {
        Workload { unclassified, role, role_reason }
    }
}

impl<'a> Deref for Workload<'a> {
    type Target = Unclassified<'a>;

    fn deref(&self) -> &Unclassified<'a> {
        &self.unclassified
    }
}

/// Role and reason of a workload.
fn classify(index: &Services<'_>, configured: &Configured<'_>, workload: &Unclassified<'_>) -> (Role, String) {
    let object = workload.object;
    if let Some(setting) = configured.first(workload) {
        let role = Role::named(&setting.role).unwrap_or(Role::App);
        return (role, "the configuration says so".to_owned());
    }
    if let Some(role) = object.annotation(ROLE_ANNOTATION).and_then(Role::named) {
        return (role, format!("annotation {ROLE_ANNOTATION}"));
    }
    match workload.kind {
        WorkloadKind::Job | WorkloadKind::CronJob => return (Role::Ignored, "runs to its end".to_owned()),
        WorkloadKind::DaemonSet => return (Role::Ignored, "one pod a node".to_owned()),
        _ => {}
    }
    if workload.kind == WorkloadKind::Deployment && index.is_template_of_a_rollout(object) {
        return (Role::Ignored, "an Argo Rollout runs its template".to_owned());
    }
    if object.annotation("helm.sh/hook").is_some() {
        return (Role::Ignored, "a Helm hook".to_owned());
    }
    programs::store(index, workload)
        .or_else(|| programs::tool(index, workload))
        .or_else(|| programs::controller(index, workload))
        .or_else(|| platform(index, workload))
        .or_else(|| programs::singleton(workload))
        .or_else(|| forbidden(index, workload))
        .unwrap_or_else(|| scores::scored(index, workload))
}

impl Workloads<'_> {
    /// Whether a cluster runs operators in a namespace and little else: they are at least half of what runs there, and
    /// nothing that an operator makes of a resource lies there.
    fn is_operators_namespace(&self, namespace: &str) -> bool {
        let namespaces = self.operators_namespaces.get_or_init(|| {
            let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for workload in self.workloads().iter().filter(|it| it.object.is_live() && it.kind.is_replicated()) {
                let count = counts.entry(workload.object.namespace().unwrap_or_default()).or_default();
                count.0 += usize::from(programs::controller(self, workload).is_some());
                count.1 += 1;
            }
            for object in self.objects().filter(|it| it.is_operated()) {
                counts.remove(object.namespace().unwrap_or_default());
            }
            let run_operators =
                counts.into_iter().filter(|(_, (operators, all))| *operators > 0 && operators * 2 >= *all);
            run_operators.map(|it| it.0.to_owned()).collect()
        });
        namespaces.contains(namespace)
    }
}

/// A workload that a comment beside its replicas forbids to scale.
fn forbidden(index: &Objects<'_>, workload: &Unclassified<'_>) -> Option<(Role, String)> {
    let comment = index.forbids_scaling(workload.object)?;
    let short: String = comment.chars().take(60).collect();
    Some((Role::Singleton, format!("a comment says: {}", short.trim_end_matches('.'))))
}

fn platform(index: &Workloads<'_>, workload: &Unclassified<'_>) -> Option<(Role, String)> {
    let namespace = workload.object.namespace()?;
    if workload.object.is_live() && index.is_operators_namespace(namespace) {
        return Some((Role::Platform, format!("an operator runs in namespace {namespace}")));
    }
    let is_platform = PLATFORM_NAMESPACES.contains(&namespace) || namespace.ends_with("-operator-system");
    is_platform.then(|| (Role::Platform, format!("namespace {namespace}")))
}
