//! `kafka-reconciliation-paused`

use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Verdict, Walk};

pub(crate) struct KafkaReconciliationPaused;

const ANNOTATION: &str = "strimzi.io/pause-reconciliation";

impl Rule for KafkaReconciliationPaused {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-reconciliation-paused.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.each(|index| index.strimzi_objects(), judge);
    }
}

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    if object.annotation(ANNOTATION) != Some("true") {
        return Verdict::Pass;
    }
    let message = format!("{} is paused: the operator does nothing about it", object.title());
    cx.fail(object, object.place(&["metadata", "annotations", ANNOTATION]), message)
        .help("remove the annotation: a paused cluster renews no certificates and replaces no failed nodes")
        .verdict()
}
