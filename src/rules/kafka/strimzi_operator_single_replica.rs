//! `strimzi-operator-single-replica`

use crate::model::Place;
use crate::rule::{Context, NoParams, Rule};
use crate::yaml::NodeRef;

pub(in crate::rules) struct StrimziOperatorSingleReplica;

impl Rule for StrimziOperatorSingleReplica {
    const PAGE: &'static str = include_str!("../../../rules/kafka/strimzi-operator-single-replica.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for installation in cx.index().strimzi_installations() {
            let object = installation.object;
            let keys: &[&str] = match object.kind() {
                "Deployment" => &["spec", "replicas"],
                "HelmRelease" => &["spec", "values", "replicas"],
                _ => {
                    cx.not_verifiable(object, "how many replicas it runs is not written here");
                    continue;
                }
            };
            let node = object.node().at(keys);
            match node.map_or(Some(1), NodeRef::as_int) {
                Some(0 | 1) => {
                    let default = if node.is_none() { " (the default)" } else { "" };
                    let message = format!("{} runs the operator once{default}", object.title());
                    let place: Place = object.place(keys);
                    cx.fail(object, place, message).help(
                        "Kafka runs on without it, but failed brokers wait: a second replica takes over by election",
                    );
                }
                Some(_) => cx.pass(object),
                None => cx.not_verifiable(object, "the number of replicas is filled in later"),
            }
        }
    }
}
