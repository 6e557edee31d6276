//! `datastore-single`

use crate::index::{Chart, Role, Standing, Store, Workload};
use crate::model::products::is_exporter_image;
use crate::model::{Object, products};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::words::count;
use crate::yaml::NodeRef;

pub(crate) struct DatastoreSingle;

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

impl Rule for DatastoreSingle {
    const PAGE: &'static str = include_str!("../../../rules/workload/datastore-single.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for resource in RESOURCES {
                for object in index.of_kind(resource.group, resource.kind) {
                    check_resource(object, resource, cx);
                }
            }
            for chart in index.chart_releases() {
                check_chart(chart, cx);
            }
            for workload in index.workloads().iter().filter(|it| it.role == Role::Datastore && it.kind.is_replicated())
            {
                check_workload(workload, cx);
            }
        });
    }
}

fn check_resource(object: &Object, resource: &Resource, cx: &mut Context<'_>) {
    let written = object.node().at(resource.keys);
    let Some(members) = written.map_or(resource.default, NodeRef::as_int) else {
        if written.is_some() {
            cx.not_verifiable(object, "the number of members is a template placeholder");
        }
        return;
    };
    let arbiters = object.node().int_at(&["spec", "arbiters"]).unwrap_or(0);
    let place = object.place(resource.keys);
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let Program { name, member, votes, .. } = resource.program;
    let title = object.title();
    let message = match members {
        0 => return, // It was switched off.
        1 => format!("{title} runs {name} once{by_default}: while its one {member} is down, nobody is served"),
        2 if votes && arbiters == 0 => {
            format!("{title} has {}: once one is gone, the other cannot elect a leader", count(2, member))
        }
        _ => return cx.pass(object),
    };
    cx.fail(object, place, message).evidence("members", members).help(resource.program.help);
}

fn check_chart(chart: &Chart<'_>, cx: &mut Context<'_>) {
    let Some(store) = chart.store() else { return };
    let program = match store {
        Store::Rabbitmq => RABBITMQ,
        Store::Redis | Store::RedisCluster => REDIS,
        Store::Nats => NATS,
        Store::Redpanda => REDPANDA,
        Store::Postgres | Store::PostgresHa | Store::Kafka => return, // They have rules of their own.
    };
    let (title, name) = (chart.object.title(), store.title());
    match chart.standing(store) {
        Standing::Unknown(reason) => cx.not_verifiable(chart.object, format!("how many members {name} has: {reason}")),
        Standing::Members(1, fact) => {
            let message = format!("{title} runs {name} once: {}", fact.words);
            let draft = cx.fail(chart.object, fact.place, message).evidence("members", 1);
            draft.absent(&[]).help(program.help);
        }
        Standing::Members(2, fact) if program.votes => {
            let message = format!(
                "{title} runs 2 {}s of {name}: once one is gone, the other cannot elect a leader: {}",
                program.member, fact.words
            );
            let draft = cx.fail(chart.object, fact.place, message).evidence("members", 2);
            draft.absent(&[]).help(program.help);
        }
        Standing::NoFailover(fact) => {
            let message = format!("nothing takes over when a primary of {name} fails in {title}: {}", fact.words);
            cx.fail(chart.object, fact.place, message).absent(&[]).case(NO_FAILOVER).help(match store {
                Store::RedisCluster => "set cluster.replicas: 1, with 6 nodes or more",
                _ => "set sentinel.enabled: true: without it writes stop until the one primary runs again",
            });
        }
        Standing::Members(0, _) => {} // It was switched off.
        Standing::Members(..) => cx.pass(chart.object),
    }
}

fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let Some(program) = workload.containers().find_map(|it| program_of(it.image_name())) else { return };
    let Some(floor) = workload.scale.floor else { return }; // `workload-too-few-replicas` says so.
    let index = cx.index();
    let Some(client) = index.client_of_store(workload).filter(|_| floor > 0) else { return };
    if floor > 1 {
        return cx.pass(object);
    }
    let runs_it = |it: &&Workload<'_>| {
        it.containers().any(|it| program_of(it.image_name()).is_some_and(|it| it.name == program.name))
    };
    let near = index.workloads().iter().filter(|it| it.object.id() != object.id() && it.role == Role::Datastore);
    if let Some(other) = near.filter(|it| it.object.namespace() == object.namespace()).find(runs_it) {
        let reason = format!(
            "{} runs {}, too: whether one takes over is not in the manifests",
            other.object.title(),
            program.name
        );
        return cx.not_verifiable(object, reason);
    }
    let message = format!("{} runs {} once, and {} needs it", object.title(), program.name, client.title());
    let help = format!("while its one pod is down or moves, what needs it fails: {}", program.help);
    cx.fail(object, workload.scale_place(), message)
        .label(client.name_span(), "names it as an address")
        .evidence("members", floor)
        .help(help);
}

/// The program of an image, by the words of its name.
fn program_of(image: &str) -> Option<Program> {
    let mut words = image.split(['-', '_', '.']);
    if is_exporter_image(image) || image.contains("operator") {
        return None;
    }
    words.find_map(|word| IMAGES.iter().find(|it| it.0 == word)).map(|it| it.1)
}
