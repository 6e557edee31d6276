//! `kafka-bootstrap-dangling`

use crate::index::Index;
use crate::index::kafka::{Address, Bootstrap, LONGEST_HOST, Leads, Missing, STRIMZI};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::new_objects::written_name;
use crate::rules::repairs::replace_part;
use crate::rules::words::{list, names};
use crate::suggest::certain;

rule!(KafkaBootstrapDangling, "kafka/kafka-bootstrap-dangling.md", |walk| walk.each(Index::kafka_bootstraps, judge));

/// A client is right once if none of its addresses is wrong or unknown.
fn judge<'a>(bootstrap: &Bootstrap<'a>, cx: &mut Context<'a>) -> Verdict {
    if bootstrap.is_open {
        cx.judge(bootstrap.client, Verdict::open("addresses of Kafka are template placeholders"));
    }
    let verdicts = bootstrap.addresses.iter().map(|it| judge_address(bootstrap, *it, cx));
    let (right, others): (Vec<_>, Vec<_>) = verdicts.partition(|it| *it == Verdict::Pass);
    let is_right = !right.is_empty() && others.iter().all(|it| *it == Verdict::NotApplicable);
    for other in others {
        cx.judge(bootstrap.client, other);
    }
    if is_right { Verdict::Pass } else { Verdict::NotApplicable }
}

/// Judges one address; those that lead out of the manifests are none of ours.
fn judge_address<'a>(bootstrap: &Bootstrap<'_>, address: Address<'a>, cx: &mut Context<'a>) -> Verdict {
    match cx.index().kafka_address(bootstrap.client, address.host) {
        Leads::Nothing(missing) => judge_missing(bootstrap, address, missing, cx),
        Leads::Brokers(kafka) => judge_port(bootstrap, address, kafka, cx),
        Leads::Service(service) => judge_service(bootstrap, address, service, cx),
        Leads::Listener(..) | Leads::Pod(_) => Verdict::Pass,
        Leads::Away => Verdict::NotApplicable,
    }
}

fn judge_missing<'a>(
    bootstrap: &Bootstrap<'_>,
    address: Address<'a>,
    missing: Missing<'_>,
    cx: &mut Context<'a>,
) -> Verdict {
    let client = bootstrap.client;
    let index = cx.index();
    let host = address.host;
    if index.environment().is_fragment {
        return Verdict::open(format!("what {host} leads to may stand in another file"));
    }
    if leads_in_run(client, host, cx) {
        return Verdict::Pass;
    }
    let near = index.brokers_near(client, missing.namespace);
    let near = || near.iter().map(|it| index.object_at(*it));
    let from = near().next().unwrap_or(client);
    if let Some(maker) = index.unseen_maker_near(from) {
        return Verdict::open(format!("{} may make what {host} leads to", maker.title()));
    }
    let what = if missing.is_kafka { "Kafka" } else { "Service" };
    let message = format!("{} connects to {host}:{}", client.title(), address.port);
    if let Some(there) = missing.elsewhere {
        if client.kind() == "ScaledObject" && missing.namespace.is_none() {
            return Verdict::open(format!("KEDA looks {host} up from its own namespace"));
        }
        let namespace = there.namespace().unwrap_or_default();
        let end = if missing.is_kafka { "-kafka-bootstrap" } else { "" };
        let why = if missing.namespace.is_none() { "a name without namespace means that of the client: " } else { "" };
        let message = format!("{message}, and {what} {} is in namespace {namespace}", missing.name);
        return cx
            .fail(client, bootstrap.place(), message)
            .evidence("host", host)
            .label(there.name_span(), "it is here")
            .help(format!("{why}write {}{end}.{namespace}.svc", missing.name))
            .verdict();
    }
    if client.kind() == "KafkaMirrorMaker2" {
        return Verdict::open(format!("{host} may be the other of two clusters, which is described elsewhere"));
    }
    let Some(first) = near().next() else {
        return Verdict::open(format!("nothing in the manifests is called {host}"));
    };
    let help = if first.is(STRIMZI, "Kafka") {
        format!("clients of Kafka {0} use {0}-kafka-bootstrap", first.name())
    } else {
        services(first, cx)
    };
    let message = format!("{message}, and no {what} there is called {}", missing.name);
    let is_only = first.is(STRIMZI, "Kafka") && missing.is_kafka && near().nth(1).is_none();
    let repair = if is_only { corrected(bootstrap, host, missing.name, first) } else { None };
    let draft = cx
        .fail(client, bootstrap.place(), message)
        .evidence("host", host)
        .fix(repair)
        .label(first.name_span(), format!("the Kafka of that namespace: {}", names(near())))
        .help(help);
    // A Service may be made by anybody, a Kafka's only by its resource.
    if missing.is_kafka { draft } else { draft.heuristic() }.verdict()
}

/// Whether an address leads to something in an environment of the run. Only those that hold a Service or a Kafka of such a
/// name are asked.
fn leads_in_run<'a>(client: &Object, host: &'a str, cx: &Context<'a>) -> bool {
    let run = cx.run();
    let leads = |it: &Index<'a>| !matches!(it.kafka_address(client, host), Leads::Nothing(_) | Leads::Away);
    if host.len() > LONGEST_HOST {
        return false;
    }
    let is_of_kafka =
        |name: &str| name.match_indices('-').any(|(at, _)| run.with_object(STRIMZI, "Kafka", &name[..at]).any(leads));
    // `service.namespace` or `pod.service.namespace`.
    host.split('.').take(2).any(|name| run.with_object("", "Service", name).any(leads) || is_of_kafka(name))
}

/// The address with the name of the only cluster that can be meant.
fn corrected(bootstrap: &Bootstrap<'_>, host: &str, name: &str, kafka: &Object) -> Option<Repair> {
    let (holder, node) = bootstrap.written();
    let part = node.text().find(host).map(|at| &node.text()[at..at + name.len()]).filter(|it| *it == name)?;
    let repair = replace_part(Repair::new(), holder, node, part, written_name(kafka))?;
    let is_near = certain(name, [kafka.name()]).is_some();
    Some(if is_near { repair } else { repair.shown_only("the name is not near that of the cluster") })
}

/// By which Services clients may find brokers without an operator.
fn services(brokers: &Object, cx: &Context<'_>) -> String {
    let index = cx.index();
    let sets = index.pods_of(brokers).iter();
    let names: Vec<String> = sets.flat_map(|it| index.services_of(*it)).map(|it| it.name().to_owned()).collect();
    if names.is_empty() {
        return format!("add a Service for the pods of {}, or correct the name", brokers.title());
    }
    format!("the pods of {} are behind Service {}", brokers.title(), list(&names))
}

/// The Service to the brokers has the ports of the internal listeners only.
fn judge_port(bootstrap: &Bootstrap<'_>, address: Address<'_>, kafka: &Object, cx: &mut Context<'_>) -> Verdict {
    let listeners: Vec<_> = kafka.node().items_at(&["spec", "kafka", "listeners"]).collect();
    let ports: Vec<_> = listeners.iter().filter(|it| it.str_at(&["type"]) == Some("internal")).collect();
    let numbers: Vec<i64> = ports.iter().filter_map(|it| it.int_at(&["port"])).collect();
    // Without a list, or with a port that is a template placeholder, nothing is known.
    if listeners.iter().any(|it| it.int_at(&["port"]).is_none())
        || listeners.is_empty()
        || numbers.contains(&address.port)
    {
        return Verdict::Pass;
    }
    let other = listeners.iter().find(|it| it.int_at(&["port"]) == Some(address.port));
    let known: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let why = match other {
        Some(listener) => format!("its listener there is of type {}", listener.str_at(&["type"]).unwrap_or("unknown")),
        None if known.is_empty() => "it has no internal listener".to_owned(),
        None => format!("its internal listeners are on {}", list(&known)),
    };
    let message =
        format!("{} connects to {} on port {}, and {why}", bootstrap.client.title(), kafka.title(), address.port);
    cx.fail(bootstrap.client, bootstrap.place(), message)
        .evidence("port", address.port)
        .label(kafka.place(&["spec", "kafka", "listeners"]).span, "the listeners")
        .help("the bootstrap Service has the ports of internal listeners only: use one of these, or add a listener")
        .verdict()
}

fn judge_service(bootstrap: &Bootstrap<'_>, address: Address<'_>, service: &Object, cx: &mut Context<'_>) -> Verdict {
    let ports: Vec<_> = service.node().items_at(&["spec", "ports"]).map(|it| it.int_at(&["port"])).collect();
    let is_direct = ["clusterIP", "type"]
        .iter()
        .any(|key| matches!(service.node().str_at(&["spec", key]), Some("None" | "ExternalName")));
    let numbers: Vec<String> = ports.iter().flatten().map(ToString::to_string).collect();
    if is_direct || ports.is_empty() || ports.iter().any(|it| it.is_none_or(|it| it == address.port)) {
        return Verdict::Pass;
    }
    let title = service.title();
    let message = format!(
        "{} connects to {title} on port {}, and its ports are {}",
        bootstrap.client.title(),
        address.port,
        list(&numbers)
    );
    cx.fail(bootstrap.client, bootstrap.place(), message)
        .evidence("port", address.port)
        .label(service.place(&["spec", "ports"]).span, "the ports")
        .help("use a port of the Service, or add this one to it")
        .verdict()
}
