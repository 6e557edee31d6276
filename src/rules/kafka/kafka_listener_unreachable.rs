//! `kafka-listener-unreachable`

use crate::index::kafka::Leads;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct KafkaListenerUnreachable;

impl Rule for KafkaListenerUnreachable {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-listener-unreachable.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
        let index = cx.index();
        for bootstrap in index.kafka_bootstraps() {
            let client = bootstrap.client;
            let leads = bootstrap.addresses.iter().map(|it| (it, index.kafka_address(client, it.host)));
            for (address, leads) in leads {
                let Leads::Listener(kafka, listener) = leads else {
                    if matches!(leads, Leads::Brokers(_)) {
                        cx.pass(client);
                    }
                    continue;
                };
                let kind = listener.str_at(&["type"]).unwrap_or_default();
                if !matches!(kind, "nodeport" | "loadbalancer" | "ingress" | "route") {
                    continue;
                }
                // A host that is advertised for each broker may lead inside.
                if listener.items_at(&["configuration", "brokers"]).any(|it| it.at(&["advertisedHost"]).is_some()) {
                    cx.not_verifiable(client, "where the advertised hosts lead to is not in the manifests");
                    continue;
                }
                let message = format!(
                    "{} runs in the cluster and connects to {} by listener {}, whose brokers are at addresses outside ({kind})",
                    client.title(),
                    kafka.title(),
                    listener.str_at(&["name"]).unwrap_or_default()
                );
                cx.fail(client, bootstrap.place(), message)
                    .evidence("host", address.host)
                    .label(listener.place(&["type"]), "the listener")
                    .help(format!(
                        "connect to {}-kafka-bootstrap and the port of an internal listener: the answer of this one \
                         sends the client out of the cluster and in again, where that is possible at all",
                        kafka.name()
                    ));
            }
        }
        });
    }
}
