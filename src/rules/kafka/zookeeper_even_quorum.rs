//! `zookeeper-even-quorum`

use super::quorum::judge_quorum;
use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::ZookeeperTooFewNodes;

rule!(ZookeeperEvenQuorum, "kafka/zookeeper-even-quorum.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let place = cluster.object.place(&["spec", "zookeeper", "replicas"]);
    judge_quorum(cluster, cluster.zookeepers(), place, (ZookeeperTooFewNodes::ID, "ZooKeeper node"), cx)
}
