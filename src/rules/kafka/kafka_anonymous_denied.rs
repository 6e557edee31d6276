//! `kafka-anonymous-denied`

use crate::index::kafka::Bootstrap;
use crate::model::Object;
use crate::rule::{Context, Similar, Verdict, rule};

const HELP: &str = "use a listener with authentication and a KafkaUser with its ACLs; an address or a port of another \
                    listener may be enough";

rule!(KafkaAnonymousDenied, "kafka/kafka-anonymous-denied.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    if index.kafka_clusters().iter().any(|it| it.denies_anonymous().is_some()) {
        let rule = index.anonymous_rule();
        cx.judge_each(index.kafka_bootstraps(), |it, cx| judge(it, rule, cx));
    }
}));

/// `rule` is one that may allow something to anonymous clients.
fn judge<'a>(bootstrap: &Bootstrap<'a>, rule: Option<&Object>, cx: &mut Context<'a>) -> Verdict {
    let client = bootstrap.client;
    let denied = bootstrap.addresses.iter().find_map(|address| {
        let (cluster, listener) = cx.index().kafka_listener(client, *address)?;
        let authorization = cluster.denies_anonymous()?;
        listener.at(&["authentication"]).is_none().then_some((address, cluster.object, listener, authorization))
    });
    let Some((address, kafka, listener, authorization)) = denied else {
        // Who names itself at such a Kafka does what is needed there.
        let mut addresses = bootstrap.addresses.iter();
        let is_known = addresses.any(|it| {
            let found = cx.index().kafka_listener(client, *it);
            found.is_some_and(|it| it.0.denies_anonymous().is_some() && it.1.at(&["authentication"]).is_some())
        });
        return if is_known { Verdict::Pass } else { Verdict::NotApplicable };
    };
    if let Some(rule) = rule {
        return Verdict::open(format!("{} may hold a rule for anonymous clients", rule.title()));
    }
    let name = listener.str_at(&["name"]).unwrap_or_default();
    let message = format!(
        "{} is anonymous at {}:{}, and {} denies anonymous clients everything",
        client.title(),
        address.host,
        address.port,
        kafka.title()
    );
    cx.fail(client, bootstrap.place(), message)
        .evidence("listener", name)
        .label(listener.place(&["name"]), format!("listener {name} has no authentication"))
        .label(authorization.place(&["type"]), "only what a rule allows, and super users")
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "clients",
            verdict: "are anonymous at a Kafka that denies anonymous clients everything",
            name: client.title(),
            help: HELP,
        })
        .verdict()
}
