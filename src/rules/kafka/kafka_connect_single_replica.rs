//! `kafka-connect-single-replica`

use crate::index::ScaledBy;
use crate::index::kafka::STRIMZI;
use crate::rule::{NoParams, Rule, Walk};
use crate::yaml::NodeRef;

pub(crate) struct KafkaConnectSingleReplica;

/// The kinds with the replicas that they have where none are written.
const KINDS: [(&str, i64); 3] = [("KafkaConnect", 3), ("KafkaMirrorMaker2", 3), ("KafkaBridge", 1)];

impl Rule for KafkaConnectSingleReplica {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-connect-single-replica.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for (kind, default) in KINDS {
                for object in cx.index().of_kind(STRIMZI, kind) {
                    let node = object.node().at(&["spec", "replicas"]);
                    let scale = cx.index().scale_of(object);
                    let is_scaled = matches!(scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_));
                    let replicas = if is_scaled { scale.floor } else { node.map_or(Some(default), NodeRef::as_int) };
                    match replicas {
                        Some(1) if is_scaled => cx.pass(object), // `hpa-floor-too-low` reports it.
                        Some(1) => {
                            let origin = if node.is_none() { " (the default)" } else { "" };
                            let message = format!("{} has 1 replica{origin}; at least 2 are required", object.title());
                            cx.fail(object, object.place(&["spec", "replicas"]), message)
                                .evidence("replicas", 1)
                                .help("its work stops while the one pod is drained or moves; set replicas: 2");
                        }
                        Some(_) => cx.pass(object),
                        None => cx.not_verifiable(object, "the number of replicas is a template placeholder"),
                    }
                }
            }
        });
    }
}
