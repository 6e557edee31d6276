//! What the index knows of an environment that no rule says: its parts, what protects them, and whose each object is.

use super::guideline::{Attestable, Component, Guideline};
use crate::finding::Subject;
use crate::index::kafka::Mode;
use crate::index::postgres::Flavor;
use crate::index::{AUTOSCALERS, Allowance, BudgetId, Index, KafkaCluster, PodSetId, Role, Scale, ScaledBy, Workload};
use crate::model::{Container, Object, Unseen, kind_and_group, may_hide, products};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A budget that selects a part's pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetFact {
    /// Its name.
    pub name: String,
    /// What it demands, as in `maxUnavailable 1`.
    pub demand: String,
    /// The evictions that it allows while its pods run at their floor.
    pub allowed: Option<i64>,
    /// Whether an operator makes it.
    pub is_generated: bool,
}

/// A part of the system: a workload, a database, a cluster of brokers.
#[derive(Clone, Debug)]
pub struct Part {
    /// The row that it belongs to.
    pub component: Component,
    /// The object.
    pub subject: Subject,
    /// Where its name stands.
    pub span: Span,
    /// What it is made of: `pod`, `broker`.
    pub noun: &'static str,
    /// At least so many; unknown if the manifests do not tell.
    pub floor: Option<i64>,
    /// At most.
    pub ceiling: Option<i64>,
    /// The autoscaler that sets the number.
    pub scaler: Option<String>,
    /// Budgets of its pods.
    pub budgets: Vec<BudgetFact>,
}

/// An environment, as far as the report needs it besides the findings.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Whether it is exactly one file.
    pub is_fragment: bool,
    /// What is deployed with it and not seen.
    pub(super) unseen: Vec<Unseen>,
    /// Its parts, by component and name.
    pub parts: Vec<Part>,
    /// The objects by their positions.
    pub(super) subjects: Vec<(Subject, Span)>,
    /// The components that an object belongs to.
    pub(super) owners: BTreeMap<Subject, BTreeSet<Component>>,
    /// What the manifests show of what is attested otherwise, by id.
    pub(super) shown: BTreeMap<&'static str, Vec<(Subject, Span)>>,
}

impl Inventory {
    /// Asks the index.
    pub fn new(index: &Index<'_>) -> Inventory {
        let environment = index.environment();
        let mut inventory = Inventory {
            is_fragment: environment.is_fragment,
            unseen: environment.unseen.clone(),
            subjects: environment.objects.iter().map(|it| (it.subject(), it.name_span())).collect(),
            ..Inventory::default()
        };
        for workload in index.workloads() {
            inventory.add_workload(index, workload);
        }
        for cluster in index.kafka_clusters() {
            inventory.add_kafka(index, cluster);
        }
        for database in index.postgres_clusters().iter().filter(|it| it.flavor != Flavor::SelfManaged) {
            let scale = Scale::fixed(database.instances, ScaledBy::Replicas);
            inventory.add_part(index, Component::Postgres, database.object, "instance", scale);
        }
        inventory.add_by_kind(index);
        for (id, attestable) in &Guideline::get().attestable {
            let shown = shown(index, attestable);
            if !shown.is_empty() {
                inventory.shown.insert(id, shown);
            }
        }
        inventory.parts.sort_by(|one, other| (one.component, &one.subject).cmp(&(other.component, &other.subject)));
        inventory
    }

    /// The components of the parts with a name, whatever their kinds.
    pub(super) fn components_by_name(&self) -> BTreeMap<&str, BTreeSet<Component>> {
        let mut components: BTreeMap<&str, BTreeSet<Component>> = BTreeMap::new();
        for part in &self.parts {
            components.entry(&part.subject.name).or_default().insert(part.component);
        }
        components
    }

    /// Whether the environment has something of a component.
    pub fn has(&self, component: Component) -> bool {
        component.is_always_there() || self.parts.iter().any(|it| it.component == component)
    }

    /// Why some of these components may be there unseen; `None` if they cannot.
    pub(super) fn may_hide(&self, components: &[Component]) -> Option<&str> {
        let kinds: Vec<&str> = components.iter().flat_map(|it| it.kinds()).copied().collect();
        may_hide(&self.unseen, &kinds, None)
    }

    /// Why an autoscaler may be there unseen; `None` if it cannot.
    pub(super) fn may_hide_autoscalers(&self) -> Option<&str> {
        let kinds = AUTOSCALERS.map(|(group, kind)| kind_and_group(kind, group));
        may_hide(&self.unseen, &kinds, None)
    }

    /// The components of an object; none if it is nobody's or everybody's.
    pub(super) fn components_of(&self, subject: &Subject) -> BTreeSet<Component> {
        self.owners.get(subject).cloned().unwrap_or_default()
    }

    fn own(&mut self, object: &Object, component: Component) {
        self.owners.entry(object.subject()).or_default().insert(component);
    }

    fn add_workload<'a>(&mut self, index: &Index<'a>, workload: &Workload<'a>) {
        let Some(component) = component_of(workload.role) else { return };
        let noun = match workload.role {
            Role::Kafka => "broker",
            Role::ZooKeeper => "node",
            Role::Postgres => "instance",
            _ => "pod",
        };
        self.add_part(index, component, workload.object, noun, workload.scale);
        for service in index.services_of_workload(workload) {
            self.own(service, component);
        }
    }

    fn add_part<'a>(
        &mut self,
        index: &Index<'a>,
        component: Component,
        object: &'a Object,
        noun: &'static str,
        scale: Scale<'a>,
    ) {
        let pods = index.pods_of(object);
        let mut part = new_part(component, object, noun);
        part.floor = scale.floor;
        part.ceiling = scale.ceiling;
        part.scaler = match scale.by {
            ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) => Some(scaler.title()),
            _ => None,
        };
        self.finish_part(index, part, object, pods, |_| true);
    }

    fn add_kafka<'a>(&mut self, index: &Index<'a>, cluster: &KafkaCluster<'a>) {
        let object = cluster.object;
        let owners: Vec<&Object> =
            if cluster.uses_pools { cluster.pools.iter().map(|it| it.object).collect() } else { vec![object] };
        let pods: Vec<PodSetId> = owners.iter().flat_map(|it| index.pods_of(it)).copied().collect();
        let mut brokers = new_part(Component::Kafka, object, "broker");
        brokers.floor = cluster.brokers();
        brokers.ceiling = brokers.floor;
        self.finish_part(index, brokers, object, &pods, |name| !name.ends_with("-zookeeper"));
        let mut quorum = new_part(Component::Quorum, object, "controller");
        let is_zookeeper = cluster.mode != Mode::Kraft;
        quorum.floor = if is_zookeeper { cluster.zookeepers() } else { cluster.controllers() };
        quorum.ceiling = quorum.floor;
        if is_zookeeper {
            quorum.noun = "ZooKeeper node";
        }
        let own = index.pods_of(object);
        let pods = if is_zookeeper { own } else { &pods };
        self.finish_part(index, quorum, object, pods, |name| name.ends_with("-zookeeper") == is_zookeeper);
        for pool in &cluster.pools {
            if pool.is_broker {
                self.own(pool.object, Component::Kafka);
            }
            if pool.is_controller {
                self.own(pool.object, Component::Quorum);
            }
        }
    }

    /// Adds a part with its budgets, and says whose its autoscalers and budgets are.
    fn finish_part(
        &mut self,
        index: &Index<'_>,
        mut part: Part,
        object: &Object,
        pods: &[PodSetId],
        is_own: impl Fn(&str) -> bool,
    ) {
        self.own(object, part.component);
        for scaler in index.scalers_of(object) {
            self.own(scaler, part.component);
        }
        let ids: BTreeSet<BudgetId> = pods.iter().flat_map(|it| index.budgets_of(*it)).map(|it| it.0).collect();
        for id in ids {
            let budget = index.budget(id);
            if budget.manifest().is_none() && !is_own(&budget.name) {
                continue;
            }
            if let Some(manifest) = budget.manifest() {
                self.own(manifest, part.component);
            }
            part.budgets.push(BudgetFact {
                name: budget.name.clone(),
                demand: budget.demand.to_string(),
                allowed: match index.allowance(id) {
                    Allowance::Known { allowed, .. } => Some(allowed),
                    Allowance::Unscalable(..) | Allowance::OnlyBare(_) => Some(0),
                    Allowance::Unknown => None,
                },
                is_generated: budget.manifest().is_none(),
            });
        }
        self.parts.push(part);
    }

    /// Objects whose kind says whose they are.
    fn add_by_kind(&mut self, index: &Index<'_>) {
        for object in index.objects().filter(|it| !it.is_made()) {
            let component = match (object.group(), object.kind()) {
                (products::STRIMZI, kind) if kind != "Kafka" && kind != "KafkaNodePool" => Component::Kafka,
                (products::CNPG | products::EDB, kind) if kind != "Cluster" => Component::Postgres,
                (products::PROMETHEUS, _) => Component::Monitoring,
                (products::VPA, "VerticalPodAutoscaler") => {
                    let target = index.target_of(object).map(|it| self.components_of(&it.subject()));
                    for component in target.unwrap_or_default() {
                        self.own(object, component);
                    }
                    continue;
                }
                _ => continue,
            };
            self.own(object, component);
        }
        for evidence in index.node_evidence() {
            self.own(evidence.object, Component::Cluster);
        }
    }
}

fn new_part(component: Component, object: &Object, noun: &'static str) -> Part {
    Part {
        component,
        subject: object.subject(),
        span: object.name_span(),
        noun,
        floor: None,
        ceiling: None,
        scaler: None,
        budgets: Vec::new(),
    }
}

fn component_of(role: Role) -> Option<Component> {
    Some(match role {
        Role::Backend => Component::Backend,
        Role::Frontend => Component::Frontend,
        Role::Consumer => Component::Consumer,
        Role::App => Component::App,
        Role::Postgres => Component::Postgres,
        Role::Kafka => Component::Kafka,
        Role::ZooKeeper => Component::Quorum,
        Role::Datastore | Role::Controller | Role::Platform | Role::Singleton | Role::Tool => Component::Other,
        Role::Ignored => return None,
    })
}

/// The objects that show what is attested otherwise.
fn shown(index: &Index<'_>, attestable: &Attestable) -> Vec<(Subject, Span)> {
    let mut objects: Vec<&Object> = Vec::new();
    for kind in &attestable.kinds {
        if let Some((group, kind)) = kind.split_once('/') {
            objects.extend(index.of_kind(group, kind));
        }
    }
    let releases =
        [(products::FLUX_HELM, "HelmRelease"), (products::ARGO, "Application"), (products::K3S_HELM, "HelmChart")];
    for (group, kind) in releases.iter().filter(|_| !attestable.charts.is_empty()) {
        let installs = |it: &&Object| index.charts_of(it).any(|chart| attestable.charts.iter().any(|it| it == chart));
        objects.extend(index.of_kind(group, kind).filter(installs));
    }
    if !attestable.commands.is_empty() {
        let scheduled = index.workloads().iter().filter(|it| it.object.kind() == "CronJob");
        let runs = |it: &&Workload<'_>| {
            let words: Vec<&str> = it.containers().flat_map(Container::words).collect();
            let line = words.join(" ");
            attestable.commands.iter().any(|it| line.contains(it.as_str()))
        };
        objects.extend(scheduled.filter(runs).map(|it| it.object));
    }
    objects.into_iter().map(|it| (it.subject(), it.name_span())).collect()
}
