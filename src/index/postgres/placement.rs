//! Whether the operator of a database keeps its instances on different nodes.
//!
//! Sources: CloudNativePG `docs/src/scheduling.md`; zalando/postgres-operator
//! `docs/reference/operator_parameters.md`; Crunchy `internal/controller/postgrescluster/topology.go`, which
//! Percona's edition shares without the switch; StackGres `ClusterStatefulSet.java`.

use crate::index::Objects;
use crate::index::postgres::zalando::OperatorSetting;
use crate::index::postgres::{CNPG, CRUNCHY, EDB, PostgresCluster, STACKGRES, ZALANDO};
use crate::model::{Object, Place};
use crate::source::Span;
use crate::yaml::NodeRef;

/// How instances are kept apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Placement {
    /// Something keeps them apart.
    Apart,
    /// The scheduler is only asked to; where that could be made stricter.
    Preferred(Place),
    /// Nothing does: where, why, and what else shows it.
    Together(Place, &'static str, Option<Span>),
    /// The manifests do not tell, and why.
    Unknown(&'static str),
    /// What spreads them is not the operator's matter.
    Other,
}

impl<'a> Objects<'a> {
    /// Whether the operator of a database keeps its instances apart.
    pub fn placement(&self, cluster: &PostgresCluster<'a>) -> Placement {
        let object = cluster.object;
        match object.group() {
            CNPG | EDB => cnpg(object),
            ZALANDO => self.zalando(object),
            CRUNCHY => crunchy(object),
            STACKGRES => stackgres(object),
            _ => Placement::Other,
        }
    }

    fn zalando(&self, object: &Object) -> Placement {
        if has_items(object.node(), &["spec", "topologySpreadConstraints"]) {
            return Placement::Apart;
        }
        let why = "its operator sets no anti-affinity unless enable_pod_antiaffinity is true";
        let place = object.place(&["spec", "numberOfInstances"]);
        match self.zalando_setting("kubernetes", "enable_pod_antiaffinity") {
            OperatorSetting::Is("true", _) => Placement::Apart,
            OperatorSetting::Is("false", span) => Placement::Together(place, why, Some(span)),
            OperatorSetting::Default(span) => Placement::Together(place, why, Some(span)),
            OperatorSetting::Is(..) => Placement::Unknown("enable_pod_antiaffinity is a template placeholder"),
            OperatorSetting::Unknown(reason) => Placement::Unknown(reason),
        }
    }
}

fn has_items(node: NodeRef<'_>, keys: &[&str]) -> bool {
    node.items_at(keys).next().is_some()
}

/// Whether a map of an affinity keeps pods apart: required, preferred.
fn has_terms(affinity: Option<NodeRef<'_>>) -> (bool, bool) {
    let has = |key: &str| affinity.is_some_and(|it| has_items(it, &[key]));
    (has("requiredDuringSchedulingIgnoredDuringExecution"), has("preferredDuringSchedulingIgnoredDuringExecution"))
}

fn cnpg(object: &Object) -> Placement {
    let node = object.node();
    let affinity = node.at(&["spec", "affinity"]);
    let additional = affinity.and_then(|it| it.at(&["additionalPodAntiAffinity"]));
    let (is_required, is_preferred) = has_terms(additional);
    if is_required || has_items(node, &["spec", "topologySpreadConstraints"]) {
        return Placement::Apart;
    }
    let is_off = affinity.is_some_and(|it| it.bool_at(&["enablePodAntiAffinity"]) == Some(false));
    if is_off && !is_preferred {
        let place = object.place(&["spec", "affinity", "enablePodAntiAffinity"]);
        return Placement::Together(place, "enablePodAntiAffinity is false", None);
    }
    match affinity.and_then(|it| it.str_at(&["podAntiAffinityType"])) {
        Some("required") if !is_off => Placement::Apart,
        _ => Placement::Preferred(object.place(&["spec", "affinity", "podAntiAffinityType"])),
    }
}

fn crunchy(object: &Object) -> Placement {
    let keys = ["spec", "disableDefaultPodScheduling"];
    if object.node().bool_at(&keys) != Some(true) {
        return Placement::Apart;
    }
    let is_spread = |set: NodeRef<'_>| {
        let (is_required, is_preferred) = has_terms(set.at(&["affinity", "podAntiAffinity"]));
        is_required || is_preferred || has_items(set, &["topologySpreadConstraints"])
    };
    if object.node().items_at(&["spec", "instances"]).all(is_spread) {
        return Placement::Apart;
    }
    Placement::Together(object.place(&keys), "disableDefaultPodScheduling switches its constraints off", None)
}

fn stackgres(object: &Object) -> Placement {
    let keys = ["spec", "nonProductionOptions", "disableClusterPodAntiAffinity"];
    if object.node().bool_at(&keys) != Some(true) {
        return Placement::Apart; // Unless its profile says otherwise, which is about tests.
    }
    let own = object.node().at(&["spec", "pods", "scheduling"]);
    let (is_required, is_preferred) = has_terms(own.and_then(|it| it.at(&["podAntiAffinity"])));
    if is_required || is_preferred || own.is_some_and(|it| has_items(it, &["topologySpreadConstraints"])) {
        return Placement::Apart;
    }
    Placement::Together(object.place(&keys), "disableClusterPodAntiAffinity is true", None)
}
