//! `kafka-reconciliation-paused`

use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};

const ANNOTATION: &str = "strimzi.io/pause-reconciliation";

rule!(KafkaReconciliationPaused, "kafka/kafka-reconciliation-paused.md", |walk| walk
    .each(|index| index.strimzi_objects(), judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    if object.annotation(ANNOTATION) != Some("true") {
        return Verdict::Pass;
    }
    let message = format!("{} is paused: the operator does nothing about it", object.title());
    let keys = &["metadata", "annotations", ANNOTATION];
    cx.fail(object, object.place(keys), message)
        .fix(Repair::new().remove(object, keys).effect("changes that waited are made"))
        .help("remove the annotation: a paused cluster renews no certificates and replaces no failed nodes")
        .verdict()
}
