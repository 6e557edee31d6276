//! `zookeeper-even-quorum`

use super::quorum::check_quorum;
use crate::index::kafka::Mode;
use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct ZookeeperEvenQuorum;

impl Rule for ZookeeperEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/zookeeper-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::Kraft) {
            let place = cluster.object.place(&["spec", "zookeeper", "replicas"]);
            let others = ("zookeeper-too-few-nodes", "ZooKeeper node");
            check_quorum(cluster, cluster.zookeepers(), place, others, cx);
        }
    }
}
