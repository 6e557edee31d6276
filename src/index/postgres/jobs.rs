//! CronJobs that back databases up, each read once, and which databases each of them is for.

use crate::index::postgres::backups::{is_named_backup, runs_a_backup};
use crate::index::postgres::schedules::of_cron_job;
use crate::index::postgres::{Dump, Host, PostgresClusters, Schedule};
use crate::index::{Nearness, Objects};
use crate::model::{Object, ObjectId};
use std::collections::HashMap;

/// The CronJobs of an environment that run, in order.
#[derive(Default)]
pub(super) struct BackupJobs<'a> {
    all: Vec<BackupJob<'a>>,
    /// Those that may be for any database near them, by position.
    for_any: Vec<usize>,
    /// Those that dump known databases and nothing else.
    by_database: HashMap<ObjectId, Vec<usize>>,
}

/// One of them.
struct BackupJob<'a> {
    object: &'a Object,
    dumps: Vec<Dump<'a>>,
    /// Whether it runs a program for backups.
    copies: bool,
    schedule: Schedule<'a>,
}

impl<'a> BackupJobs<'a> {
    /// Reads them, when the databases are known.
    pub(super) fn read(databases: &PostgresClusters<'a>) -> BackupJobs<'a> {
        let mut jobs = BackupJobs::default();
        for object in databases.running_jobs() {
            let (dumps, copies) = (databases.dumps_of(object), runs_a_backup(object));
            let at = jobs.all.len();
            if copies || is_named_backup(object) {
                match dumped(databases, object, &dumps) {
                    Some(databases) => {
                        for database in databases {
                            jobs.by_database.entry(database).or_default().push(at);
                        }
                    }
                    None => jobs.for_any.push(at),
                }
            }
            let schedule = of_cron_job(object, dumps.is_empty());
            jobs.all.push(BackupJob { object, dumps, copies, schedule });
        }
        jobs
    }

    /// The schedules of those that are for a database, in order.
    pub(super) fn schedules_of(&self, database: &Object, objects: &Objects<'a>) -> Vec<Schedule<'a>> {
        let own = self.by_database.get(&database.id()).map_or(&[][..], Vec::as_slice);
        let mut jobs: Vec<usize> = self.for_any.iter().chain(own).copied().collect();
        jobs.sort_unstable();
        let jobs = jobs.into_iter().map(|it| &self.all[it]);
        let near = jobs.filter(|it| objects.nearness(it.object, database) != Nearness::Different);
        near.map(|it| it.schedule.clone()).collect()
    }
}

/// The databases that a CronJob dumps: none if it may be for others, too.
fn dumped<'a>(databases: &PostgresClusters<'a>, job: &Object, dumps: &[Dump<'a>]) -> Option<Vec<ObjectId>> {
    let hosts = dumps.iter().map(|it| match databases.postgres_host(job, it.host?.text) {
        Host::Cluster(cluster, _) => Some(cluster.object.id()),
        _ => None,
    });
    let mut dumped = hosts.collect::<Option<Vec<ObjectId>>>().filter(|it| !it.is_empty())?;
    dumped.sort_unstable();
    dumped.dedup();
    Some(dumped)
}

impl<'a> PostgresClusters<'a> {
    /// The dumps that CronJobs take, in order.
    pub fn postgres_dumps(&self) -> Vec<Dump<'a>> {
        self.jobs.all.iter().flat_map(|it| it.dumps.iter().cloned()).collect()
    }

    /// The CronJobs that run a program for backups of a database, in order: those near one, and those that dump any.
    pub fn postgres_backup_jobs(&self) -> Vec<&'a Object> {
        let is_near = |job: &Object| {
            self.postgres_clusters().iter().any(|it| self.nearness(job, it.object) != Nearness::Different)
        };
        let is_backup = |it: &&BackupJob<'a>| (it.copies && is_near(it.object)) || !it.dumps.is_empty();
        self.jobs.all.iter().filter(is_backup).map(|it| it.object).collect()
    }
}
