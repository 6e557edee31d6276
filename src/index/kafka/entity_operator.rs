//! Who looks after topics and users: the operators beside a Kafka, and which namespace they watch.
//!
//! Strimzi `EntityTopicOperator.java` and `EntityUserOperator.java`: each runs where its field is there, selects by
//! the label `strimzi.io/cluster`, and watches `watchedNamespace`, else the namespace of the Kafka, and only that.

use super::{CLUSTER_LABEL, STRIMZI};
use crate::index::{Budgets, Nearness};
use crate::model::{Object, is_placeholder};
use crate::yaml::NodeRef;

/// Who looks after a topic or user.
#[derive(Clone, Copy, Debug)]
pub enum Care<'a> {
    /// The operator of a Kafka.
    Taken,
    /// Nobody: it does not say of which Kafka it is.
    Unlabelled,
    /// Nobody: this Kafka runs no operator for its kind.
    NoOperator(&'a Object),
    /// Nobody: the operator of this Kafka watches another namespace, with its name and whether that is a choice.
    OtherNamespace(&'a Object, &'a str, bool),
    /// Nobody: no Kafka is called so; this one stands in its namespace.
    OtherName(&'a Object),
    /// The manifests do not tell, and why.
    Unknown(&'static str),
}

/// The field of the operator for a kind.
pub fn operator_of(kind: &str) -> &'static str {
    if kind == "KafkaUser" { "userOperator" } else { "topicOperator" }
}

impl<'a> Budgets<'a> {
    /// Who looks after a KafkaTopic or KafkaUser.
    pub fn care_of(&self, object: &'a Object) -> Care<'a> {
        let Some(name) = object.label(CLUSTER_LABEL) else { return Care::Unlabelled };
        if is_placeholder(name) || object.namespace().is_some_and(is_placeholder) {
            return Care::Unknown("its Kafka or namespace is a template placeholder");
        }
        let key = operator_of(object.kind());
        let mut without = None;
        let mut elsewhere = None;
        for kafka in self.named(STRIMZI, "Kafka", name) {
            let operator = operator(kafka, key);
            let is_near = self.nearness(object, kafka) != Nearness::Different;
            match operator.map(|it| it.str_at(&["watchedNamespace"])) {
                None if is_near => without = without.or(Some(kafka)),
                Some(None) if is_near => return Care::Taken,
                Some(Some(watched)) if object.namespace().is_none_or(|it| it == watched) => return Care::Taken,
                Some(Some(watched)) if is_placeholder(watched) => return Care::Taken,
                Some(Some(watched)) => elsewhere = elsewhere.or(Some((kafka, watched, true))),
                Some(None) | None => {
                    let own = kafka.namespace().unwrap_or("default");
                    elsewhere = elsewhere.or(Some((kafka, own, false)));
                }
            }
        }
        if let Some(kafka) = without {
            return Care::NoOperator(kafka);
        }
        if let Some((kafka, namespace, is_chosen)) = elsewhere {
            return Care::OtherNamespace(kafka, namespace, is_chosen);
        }
        let mut near = self.of_kind(STRIMZI, "Kafka").filter(|it| self.nearness(object, it) == Nearness::Same);
        near.next().map_or(Care::Unknown("its Kafka is not among the manifests"), Care::OtherName)
    }

    /// A topic or user operator that stands alone, whatever it looks after.
    pub fn lone_entity_operator(&self) -> Option<&'a Object> {
        const SCRIPTS: [&str; 2] = ["topic_operator_run.sh", "user_operator_run.sh"];
        let is_one = |it: &&crate::index::Workload<'a>| {
            it.containers().any(|container| {
                container.words().any(|word| SCRIPTS.iter().any(|it| word.ends_with(it)))
                    || container.repository().ends_with("strimzi/topic-operator")
                    || container.repository().ends_with("strimzi/user-operator")
            })
        };
        self.workloads().iter().find(is_one).map(|it| it.object)
    }
}

/// The operator of a Kafka for a kind, if it runs one.
fn operator<'a>(kafka: &'a Object, key: &str) -> Option<NodeRef<'a>> {
    kafka.node().at(&["spec", "entityOperator", key]).filter(|it| !it.is_null())
}
