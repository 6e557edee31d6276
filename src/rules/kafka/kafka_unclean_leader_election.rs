//! `kafka-unclean-leader-election`

use crate::index::kafka::settings::{UNCLEAN_ELECTION, switch_of_brokers};
use crate::rule::{NoParams, Rule, Similar, Walk};

pub(crate) struct KafkaUncleanLeaderElection;

const HELP: &str = "leave it out: the default, false, waits for a copy that has all messages; where one has to be given \
                    up, kafka-leader-election --election-type unclean does it once, for one partition";

impl Rule for KafkaUncleanLeaderElection {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-unclean-leader-election.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.kafka_clusters() {
                let object = cluster.object;
                if cluster.switch(UNCLEAN_ELECTION) != Some(true) {
                    cx.pass(object);
                    continue;
                }
                let message =
                    format!("{}: a copy that lacks messages may become the leader, and they are lost", object.title());
                cx.fail(object, object.place(&["spec", "kafka", "config", UNCLEAN_ELECTION]), message).help(HELP);
            }
            for workload in index.broker_workloads() {
                let object = workload.object;
                match switch_of_brokers(workload, UNCLEAN_ELECTION) {
                    Some((name, Some(true), place)) => {
                        let message = format!(
                            "{}: {name} is true: a copy that lacks messages may become the leader, and they are lost",
                            object.title()
                        );
                        cx.fail(object, place, message).help(HELP);
                    }
                    Some((_, None, _)) => cx.not_verifiable(object, "the setting is a template placeholder"),
                    _ => cx.pass(object),
                }
            }
            for topic in index.kafka_topics() {
                if !topic.is_on(UNCLEAN_ELECTION) {
                    cx.pass(topic.object);
                    continue;
                }
                let message = format!(
                    "topic {}: a copy that lacks messages may become the leader, and they are lost",
                    topic.name()
                );
                cx.fail(topic.object, topic.object.place(&["spec", "config", UNCLEAN_ELECTION]), message)
                    .help(HELP)
                    .listed_with_similar(Similar {
                        noun: "topics",
                        verdict: "may lose messages to a leader that lacks them",
                        name: topic.name().to_owned(),
                        help: HELP,
                    });
            }
        });
    }
}
