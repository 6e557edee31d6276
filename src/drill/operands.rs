//! What operators run beside brokers and databases: workers of Kafka Connect and MirrorMaker 2, Kafka Bridges, and the
//! poolers of CloudNativePG.
//!
//! Strimzi runs workers by StrimziPodSets and rolls them one by one (`KafkaConnectRoller.java`), a Bridge by a Deployment
//! with maxSurge 1 and maxUnavailable 0 (`WorkloadUtils.java`); a Pooler is a Deployment with the strategy that it writes
//! (`pkg/specs/pgbouncer/deployments.go`).

use crate::drill::budget::Budget;
use crate::drill::caps::{Bounds, Load};
use crate::drill::constraints::Asked;
use crate::drill::facts::{Facts, Replaced, replaced_after};
use crate::drill::ground::MANY;
use crate::drill::options::AtScale;
use crate::drill::roll::Way;
use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::drill::volumes::Volumes;
use crate::drill::workload::{Setting, outcomes};
use crate::index::PodSpec;
use crate::index::kafka::STRIMZI;
use crate::index::postgres::{CNPG, EDB};
use crate::model::{Object, RollingUpdate};

/// A kind of resource whose operator runs pods.
struct Kind {
    group: &'static str,
    name: &'static str,
    /// Where it describes its pods.
    template: &'static [&'static str],
    /// Where it says how many there are.
    scale: &'static [&'static str],
    role: Role,
    /// Whether a StrimziPodSet runs them, which waits for a lost node to be deleted.
    is_pod_set: bool,
}

const REPLICAS: &[&str] = &["spec", "replicas"];

const KINDS: &[Kind] = &[
    strimzi("KafkaConnect", Role::Consumer, true),
    strimzi("KafkaMirrorMaker2", Role::Consumer, true),
    strimzi("KafkaBridge", Role::Serving, false),
    pooler(CNPG),
    pooler(EDB),
];

const fn strimzi(name: &'static str, role: Role, is_pod_set: bool) -> Kind {
    Kind { group: STRIMZI, name, template: &["spec", "template", "pod"], scale: REPLICAS, role, is_pod_set }
}

const fn pooler(group: &'static str) -> Kind {
    let (template, scale): (&[&str], &[&str]) = (&["spec", "template", "spec"], &["spec", "instances"]);
    Kind { group, name: "Pooler", template, scale, role: Role::Serving, is_pod_set: false }
}

/// Drills all of them.
pub(super) fn operands<'a>(setting: &Setting<'_, 'a>) -> Vec<(&'a Object, Subject)> {
    let of_kind = |kind: &'static Kind| setting.index.of_kind(kind.group, kind.name).map(move |it| (kind, it));
    KINDS.iter().flat_map(of_kind).map(|(kind, it)| (it, operand(setting, kind, it))).collect()
}

fn operand<'a>(setting: &Setting<'_, 'a>, kind: &Kind, object: &'a Object) -> Subject {
    let index = setting.index;
    let sets = index.pods_of(object);
    let sum = |of: fn(&crate::index::PodSet<'a>) -> Option<i64>| sets.iter().map(|it| of(index.pods(*it))).sum();
    let (floor, ceiling): (Option<i64>, Option<i64>) = (sum(|it| it.floor), sum(|it| it.ceiling));
    let pods = match setting.options.at {
        AtScale::Least => floor,
        AtScale::Most => ceiling,
        AtScale::Written => object.node().at(kind.scale).map_or(floor, crate::yaml::NodeRef::as_int),
    };
    let mut subject = Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: kind.role,
        pods,
        ceiling,
        need: setting.options.need.get(object.name()).copied().unwrap_or(1),
        is_counted: true,
        outcomes: Vec::new(),
    };
    let span = object.place(kind.scale).span;
    let number = match pods {
        Some(number) if number > 0 => number,
        Some(_) => return same(subject, Verdict::Asleep, &Proof::at("0 replicas: nothing runs", span)),
        None => {
            return same(
                subject,
                Verdict::NotKnown,
                &Proof::at("the number of replicas is not in the manifests", span),
            );
        }
    };
    let facts = facts(setting, kind, object, (floor.unwrap_or(number), number, ceiling.unwrap_or(MANY)));
    subject.outcomes = outcomes(setting, &Facts { need: subject.need, ..facts });
    subject
}

/// What is known of pods of which there are so many at least, at the scale that is judged, and at most.
fn facts<'a>(
    setting: &Setting<'_, 'a>,
    kind: &Kind,
    object: &'a Object,
    (floor, pods, ceiling): (i64, i64, i64),
) -> Facts {
    let sets = setting.index.pods_of(object);
    let (way, open_way) = way(kind, object, pods);
    let ceiling = ceiling.max(pods);
    let surge = way.map_or(0, |it| it.surge(ceiling));
    let node = object.node().at(kind.template);
    let asked = match node {
        Some(node) => Asked::read(setting.index, &PodSpec { object, node, pods: sets.to_vec() }, setting.around),
        None => Asked::nothing(sets, setting.around, object.name_span()),
    };
    Facts {
        scale_span: object.place(kind.scale).span,
        load: Load { pods, ceiling, most: ceiling.saturating_add(surge), moves: floor != ceiling },
        floor,
        way,
        open_way,
        budget: Budget::read(setting.index, sets, pods, object.name_span()),
        replaced: if kind.is_pod_set { Replaced::NotBeforeDeletion } else { replaced_after(node) },
        asked,
        volumes: Volumes::default(),
        volume: None,
        is_controlled: true,
        is_pinned: false,
        halt: None,
        need: 1,
        most_allowed: MANY,
        crowded: None,
        tight_below: None,
        actual: None,
    }
}

fn same(mut subject: Subject, verdict: Verdict, proof: &Proof) -> Subject {
    let all = [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];
    subject.outcomes = all.into_iter().map(|it| Outcome::plain(it, verdict, proof.clone())).collect();
    subject
}

/// How the operator rolls the pods out.
fn way(kind: &Kind, object: &Object, pods: i64) -> (Option<Way>, Option<Proof>) {
    let strategy = ["spec", "template", "deployment", "deploymentStrategy"];
    let is_recreated = object.node().str_at(&strategy) == Some("Recreate");
    if kind.is_pod_set && is_recreated {
        let text = "releases before 0.40 stop all workers first, later ones roll them one by one";
        return (None, Some(Proof::at(text, object.place(&strategy).span)));
    }
    if kind.is_pod_set {
        return (Some(Way::InPlace { unavailable: Bounds::exactly(1) }), None);
    }
    if kind.group == STRIMZI {
        let one = Way::Rolling { surge: 1, unavailable: 0 };
        return (Some(if is_recreated { Way::Recreate } else { one }), None);
    }
    if object.node().str_at(&["spec", "deploymentStrategy", "type"]) == Some("Recreate") {
        return (Some(Way::Recreate), None);
    }
    let Some(posts) = RollingUpdate::of_pooler(object).resolve(pods) else {
        let span = object.place(&["spec", "deploymentStrategy"]).span;
        return (None, Some(Proof::at("how it is rolled out is a template placeholder", span)));
    };
    (Some(Way::Rolling { surge: posts.surge, unavailable: posts.unavailable.min(pods) }), None)
}
