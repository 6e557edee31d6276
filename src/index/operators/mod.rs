//! The pods and budgets that operators make from custom resources, so that selectors can be judged
//! against them. Sources: CloudNativePG `pkg/specs/poddisruptionbudget.go`; Zalando
//! `pkg/cluster/k8sres.go`; Crunchy `pod_disruption_budget.go`.

mod prometheus;
mod strimzi;

use crate::index::budgets::{Budget, Demand, Maker};
use crate::index::pods::{Control, PodSet, goes_soon};
use crate::index::postgres::{CNPG, CRUNCHY, EDB, ZALANDO};
use crate::index::{KafkaClusters, Scale};
use crate::model::{Amount, Labels, Object, Selector, products};
use crate::yaml::NodeRef;

/// What operators make in one environment.
#[derive(Default)]
pub(super) struct Made<'a> {
    pub(super) pods: Vec<PodSet<'a>>,
    pub(super) budgets: Vec<Budget<'a>>,
}

impl<'a> Made<'a> {
    fn pods(&mut self, owner: &'a Object, labels: Labels<'a>, scale: Scale<'a>, control: Control) {
        let (floor, ceiling) = (scale.floor, scale.ceiling);
        self.pods.push(PodSet { owner, labels, floor, ceiling, scale: floor, control, is_virtual: true });
    }

    /// A budget with an integer `minAvailable`, the only form that works for every controller.
    fn budget(&mut self, owner: &'a Object, name: String, labels: &[(&str, &str)], minimum: i64) {
        self.budgets.push(Budget {
            maker: Maker::Generated(owner),
            name,
            selector: Some(Selector::of(labels)),
            demand: Demand::MinAvailable(Amount::Count(minimum)),
        });
    }
}

pub(super) fn made<'a>(index: &KafkaClusters<'a>) -> Made<'a> {
    let mut made = Made::default();
    strimzi::add(index, &mut made);
    prometheus::add(index, &mut made);
    for object in index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster")) {
        cnpg(object, index.scale_of_field(object, &["spec", "instances"], 1), &mut made);
    }
    for object in index.of_kind(CNPG, "Pooler").chain(index.of_kind(EDB, "Pooler")) {
        let mut labels = Labels::default();
        labels.set("cnpg.io/poolerName", object.name());
        labels.set("cnpg.io/podRole", "pooler");
        if let Some(cluster) = object.node().str_at(&["spec", "cluster", "name"]) {
            labels.set("cnpg.io/cluster", cluster);
            cnpg_app_labels(&mut labels, cluster, "pooler");
        }
        add_template_labels(&mut labels, object.node().at(&["spec", "template"]));
        let scale = index.scale_of_field(object, &["spec", "instances"], 1);
        made.pods(object, labels, scale, Control::Scalable);
    }
    for object in index.of_kind(ZALANDO, "postgresql") {
        zalando(object, index.scale_of_field(object, &["spec", "numberOfInstances"], 0), &mut made);
    }
    for object in index.of_kind(CRUNCHY, "PostgresCluster") {
        crunchy(object, &mut made);
    }
    for object in index.of_kind(products::KEDA, "ScaledJob") {
        scaled_job(object, &mut made);
    }
    made
}

/// The pods of the Jobs that KEDA makes, which it keeps for a hundred runs unless something takes them away sooner.
fn scaled_job<'a>(object: &'a Object, made: &mut Made<'a>) {
    let node = object.node();
    let mut labels = Labels::default();
    add_template_labels(&mut labels, node.at(&["spec", "jobTargetRef", "template"]));
    let limits = ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
    let keeps_none = limits.iter().all(|it| node.int_at(&["spec", it]) == Some(0));
    let is_deleted = goes_soon(node.at(&["spec", "jobTargetRef"]));
    let control = if keeps_none || is_deleted { Control::Finite } else { Control::Kept };
    made.pods(object, labels, Scale::fixed(Some(0), crate::index::ScaledBy::Kind), control);
}

/// Adds the labels of a pod template in the custom resource.
fn add_template_labels<'a>(labels: &mut Labels<'a>, template: Option<NodeRef<'a>>) {
    for entry in template.and_then(|it| it.at(&["metadata", "labels"])).into_iter().flat_map(NodeRef::entries) {
        labels.set(entry.key.text(), entry.value.text());
    }
}

fn cnpg<'a>(object: &'a Object, scale: Scale<'a>, made: &mut Made<'a>) {
    let node = object.node();
    let instances = scale.floor;
    for (role, count) in [("primary", instances.map(|it| it.min(1))), ("replica", instances.map(|it| (it - 1).max(0)))]
    {
        if count == Some(0) {
            continue;
        }
        let mut labels = Labels::read(node.at(&["spec", "inheritedMetadata", "labels"]));
        labels.set("cnpg.io/cluster", object.name());
        labels.set("cnpg.io/podRole", "instance");
        labels.set("cnpg.io/instanceRole", role);
        labels.set("role", role);
        cnpg_app_labels(&mut labels, object.name(), "database");
        made.pods.push(PodSet {
            owner: object,
            labels,
            floor: count,
            ceiling: count,
            scale: instances,
            control: Control::Scalable,
            is_virtual: true,
        });
    }
    if node.bool_at(&["spec", "enablePDB"]) == Some(false) {
        return;
    }
    let name = object.name();
    // While a node is maintained and the claims stay, the replicas have no budget, nor has a single primary.
    let window = node.at(&["spec", "nodeMaintenanceWindow"]);
    let is_maintained =
        window.is_some_and(|it| it.bool_at(&["inProgress"]) == Some(true) && it.bool_at(&["reusePVC"]) != Some(false));
    if !(is_maintained && instances == Some(1)) {
        let primary = [("cnpg.io/cluster", name), ("cnpg.io/instanceRole", "primary")];
        made.budget(object, format!("{name}-primary"), &primary, 1);
    }
    if let Some(instances) = instances.filter(|it| *it >= 3 && !is_maintained) {
        let replica = [("cnpg.io/cluster", name), ("cnpg.io/instanceRole", "replica")];
        made.budget(object, name.to_owned(), &replica, instances - 2);
    }
}

/// The labels that newer releases add to those of their own.
fn cnpg_app_labels<'a>(labels: &mut Labels<'a>, cluster: &'a str, component: &'static str) {
    labels.set("app.kubernetes.io/name", "postgresql");
    labels.set("app.kubernetes.io/instance", cluster);
    labels.set("app.kubernetes.io/component", component);
    labels.set("app.kubernetes.io/managed-by", "cloudnative-pg");
}

fn zalando<'a>(object: &'a Object, scale: Scale<'a>, made: &mut Made<'a>) {
    let node = object.node();
    let instances = scale.floor;
    for (role, count) in [("master", instances.map(|it| it.min(1))), ("replica", instances.map(|it| (it - 1).max(0)))] {
        if count == Some(0) {
            continue;
        }
        let mut labels = Labels::default();
        labels.set("application", "spilo");
        labels.set("cluster-name", object.name());
        labels.set("spilo-role", role);
        if let Some(team) = node.str_at(&["spec", "teamId"]) {
            labels.set("team", team);
        }
        made.pods.push(PodSet {
            owner: object,
            labels,
            floor: count,
            ceiling: count,
            scale: instances,
            control: Control::Scalable,
            is_virtual: true,
        });
    }
    if instances.is_some_and(|it| it > 0) {
        let labels = [("application", "spilo"), ("cluster-name", object.name()), ("spilo-role", "master")];
        made.budget(object, format!("postgres-{}-pdb", object.name()), &labels, 1);
    }
}

fn crunchy<'a>(object: &'a Object, made: &mut Made<'a>) {
    for (at, set) in object.node().items_at(&["spec", "instances"]).enumerate() {
        let name = set.str_at(&["name"]).map_or_else(|| format!("{at:02}"), str::to_owned);
        let replicas = set.at(&["replicas"]).map_or(Some(1), NodeRef::as_int);
        let mut labels = Labels::read(object.node().at(&["spec", "metadata", "labels"]));
        labels.set("postgres-operator.crunchydata.com/cluster", object.name());
        labels.set("postgres-operator.crunchydata.com/instance-set", name.clone());
        labels.set("postgres-operator.crunchydata.com/data", "postgres");
        made.pods(object, labels, Scale::fixed(replicas, crate::index::ScaledBy::Replicas), Control::Scalable);
        let default = i64::from(replicas.is_some_and(|it| it > 1));
        let minimum = match set.at(&["minAvailable"]) {
            // A share of 0 is no budget either.
            Some(written) => Amount::read(written).map_or(default, |it| it.of_rounded_up(replicas.unwrap_or(1))),
            None => default,
        };
        if minimum > 0 {
            let labels = [
                ("postgres-operator.crunchydata.com/cluster", object.name()),
                ("postgres-operator.crunchydata.com/instance-set", name.as_str()),
            ];
            made.budget(object, format!("{}-set-{name}", object.name()), &labels, minimum);
        }
    }
}
