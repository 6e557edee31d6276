//! Labels that pods get only while they run, from controllers or from the programs in them, so that no
//! template shows them.

use crate::index::lookup::hashing::hash;
use crate::index::objects::namespaces;
use crate::index::{PodSetId, Pods, Workloads};
use crate::model::{Object, Operator, PodTemplate, Requirement, Selector, WorkloadKind, products};
use std::collections::HashSet;

/// Keys that controllers, meshes and programs such as Patroni and Vault set on running pods.
const KEYS: &[&str] = &[
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "controller-revision-hash",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-completion-index",
    "job-name",
    "controller-uid",
    "deployment",
    "deploymentconfig",
    "strimzi.io/pod-name",
    "spilo-role",
    "vault-active",
    "vault-initialized",
    "vault-perf-standby",
    "vault-sealed",
    "vault-version",
];

/// Words in a key or value that name a place in a cluster of equals, which is chosen while they run.
const ELECTED: &[&str] = &[
    "active",
    "follower",
    "leader",
    "leading",
    "main",
    "master",
    "primary",
    "replica",
    "secondary",
    "slave",
    "standby",
];

impl Workloads<'_> {
    fn read_owned_labels(&self) -> HashSet<u64> {
        let mut owned = HashSet::new();
        for object in self.objects() {
            let Some(kind) = WorkloadKind::of(object).filter(|_| self.workload_of(object).is_none()) else { continue };
            // What a Deployment left behind of its former templates runs nothing.
            if object.node().int_at(&["spec", "replicas"]) == Some(0) {
                continue;
            }
            let labels = PodTemplate::of(object, kind).and_then(|it| it.node().at(&["metadata", "labels"]));
            for entry in labels.into_iter().flat_map(crate::yaml::NodeRef::entries) {
                owned.insert(hash((entry.key.text(), entry.value.text())));
            }
        }
        owned
    }
}

impl Pods<'_> {
    /// Pods near an object that a selector matches but for labels which they may get while they run.
    pub fn may_be_labelled(&self, from: &Object, selector: &Selector<'_>) -> Option<PodSetId> {
        self.all_that_may_be_labelled(from, selector).first().copied()
    }

    /// All such pods, in order.
    pub fn all_that_may_be_labelled(&self, from: &Object, selector: &Selector<'_>) -> Vec<PodSetId> {
        let is_late = |it: &Requirement<'_>| comes_late(it) || self.is_of_a_rollout(it);
        let (late, written): (Vec<_>, Vec<_>) = selector.requirements.iter().cloned().partition(is_late);
        if late.is_empty() {
            return Vec::new();
        }
        let fits = |it: &Requirement<'_>, pods: PodSetId| {
            let set = self.pods(pods);
            let is_open = set.labels.get(&it.key).is_none() && names_a_pod(it, set.owner);
            if comes_late(it) { is_open } else { is_open && sets_label(set.owner, it) }
        };
        let mut selected: Vec<PodSetId> =
            self.select(from, &Selector { requirements: written }).iter().map(|it| it.pods).collect();
        selected.retain(|pods| late.iter().all(|it| fits(it, *pods)));
        selected
    }

    /// Whether an Argo Rollout puts such a label on its stable or canary pods.
    fn is_of_a_rollout(&self, requirement: &Requirement<'_>) -> bool {
        requirement.operator == Operator::In
            && self.of_kind(products::ARGO, "Rollout").any(|it| sets_label(it, requirement))
    }

    /// Whether pods that somebody outside the manifests owns may match a selector.
    pub fn may_select_owned(&self, selector: &Selector<'_>) -> bool {
        let owned = self.owned_labels.get_or_init(|| self.read_owned_labels());
        let wanted = selector.requirements.iter().filter(|it| it.operator == Operator::In);
        !owned.is_empty()
            && wanted.into_iter().all(|it| it.values.iter().any(|value| owned.contains(&hash((&*it.key, &**value)))))
    }
}

fn comes_late(requirement: &Requirement<'_>) -> bool {
    let is_elected = |it: &str| it.split(['-', '_', '.', '/']).any(|it| ELECTED.contains(&it));
    let key = requirement.key.as_ref();
    // These say what a program is, which its author knows.
    let is_naming = matches!(key, "app" | "name" | "k8s-app") || key.starts_with("app.kubernetes.io/");
    !is_naming
        && requirement.operator == Operator::In
        && (KEYS.contains(&key) || is_elected(key) || requirement.values.iter().any(|it| is_elected(it)))
}

/// Whether a Rollout gives some of its pods a label that a requirement asks for, while it runs
/// (argo-rollouts, `docs/features/ephemeral-metadata.md`).
fn sets_label(owner: &Object, requirement: &Requirement<'_>) -> bool {
    let strategies = [["canary", "stableMetadata"], ["canary", "canaryMetadata"]];
    let blue_green = [["blueGreen", "activeMetadata"], ["blueGreen", "previewMetadata"]];
    strategies.iter().chain(&blue_green).any(|[strategy, part]| {
        let value = owner.node().at(&["spec", "strategy", strategy, part, "labels", &requirement.key]);
        value.is_some_and(|it| requirement.values.iter().any(|wanted| **wanted == *it.text()))
    })
}

/// The name of one pod of a StatefulSet must be one of its own; nothing else that comes late can be compared.
fn names_a_pod(requirement: &Requirement<'_>, owner: &Object) -> bool {
    let is_of_an_operator = WorkloadKind::of(owner).is_none();
    if requirement.key != "statefulset.kubernetes.io/pod-name" || is_of_an_operator {
        return true;
    }
    owner.kind() == "StatefulSet"
        && requirement.values.iter().any(|it| {
            let number = it.strip_prefix(owner.name()).and_then(|it| it.strip_prefix('-'));
            namespaces::is_template(it) || number.is_some_and(|it| it.parse::<u32>().is_ok())
        })
}
