//! `kafka-connect-single-replica`

use crate::index::ScaledBy;
use crate::index::kafka::STRIMZI;
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::NodeRef;

const KINDS: [(&str, &str); 3] = [(STRIMZI, "KafkaConnect"), (STRIMZI, "KafkaMirrorMaker2"), (STRIMZI, "KafkaBridge")];

rule!(KafkaConnectSingleReplica, "kafka/kafka-connect-single-replica.md", |walk| walk.of_kinds(&KINDS, judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys = &["spec", "replicas"];
    let node = object.node().at(keys);
    let default = if object.kind() == "KafkaBridge" { 1 } else { 3 };
    let scale = cx.index().scale_of(object);
    let is_scaled = matches!(scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_));
    match if is_scaled { scale.floor } else { node.map_or(Some(default), NodeRef::as_int) } {
        Some(1) if is_scaled => Verdict::Pass, // `hpa-floor-too-low` reports it.
        Some(1) => {
            let origin = if node.is_none() { " (the default)" } else { "" };
            let message = format!("{} has 1 replica{origin}; at least 2 are required", object.title());
            cx.fail(object, object.place(keys), message)
                .evidence("replicas", 1)
                .fix(Repair::new().set(object, keys, 2).effect(format!("{} runs 2 pods instead of 1", object.title())))
                .help("its work stops while the one pod is drained or moves; set replicas: 2")
                .verdict()
        }
        Some(_) => Verdict::Pass,
        None => Verdict::open("the number of replicas is a template placeholder"),
    }
}
