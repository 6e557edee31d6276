//! `zookeeper-even-quorum`

use super::quorum::judge_quorum;
use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::rule::{Context, NoParams, Rule, Verdict, Walk};
use crate::rules::kafka::ZookeeperTooFewNodes;

pub(crate) struct ZookeeperEvenQuorum;

impl Rule for ZookeeperEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/zookeeper-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.kafka_clusters(judge);
    }
}

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let place = cluster.object.place(&["spec", "zookeeper", "replicas"]);
    judge_quorum(cluster, cluster.zookeepers(), place, (ZookeeperTooFewNodes::ID, "ZooKeeper node"), cx)
}
