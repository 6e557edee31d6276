//! `kafka-bootstrap-fragile`

use crate::index::kafka::{Bootstrap, Leads, STRIMZI};
use crate::index::{Index, KafkaCluster};
use crate::model::Object;
use crate::rule::{Context, Similar, Verdict, rule};

const HELP: &str = "name the Service to all brokers, or several brokers, separated by commas: the client asks the first that \
                    answers for all others";

rule!(KafkaBootstrapFragile, "kafka/kafka-bootstrap-fragile.md", |walk| walk.each(Index::kafka_bootstraps, judge));

fn judge(bootstrap: &Bootstrap<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let client = bootstrap.client;
    let [address] = bootstrap.addresses.as_slice() else {
        let is_here = |host| !matches!(index.kafka_address(client, host), Leads::Nothing(_) | Leads::Away);
        let is_any_here = bootstrap.addresses.iter().any(|it| is_here(it.host));
        return if is_any_here { Verdict::Pass } else { Verdict::NotApplicable };
    };
    if bootstrap.is_open {
        return Verdict::open("more addresses are template placeholders");
    }
    let owner = match index.kafka_address(client, address.host) {
        Leads::Pod(owner) if !is_single(index, owner) => owner,
        Leads::Nothing(_) | Leads::Away => return Verdict::NotApplicable,
        _ => return Verdict::Pass,
    };
    cx.fail(client, bootstrap.place(), format!("{} knows one broker, {}", client.title(), address.host))
        .label(owner.name_span(), "whose pod it is")
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "clients",
            verdict: "know one broker of Kafka only",
            name: client.name().to_owned(),
            help: HELP,
        })
        .verdict()
}

/// Whether there is one broker anyway: its number is another rule's finding.
fn is_single(index: &Index<'_>, owner: &Object) -> bool {
    if owner.is(STRIMZI, "Kafka") {
        let mut clusters = index.kafka_clusters().iter();
        let cluster: Option<&KafkaCluster<'_>> = clusters.find(|it| it.object.id() == owner.id());
        return cluster.and_then(KafkaCluster::brokers).is_none_or(|it| it < 2);
    }
    let pods = index.pods_of_service(owner);
    pods.iter().map(|it| index.pods(*it).floor).sum::<Option<i64>>().is_none_or(|it| it < 2)
}
