//! The schedules by which a database is backed up.

use crate::index::postgres::archive::plugins;
use crate::index::postgres::{CNPG, CRUNCHY, EDB, Flavor, PostgresCluster, ZALANDO};
use crate::index::{Nearness, Objects, PostgresClusters};
use crate::model::cron::{Dialect, Rhythm, rhythm};
use crate::model::{Object, Place, is_placeholder, products};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// One of them.
#[derive(Clone, Debug)]
pub struct Schedule<'a> {
    /// What has it.
    pub by: &'a Object,
    /// Where it is written, or would be.
    pub place: Place,
    /// Its text and dialect; `None` if the manifests do not tell, or it cannot be read.
    pub cron: Option<(&'a str, Dialect)>,
}

impl Schedule<'_> {
    /// How often it fires.
    pub fn rhythm(&self) -> Option<Rhythm> {
        self.cron.and_then(|(text, dialect)| rhythm(text, dialect))
    }

    /// The longest time between two backups by it, in seconds; the most where it never fires or cannot be read.
    pub fn gap(&self) -> i64 {
        self.rhythm().map_or(i64::MAX, Rhythm::gap)
    }

    /// Whether it is switched off.
    pub(super) fn is_off(&self) -> bool {
        SUSPENSIONS.iter().any(|it| self.by.is(it.0, it.1) && self.by.node().bool_at(it.2) == Some(true))
    }
}

impl<'a> Schedule<'a> {
    /// Reads the one in a field of an object.
    pub(super) fn read(by: &'a Object, keys: &[&str], dialect: Dialect) -> Schedule<'a> {
        Schedule { by, place: by.place(keys), cron: cron(by.node().str_at(keys), dialect) }
    }

    /// Reads that of an object that copies volumes.
    pub(super) fn of_copies(by: &'a Object) -> Schedule<'a> {
        let field = FIELDS.iter().find(|it| by.is(it.0, it.1));
        match field {
            Some((_, _, keys)) => Schedule::read(by, keys, Dialect::Five),
            None => Schedule { by, place: by.name_place(), cron: None },
        }
    }
}

/// How a schedule is written, if it can be read.
fn cron(text: Option<&str>, dialect: Dialect) -> Option<(&str, Dialect)> {
    text.filter(|it| rhythm(it, dialect).is_some()).map(|it| (it, dialect))
}

/// Kinds that copy volumes by a schedule, with the field that holds it.
const FIELDS: &[(&str, &str, &[&str])] = &[
    (products::VELERO, "Schedule", &["spec", "schedule"]),
    ("k8up.io", "Schedule", &["spec", "backup", "schedule"]),
    (products::LONGHORN, "RecurringJob", &["spec", "cron"]),
    ("snapscheduler.backube", "SnapshotSchedule", &["spec", "schedule"]),
    ("volsync.backube", "ReplicationSource", &["spec", "trigger", "schedule"]),
];

/// Kinds that take backups by a schedule, with the field that stops them.
pub const SUSPENSIONS: &[(&str, &str, &[&str])] = &[
    (CNPG, "ScheduledBackup", &["spec", "suspend"]),
    (EDB, "ScheduledBackup", &["spec", "suspend"]),
    (products::VELERO, "Schedule", &["spec", "paused"]),
    ("snapscheduler.backube", "SnapshotSchedule", &["spec", "disabled"]),
    ("volsync.backube", "ReplicationSource", &["spec", "paused"]),
    ("batch", "CronJob", &["spec", "suspend"]),
];

/// The ScheduledBackups of an environment, by the name of their cluster, in order.
pub(super) fn by_cluster<'a>(index: &Objects<'a>) -> HashMap<&'a str, Vec<&'a Object>> {
    let mut by_cluster: HashMap<&'a str, Vec<&'a Object>> = HashMap::new();
    for schedule in [CNPG, EDB].into_iter().flat_map(|group| index.of_kind(group, "ScheduledBackup")) {
        if let Some(name) = schedule.node().str_at(&["spec", "cluster", "name"]) {
            by_cluster.entry(name).or_default().push(schedule);
        }
    }
    by_cluster
}

impl<'a> PostgresClusters<'a> {
    /// The ScheduledBackups of a cluster by a method that it has.
    pub(super) fn cnpg_schedules(&self, cluster: &'a Object) -> impl Iterator<Item = &'a Object> {
        self.schedules_for(cluster).filter(|it| lacking(it, cluster).is_none())
    }

    /// A ScheduledBackup of a cluster by a method that it does not have.
    pub fn failing_schedule(&self, cluster: &'a Object) -> Option<&'a Object> {
        self.schedules_for(cluster).find(|it| lacking(it, cluster).is_some())
    }

    fn schedules_for(&self, cluster: &'a Object) -> impl Iterator<Item = &'a Object> {
        let named = self.scheduled_backups.get(cluster.name()).into_iter().flatten().copied();
        named.filter(|it| self.nearness(it, cluster) != Nearness::Different)
    }

    /// The schedules that back a database up and are not switched off.
    pub fn backup_schedules(&self, cluster: &PostgresCluster<'a>) -> Vec<Schedule<'a>> {
        let object = cluster.object;
        let mut found: Vec<Schedule<'a>> = self.schedules_of_copies(object);
        found.extend(self.schedules_of_jobs(object));
        match (cluster.flavor, object.group()) {
            (Flavor::Cnpg, _) => {
                let schedules = self.cnpg_schedules(object);
                found.extend(schedules.map(|it| Schedule::read(it, &["spec", "schedule"], Dialect::Six)));
            }
            (_, ZALANDO) => found.extend(self.zalando_schedules(object)),
            (_, CRUNCHY | products::PERCONA) => found.extend(pgbackrest_schedules(object)),
            (_, products::STACKGRES) => {
                let backups = object.node().items_at(&["spec", "configurations", "backups"]);
                found.extend(backups.map(|it| {
                    let cron = cron(it.str_at(&["cronSchedule"]), Dialect::Five);
                    Schedule { by: object, place: object.place_in(it, &["cronSchedule"]), cron }
                }));
            }
            _ => {}
        }
        found.retain(|it| !it.is_off());
        found
    }

    /// Dumps that the operator makes, by its own default every night, and base backups that Spilo makes.
    fn zalando_schedules(&self, cluster: &'a Object) -> Vec<Schedule<'a>> {
        let mut found = Vec::new();
        let keys = ["spec", "logicalBackupSchedule"];
        if cluster.node().bool_at(&["spec", "enableLogicalBackup"]) == Some(true) {
            let cron = cron(cluster.node().str_at(&keys), Dialect::Five);
            found.push(Schedule { by: cluster, place: cluster.place(&keys), cron });
        }
        if self.zalando_archives(cluster) {
            // BACKUP_SCHEDULE of the pods' environment, which may stand anywhere.
            found.push(Schedule { by: cluster, place: cluster.name_place(), cron: None });
        }
        found
    }
}

/// The part that a Cluster would need for the method of a ScheduledBackup, and lacks: then each backup fails
/// (`internal/controller/backup_controller.go`, `checkPrerequisites`).
pub fn lacking(schedule: &Object, cluster: &Object) -> Option<String> {
    let has = |key: &str| cluster.node().at(&["spec", "backup", key]).is_some();
    let method = schedule.node().str_at(&["spec", "method"]).unwrap_or("barmanObjectStore");
    match method {
        "barmanObjectStore" | "volumeSnapshot" if !has(method) => Some(format!("spec.backup.{method}")),
        "plugin" => {
            let wanted = schedule.node().str_at(&["spec", "pluginConfiguration", "name"]);
            let fits =
                |it: NodeRef<'_>| wanted.is_none_or(|own| is_placeholder(own) || it.str_at(&["name"]) == Some(own));
            let name = wanted.map_or_else(String::new, |it| format!(" {it}"));
            (!plugins(cluster).any(fits)).then(|| format!("plugin{name}"))
        }
        _ => None,
    }
}

/// Each repository may have a schedule for full, differential and incremental backups.
fn pgbackrest_schedules(cluster: &Object) -> Vec<Schedule<'_>> {
    let mut found = Vec::new();
    for repo in cluster.node().items_at(&["spec", "backups", "pgbackrest", "repos"]) {
        for kind in ["full", "differential", "incremental"] {
            if let Some(text) = repo.str_at(&["schedules", kind]) {
                let place = cluster.place_in(repo, &["schedules", kind]);
                found.push(Schedule { by: cluster, place, cron: cron(Some(text), Dialect::Five) });
            }
        }
    }
    found
}
