//! `zookeeper-even-quorum`

use super::quorum::check_quorum;
use crate::index::kafka::Mode;
use crate::rule::{NoParams, Rule, Walk};
use crate::rules::kafka::ZookeeperTooFewNodes;

pub(crate) struct ZookeeperEvenQuorum;

impl Rule for ZookeeperEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/zookeeper-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::Kraft) {
                let place = cluster.object.place(&["spec", "zookeeper", "replicas"]);
                let others = (ZookeeperTooFewNodes::ID, "ZooKeeper node");
                check_quorum(cluster, cluster.zookeepers(), place, others, cx);
            }
        });
    }
}
