//! `kafka-reconciliation-paused`

use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct KafkaReconciliationPaused;

const ANNOTATION: &str = "strimzi.io/pause-reconciliation";

impl Rule for KafkaReconciliationPaused {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-reconciliation-paused.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for object in cx.index().strimzi_objects() {
                if object.annotation(ANNOTATION) != Some("true") {
                    cx.pass(object);
                    continue;
                }
                let message = format!("{} is paused: the operator does nothing about it", object.title());
                cx.fail(object, object.place(&["metadata", "annotations", ANNOTATION]), message).help(
                    "remove the annotation: a paused cluster renews no certificates and replaces no failed nodes",
                );
            }
        });
    }
}
