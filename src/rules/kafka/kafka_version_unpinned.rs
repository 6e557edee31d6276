//! `kafka-version-unpinned`

use crate::index::kafka::releases;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct KafkaVersionUnpinned;

impl Rule for KafkaVersionUnpinned {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-version-unpinned.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters() {
                let object = cluster.object;
                let keys = ["spec", "kafka", "version"];
                if object.node().at(&keys).is_some() {
                    cx.pass(object);
                    continue;
                }
                let now = cluster.operator.as_ref().and_then(|it| Some((it, releases::of(it.release)?)));
                let message =
                    format!("{} names no version of Kafka: an upgrade of the operator upgrades it", object.title());
                let help = match now {
                    Some((_, facts)) => format!("set spec.kafka.version, now \"{}\"", facts.default),
                    None => "set spec.kafka.version, and raise it when you mean to".to_owned(),
                };
                let draft = cx.fail(object, object.place(&keys), message).help(help);
                if let Some((operator, facts)) = now {
                    draft.label(operator.span, format!("this release runs {} where none is named", facts.default));
                }
            }
        });
    }
}
