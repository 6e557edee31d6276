//! What backs a database up, as far as the manifests show.
//!
//! Evidence is taken generously: what nobody can see from here must not be called missing.

use crate::index::postgres::{CRUNCHY, Flavor, PostgresCluster, PostgresClusters, ZALANDO};
use crate::index::{Nearness, Objects};
use crate::model::products::{self, BACKUP_TOOLS, DUMP_PROGRAMS};
use crate::model::{Object, PodTemplate, WorkloadKind};
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
    /// What backs a database up.
    pub fn backups_of(&self, cluster: &PostgresCluster<'a>) -> Backups {
        let object = cluster.object;
        if self.copying_schedule(object).is_some() || self.dumping_jobs(object).next().is_some() {
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

    /// A schedule of CloudNativePG for this cluster.
    fn cnpg_backups(&self, cluster: &'a Object) -> Backups {
        if self.cnpg_schedules(cluster).next().is_some() {
            return Backups::Scheduled;
        }
        let spec = cluster.node();
        let has_store = spec.at(&["spec", "backup"]).is_some() || spec.items_at(&["spec", "plugins"]).next().is_some();
        if has_store { Backups::StoreOnly } else { Backups::Nothing }
    }

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

    /// The CronJobs that run a program for backups, near the database. Which database they mean is often hidden in
    /// Secrets, so that the nearest counts.
    pub(super) fn dumping_jobs(&self, database: &Object) -> impl Iterator<Item = &'a Object> {
        self.running_jobs().filter(|job| {
            let is_named = job.name().contains("backup") || job.name().contains("dump");
            (runs_a_backup(job) || is_named) && self.nearness(job, database) != Nearness::Different
        })
    }

    /// Whether the environment holds an object of one of these kinds, whatever its group.
    fn anywhere(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|it| self.by_kind.get(it).is_some_and(|it| !it.is_empty()))
    }
}

impl<'a> PostgresClusters<'a> {
    /// The CronJobs that run a program for backups of a database, in order: those near one, and those that dump any.
    pub fn postgres_backup_jobs(&self) -> Vec<&'a Object> {
        let is_near = |job: &Object| {
            self.postgres_clusters().iter().any(|it| self.nearness(job, it.object) != Nearness::Different)
        };
        let is_backup = |it: &&Object| (runs_a_backup(it) && is_near(it)) || !self.dumps_of(it).is_empty();
        self.running_jobs().filter(is_backup).collect()
    }
}

/// Whether a CronJob runs a program for backups, or an image for them.
fn runs_a_backup(job: &Object) -> bool {
    let template = PodTemplate::of(job, WorkloadKind::CronJob);
    let mut containers = template.into_iter().flat_map(|it| it.containers().chain(it.init_containers()));
    containers.any(|it| {
        mentions(it.image()) || mentions(it.name()) || it.image().contains("backup") || words(it.node()).any(mentions)
    })
}

/// The words of a container's command and arguments.
fn words(container: NodeRef<'_>) -> impl Iterator<Item = &str> {
    ["command", "args"].into_iter().flat_map(move |key| container.items_at(&[key]).map(NodeRef::text))
}

/// Whether a text holds the name of a program that copies a database.
fn mentions(text: &str) -> bool {
    DUMP_PROGRAMS.iter().chain(BACKUP_TOOLS).any(|it| text.contains(it))
}

/// pgBackRest takes one backup at the start, and others only by a schedule.
fn pgbackrest(cluster: &Object) -> Backups {
    let repos: Vec<NodeRef<'_>> = cluster.node().items_at(&["spec", "backups", "pgbackrest", "repos"]).collect();
    if repos.iter().any(|it| it.at(&["schedules"]).is_some()) {
        return Backups::Scheduled;
    }
    if repos.is_empty() { Backups::Nothing } else { Backups::StoreOnly }
}
