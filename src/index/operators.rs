//! The pods and budgets that operators make from custom resources, so that selectors can be judged
//! against them. Sources: Strimzi `PodDisruptionBudgetUtils`, `Labels`; CloudNativePG
//! `pkg/specs/poddisruptionbudget.go`; Zalando `pkg/cluster/k8sres.go`; Crunchy `pod_disruption_budget.go`.

use super::budgets::{Budget, Demand, Maker};
use super::kafka::{COMPONENT_LABEL, KafkaCluster, Mode, STRIMZI};
use super::pods::{Control, PodSet};
use super::postgres::{CNPG, CRUNCHY, EDB, ZALANDO};
use super::{Index, Scale};
use crate::model::{Amount, Labels, Object, Selector};
use crate::yaml::NodeRef;

/// How the API names the resource that owns Strimzi's pods.
const POD_SET: &str = "strimzipodsets.core.strimzi.io";

/// What operators make in one environment.
#[derive(Default)]
pub(super) struct Made<'a> {
    pub(super) pods: Vec<PodSet<'a>>,
    pub(super) budgets: Vec<Budget<'a>>,
}

impl<'a> Made<'a> {
    pub(super) fn pods(&mut self, owner: &'a Object, labels: Labels<'a>, scale: Scale<'a>, control: Control) {
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

pub(super) fn made<'a>(index: &Index<'a>) -> Made<'a> {
    let mut made = Made::default();
    for cluster in index.kafka_clusters() {
        strimzi_kafka(cluster, &mut made);
    }
    strimzi_others(index, &mut made);
    super::companions::add(index, &mut made);
    for object in index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster")) {
        cnpg(object, index.scale_of_field(object, &["spec", "instances"], 1), &mut made);
    }
    for object in index.of_kind(CNPG, "Pooler").chain(index.of_kind(EDB, "Pooler")) {
        let mut labels = Labels::default();
        labels.set("cnpg.io/poolerName", object.name());
        labels.set("cnpg.io/podRole", "pooler");
        let scale = index.scale_of_field(object, &["spec", "instances"], 1);
        made.pods(object, labels, scale, Control::Scalable);
    }
    for object in index.of_kind(ZALANDO, "postgresql") {
        zalando(object, index.scale_of_field(object, &["spec", "numberOfInstances"], 0), &mut made);
    }
    for object in index.of_kind(CRUNCHY, "PostgresCluster") {
        crunchy(object, &mut made);
    }
    made
}

/// The labels that Strimzi puts on the pods of `<cluster>-<component>`, with those of the resource itself.
pub(super) fn strimzi_labels<'a>(
    object: &'a Object,
    kind: &'static str,
    name: String,
    component: &'static str,
) -> Labels<'a> {
    let mut labels = Labels::read(object.node().at(&["metadata", "labels"]));
    labels.set("strimzi.io/cluster", object.name());
    labels.set("strimzi.io/kind", kind);
    labels.set("strimzi.io/name", name);
    labels.set(COMPONENT_LABEL, component);
    labels.set("app.kubernetes.io/name", component);
    labels.set("app.kubernetes.io/instance", object.name());
    labels.set("app.kubernetes.io/part-of", format!("strimzi-{}", object.name()));
    labels.set("app.kubernetes.io/managed-by", "strimzi-cluster-operator");
    labels
}

/// Adds the labels of a pod template in the custom resource.
fn add_template_labels<'a>(labels: &mut Labels<'a>, template: Option<NodeRef<'a>>) {
    for entry in template.and_then(|it| it.at(&["metadata", "labels"])).into_iter().flat_map(NodeRef::entries) {
        labels.set(entry.key.text(), entry.value.text());
    }
}

/// The largest number of nodes that Strimzi lets go at once: the template's, or 1.
fn strimzi_max_unavailable(object: &Object, component: &str) -> i64 {
    object.node().int_at(&["spec", component, "template", "podDisruptionBudget", "maxUnavailable"]).unwrap_or(1)
}

fn strimzi_kafka<'a>(cluster: &KafkaCluster<'a>, made: &mut Made<'a>) {
    let object = cluster.object;
    let node = object.node();
    let name = format!("{}-kafka", object.name());
    let mut total = Some(0);
    let mut add = |owner: &'a Object, pool: Option<&'a Object>, scale: Scale<'a>, made: &mut Made<'a>| {
        let mut labels = strimzi_labels(object, "Kafka", name.clone(), "kafka");
        add_template_labels(&mut labels, node.at(&["spec", "kafka", "template", "pod"]));
        labels.set("strimzi.io/controller", "strimzipodset");
        labels.set("strimzi.io/pool-name", pool.map_or("kafka", Object::name));
        let suffix = pool.map_or("kafka", Object::name);
        labels.set("strimzi.io/controller-name", format!("{}-{suffix}", object.name()));
        if let Some(pool) = pool {
            for entry in pool.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                labels.set(entry.key.text(), entry.value.text());
            }
            add_template_labels(&mut labels, pool.node().at(&["spec", "template", "pod"]));
            let has = |role: &str| pool.node().items_at(&["spec", "roles"]).any(|it| it.text() == role);
            labels.set("strimzi.io/broker-role", has("broker").to_string());
            labels.set("strimzi.io/controller-role", has("controller").to_string());
        }
        total = total.zip(scale.floor).map(|(sum, floor)| sum + floor);
        made.pods(owner, labels, scale, Control::Unscalable(POD_SET));
    };
    if cluster.uses_pools {
        for pool in &cluster.pools {
            add(pool.object, Some(pool.object), pool.scale, made);
        }
    } else {
        let replicas = Scale::fixed(cluster.brokers(), super::ScaledBy::Replicas);
        add(object, None, replicas, made);
    }
    let maximum = strimzi_max_unavailable(object, "kafka");
    let labels =
        [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka"), ("strimzi.io/name", name.as_str())];
    made.budget(object, name.clone(), &labels, (total.unwrap_or(0) - maximum).max(0));
    if cluster.mode != Mode::Kraft {
        strimzi_zookeeper(cluster, made);
    }
}

fn strimzi_zookeeper<'a>(cluster: &KafkaCluster<'a>, made: &mut Made<'a>) {
    let object = cluster.object;
    let name = format!("{}-zookeeper", object.name());
    let mut labels = strimzi_labels(object, "Kafka", name.clone(), "zookeeper");
    add_template_labels(&mut labels, object.node().at(&["spec", "zookeeper", "template", "pod"]));
    let nodes = cluster.zookeepers();
    made.pods(object, labels, Scale::fixed(nodes, super::ScaledBy::Replicas), Control::Unscalable(POD_SET));
    let maximum = strimzi_max_unavailable(object, "zookeeper");
    let labels =
        [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka"), ("strimzi.io/name", name.as_str())];
    made.budget(object, name.clone(), &labels, (nodes.unwrap_or(0) - maximum).max(0));
}

/// Strimzi's other custom resources with pods: kind, default of `spec.replicas`, suffix, component, control.
const STRIMZI_OTHERS: &[(&str, i64, &str, &str, Control)] = &[
    ("KafkaConnect", 3, "connect", "kafka-connect", Control::Unscalable(POD_SET)),
    ("KafkaMirrorMaker2", 3, "mirrormaker2", "kafka-mirror-maker-2", Control::Unscalable(POD_SET)),
    ("KafkaBridge", 1, "bridge", "kafka-bridge", Control::Scalable),
];

fn strimzi_others<'a>(index: &Index<'a>, made: &mut Made<'a>) {
    for (kind, default, suffix, component, control) in STRIMZI_OTHERS {
        for object in index.of_kind(STRIMZI, kind) {
            let name = format!("{}-{suffix}", object.name());
            let mut labels = strimzi_labels(object, kind, name.clone(), component);
            add_template_labels(&mut labels, object.node().at(&["spec", "template", "pod"]));
            let scale = index.scale_of_field(object, &["spec", "replicas"], *default);
            made.pods(object, labels, scale, *control);
            let keys = ["spec", "template", "podDisruptionBudget", "maxUnavailable"];
            let maximum = object.node().int_at(&keys).unwrap_or(1);
            let labels =
                [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", *kind), ("strimzi.io/name", name.as_str())];
            made.budget(object, name.clone(), &labels, (scale.floor.unwrap_or(0) - maximum).max(0));
        }
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
    let primary = [("cnpg.io/cluster", name), ("cnpg.io/instanceRole", "primary")];
    made.budget(object, format!("{name}-primary"), &primary, 1);
    if let Some(instances) = instances.filter(|it| *it >= 3) {
        let replica = [("cnpg.io/cluster", name), ("cnpg.io/instanceRole", "replica")];
        made.budget(object, name.to_owned(), &replica, instances - 2);
    }
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
        made.pods(object, labels, Scale::fixed(replicas, super::ScaledBy::Replicas), Control::Scalable);
        let default = i64::from(replicas.is_some_and(|it| it > 1));
        let minimum = set.int_at(&["minAvailable"]).unwrap_or(default);
        if minimum > 0 {
            let labels = [
                ("postgres-operator.crunchydata.com/cluster", object.name()),
                ("postgres-operator.crunchydata.com/instance-set", name.as_str()),
            ];
            made.budget(object, format!("{}-set-{name}", object.name()), &labels, minimum);
        }
    }
}
