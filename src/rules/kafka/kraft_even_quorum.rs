//! `kraft-even-quorum`

use super::quorum::check_quorum;
use crate::index::kafka::Mode;
use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct KraftEvenQuorum;

impl Rule for KraftEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kraft-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        let is_fragment = cx.index().environment().is_fragment;
        for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::ZooKeeper && !is_fragment) {
            let Some(pool) = cluster.controller_pools().next() else { continue };
            let others = ("kraft-too-few-controllers", "controller");
            check_quorum(cluster, cluster.controllers(), pool.place(), others, cx);
        }
    }
}
