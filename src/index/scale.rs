//! How many pods a workload runs: from `replicas`, or from whoever scales it.

use super::Index;
use crate::model::Object;
use crate::yaml::NodeRef;

/// Where a scale comes from.
#[derive(Clone, Copy, Debug)]
pub enum ScaledBy<'a> {
    /// `spec.replicas`, written.
    Replicas,
    /// The API's default of 1, because `spec.replicas` is absent.
    Default,
    /// A HorizontalPodAutoscaler.
    Hpa(&'a Object),
    /// A KEDA ScaledObject.
    Keda(&'a Object),
    /// The workload's kind decides: one a node, one a run.
    Kind,
}

impl ScaledBy<'_> {
    /// A word for tables.
    pub fn describe(self) -> String {
        match self {
            ScaledBy::Replicas => "replicas".to_owned(),
            ScaledBy::Default => "default of 1".to_owned(),
            ScaledBy::Hpa(hpa) => format!("HorizontalPodAutoscaler {}", hpa.name()),
            ScaledBy::Keda(object) => format!("ScaledObject {}", object.name()),
            ScaledBy::Kind => "its kind".to_owned(),
        }
    }
}

/// The range of a workload's pods.
#[derive(Clone, Copy, Debug)]
pub struct Scale<'a> {
    /// At least; `None` if the manifests do not tell.
    pub floor: Option<i64>,
    /// At most.
    pub ceiling: Option<i64>,
    /// Whence.
    pub by: ScaledBy<'a>,
}

impl<'a> Scale<'a> {
    /// A number that does not move.
    pub fn fixed(count: Option<i64>, by: ScaledBy<'a>) -> Scale<'a> {
        Scale { floor: count, ceiling: count, by }
    }
}

/// KEDA's `maxReplicaCount` where it is absent (keda-docs 2.21, scaledobject-spec).
const KEDA_DEFAULT_MAXIMUM: i64 = 100;

/// A number that may be absent (then the default) or unknown text (then nothing is known).
fn count(node: Option<NodeRef<'_>>, default: i64) -> Option<i64> {
    node.map_or(Some(default), NodeRef::as_int)
}

impl<'a> Index<'a> {
    /// The scale of an object with `spec.replicas`, whoever sets it.
    pub fn scale_of(&self, object: &'a Object) -> Scale<'a> {
        let replicas = object.node().at(&["spec", "replicas"]);
        let written = count(replicas, 1);
        if written == Some(0) && !self.scalers_of(object).iter().any(|it| it.kind() == "ScaledObject") {
            // An autoscaler leaves a workload at 0 alone: "implicit maintenance mode" of the HPA.
            return Scale::fixed(written, ScaledBy::Replicas);
        }
        let mut best: Option<Scale<'a>> = None;
        for scaler in self.scalers_of(object) {
            let scale = if scaler.kind() == "ScaledObject" { keda_scale(scaler) } else { hpa_scale(scaler) };
            // With two autoscalers on one target the higher minimum wins.
            if best.is_none_or(|it| scale.floor > it.floor) {
                best = Some(scale);
            }
        }
        best.unwrap_or_else(|| {
            Scale::fixed(written, if replicas.is_some() { ScaledBy::Replicas } else { ScaledBy::Default })
        })
    }

    /// The autoscalers whose target is this object, in order.
    pub fn scalers_of(&self, object: &Object) -> Vec<&'a Object> {
        self.look_up(&self.scalers, object, (normal_group(object.group()), object.kind(), object.name()))
    }
}

/// `extensions` was the older home of what is in `apps` today.
pub(super) fn normal_group(group: &str) -> &str {
    if group == "extensions" { "apps" } else { group }
}

/// What an autoscaler scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// API group; `None` if an HPA leaves `apiVersion` out, so that the controller looks in the core group.
    pub group: Option<&'a str>,
    /// Kind.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
}

/// The target of an HPA or ScaledObject.
pub fn scale_target(scaler: &Object) -> Option<Target<'_>> {
    let reference = scaler.node().at(&["spec", "scaleTargetRef"])?;
    let is_keda = scaler.kind() == "ScaledObject";
    let group = reference.str_at(&["apiVersion"]).map(|it| it.split_once('/').map_or("", |it| it.0));
    // KEDA completes what is missing (apis/keda/v1alpha1/gvkr.go); the HPA controller does not.
    let group = if is_keda { group.or(Some("apps")) } else { group };
    let kind = reference.str_at(&["kind"]).or(is_keda.then_some("Deployment"))?;
    Some(Target { group, kind, name: reference.get("name")?.text() })
}

fn hpa_scale(hpa: &Object) -> Scale<'_> {
    let spec = hpa.node();
    Scale {
        floor: count(spec.at(&["spec", "minReplicas"]), 1),
        ceiling: spec.at(&["spec", "maxReplicas"]).and_then(NodeRef::as_int),
        by: ScaledBy::Hpa(hpa),
    }
}

fn keda_scale(object: &Object) -> Scale<'_> {
    let node = object.node();
    let by = ScaledBy::Keda(object);
    if let Some(paused) = object.annotation("autoscaling.keda.sh/paused-replicas") {
        return Scale::fixed(paused.parse().ok(), by);
    }
    let minimum = count(node.at(&["spec", "minReplicaCount"]), 0);
    let idle = node.at(&["spec", "idleReplicaCount"]).map(NodeRef::as_int);
    let mut types = node.items_at(&["spec", "triggers"]).map(|it| it.str_at(&["type"]).unwrap_or_default()).peekable();
    // Resource metrics need a pod to measure, so KEDA refuses to go to 0 with them alone.
    let only_resources = types.peek().is_some() && types.all(|it| matches!(it, "cpu" | "memory"));
    let floor = match idle {
        Some(idle) => idle.zip(minimum).map(|(idle, minimum)| idle.min(minimum)),
        None if only_resources => minimum.map(|it| it.max(1)),
        None => minimum,
    };
    let ceiling = count(node.at(&["spec", "maxReplicaCount"]), KEDA_DEFAULT_MAXIMUM);
    Scale { floor, ceiling, by }
}
