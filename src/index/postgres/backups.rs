//! What backs a database up, as far as the manifests show.
//!
//! Evidence is taken generously: what nobody can see from here must not be called missing.

use crate::index::Objects;
use crate::index::postgres::{CRUNCHY, Flavor, PostgresCluster, PostgresClusters, ZALANDO};
use crate::model::{Object, products};
use crate::yaml::NodeRef;

/// Variables that switch on the base backups of Spilo.
const SPILO: &[&str] = &["WAL_S3_BUCKET", "WALG_S3_PREFIX", "WAL_GS_BUCKET", "WALG_GS_PREFIX", "AWS_ENDPOINT"];

/// What is known of a database's backups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backups {
    /// Something takes them by a schedule.
    Scheduled,
    /// A store for them is written, and nothing takes them by a schedule.
    StoreOnly,
    /// Nothing shows.
    Nothing,
}

impl<'a> Objects<'a> {
    /// Whether the environment of Spilo, its own or its operator's, names a place for base backups.
    pub(super) fn zalando_archives(&self, cluster: &Object) -> bool {
        let own = cluster.node().items_at(&["spec", "env"]).filter_map(|it| it.str_at(&["name"]));
        let operators = self.of_kind(ZALANDO, "OperatorConfiguration");
        let keys = ["wal_s3_bucket", "wal_gs_bucket", "wal_az_storage_account"];
        let of_configuration = |it: &'a Object| {
            let settings = it.node().at(&["configuration", "aws_or_gcp"]);
            settings.is_some_and(|it| keys.iter().any(|key| it.str_at(&[key]).is_some_and(|it| !it.is_empty())))
        };
        let maps = self.of_kind("", "ConfigMap");
        let of_map = |it: &'a Object| {
            let data = it.node().at(&["data"]);
            let has = |name: &str| data.is_some_and(|it| it.str_at(&[name]).is_some_and(|it| !it.is_empty()));
            keys.iter().any(|it| has(it)) || SPILO.iter().any(|it| has(it))
        };
        own.into_iter().any(|it| SPILO.contains(&it))
            || operators.into_iter().any(of_configuration)
            || maps.into_iter().any(of_map)
    }

    /// Whether the environment holds an object of one of these kinds, whatever its group.
    fn anywhere(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|it| self.by_kind.get(it).is_some_and(|it| !it.is_empty()))
    }
}

impl<'a> PostgresClusters<'a> {
    /// A schedule of CloudNativePG for this cluster.
    fn cnpg_backups(&self, cluster: &'a Object) -> Backups {
        if self.cnpg_schedules(cluster).next().is_some() {
            return Backups::Scheduled;
        }
        let spec = cluster.node();
        let has_store = spec.at(&["spec", "backup"]).is_some() || spec.items_at(&["spec", "plugins"]).next().is_some();
        if has_store { Backups::StoreOnly } else { Backups::Nothing }
    }

    /// What backs a database up.
    pub fn backups_of(&self, cluster: &PostgresCluster<'a>) -> Backups {
        let object = cluster.object;
        if self.is_copied(object) || self.has_backup_job(object) {
            return Backups::Scheduled;
        }
        let spec = object.node();
        let own = match (cluster.flavor, object.group()) {
            (Flavor::Cnpg, _) => return self.cnpg_backups(object),
            (_, ZALANDO) => {
                spec.bool_at(&["spec", "enableLogicalBackup"]) == Some(true) || self.zalando_archives(object)
            }
            (_, CRUNCHY | products::PERCONA) => return pgbackrest(object),
            (_, products::STACKGRES) => spec.items_at(&["spec", "configurations", "backups"]).next().is_some(),
            (_, products::KUBEDB) => self.anywhere(&["BackupConfiguration"]),
            _ => spec.at(&["spec", "backup"]).is_some(),
        };
        if own { Backups::Scheduled } else { Backups::Nothing }
    }
}

/// pgBackRest takes one backup at the start, and others only by a schedule.
fn pgbackrest(cluster: &Object) -> Backups {
    let repos: Vec<NodeRef<'_>> = cluster.node().items_at(&["spec", "backups", "pgbackrest", "repos"]).collect();
    if repos.iter().any(|it| it.at(&["schedules"]).is_some()) {
        return Backups::Scheduled;
    }
    if repos.is_empty() { Backups::Nothing } else { Backups::StoreOnly }
}
