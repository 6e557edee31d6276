//! Whether a database's WAL goes to an archive, so that it can be restored to any moment.

use super::{CRUNCHY, Flavor, PostgresCluster, ZALANDO};
use crate::index::Workloads;
use crate::model::{Object, Place};

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

/// Words of settings and programs that archive WAL.
const WORDS: &[&str] =
    &["archive_command", "archive_library", "pg_receivewal", "wal-g", "wal_g", "walg", "wal-e", "pgbackrest", "barman"];

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
            WORDS.iter().any(|it| text.contains(it))
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

fn cnpg(cluster: &Object) -> Archive {
    let spec = cluster.node();
    if spec.at(&["spec", "backup", "barmanObjectStore"]).is_some() {
        return Archive::Shown;
    }
    let mut of_barman = None;
    for plugin in spec.items_at(&["spec", "plugins"]) {
        let is_on = plugin.bool_at(&["enabled"]) != Some(false);
        if is_on && plugin.bool_at(&["isWALArchiver"]) == Some(true) {
            return Archive::Shown;
        }
        if is_on && plugin.str_at(&["name"]).is_some_and(|it| it.contains("barman")) {
            of_barman.get_or_insert(plugin);
        }
    }
    match of_barman {
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
