//! Where the name of a database's host leads to: a Service of the manifests, or one that an operator makes.
//!
//! Names: cloudnative-pg `api/v1/cluster_funcs.go` (`-rw`, `-ro`, `-r`), zalando/postgres-operator (`<name>`,
//! `-repl`, `-pooler`), PGO `internal/naming/names.go` (`-primary`, `-replicas`, `-ha`, `-pgbouncer`).

use crate::index::postgres::{CNPG, EDB, Flavor, PostgresCluster};
use crate::index::{Objects, PostgresClusters};
use crate::model::Object;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where a host leads to.
#[derive(Clone, Copy, Debug)]
pub enum Host<'i, 'a> {
    /// To the operator's Service for a cluster, and which one: `-rw`.
    Cluster(&'i PostgresCluster<'a>, &'a str),
    /// To a Service, or a pooler.
    Service,
    /// Out of the cluster, or where the manifests do not tell.
    Away,
    /// To nothing; one of that name is elsewhere.
    Nothing(Option<&'a Object>),
}

/// The ends of the names of an operator's Services.
fn ends(flavor: Flavor) -> &'static [&'static str] {
    match flavor {
        Flavor::Cnpg => &["-rw", "-ro", "-r"],
        Flavor::Zalando => &["", "-repl", "-pooler", "-pooler-repl", "-config"],
        Flavor::Crunchy => &["-primary", "-replicas", "-ha", "-pgbouncer", "-pods", "-ha-config"],
        _ => &[],
    }
}

/// The names by which clients may call databases.
#[derive(Debug)]
pub(super) struct Hosts<'a> {
    /// The positions of clusters, by name.
    by_name: HashMap<&'a str, Vec<usize>>,
    /// Further Services that clusters of CloudNativePG and PGO are told to make.
    managed: HashSet<&'a str>,
}

impl<'a> Hosts<'a> {
    pub(super) fn new(index: &Objects<'a>, clusters: &[PostgresCluster<'a>]) -> Hosts<'a> {
        let mut by_name: HashMap<&'a str, Vec<usize>> = HashMap::new();
        for (at, cluster) in clusters.iter().enumerate() {
            by_name.entry(cluster.object.name()).or_default().push(at);
        }
        let managing = index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster"));
        let further = managing.flat_map(|it| it.node().items_at(&["spec", "managed", "services", "additional"]));
        let managed = further.filter_map(|it| it.str_at(&["serviceTemplate", "metadata", "name"])).collect();
        Hosts { by_name, managed }
    }

    /// The positions of the clusters with whose names a name begins, in order, each with the rest of it.
    fn clusters_of<'n>(&self, name: &'n str) -> Vec<(usize, &'n str)> {
        let flavors = [Flavor::Cnpg, Flavor::Zalando, Flavor::Crunchy];
        let ends: BTreeSet<&str> = flavors.iter().flat_map(|it| ends(*it)).copied().collect();
        let begun = ends.into_iter().filter_map(|end| Some((name.strip_suffix(end)?, &name[name.len() - end.len()..])));
        let mut found: Vec<(usize, &'n str)> = begun
            .flat_map(|(own, end)| self.by_name.get(own).into_iter().flatten().map(move |at| (*at, end)))
            .collect();
        found.sort_unstable();
        found
    }
}

impl<'a> PostgresClusters<'a> {
    /// Follows the host of a database that a client has.
    pub fn postgres_host<'i>(&'i self, client: &Object, host: &'a str) -> Host<'i, 'a> {
        let host = host.strip_suffix('.').unwrap_or(host);
        let inner = host.strip_suffix(".svc").or_else(|| host.split_once(".svc.").map(|it| it.0));
        let parts: Vec<&'a str> = inner.unwrap_or(host).split('.').collect();
        let is_number = host.chars().all(|it| it.is_ascii_digit() || it == '.' || it == ':');
        match (parts.as_slice(), inner.is_some()) {
            _ if is_number || host.is_empty() || host.starts_with('/') || host == "localhost" => Host::Away,
            ([name], false) => self.named_host(client, name, None),
            ([name, namespace], true) => self.named_host(client, name, Some(namespace)),
            ([name, namespace], false) if self.has_pods_in(namespace) => self.named_host(client, name, Some(namespace)),
            _ => Host::Away, // Of the world, or a pod behind a Service.
        }
    }

    fn named_host<'i>(&'i self, client: &Object, name: &'a str, namespace: Option<&str>) -> Host<'i, 'a> {
        let is_there = |it: &Object| match namespace {
            Some(wanted) => it.namespace().is_none_or(|own| own == wanted),
            None => self.nearness(client, it) != crate::index::Nearness::Different,
        };
        let mut elsewhere = None;
        for (at, end) in self.hosts.clusters_of(name) {
            let cluster = &self.postgres_clusters()[at];
            if !ends(cluster.flavor).contains(&end) {
                continue;
            }
            if is_there(cluster.object) {
                return Host::Cluster(cluster, end);
            }
            elsewhere.get_or_insert(cluster.object);
        }
        let poolers = [CNPG, EDB].into_iter().flat_map(|group| self.named(group, "Pooler", name));
        let services = self.named("", "Service", name).into_iter().chain(poolers);
        let mut services = services.peekable();
        if self.hosts.managed.contains(name) {
            return Host::Service;
        }
        if let Some(first) = services.peek() {
            elsewhere.get_or_insert(*first);
        }
        if services.any(is_there) {
            return Host::Service;
        }
        Host::Nothing(elsewhere)
    }

    /// Whether the environment has a database at all, by an operator or not, in the namespace of an object.
    pub fn database_near(&self, from: &Object) -> Option<&'a Object> {
        let mut near = self.postgres_clusters().iter().map(|it| it.object);
        near.find(|it| self.nearness(from, it) == crate::index::Nearness::Same)
    }
}
