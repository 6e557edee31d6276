//! The pods that an environment will run, those of operators among them, and who selects them.

pub(in crate::index) mod apart;
pub(in crate::index) mod canaries;
pub(in crate::index) mod operands;
pub(in crate::index) mod run_time_labels;
pub(in crate::index) mod service_names;
pub(in crate::index) mod spread;

use crate::index::lookup::groups::Groups;
use crate::index::lookup::hashing;
use crate::index::pods::canaries::Canaries;
use crate::index::pods::operands::Operands;
use crate::index::{KafkaClusters, Nearness, Unclassified};
use crate::model::{Labels, Object, ObjectId, Operator, Selector, WorkloadKind};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

/// The position of a [`PodSet`] in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodSetId(pub u32);

/// Whether the disruption controller can read the scale of what owns a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The owner has a scale subresource.
    Scalable,
    /// The owner has none: the resource as the API names it, as in `daemonsets.apps`.
    Unscalable(&'static str),
    /// The pods run to their end and are gone soon after.
    Finite,
    /// The pods run to their end, and are kept: no longer ready, but still selected.
    Kept,
    /// Nothing owns the pod.
    Bare,
}

/// Pods that look alike: those of one template, or those of one role that an operator makes.
#[derive(Clone, Debug)]
pub struct PodSet<'a> {
    /// The object that makes them.
    pub owner: &'a Object,
    /// Their labels.
    pub labels: Labels<'a>,
    /// How many there are at least, if known.
    pub floor: Option<i64>,
    /// How many there are at most, if known.
    pub ceiling: Option<i64>,
    /// The scale of the owner at least: more than `floor` where an owner has several kinds of pods.
    pub scale: Option<i64>,
    /// Whether the owner's scale can be read.
    pub control: Control,
    /// Whether an operator makes them, so that labels we do not know may be on them.
    pub is_virtual: bool,
}

/// A pod set that a selector matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The pods.
    pub pods: PodSetId,
    /// [`Nearness::Same`], or [`Nearness::Unknown`] where the namespaces leave it open.
    pub nearness: Nearness,
}

/// Pod sets by namespace and label, so that a selector is answered by a look-up.
#[derive(Debug, Default)]
pub(super) struct PodIndex<'a> {
    /// By namespace; the empty text stands for an absent one.
    buckets: HashMap<&'a str, Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    all: Vec<PodSetId>,
    /// By the hash of key and value, and by that of the key alone; sorted. What a hash finds is compared
    /// with the whole selector anyway.
    by_label: Vec<(u32, PodSetId)>,
}

/// The hash of a label, or of its key alone.
pub(super) fn hash(key: &str, value: Option<&str>) -> u32 {
    hashing::half((key, value))
}

impl<'a> PodIndex<'a> {
    /// Files those that are asked for.
    pub(super) fn new(pods: &[PodSet<'a>], belongs: impl Fn(&PodSet<'a>) -> bool) -> Self {
        let mut index = PodIndex::default();
        for (at, set) in pods.iter().enumerate().filter(|it| belongs(it.1)) {
            let id = PodSetId(u32::try_from(at).expect("fewer than 2^32 pod sets"));
            let bucket = index.buckets.entry(set.owner.namespace().unwrap_or_default()).or_default();
            bucket.all.push(id);
            for (key, value) in set.labels.iter() {
                bucket.by_label.extend([(hash(key, Some(value)), id), (hash(key, None), id)]);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each is sorted for itself")]
        for bucket in index.buckets.values_mut() {
            bucket.by_label.sort_unstable();
        }
        index
    }
}

/// So many are counted one by one.
const FEW: usize = 8;

impl Bucket {
    /// The sets with a label, or with a key whatever its value.
    fn with(&self, key: &str, value: Option<&str>) -> &[(u32, PodSetId)] {
        let hash = hash(key, value);
        let rest = &self.by_label[self.by_label.partition_point(|it| it.0 < hash)..];
        // Mostly there are few, right here.
        let few = rest.iter().take(FEW).take_while(|it| it.0 == hash).count();
        let length = if few < FEW { few } else { rest.partition_point(|it| it.0 == hash) };
        &rest[..length]
    }

    /// The sets that may match: those with the rarest label that the selector asks for.
    fn candidates(&self, selector: &Selector<'_>) -> Vec<PodSetId> {
        let mut best: Option<Vec<&[(u32, PodSetId)]>> = None;
        let size = |found: &[&[(u32, PodSetId)]]| found.iter().map(|it| it.len()).sum::<usize>();
        for requirement in &selector.requirements {
            let key = requirement.key.as_ref();
            let found: Vec<&[(u32, PodSetId)]> = match requirement.operator {
                Operator::In => requirement.values.iter().map(|it| self.with(key, Some(it))).collect(),
                Operator::Exists => vec![self.with(key, None)],
                Operator::NotIn | Operator::DoesNotExist => continue,
            };
            if best.as_ref().is_none_or(|it| size(&found) < size(it)) {
                best = Some(found);
            }
        }
        let Some(best) = best else { return self.all.clone() };
        let mut ids: Vec<PodSetId> = best.into_iter().flatten().map(|it| it.1).collect();
        // A value may stand twice in an expression.
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// The eighth stage: the pods that workloads and operators make, found by their labels.
pub struct Pods<'a> {
    kafka: KafkaClusters<'a>,
    sets: Vec<PodSet<'a>>,
    by_owner: Groups<ObjectId, PodSetId>,
    pod_labels: PodIndex<'a>,
    /// Of the pods that operators make only.
    made_labels: PodIndex<'a>,
    canaries: Canaries<'a>,
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
            labels: canaries.serving_labels(workload.object, &workload.labels),
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
        let candidates = buckets.into_iter().flatten().flat_map(|it| it.candidates(selector));
        candidates.filter(|it| selector.matches(&self.pods(*it).labels)).min()
    }

    /// The pods that a selector matches in whatever namespace, in order.
    pub(super) fn pods_matching(&self, selector: &Selector<'_>) -> Vec<PodSetId> {
        let mut found: Vec<PodSetId> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "they are sorted")]
        for bucket in self.pod_labels.buckets.values() {
            found.extend(bucket.candidates(selector).into_iter().filter(|it| selector.matches(&self.pods(*it).labels)));
        }
        found.sort_unstable();
        found
    }

    /// Pods that operators make, in whatever namespace, that have one of the labels which a selector wants.
    pub(super) fn made_pods_that_share(&self, selector: &Selector<'_>) -> Option<PodSetId> {
        let wanted = selector.requirements.iter().filter(|it| matches!(it.operator, Operator::In | Operator::Exists));
        let mut found = None;
        for requirement in wanted {
            let alone = Selector { requirements: vec![requirement.clone()] };
            #[expect(clippy::iter_over_hash_type, reason = "the least id is kept")]
            for bucket in self.made_labels.buckets.values() {
                let hit = bucket.candidates(&alone).into_iter().min();
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
            let hit =
                bucket.candidates(selector).into_iter().filter(|it| selector.matches(&self.pods(*it).labels)).min();
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
            if keeps_none || is_deleted { Control::Finite } else { Control::Kept }
        }
        WorkloadKind::Pod => Control::Bare,
        _ => Control::Scalable,
    }
}
