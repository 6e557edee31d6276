//! `kafka-combined-roles`

use crate::rule::{NoParams, Rule, Walk};
use crate::rules::words::count;

pub(crate) struct KafkaCombinedRoles;

/// From so many brokers on, controllers of their own are worth their pods.
const LARGE: i64 = 6;

impl Rule for KafkaCombinedRoles {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-combined-roles.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters() {
                let object = cluster.object;
                let combined = cluster.pools.iter().find(|it| it.is_broker && it.is_controller);
                match (combined, cluster.brokers()) {
                    (Some(pool), Some(brokers)) if brokers >= LARGE => {
                        let message = format!(
                            "{} has {}, and some of them are its controllers",
                            object.title(),
                            count(brokers, "broker")
                        );
                        cx.fail(object, pool.object.place(&["spec", "roles"]), message)
                            .evidence("brokers", brokers)
                            .label(object.name_span(), "the cluster")
                            .help("run 3 controllers in a pool of their own: load on a broker then slows no election");
                    }
                    (Some(_), None) => cx.not_verifiable(object, "the number of brokers is a template placeholder"),
                    _ => cx.pass(object),
                }
            }
        });
    }
}
