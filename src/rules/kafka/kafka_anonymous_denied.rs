//! `kafka-anonymous-denied`

use crate::index::kafka::Bootstrap;
use crate::rule::{Context, NoParams, Rule, Similar, Walk};

pub(crate) struct KafkaAnonymousDenied;

const HELP: &str = "use a listener with authentication and a KafkaUser with its ACLs; an address or a port of another \
                    listener may be enough";

impl Rule for KafkaAnonymousDenied {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-anonymous-denied.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            if !index.kafka_clusters().iter().any(|it| it.denies_anonymous().is_some()) {
                return;
            }
            let rule = index.anonymous_rule();
            for bootstrap in index.kafka_bootstraps() {
                let denied = check_bootstrap(bootstrap, cx);
                match (denied, rule) {
                    (Some(_), Some(rule)) => {
                        let reason = format!("{} may hold a rule for anonymous clients", rule.title());
                        cx.not_verifiable(bootstrap.client, reason);
                    }
                    (Some(denied), None) => report(bootstrap, &denied, cx),
                    (None, _) => {}
                }
            }
        });
    }
}

/// A listener that knows nobody, and the rules that deny them.
struct Denied<'a> {
    kafka: &'a crate::model::Object,
    listener: crate::yaml::NodeRef<'a>,
    authorization: crate::yaml::NodeRef<'a>,
    host: &'a str,
    port: i64,
}

fn check_bootstrap<'a>(bootstrap: &Bootstrap<'a>, cx: &Context<'a>) -> Option<Denied<'a>> {
    bootstrap.addresses.iter().find_map(|address| {
        let (cluster, listener) = cx.index().kafka_listener(bootstrap.client, *address)?;
        let authorization = cluster.denies_anonymous()?;
        let is_anonymous = listener.at(&["authentication"]).is_none();
        is_anonymous.then_some(Denied {
            kafka: cluster.object,
            listener,
            authorization,
            host: address.host,
            port: address.port,
        })
    })
}

fn report(bootstrap: &Bootstrap<'_>, denied: &Denied<'_>, cx: &mut Context<'_>) {
    let client = bootstrap.client;
    let name = denied.listener.str_at(&["name"]).unwrap_or_default();
    let message = format!(
        "{} is anonymous at {}:{}, and {} denies anonymous clients everything",
        client.title(),
        denied.host,
        denied.port,
        denied.kafka.title()
    );
    cx.fail(client, bootstrap.place(), message)
        .evidence("listener", name)
        .label(denied.listener.place(&["name"]), format!("listener {name} has no authentication"))
        .label(denied.authorization.place(&["type"]), "only what a rule allows, and super users")
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "clients",
            verdict: "are anonymous at a Kafka that denies anonymous clients everything",
            name: client.title(),
            help: HELP,
        });
}
