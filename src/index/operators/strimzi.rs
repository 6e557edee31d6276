//! The pods and budgets that Strimzi makes (`PodDisruptionBudgetUtils`, `Labels`, `KafkaCluster`).

use crate::index::kafka::{COMPONENT_LABEL, KafkaCluster, Mode, STRIMZI, template_of};
use crate::index::operators::{Made, add_template_labels};
use crate::index::pods::Control;
use crate::index::{Autoscalers, KafkaClusters, Scale, ScaledBy};
use crate::model::{Labels, Object, Version, products};
use crate::source::Span;
use crate::yaml::{Entry, NodeRef};

/// The release that brought the switch for budgets.
const SWITCH: Version = Version::new(0, 44, 0);

/// Adds what the operator makes of all its custom resources.
pub(super) fn add<'a>(index: &KafkaClusters<'a>, made: &mut Made<'a>) {
    let before = made.budgets.len();
    for cluster in index.kafka_clusters() {
        kafka(cluster, made);
    }
    others(index, made);
    if index.strimzi_budgets_off().is_some() {
        made.budgets.truncate(before);
    }
}

/// The labels that Strimzi puts on the pods of `<cluster>-<component>`, with those of the resource itself.
fn labels_of<'a>(object: &'a Object, kind: &'static str, name: String, component: &'static str) -> Labels<'a> {
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

/// The largest number of nodes that Strimzi lets go at once: the template's, or 1.
fn max_unavailable(object: &Object, component: &str) -> i64 {
    object.node().int_at(&["spec", component, "template", "podDisruptionBudget", "maxUnavailable"]).unwrap_or(1)
}

fn kafka<'a>(cluster: &KafkaCluster<'a>, made: &mut Made<'a>) {
    let object = cluster.object;
    let node = object.node();
    let name = format!("{}-kafka", object.name());
    let release = cluster.operator.as_ref().map(|it| it.release);
    let mut total = Some(0);
    let mut add = |owner: &'a Object, pool: Option<&'a Object>, scale: Scale<'a>, made: &mut Made<'a>| {
        let mut labels = labels_of(object, "Kafka", name.clone(), "kafka");
        labels.set("strimzi.io/controller", "strimzipodset");
        labels.set("strimzi.io/pool-name", pool.map_or("kafka", Object::name));
        let suffix = pool.map_or("kafka", Object::name);
        labels.set("strimzi.io/controller-name", format!("{}-{suffix}", object.name()));
        if let Some(pool) = pool {
            for entry in pool.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                labels.set(entry.key.text(), entry.value.text());
            }
            let has = |role: &str| pool.node().items_at(&["spec", "roles"]).any(|it| it.text() == role);
            labels.set("strimzi.io/broker-role", has("broker").to_string());
            labels.set("strimzi.io/controller-role", has("controller").to_string());
        }
        add_template_labels(&mut labels, template_of(object, pool, release).node);
        total = total.zip(scale.floor).map(|(sum, floor)| sum + floor);
        made.pods(owner, labels, scale, Control::Unscalable(products::STRIMZI_POD_SETS));
    };
    if cluster.uses_pools {
        for pool in &cluster.pools {
            add(pool.object, Some(pool.object), pool.scale, made);
        }
    } else {
        let replicas = Scale::fixed(cluster.brokers(), ScaledBy::Replicas);
        add(object, None, replicas, made);
    }
    let maximum = max_unavailable(object, "kafka");
    let labels =
        [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka"), ("strimzi.io/name", name.as_str())];
    made.budget(object, name.clone(), &labels, (total.unwrap_or(0) - maximum).max(0));
    if cluster.mode != Mode::Kraft {
        zookeeper(cluster, made);
    }
    for (key, suffix, component) in EXTRAS {
        if node.at(&["spec", key]).is_some() {
            extra(cluster, key, suffix, component, made);
        }
    }
}

/// The Deployments of one pod beside the brokers: key in `spec`, suffix, component.
const EXTRAS: &[(&str, &str, &str)] = &[
    ("entityOperator", "entity-operator", "entity-operator"),
    ("cruiseControl", "cruise-control", "cruise-control"),
    ("kafkaExporter", "kafka-exporter", "kafka-exporter"),
];

fn extra<'a>(
    cluster: &KafkaCluster<'a>,
    key: &'static str,
    suffix: &str,
    component: &'static str,
    made: &mut Made<'a>,
) {
    let object = cluster.object;
    let name = format!("{}-{suffix}", object.name());
    let mut labels = labels_of(object, "Kafka", name.clone(), component);
    add_template_labels(&mut labels, object.node().at(&["spec", key, "template", "pod"]));
    made.pods(object, labels, Scale::fixed(Some(1), ScaledBy::Kind), Control::Scalable);
    // They have budgets since 0.48; the API version v1 came with 0.49.
    let has_budget =
        object.version() == "v1" || cluster.operator.as_ref().is_some_and(|it| it.release >= Version::new(0, 48, 0));
    if has_budget {
        let labels =
            [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka"), ("strimzi.io/name", name.as_str())];
        made.budget(object, name.clone(), &labels, 0);
    }
}

fn zookeeper<'a>(cluster: &KafkaCluster<'a>, made: &mut Made<'a>) {
    let object = cluster.object;
    let name = format!("{}-zookeeper", object.name());
    let mut labels = labels_of(object, "Kafka", name.clone(), "zookeeper");
    add_template_labels(&mut labels, object.node().at(&["spec", "zookeeper", "template", "pod"]));
    let nodes = cluster.zookeepers();
    made.pods(object, labels, Scale::fixed(nodes, ScaledBy::Replicas), Control::Unscalable(products::STRIMZI_POD_SETS));
    let maximum = max_unavailable(object, "zookeeper");
    let labels =
        [("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka"), ("strimzi.io/name", name.as_str())];
    made.budget(object, name.clone(), &labels, (nodes.unwrap_or(0) - maximum).max(0));
}

/// Strimzi's other custom resources with pods: kind, default of `spec.replicas`, suffix, component, control.
const OTHERS: &[(&str, i64, &str, &str, Control)] = &[
    ("KafkaConnect", 3, "connect", "kafka-connect", Control::Unscalable(products::STRIMZI_POD_SETS)),
    ("KafkaMirrorMaker2", 3, "mirrormaker2", "kafka-mirror-maker-2", Control::Unscalable(products::STRIMZI_POD_SETS)),
    ("KafkaBridge", 1, "bridge", "kafka-bridge", Control::Scalable),
];

fn others<'a>(index: &Autoscalers<'a>, made: &mut Made<'a>) {
    for (kind, default, suffix, component, control) in OTHERS {
        for object in index.of_kind(STRIMZI, kind) {
            let name = format!("{}-{suffix}", object.name());
            let mut labels = labels_of(object, kind, name.clone(), component);
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

impl KafkaClusters<'_> {
    /// Where Strimzi is told to make no budgets, unless another installation of it is told otherwise.
    pub fn strimzi_budgets_off(&self) -> Option<Span> {
        if self.kafka_release().is_some_and(|it| it < SWITCH) {
            return None; // It does not know the switch.
        }
        let mut off = None;
        let installations = self.workloads().iter().filter_map(|it| {
            let container = it.containers().find(|it| products::is_strimzi_operator(it.repository()))?;
            let variable = container
                .node()
                .items_at(&["env"])
                .find(|it| it.get("name").is_some_and(|it| it.text() == "STRIMZI_POD_DISRUPTION_BUDGET_GENERATION"));
            Some(variable.and_then(|it| it.entry("value")).filter(|it| is_false(it.value)).map(Entry::line_span))
        });
        let releases = self.of_kind(products::FLUX_HELM, "HelmRelease").filter_map(|it| {
            let is_strimzi = it.node().str_at(&["spec", "chart", "spec", "chart"]) == Some(products::STRIMZI_CHART);
            is_strimzi.then(|| switched_off(it.node().at(&["spec", "values"])))
        });
        let applications = self.of_kind(products::ARGO, "Application").flat_map(|it| {
            let spec = it.node();
            let sources = spec.at(&["spec", "source"]).into_iter().chain(spec.items_at(&["spec", "sources"]));
            sources.filter(|it| it.str_at(&["chart"]) == Some(products::STRIMZI_CHART)).map(argo_switch)
        });
        for switch in installations.chain(releases).chain(applications) {
            off = Some(switch?);
        }
        off
    }
}

fn is_false(node: NodeRef<'_>) -> bool {
    node.text().eq_ignore_ascii_case("false")
}

/// The switch in a chart's values, where it is off.
fn switched_off(values: Option<NodeRef<'_>>) -> Option<Span> {
    let entry = values?.entry("generatePodDisruptionBudget")?;
    is_false(entry.value).then(|| entry.line_span())
}

/// The same in an Argo CD source: values as a tree, as text, or as parameters.
fn argo_switch(source: NodeRef<'_>) -> Option<Span> {
    let helm = source.at(&["helm"])?;
    if let Some(span) = switched_off(helm.at(&["valuesObject"])) {
        return Some(span);
    }
    let values = helm.entry("values").filter(|it| {
        let squeezed = |line: &str| line.replace([' ', '"', '\''], "");
        it.value.text().lines().any(|line| squeezed(line) == "generatePodDisruptionBudget:false")
    });
    let parameter = || {
        let mut parameters = helm.items_at(&["parameters"]);
        let entry =
            parameters.find(|it| it.str_at(&["name"]) == Some("generatePodDisruptionBudget"))?.entry("value")?;
        is_false(entry.value).then(|| entry.line_span())
    };
    values.map(|it| it.key.span()).or_else(parameter)
}
