//! `datastore-single`

use crate::index::{Chart, Index, Role, Standing, Store, Workload};
use crate::model::products::is_exporter_image;
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// A store that a custom resource asks for.
struct Resource {
    group: &'static str,
    kind: &'static str,
    keys: &'static [&'static str],
    /// What the operator makes where nothing is written; `None` where the resource has to say.
    default: Option<i64>,
    program: Program,
}

/// A program that keeps data, with what the loss of one of two members means.
#[derive(Clone, Copy)]
struct Program {
    name: &'static str,
    member: &'static str,
    /// Whether two members elect nobody once one is gone.
    votes: bool,
    help: &'static str,
}

const NATS: Program = Program {
    name: "NATS",
    member: "server",
    votes: false,
    help: "run 3 servers as a cluster, and JetStream's streams with 3 copies",
};
const RABBITMQ: Program =
    Program { name: "RabbitMQ", member: "node", votes: false, help: "run 3 nodes as one cluster, with quorum queues" };
const REDIS: Program = Program {
    name: "Redis",
    member: "server",
    votes: false,
    help: "run replicas with Sentinel, or Redis Cluster, so that another takes over",
};
const MONGODB: Program = Program {
    name: "MongoDB",
    member: "member",
    votes: true,
    help: "run a replica set of 3 members, or of 2 and an arbiter",
};
const REDPANDA: Program =
    Program { name: "Redpanda", member: "broker", votes: true, help: "run 3 brokers, and topics with 3 copies" };

const RESOURCES: &[Resource] = &[
    Resource {
        group: products::RABBITMQ,
        kind: "RabbitmqCluster",
        keys: &["spec", "replicas"],
        default: Some(1),
        program: RABBITMQ,
    },
    Resource {
        group: products::REDPANDA,
        kind: "Redpanda",
        keys: &["spec", "clusterSpec", "statefulset", "replicas"],
        default: Some(3),
        program: REDPANDA,
    },
    Resource {
        group: products::REDPANDA_V1,
        kind: "Cluster",
        keys: &["spec", "replicas"],
        default: None,
        program: REDPANDA,
    },
    Resource {
        group: products::MONGODB,
        kind: "MongoDBCommunity",
        keys: &["spec", "members"],
        default: None,
        program: MONGODB,
    },
];

/// Programs that workloads run, by words in the names of their images.
const IMAGES: &[(&str, Program)] = &[
    ("nats", NATS),
    ("rabbitmq", RABBITMQ),
    ("redis", REDIS),
    ("valkey", REDIS),
    ("keydb", REDIS),
    ("dragonfly", REDIS),
    ("mongo", MONGODB),
    ("mongodb", MONGODB),
    ("redpanda", REDPANDA),
];

cases!(DatastoreSingle: NO_FAILOVER = "no-failover");

rule!(DatastoreSingle, "workload/datastore-single.md", |walk| {
    for resource in RESOURCES {
        walk.of_kinds(&[(resource.group, resource.kind)], |it, cx| judge_resource(it, resource, cx));
    }
    walk.each(|index| index.chart_releases(), judge_chart);
    walk.environment(|cx| {
        let twins = twins(cx.index());
        cx.judge_each(cx.index().workloads(), |it, cx| judge_workload(it, &twins, cx));
    });
});

fn judge_resource(object: &Object, resource: &Resource, cx: &mut Context<'_>) -> Verdict {
    let written = object.node().at(resource.keys);
    let Some(members) = written.map_or(resource.default, NodeRef::as_int) else {
        return match written {
            Some(_) => Verdict::open("the number of members is a template placeholder"),
            None => Verdict::NotApplicable,
        };
    };
    let arbiters = object.node().int_at(&["spec", "arbiters"]).unwrap_or(0);
    let place = object.place(resource.keys);
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let Program { name, member, votes, .. } = resource.program;
    let title = object.title();
    let message = match members {
        0 => return Verdict::NotApplicable, // It was switched off.
        1 => format!("{title} runs {name} once{by_default}: while its one {member} is down, nobody is served"),
        2 if votes && arbiters == 0 => {
            format!("{title} has {}: once one is gone, the other cannot elect a leader", count(2, member))
        }
        _ => return Verdict::Pass,
    };
    cx.fail(object, place, message).evidence("members", members).help(resource.program.help).verdict()
}

fn judge_chart(chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(store) = chart.store() else { return Verdict::NotApplicable };
    let program = match store {
        Store::Rabbitmq => RABBITMQ,
        Store::Redis | Store::RedisCluster => REDIS,
        Store::Nats => NATS,
        Store::Redpanda => REDPANDA,
        Store::Postgres | Store::PostgresHa | Store::Kafka => return Verdict::NotApplicable, // They have own rules.
    };
    let (object, title, name) = (chart.object, chart.object.title(), store.title());
    match chart.standing(store) {
        Standing::Unknown(reason) => Verdict::open(format!("how many members {name} has: {reason}")),
        Standing::Members(1, fact) => {
            let message = format!("{title} runs {name} once: {}", fact.words);
            cx.fail(object, fact.place, message).evidence("members", 1).absent(&[]).help(program.help).verdict()
        }
        Standing::Members(2, fact) if program.votes => {
            let message = format!(
                "{title} runs 2 {}s of {name}: once one is gone, the other cannot elect a leader: {}",
                program.member, fact.words
            );
            cx.fail(object, fact.place, message).evidence("members", 2).absent(&[]).help(program.help).verdict()
        }
        Standing::NoFailover(fact) => {
            let message = format!("nothing takes over when a primary of {name} fails in {title}: {}", fact.words);
            let help = match store {
                Store::RedisCluster => "set cluster.replicas: 1, with 6 nodes or more",
                _ => "set sentinel.enabled: true: without it writes stop until the one primary runs again",
            };
            cx.fail(object, fact.place, message).absent(&[]).case(NO_FAILOVER).help(help).verdict()
        }
        Standing::Members(0, _) => Verdict::NotApplicable, // It was switched off.
        Standing::Members(..) => Verdict::Pass,
    }
}

/// By namespace and program, the first two workloads that keep data with it.
type Twins<'a> = HashMap<(Option<&'a str>, &'static str), Vec<&'a Workload<'a>>>;

fn twins<'a>(index: &'a Index<'a>) -> Twins<'a> {
    let mut twins = Twins::new();
    for workload in index.workloads().iter().filter(|it| it.role == Role::Datastore) {
        for program in workload.containers().filter_map(|it| program_of(it.image_name())) {
            let first_two = twins.entry((workload.object.namespace(), program.name)).or_default();
            let is_known = first_two.last().is_some_and(|it| it.object.id() == workload.object.id());
            if first_two.len() < 2 && !is_known {
                first_two.push(workload);
            }
        }
    }
    twins
}

fn judge_workload(workload: &Workload<'_>, twins: &Twins<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    if workload.role != Role::Datastore || !workload.kind.is_replicated() {
        return Verdict::NotApplicable;
    }
    let program = workload.containers().find_map(|it| program_of(it.image_name()));
    // Where the number of pods is not known, `workload-too-few-replicas` says so.
    let Some((program, floor)) = program.zip(workload.scale.floor.filter(|it| *it > 0)) else {
        return Verdict::NotApplicable;
    };
    let index = cx.index();
    let Some(client) = index.client_of_store(workload) else { return Verdict::NotApplicable };
    if floor > 1 {
        return Verdict::Pass;
    }
    let mut near = twins.get(&(object.namespace(), program.name)).into_iter().flatten();
    if let Some(other) = near.find(|it| it.object.id() != object.id()) {
        return Verdict::open(format!(
            "{} runs {}, too: whether one takes over is not in the manifests",
            other.object.title(),
            program.name
        ));
    }
    let message = format!("{} runs {} once, and {} needs it", object.title(), program.name, client.title());
    let help = format!("while its one pod is down or moves, what needs it fails: {}", program.help);
    cx.fail(object, workload.scale_place(), message)
        .label(client.name_span(), "names it as an address")
        .evidence("members", floor)
        .help(help)
        .verdict()
}

/// The program of an image, by the words of its name.
fn program_of(image: &str) -> Option<Program> {
    let mut words = image.split(['-', '_', '.']);
    if is_exporter_image(image) || image.contains("operator") {
        return None;
    }
    words.find_map(|word| IMAGES.iter().find(|it| it.0 == word)).map(|it| it.1)
}
