//! `kraft-even-quorum`

use super::quorum::check_quorum;
use crate::index::kafka::Mode;
use crate::rule::{NoParams, Rule, Walk};
use crate::rules::kafka::KraftTooFewControllers;

pub(crate) struct KraftEvenQuorum;

impl Rule for KraftEvenQuorum {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kraft-even-quorum.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let is_fragment = cx.index().environment().is_fragment;
            for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::ZooKeeper && !is_fragment) {
                let Some(pool) = cluster.controller_pools().next() else { continue };
                let others = (KraftTooFewControllers::ID, "controller");
                check_quorum(cluster, cluster.controllers(), pool.place(), others, cx);
            }
        });
    }
}
