//! `kraft-even-quorum`

use super::quorum::judge_quorum;
use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KraftTooFewControllers;

rule!(KraftEvenQuorum, "kafka/kraft-even-quorum.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::ZooKeeper || cx.index().environment().is_fragment {
        return Verdict::NotApplicable;
    }
    let Some(pool) = cluster.controller_pools().next() else { return Verdict::NotApplicable };
    let others = (KraftTooFewControllers::ID, "controller");
    judge_quorum(cluster, cluster.controllers(), pool.place(), others, cx)
}
