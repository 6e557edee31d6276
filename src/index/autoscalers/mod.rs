//! How many pods a workload runs: from `replicas`, or from whoever scales it.

pub(in crate::index) mod limits;
pub(in crate::index) mod metrics;
pub(in crate::index) mod requests;
pub(in crate::index) mod strays;

use crate::finding::ScaleSource;
use crate::index::autoscalers::limits::Limits;
use crate::index::autoscalers::strays::stray_scalers;
use crate::index::lookup::directory::Directory;
use crate::index::lookup::groups::Groups;
use crate::index::{Installed, Objects};
use crate::model::{Object, ObjectId, Owner, Place, Version, normal_group, products, whole_number};
use crate::yaml::NodeRef;

/// Where a scale comes from.
#[derive(Clone, Copy, Debug)]
pub enum ScaledBy<'a> {
    /// `spec.replicas`, written.
    Replicas,
    /// The API's default of 1 (0 for a DeploymentConfig), because `spec.replicas` is absent.
    Default,
    /// A HorizontalPodAutoscaler.
    Hpa(&'a Object),
    /// A KEDA ScaledObject.
    Keda(&'a Object),
    /// An autoscaler whose rules we do not know.
    Foreign(&'a Object),
    /// The workload's kind decides: one a node, one a run.
    Kind,
}

impl ScaledBy<'_> {
    /// The same, to be told when the index is gone.
    pub fn source(self) -> ScaleSource {
        match self {
            ScaledBy::Replicas => ScaleSource::Word("replicas"),
            ScaledBy::Default => ScaleSource::Word("the default"),
            ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) | ScaledBy::Foreign(scaler) => {
                ScaleSource::Object(scaler.identity().clone())
            }
            ScaledBy::Kind => ScaleSource::Word("its kind"),
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
    /// Why the number of pods is not known, where it is not.
    pub fn doubt(&self) -> String {
        match self.by {
            ScaledBy::Foreign(scaler) => format!("{} decides how many pods there are", scaler.title()),
            _ => "the number of replicas is a template placeholder".to_owned(),
        }
    }

    /// A number that does not move.
    pub fn fixed(count: Option<i64>, by: ScaledBy<'a>) -> Scale<'a> {
        Scale { floor: count, ceiling: count, by }
    }
}

/// Groups and kinds of the autoscalers that we can follow.
pub const AUTOSCALERS: [(&str, &str); 2] =
    [("autoscaling", "HorizontalPodAutoscaler"), (products::KEDA, "ScaledObject")];
/// The annotation that holds a ScaledObject's target at a number of pods.
pub const KEDA_PAUSED_REPLICAS: &str = "autoscaling.keda.sh/paused-replicas";
/// The annotation that holds it at what it has.
pub const KEDA_PAUSED: &str = "autoscaling.keda.sh/paused";

/// KEDA triggers that read a queue or stream.
pub(in crate::index) const QUEUE_TRIGGERS: &[&str] = &[
    "kafka",
    "apache-kafka",
    "rabbitmq",
    "gcp-pubsub",
    "aws-sqs-queue",
    "azure-servicebus",
    "azure-eventhub",
    "nats-jetstream",
    "redis-streams",
    "redis-lists",
    "pulsar",
    "solace-event-queue",
    "activemq",
    "artemis-queue",
];

/// KEDA's `maxReplicaCount` where it is absent (keda-docs 2.21, scaledobject-spec).
const KEDA_DEFAULT_MAXIMUM: i64 = 100;

/// A number that may be absent (then the default), or unknown text or negative (then nothing is known).
fn count(node: Option<NodeRef<'_>>, default: i64) -> Option<i64> {
    node.map_or(Some(default), NodeRef::as_int).filter(|it| *it >= 0)
}

impl<'a> Objects<'a> {
    /// The HorizontalPodAutoscalers and ScaledObjects, in order of their kinds.
    pub fn autoscalers(&self) -> impl Iterator<Item = &'a Object> {
        let [hpas, scaled_objects] = AUTOSCALERS.map(|(group, kind)| self.of_kind(group, kind));
        hpas.chain(scaled_objects).filter(|it| !self.is_of_a_scaled_object(it))
    }

    fn find_target(&self, scaler: &Object) -> Option<&'a Object> {
        let target = scale_target(scaler)?;
        self.find(scaler, normal_group(target.group?), target.kind, target.name)
    }

    /// Whether KEDA made an HPA of a `ScaledObject` that is there, too: they are one autoscaler.
    fn is_of_a_scaled_object(&self, hpa: &Object) -> bool {
        let owner = Owner::of(hpa).filter(|it| hpa.is_made() && it.kind == "ScaledObject");
        owner.is_some_and(|it| self.find(hpa, it.group, it.kind, it.name).is_some())
    }
}

/// The third stage: who scales what.
pub struct Autoscalers<'a> {
    installed: Installed<'a>,
    /// Autoscalers by their target.
    scalers: Directory<'a>,
    /// The targets of autoscalers of all kinds, by the position of the autoscaler.
    targets: Groups<ObjectId, &'a Object>,
    /// VerticalPodAutoscalers, by the position of their target.
    pub(super) vertical_scalers: Groups<ObjectId, &'a Object>,
    /// What says that it scales something but is none of the autoscalers that we can follow, by the name it says.
    pub(super) stray_scalers: Directory<'a>,
    /// Argo Rollouts by the Deployment whose template they run.
    rollouts: Directory<'a>,
    pub(super) limits: Limits<'a>,
}

crate::index::stands_on!(Autoscalers, installed: Installed);

impl<'a> Autoscalers<'a> {
    /// Finds autoscalers and their targets.
    pub(super) fn new(installed: Installed<'a>) -> Autoscalers<'a> {
        let mut by_target = Vec::new();
        for scaler in installed.autoscalers() {
            // Without a group the HPA controller looks in the core group and never scales an app.
            let Some(Target { group: Some(group), kind, name }) = scale_target(scaler) else { continue };
            by_target.push(((normal_group(group), kind, name), scaler));
        }
        let find = |it: &'a Object| Some((it.id(), installed.find_target(it)?));
        let of_vertical: Vec<(ObjectId, &'a Object)> =
            installed.of_kind(products::VPA, "VerticalPodAutoscaler").filter_map(find).collect();
        let of_others: Vec<(ObjectId, &'a Object)> = installed.autoscalers().filter_map(find).collect();
        let vertical = of_vertical.iter().map(|(at, target)| (target.id(), installed.object_at(*at)));
        let rollouts = installed.of_kind(products::ARGO, "Rollout").filter_map(|rollout| {
            let reference = rollout.node().at(&["spec", "workloadRef"])?;
            let name = reference.get("name")?.text();
            (reference.str_at(&["kind"]) == Some("Deployment")).then_some((("apps", "Deployment", name), rollout))
        });
        Autoscalers {
            scalers: Directory::new(by_target),
            vertical_scalers: Groups::new(vertical.collect()),
            targets: Groups::new([of_vertical, of_others].concat()),
            stray_scalers: stray_scalers(&installed),
            rollouts: Directory::new(rollouts.collect()),
            limits: Limits::read(&installed),
            installed,
        }
    }

    /// The scale of an object with `spec.replicas`, whoever sets it.
    pub fn scale_of(&self, object: &'a Object) -> Scale<'a> {
        let replicas = object.node().at(&["spec", "replicas"]);
        // OpenShift's own kind has a plain number, which is 0 where it is absent.
        let default = i64::from(object.group() != products::OPENSHIFT_APPS);
        let written = count(replicas, default);
        if written == Some(0) && !self.scalers_of(object).iter().any(|it| it.kind() == "ScaledObject") {
            // An autoscaler leaves a workload at 0 alone: "implicit maintenance mode" of the HPA.
            let by = if replicas.is_some() { ScaledBy::Replicas } else { ScaledBy::Default };
            return Scale::fixed(written, by);
        }
        let mut best: Option<Scale<'a>> = None;
        for scaler in self.scalers_of(object) {
            let scale = scale_by(scaler);
            // With two autoscalers on one target the higher minimum wins; one that is not known may be higher.
            let is_higher =
                |it: Scale<'a>| it.floor.is_some() && scale.floor.is_none_or(|floor| Some(floor) > it.floor);
            if best.is_none_or(is_higher) {
                best = Some(scale);
            }
        }
        let foreign = || Some(Scale::fixed(None, ScaledBy::Foreign(self.foreign_scalers_of(object).first()?)));
        best.or_else(foreign).unwrap_or_else(|| {
            Scale::fixed(written, if replicas.is_some() { ScaledBy::Replicas } else { ScaledBy::Default })
        })
    }

    /// The object that an HPA, ScaledObject or VPA scales, if the environment has it.
    pub fn target_of(&self, scaler: &Object) -> Option<&'a Object> {
        self.targets.get(scaler.id()).first().copied()
    }

    /// The scale of a custom resource whose number of pods stands in one field.
    pub(super) fn scale_of_field(&self, object: &'a Object, keys: &[&str], default: i64) -> Scale<'a> {
        let node = object.node().at(keys);
        let written = node.map_or(Some(default), NodeRef::as_int);
        if self.scalers_of(object).is_empty() {
            return Scale::fixed(written, if node.is_some() { ScaledBy::Replicas } else { ScaledBy::Default });
        }
        self.scale_of(object)
    }

    /// Whether a Deployment only holds the template of a Rollout.
    pub(super) fn is_template_of_a_rollout(&self, deployment: &Object) -> bool {
        !self.look_up(&self.rollouts, deployment, ("apps", "Deployment", deployment.name())).is_empty()
    }

    /// The autoscalers whose target is this object, in order.
    pub fn scalers_of(&self, object: &Object) -> Vec<&'a Object> {
        self.look_up(&self.scalers, object, (normal_group(object.group()), object.kind(), object.name()))
    }
}

/// The range that an HPA or ScaledObject gives its target.
pub fn scale_by(scaler: &Object) -> Scale<'_> {
    if scaler.kind() == "ScaledObject" { keda_scale(scaler) } else { hpa_scale(scaler) }
}

/// Whether a ScaledObject follows a queue or stream, so that no pods without work are meant.
pub fn follows_a_queue(scaler: &Object) -> bool {
    let types = scaler.node().items_at(&["spec", "triggers"]).filter_map(|it| it.str_at(&["type"]));
    scaler.kind() == "ScaledObject" && types.into_iter().any(|it| QUEUE_TRIGGERS.contains(&it))
}

/// Where an HPA or ScaledObject writes its floor, or would, and whether it does.
pub fn floor_place(scaler: &Object) -> (Place, bool) {
    let keys: &[&str] = if scaler.kind() != "ScaledObject" {
        &["spec", "minReplicas"]
    } else if scaler.annotation(KEDA_PAUSED_REPLICAS).is_some() {
        &["metadata", "annotations", KEDA_PAUSED_REPLICAS]
    } else if scaler.node().at(&["spec", "idleReplicaCount"]).is_some() {
        &["spec", "idleReplicaCount"]
    } else {
        &["spec", "minReplicaCount"]
    };
    (scaler.place(keys), scaler.node().at(keys).is_some())
}

/// The first Kubernetes in which HPAs scale to nothing unless that is switched off; before, the feature gate
/// HPAScaleToZero lets them (`pkg/features/kube_features.go`, `pkg/apis/autoscaling/validation/validation.go`).
pub const SCALES_TO_ZERO: Version = Version::new(1, 37, 0);

impl Objects<'_> {
    /// Whether the API server takes the minimum of 0 of an HPA.
    pub fn takes_zero(&self, hpa: &Object) -> bool {
        let is_zero = hpa.node().int_at(&["spec", "minReplicas"]) == Some(0);
        is_zero && has_external_metric(hpa) && !self.is_older_than(SCALES_TO_ZERO)
    }
}

/// Whether an HPA has a metric that exists without pods. In `autoscaling/v1` they hide in an annotation.
pub fn has_external_metric(scaler: &Object) -> bool {
    let mut types = scaler.node().items_at(&["spec", "metrics"]).filter_map(|it| it.str_at(&["type"]));
    types.any(|it| matches!(it, "Object" | "External"))
        || scaler.annotation("autoscaling.alpha.kubernetes.io/metrics").is_some()
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

/// The keys that lead to the target of an autoscaler.
pub fn target_keys(scaler: &Object) -> &'static [&'static str] {
    if scaler.kind() == "VerticalPodAutoscaler" { &["spec", "targetRef"] } else { &["spec", "scaleTargetRef"] }
}

/// The target of an HPA, ScaledObject or VPA.
pub fn scale_target(scaler: &Object) -> Option<Target<'_>> {
    let reference = scaler.node().at(target_keys(scaler))?;
    let is_keda = scaler.kind() == "ScaledObject";
    let group = reference.str_at(&["apiVersion"]).map(|it| it.split_once('/').map_or("", |it| it.0));
    // KEDA completes what is missing (apis/keda/v1alpha1/gvkr.go), and the VPA knows the built-in kinds by
    // their names alone (vertical-pod-autoscaler/pkg/target/fetcher.go); the HPA controller does neither.
    let group = match scaler.kind() {
        "ScaledObject" if reference.str_at(&["apiVersion"]) == Some("") => Some("apps"),
        "ScaledObject" => group.or(Some("apps")),
        "VerticalPodAutoscaler" => group.filter(|it| !it.is_empty()).or(Some("apps")),
        _ => group,
    };
    let kind = reference.str_at(&["kind"]).or(is_keda.then_some("Deployment"))?;
    // The core group is right for its one kind with a scale.
    let group = group.or((kind == "ReplicationController").then_some(""));
    Some(Target { group, kind, name: reference.get("name")?.text() })
}

fn hpa_scale(hpa: &Object) -> Scale<'_> {
    let spec = hpa.node();
    Scale {
        // What KEDA writes into its own HPA is at least 1, whatever its ScaledObject says.
        floor: count(spec.at(&["spec", "minReplicas"]), 1).filter(|_| !hpa.is_made()),
        ceiling: spec.at(&["spec", "maxReplicas"]).and_then(NodeRef::as_int),
        by: ScaledBy::Hpa(hpa),
    }
}

fn keda_scale(object: &Object) -> Scale<'_> {
    let node = object.node();
    let by = ScaledBy::Keda(object);
    if let Some(paused) = object.annotation(KEDA_PAUSED_REPLICAS) {
        return Scale::fixed(whole_number(paused), by);
    }
    if object.annotation(KEDA_PAUSED) == Some("true") {
        return Scale::fixed(None, by); // As many as there were when it was paused.
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
