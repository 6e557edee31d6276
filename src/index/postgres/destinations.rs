//! Where clusters of CloudNativePG archive to: a folder of an object store, which must be theirs alone.
//!
//! cloudnative-pg `pkg/management/postgres/archiver/archiver.go`; plugin-barman-cloud
//! `internal/cnpgi/operator/config/config.go`: the folder is called after the cluster unless `serverName` says
//! otherwise.

use super::archive::{Archiver, archiver};
use crate::index::PostgresClusters;
use crate::model::products::{BARMAN, BARMAN_PLUGIN};
use crate::model::{Object, Place, is_placeholder};
use crate::yaml::NodeRef;

/// Where a cluster archives to.
#[derive(Clone, Debug)]
pub struct Destination<'a> {
    /// The cluster.
    pub cluster: &'a Object,
    /// The folder: path and name of the server.
    pub folder: String,
    /// The address of the store, equal for equal stores; empty for that of the cloud.
    pub endpoint: String,
    /// The object that holds the path: the cluster, or an ObjectStore.
    pub holder: &'a Object,
    /// Where the path is written.
    pub path: Place,
    /// Where the name of the server is written, if it is.
    pub server: Option<Place>,
}

impl<'a> PostgresClusters<'a> {
    /// The ObjectStore that a plugin's parameters name.
    pub fn object_store(&self, cluster: &Object, plugin: NodeRef<'_>) -> Option<&'a Object> {
        self.find(cluster, BARMAN, "ObjectStore", plugin.str_at(&["parameters", "barmanObjectName"])?)
    }

    /// Where a cluster archives to; none if it does not, or if that is not in the manifests.
    pub fn archive_destination(&self, cluster: &'a Object) -> Option<Destination<'a>> {
        let (holder, store, server) = match archiver(cluster)? {
            Archiver::Own(store) => (cluster, store, store),
            Archiver::Plugin(plugin) => {
                if plugin.str_at(&["name"]) != Some(BARMAN_PLUGIN) {
                    return None;
                }
                let holder = self.object_store(cluster, plugin)?;
                (holder, holder.node().at(&["spec", "configuration"])?, plugin.at(&["parameters"])?)
            }
        };
        let path = store.str_at(&["destinationPath"])?.trim_end_matches('/');
        let written = server.str_at(&["serverName"]).filter(|it| !it.is_empty());
        let name = written.unwrap_or(cluster.name());
        let endpoint = store.str_at(&["endpointURL"]).unwrap_or_default();
        if [path, name, endpoint].iter().any(|it| is_placeholder(it)) {
            return None;
        }
        Some(Destination {
            cluster,
            folder: format!("{path}/{name}"),
            endpoint: absolute(endpoint.trim_end_matches('/'), cluster),
            holder,
            path: holder.place_in(store, &["destinationPath"]),
            server: written.map(|_| cluster.place_in(server, &["serverName"])),
        })
    }
}

/// An address with its namespace: a name without one means that of the cluster.
fn absolute(endpoint: &str, cluster: &Object) -> String {
    let host = endpoint.split_once("://").map_or(endpoint, |it| it.1);
    if host.is_empty() || host.contains('.') {
        return endpoint.to_owned();
    }
    format!("{endpoint} in {}", cluster.namespace().unwrap_or_default())
}
