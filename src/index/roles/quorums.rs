//! Which workloads are members that vote: with less than a majority of them nothing is written, or nothing works.

use crate::index::roles::product_of;
use crate::index::{Role, Roles, Workload};
use crate::model::WorkloadKind;
use crate::yaml::NodeRef;

/// A workload whose pods vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// What runs: `etcd`.
    pub program: &'static str,
    /// What its pods are called: `member`.
    pub member: &'static str,
}

const PROGRAMS: &[Quorum] = &[
    Quorum { program: "etcd", member: "member" },
    Quorum { program: "Consul", member: "server" },
    Quorum { program: "RabbitMQ", member: "node" },
    Quorum { program: "Vault", member: "server" },
];
/// The words for them in the names of images, in the same order.
const IMAGES: &[&str] = &["etcd", "consul", "rabbitmq", "vault"];

/// Stores that elect or agree by a majority as well, and start in whatever order; which image, and the words of their
/// command or variables without which they do not.
const OTHERS: &[(&str, Quorum, &[&str])] = &[
    ("mongo", Quorum { program: "MongoDB", member: "member" }, &["--replSet", "REPLICA_SET"]),
    ("mongodb", Quorum { program: "MongoDB", member: "member" }, &["--replSet", "REPLICA_SET"]),
    ("nats", Quorum { program: "NATS", member: "server" }, &["-js", "--jetstream"]),
    ("cockroach", Quorum { program: "CockroachDB", member: "node" }, &[]),
];

impl<'a> Roles<'a> {
    /// [`Roles::quorum_of`], and of further stores whose data needs a majority of their pods.
    pub fn majority_of(&self, workload: &Workload<'a>) -> Option<Quorum> {
        let other = || {
            let images: Vec<&str> = OTHERS.iter().map(|it| it.0).collect();
            let is_store = workload.kind == WorkloadKind::StatefulSet && workload.role == Role::Datastore;
            let image =
                workload.containers().filter(|_| is_store).find_map(|it| product_of(it.repository(), &images))?;
            let (_, quorum, words) = OTHERS.iter().find(|it| it.0 == image)?;
            let says = |word: &str| {
                workload.containers().any(|it| it.words().chain(it.env().map(|it| it.0)).any(|it| it.contains(word)))
            };
            (words.is_empty() || words.iter().any(|it| says(it))).then_some(*quorum)
        };
        self.quorum_of(workload).or_else(other)
    }

    /// The quorum that a StatefulSet's pods are members of.
    pub fn quorum_of(&self, workload: &Workload<'a>) -> Option<Quorum> {
        if workload.kind != WorkloadKind::StatefulSet {
            return None;
        }
        match workload.role {
            Role::ZooKeeper => Some(Quorum { program: "ZooKeeper", member: "server" }),
            Role::Kafka => Some(Quorum { program: "Kafka", member: "node" }),
            Role::Datastore => {
                let image = workload.containers().find_map(|it| product_of(it.repository(), IMAGES))?;
                let at = IMAGES.iter().position(|it| *it == image)?;
                (image != "vault" || !self.keeps_data_elsewhere(workload)).then_some(PROGRAMS[at])
            }
            _ => None,
        }
    }

    /// Whether a Vault keeps its data in another store: then its servers do not vote.
    fn keeps_data_elsewhere(&self, workload: &Workload<'a>) -> bool {
        let maps = self.config_references(workload).into_iter().filter(|it| it.kind == "ConfigMap");
        let maps = maps.filter_map(|it| self.find(workload.object, "", it.kind, it.name));
        let texts = maps.flat_map(|it| it.node().at(&["data"]).into_iter().flat_map(NodeRef::entries));
        let variables = workload.containers().flat_map(|it| it.env().filter_map(|it| it.1).collect::<Vec<_>>());
        texts.map(|it| it.value.text()).chain(variables).any(|text| {
            let rests = text.match_indices("storage").map(|(at, it)| text[at + it.len()..].trim_start());
            let mut named = rests
                .filter(|it| it.starts_with(['"', ':']))
                .filter_map(|it| it.split(|it: char| !it.is_ascii_alphanumeric()).find(|it| !it.is_empty()));
            named.any(|it| it != "raft")
        })
    }
}
