//! `kafka-listener-unreachable`

use crate::index::kafka::{Address, Bootstrap, Leads};
use crate::rule::{Context, Verdict, rule};

rule!(KafkaListenerUnreachable, "kafka/kafka-listener-unreachable.md", |walk| walk.each(
    |index| { index.kafka_bootstraps().iter().flat_map(|it| it.addresses.iter().map(move |address| (it, address))) },
    |(it, address), cx| judge(it, address, cx),
));

fn judge(bootstrap: &Bootstrap<'_>, address: &Address<'_>, cx: &mut Context<'_>) -> Verdict {
    let client = bootstrap.client;
    let (kafka, listener) = match cx.index().kafka_address(client, address.host) {
        Leads::Listener(kafka, listener) => (kafka, listener),
        Leads::Brokers(_) => return Verdict::Pass,
        _ => return Verdict::NotApplicable,
    };
    let kind = listener.str_at(&["type"]).unwrap_or_default();
    if matches!(kind, "internal" | "cluster-ip") {
        return Verdict::Pass;
    }
    if !matches!(kind, "nodeport" | "loadbalancer" | "ingress" | "route") {
        return Verdict::NotApplicable;
    }
    // A host that is advertised for each broker may lead inside.
    if listener.items_at(&["configuration", "brokers"]).any(|it| it.at(&["advertisedHost"]).is_some()) {
        return Verdict::open("where the advertised hosts lead to is not in the manifests");
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
            "connect to {}-kafka-bootstrap and the port of an internal listener: the answer of this one sends the \
             client out of the cluster and in again, where that is possible at all",
            kafka.name()
        ))
        .verdict()
}
