//! The pods that an environment will run, those of operators among them, and who selects them.

pub(in crate::index) mod apart;
mod buckets;
pub(in crate::index) mod canaries;
pub(in crate::index) mod operands;
pub(in crate::index) mod run_time_labels;
pub(in crate::index) mod service_names;
pub(in crate::index) mod sets;
pub(in crate::index) mod spread;

use crate::index::lookup::groups::Groups;
pub(in crate::index) use crate::index::pods::buckets::hash;
use crate::index::pods::buckets::{Bucket, PodIndex};
use crate::index::pods::canaries::Canaries;
use crate::index::pods::operands::Operands;
pub use crate::index::pods::sets::{Control, PodSet, PodSetId, Selected};
use crate::index::{KafkaClusters, Nearness, Unclassified};
use crate::model::{Labels, Object, ObjectId, Operator, Selector, WorkloadKind};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashSet};
use std::sync::OnceLock;

/// The eighth stage: the pods that workloads and operators make, found by their labels.
pub struct Pods<'a> {
    kafka: KafkaClusters<'a>,
    sets: Vec<PodSet<'a>>,
    by_owner: Groups<ObjectId, PodSetId>,
    pod_labels: PodIndex<'a>,
    /// Of the pods that operators make only.
    made_labels: PodIndex<'a>,
    canaries: Canaries<'a>,
    /// The hashes of all labels, and of their keys alone.
    label_set: OnceLock<HashSet<u32>>,
    pub(super) operands: OnceLock<Operands>,
}

crate::index::stands_on!(Pods, kafka: KafkaClusters);

impl<'a> Pods<'a> {
    /// The hashes of all labels, and of their keys alone.
    pub(super) fn label_hashes(&self) -> Vec<u32> {
        self.pod_labels.buckets.values().flat_map(|it| it.by_label.iter().map(|it| it.0)).collect()
    }

    /// Files the pods of workloads, and those that operators make.
    pub(super) fn new(kafka: KafkaClusters<'a>, made: Vec<PodSet<'a>>) -> Pods<'a> {
        let mut canaries = Canaries::read(&kafka);
        let templates = kafka.workloads().iter().map(|workload| PodSet {
            owner: workload.object,
            labels: canaries.serving_labels(workload.object, &labels_of(workload)),
            floor: workload.scale.floor,
            ceiling: workload.scale.ceiling,
            scale: workload.scale.floor,
            control: control(workload),
            is_virtual: false,
        });
        let mut pods: Vec<PodSet<'a>> = templates.chain(made).collect();
        for (workload, serving) in kafka.workloads().iter().zip(0..) {
            let at = u32::try_from(pods.len()).expect("fewer than 2^32 pod sets");
            let Some(owner) = canaries.file(workload.object, at, serving) else { continue };
            let (labels, none) = (workload.labels.clone(), Some(0));
            let control = Control::Scalable;
            pods.push(PodSet { owner, labels, floor: none, ceiling: none, scale: none, control, is_virtual: false });
        }
        let owned = pods.iter().zip(0..).map(|(set, at)| (set.owner.id(), PodSetId(at)));
        Pods {
            by_owner: Groups::new(owned.collect()),
            pod_labels: PodIndex::new(&pods, |_| true),
            made_labels: PodIndex::new(&pods, |it| it.is_virtual),
            sets: pods,
            canaries,
            label_set: OnceLock::new(),
            operands: OnceLock::new(),
            kafka,
        }
    }

    /// The pod sets that an object makes.
    pub fn pods_of(&self, object: &Object) -> &[PodSetId] {
        self.by_owner.get(object.id())
    }

    /// The pods to which a Service leads that selects these.
    pub(super) fn serving_pods(&self, selected: PodSetId) -> PodSetId {
        PodSetId(self.canaries.serving(selected.0))
    }

    /// The pods of a canary's target, where a copy of it serves: none between releases.
    pub fn idle_pods_of(&self, target: &Object) -> Option<PodSetId> {
        self.canaries.idle_pods(target).map(PodSetId)
    }

    /// The label by which the copy of a canary's target is selected.
    pub fn serving_label_of(&self, target: &Object) -> Option<(&str, &str)> {
        self.canaries.serving_label(target)
    }

    /// All pod sets.
    pub fn pod_sets(&self) -> &[PodSet<'a>] {
        &self.sets
    }

    /// The pod set with this id.
    pub fn pods(&self, id: PodSetId) -> &PodSet<'a> {
        &self.sets[id.0 as usize]
    }

    /// The pods that a selector written in `from` matches in its namespace, in order.
    pub fn select(&self, from: &Object, selector: &Selector<'_>) -> Vec<Selected> {
        self.select_in(&self.pod_labels, from, selector)
    }

    /// The first of them.
    pub(super) fn first_selected(&self, from: &Object, selector: &Selector<'_>) -> Option<PodSetId> {
        let buckets = self.buckets_near(&self.pod_labels, from).into_iter();
        let fits = |it: &PodSetId| {
            let pods = self.pods(*it);
            selector.matches(&pods.labels) && self.nearness(from, pods.owner) != Nearness::Different
        };
        buckets.filter_map(|it| it.1.candidates(selector).find(fits)).min()
    }

    /// The same among the pods that operators make.
    pub(super) fn select_made(&self, from: &Object, selector: &Selector<'_>) -> Vec<Selected> {
        self.select_in(&self.made_labels, from, selector)
    }

    fn select_in(&self, pods: &PodIndex<'a>, from: &Object, selector: &Selector<'_>) -> Vec<Selected> {
        let mut found = Vec::new();
        for (namespace, bucket) in self.buckets_near(pods, from) {
            // Two explicit namespaces were compared already; an absent one is compared object by object.
            let is_settled = from.namespace() == Some(namespace);
            for id in bucket.candidates(selector) {
                let pods = self.pods(id);
                if !selector.matches(&pods.labels) {
                    continue;
                }
                let nearness = if is_settled { Nearness::Same } else { self.nearness(from, pods.owner) };
                if nearness != Nearness::Different {
                    found.push(Selected { pods: id, nearness });
                }
            }
        }
        found.sort_by_key(|it| it.pods);
        if from.namespace().is_none() {
            self.doubt_several_namespaces(&mut found);
        }
        found
    }

    /// What leaves its namespace out is in one of several at most: which, the folder does not tell.
    fn doubt_several_namespaces(&self, found: &mut [Selected]) {
        let namespace = |it: &Selected| self.pods(it.pods).owner.namespace();
        let same = found.iter().filter(|it| it.nearness == Nearness::Same).filter_map(namespace);
        if same.collect::<BTreeSet<&str>>().len() < 2 {
            return;
        }
        for selected in found {
            let is_other = self.pods(selected.pods).owner.namespace().is_some_and(|it| it != "default");
            if selected.nearness == Nearness::Same && is_other {
                selected.nearness = Nearness::Unknown;
            }
        }
    }

    /// The buckets that may hold pods of an object's namespace.
    fn buckets_near<'p>(&self, pods: &'p PodIndex<'a>, from: &Object) -> Vec<(&'a str, &'p Bucket)> {
        let buckets = &pods.buckets;
        let is_exact = from.namespace().is_some_and(|it| !crate::index::objects::namespaces::is_template(it));
        if !is_exact || self.has_template_namespaces {
            return buckets.iter().map(|(namespace, bucket)| (*namespace, bucket)).collect();
        }
        let own = from.namespace().and_then(|it| buckets.get_key_value(it));
        own.into_iter().chain(buckets.get_key_value("")).map(|(key, bucket)| (*key, bucket)).collect()
    }

    /// Whether pods are in a namespace of this name.
    pub(super) fn has_pods_in(&self, namespace: &str) -> bool {
        self.pod_labels.buckets.contains_key(namespace)
    }

    /// The pods that may be in the namespace of an object.
    pub(super) fn pods_near(&self, from: &Object) -> impl Iterator<Item = PodSetId> {
        let buckets = self.buckets_near(&self.pod_labels, from).into_iter();
        buckets.flat_map(|(_, bucket)| bucket.all.iter().copied())
    }

    /// Whether pods in a namespace of this name, or in one that is not written, match.
    pub fn selects_in(&self, namespace: &str, selector: &Selector<'_>) -> Option<PodSetId> {
        let buckets = [namespace, ""].map(|it| self.pod_labels.buckets.get(it));
        let first = |it: &Bucket| it.candidates(selector).find(|it| selector.matches(&self.pods(*it).labels));
        buckets.into_iter().flatten().filter_map(first).min()
    }

    /// The pods that a selector matches near an object, or in whatever namespace, in no order.
    pub(super) fn pods_fitting<'p>(
        &'p self,
        near: Option<&Object>,
        selector: &'p Selector<'_>,
    ) -> impl Iterator<Item = PodSetId> + use<'p, 'a> {
        let buckets: Vec<&'p Bucket> = match near {
            Some(object) => self.buckets_near(&self.pod_labels, object).into_iter().map(|it| it.1).collect(),
            None => self.pod_labels.buckets.values().collect(),
        };
        let candidates = buckets.into_iter().flat_map(|it| it.candidates(selector));
        candidates.filter(|it| selector.matches(&self.pods(*it).labels))
    }

    /// A selector without what holds for all pods.
    pub(super) fn effective(&self, selector: &Selector<'a>) -> Selector<'a> {
        let labels = || self.label_set.get_or_init(|| self.label_hashes().into_iter().collect());
        selector.effective(|key, value| labels().contains(&hash(key, value)))
    }

    /// Pods that operators make, in whatever namespace, that have one of the labels which a selector wants.
    pub(super) fn made_pods_that_share(&self, selector: &Selector<'_>) -> Option<PodSetId> {
        let wanted = selector.requirements.iter().filter(|it| matches!(it.operator, Operator::In | Operator::Exists));
        let mut found = None;
        for requirement in wanted {
            let alone = Selector { requirements: vec![requirement.clone()] };
            #[expect(clippy::iter_over_hash_type, reason = "the least id is kept")]
            for bucket in self.made_labels.buckets.values() {
                let hit = bucket.candidates(&alone).min();
                found = [found, hit].into_iter().flatten().min();
            }
        }
        found
    }

    /// Whether pods anywhere in the environment, in whatever namespace, match.
    pub fn selects_anywhere(&self, selector: &Selector<'_>) -> Option<PodSetId> {
        let mut found = None;
        #[expect(clippy::iter_over_hash_type, reason = "the least id is kept")]
        for bucket in self.pod_labels.buckets.values() {
            // They are in order, so that the first is the least.
            let hit = bucket.candidates(selector).find(|it| selector.matches(&self.pods(*it).labels));
            found = match (found, hit) {
                (Some(one), Some(other)) => Some(std::cmp::min::<PodSetId>(one, other)),
                (one, other) => one.or(other),
            };
        }
        found
    }
}

/// Finished pods that are kept longer than this stand in the way of drains.
const SOON: i64 = 300;

/// Whether the specification of a Job lets its finished pods go soon.
pub(super) fn goes_soon(job: Option<NodeRef<'_>>) -> bool {
    let time = job.and_then(|it| it.at(&["ttlSecondsAfterFinished"]));
    time.is_some_and(|it| it.as_int().is_none_or(|it| it <= SOON))
}

/// Whether a CronJob starts no Jobs for the time being.
pub fn is_suspended(object: &Object) -> bool {
    object.kind() == "CronJob" && object.node().bool_at(&["spec", "suspend"]) == Some(true)
}

/// The labels of a workload's pods: those of its template, and those that the controller of Jobs adds
/// (`pkg/apis/batch/types.go`).
fn labels_of<'a>(workload: &Unclassified<'a>) -> Labels<'a> {
    let mut labels = workload.labels.clone();
    if workload.kind == WorkloadKind::Job && workload.object.is_named {
        labels.set("job-name", workload.object.name());
        labels.set("batch.kubernetes.io/job-name", workload.object.name());
    }
    labels
}

/// Whether the disruption controller can read the scale of what owns a workload's pods.
fn control(workload: &Unclassified<'_>) -> Control {
    let node = workload.object.node();
    match workload.kind {
        WorkloadKind::DaemonSet => Control::Unscalable("daemonsets.apps"),
        WorkloadKind::Job => {
            let is_deleted = goes_soon(node.at(&["spec"]))
                || ["helm.sh/hook", "helm.sh/hook-delete-policy", "argocd.argoproj.io/hook"]
                    .iter()
                    .any(|it| workload.object.annotation(it).is_some());
            if is_deleted { Control::Finite } else { Control::Kept }
        }
        WorkloadKind::CronJob => {
            let limits = ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
            let keeps_none = limits.iter().all(|it| node.int_at(&["spec", it]) == Some(0));
            let is_deleted = goes_soon(node.at(&["spec", "jobTemplate", "spec"]));
            if keeps_none || is_deleted || is_suspended(workload.object) { Control::Finite } else { Control::Kept }
        }
        WorkloadKind::Pod => Control::Bare,
        _ => Control::Scalable,
    }
}
