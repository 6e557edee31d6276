//! `kraft-even-quorum`

use super::quorum::judge_quorum;
use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::rule::{Context, NoParams, Rule, Verdict, Walk};
use crate::rules::kafka::KraftTooFewControllers;

pub(crate) struct KraftEvenQuorum;

impl Rule for KraftEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kraft-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.kafka_clusters(judge);
    }
}

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::ZooKeeper || cx.index().environment().is_fragment {
        return Verdict::NotApplicable;
    }
    let Some(pool) = cluster.controller_pools().next() else { return Verdict::NotApplicable };
    let others = (KraftTooFewControllers::ID, "controller");
    judge_quorum(cluster, cluster.controllers(), pool.place(), others, cx)
}
