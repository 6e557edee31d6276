//! Whether a database's WAL goes to an archive, so that it can be restored to any moment.

use crate::index::Workloads;
use crate::index::postgres::{CRUNCHY, Flavor, PostgresCluster, ZALANDO};
use crate::model::products::BACKUP_TOOLS;
use crate::model::{Object, Place};
use crate::yaml::NodeRef;

/// What is known of an archive of WAL.
#[derive(Clone, Debug)]
pub enum Archive {
    /// Something archives.
    Shown,
    /// Nothing does: where it would be written, and what stands there instead, if anything.
    Missing(Place, Option<&'static str>),
    /// The manifests do not tell, and why.
    Unknown(&'static str),
}

/// Settings and programs of PostgreSQL itself that archive WAL.
const WORDS: &[&str] = &["archive_command", "archive_library", "pg_receivewal"];

impl<'a> Workloads<'a> {
    /// Whether a database's WAL is archived.
    pub fn wal_archive(&'a self, cluster: &PostgresCluster<'a>) -> Archive {
        let object = cluster.object;
        match (cluster.flavor, object.group()) {
            (Flavor::Cnpg, _) => cnpg(object),
            (_, ZALANDO) if self.zalando_archives(object) => Archive::Shown,
            (_, ZALANDO) => Archive::Unknown("the pods' environment and the operator's configuration decide"),
            (_, CRUNCHY) => match object.node().at(&["spec", "backups"]) {
                // pgBackRest archives to every repository.
                Some(_) => Archive::Shown,
                None => Archive::Missing(object.place(&["spec", "backups"]), None),
            },
            (Flavor::SelfManaged, _) => self.own_archive(object),
            _ => Archive::Unknown("its operator decides"),
        }
    }

    fn own_archive(&'a self, object: &'a Object) -> Archive {
        let Some(server) = self.workload_of(object).and_then(|it| self.postgres_server(it)) else {
            return Archive::Unknown("its server is not recognised");
        };
        let says = |text: &str| {
            let text = text.to_ascii_lowercase();
            WORDS.iter().chain(BACKUP_TOOLS).any(|it| text.contains(it))
        };
        let is_shown = self.texts_of(&server).iter().any(|it| says(&it.text))
            || server.variables.iter().any(|it| says(&it.name))
            || server
                .template()
                .into_iter()
                .flat_map(|it| it.containers().collect::<Vec<_>>())
                .any(|it| says(it.image()));
        if is_shown {
            return Archive::Shown;
        }
        if server.has_open_variables || self.missing_config_map(&server).is_some() {
            return Archive::Unknown("a ConfigMap of its is not among the manifests");
        }
        Archive::Missing(object.name_place(), None)
    }
}

/// What archives the WAL of a cluster of CloudNativePG, with its configuration.
#[derive(Clone, Copy, Debug)]
pub(super) enum Archiver<'a> {
    /// The operator itself.
    Own(NodeRef<'a>),
    /// A plugin.
    Plugin(NodeRef<'a>),
}

/// The plugins of a cluster that are switched on.
pub fn plugins(cluster: &Object) -> impl Iterator<Item = NodeRef<'_>> {
    cluster.node().items_at(&["spec", "plugins"]).filter(|it| it.bool_at(&["enabled"]) != Some(false))
}

/// What archives the WAL of a cluster of CloudNativePG. A plugin stands over the operator itself.
pub(super) fn archiver(cluster: &Object) -> Option<Archiver<'_>> {
    let plugin = plugins(cluster).find(|it| it.bool_at(&["isWALArchiver"]) == Some(true));
    let own = || cluster.node().at(&["spec", "backup", "barmanObjectStore"]).map(Archiver::Own);
    plugin.map(Archiver::Plugin).or_else(own)
}

fn cnpg(cluster: &Object) -> Archive {
    if archiver(cluster).is_some() {
        return Archive::Shown;
    }
    match plugins(cluster).find(|it| it.str_at(&["name"]).is_some_and(|it| it.contains("barman"))) {
        Some(plugin) => {
            let mut place = cluster.place_in(plugin, &["isWALArchiver"]);
            if plugin.at(&["isWALArchiver"]).is_none() {
                place.span = plugin.place(&["name"]);
            }
            Archive::Missing(place, Some("its plugin takes backups and is not its isWALArchiver"))
        }
        None => Archive::Missing(cluster.place(&["spec", "backup"]), None),
    }
}
