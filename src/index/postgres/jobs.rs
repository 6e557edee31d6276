//! The CronJobs that back databases up: read once, and which databases each may mean.

use crate::index::objects::places::Places;
use crate::index::postgres::schedules::Schedule;
use crate::index::postgres::{Dump, Host};
use crate::index::{Nearness, Objects, PostgresClusters, validation};
use crate::model::cron::{Dialect, MOST_TOGETHER};
use crate::model::products::{BACKUP_TOOLS, DUMP_PROGRAMS};
use crate::model::{Object, ObjectId, PodTemplate, WorkloadKind};
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A CronJob that runs, and backs something up.
#[derive(Debug)]
struct Job<'a> {
    object: &'a Object,
    /// Whether it runs a program for backups, or an image for them.
    runs_a_backup: bool,
    /// Whether it does, or is called so: which database it means is often hidden in Secrets, so that the nearest counts.
    is_backup: bool,
    dumps: Vec<Dump<'a>>,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Jobs<'a> {
    /// In order.
    all: Vec<Job<'a>>,
    /// Where those are that may mean any database near them.
    places: Places<'a>,
    /// The jobs of which each dump is known to be that of a database, by the database.
    of_databases: HashMap<ObjectId, Vec<usize>>,
    /// The positions of the others.
    open: Vec<usize>,
    /// Those of them that decide.
    deciding: ByPlace<usize>,
    /// The schedules for copies of volumes that decide.
    copying: ByPlace<(usize, ObjectId)>,
    /// One of those, switched on or off.
    copied: ByPlace<ObjectId>,
}

/// Lists by all that the namespaces of databases are compared with.
type ByPlace<T> = Mutex<HashMap<Place, Arc<[T]>>>;

/// The namespace of an object, whether it is governed, and the folder.
type Place = (Option<String>, bool, u32);

impl<'a> Jobs<'a> {
    /// Reads the CronJobs: one that the API server refuses never runs.
    pub(super) fn read(index: &Objects<'a>) -> Jobs<'a> {
        let mut jobs = Jobs::default();
        for object in index.of_kind("batch", "CronJob") {
            let runs_a_backup = runs_a_backup(object);
            let is_backup = runs_a_backup || object.name().contains("backup") || object.name().contains("dump");
            let dumps = index.dumps_of(object);
            if (!is_backup && dumps.is_empty()) || !validation::refusals(object).is_empty() {
                continue;
            }
            if is_backup {
                jobs.places.insert(index, object);
            }
            jobs.all.push(Job { object, runs_a_backup, is_backup, dumps });
        }
        jobs
    }
}

impl<'a> PostgresClusters<'a> {
    /// Finds the databases that jobs dump.
    pub(super) fn file_jobs(&mut self) {
        let mut jobs = std::mem::take(&mut self.jobs);
        for (at, job) in jobs.all.iter().enumerate().filter(|it| it.1.is_backup) {
            let database = |it: &Dump<'a>| match self.postgres_host(job.object, it.host?.text) {
                Host::Cluster(cluster, _) => Some(cluster.object.id()),
                _ => None,
            };
            let databases: Option<BTreeSet<ObjectId>> = job.dumps.iter().map(database).collect();
            match databases.filter(|it| !it.is_empty()) {
                Some(databases) => {
                    for it in databases {
                        jobs.of_databases.entry(it).or_default().push(at);
                    }
                }
                None => jobs.open.push(at),
            }
        }
        self.jobs = jobs;
    }

    /// The dumps that CronJobs take, in order.
    pub fn postgres_dumps(&self) -> impl Iterator<Item = &Dump<'a>> {
        self.jobs.all.iter().flat_map(|it| &it.dumps)
    }

    /// Whether a CronJob near a database runs a program for backups.
    pub(super) fn has_backup_job(&self, database: &Object) -> bool {
        self.jobs.places.nearness(self, database) != Nearness::Different
    }

    /// The CronJobs that run a program for backups of a database, in order: those near one, and those that dump any.
    pub fn postgres_backup_jobs(&self) -> impl Iterator<Item = &'a Object> {
        let mut databases = Places::default();
        self.postgres_clusters().iter().for_each(|it| databases.insert(self, it.object));
        let is_near = move |job: &Object| databases.nearness(self, job) != Nearness::Different;
        let jobs = self.jobs.all.iter();
        jobs.filter(move |it| !it.dumps.is_empty() || (it.runs_a_backup && is_near(it.object))).map(|it| it.object)
    }

    /// The schedules of the CronJobs near a database, in order; of many that may mean any database those that decide.
    pub(super) fn schedules_of_jobs(&self, database: &Object) -> Vec<Schedule<'a>> {
        let is_near = |at: &usize| self.nearness(self.jobs.all[*at].object, database) != Nearness::Different;
        let schedule = |at: usize| (at, self.jobs.all[at].schedule());
        let find = || deciding(self.jobs.open.iter().copied().filter(is_near).map(schedule));
        let deciding = self.once_a_place(&self.jobs.deciding, database, find);
        let own = self.jobs.of_databases.get(&database.id()).into_iter().flatten().copied().filter(is_near);
        let mut found: Vec<usize> = own.chain(deciding.iter().copied()).collect();
        found.sort_unstable();
        found.into_iter().map(|it| self.jobs.all[it].schedule()).collect()
    }

    /// The schedules that copy the volumes of a database, in order; of many those that decide.
    pub(super) fn schedules_of_copies(&self, database: &Object) -> Vec<Schedule<'a>> {
        let copies = || self.copying_schedules(database).enumerate();
        let find = || deciding(copies().map(|(at, it)| ((at, it.id()), Schedule::of_copies(it))));
        let deciding = self.once_a_place(&self.jobs.copying, database, find);
        deciding.iter().map(|it| Schedule::of_copies(self.object_at(it.1))).collect()
    }

    /// Whether a schedule copies the volumes of a database, switched on or off.
    pub(super) fn is_copied(&self, database: &Object) -> bool {
        let find = || self.copying_schedule(database).map(Object::id).into_iter().collect();
        !self.once_a_place(&self.jobs.copied, database, find).is_empty()
    }

    /// What is found of a database, once for all that their namespaces do not tell apart.
    fn once_a_place<T>(&self, known: &ByPlace<T>, database: &Object, find: impl FnOnce() -> Vec<T>) -> Arc<[T]> {
        let place = (database.namespace().map(str::to_owned), database.is_governed, self.folder(database));
        let there = known.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        there.unwrap_or_else(|| {
            let found: Arc<[T]> = find().into();
            Arc::clone(known.lock().unwrap_or_else(PoisonError::into_inner).entry(place).or_insert(found))
        })
    }
}

/// Of many schedules those on which it depends how often there is a backup: the first of each, one that cannot be
/// read, and the most frequent ones.
fn deciding<'a, T: Copy + Ord>(schedules: impl Iterator<Item = (T, Schedule<'a>)>) -> Vec<T> {
    let mut deciding = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut by_gap = Vec::new();
    let mut open = None;
    for (at, schedule) in schedules.filter(|it| !it.1.is_off()) {
        by_gap.push((schedule.gap(), at));
        match schedule.cron {
            None => _ = open.get_or_insert(at),
            Some(cron) if seen.insert(cron) && seen.len() <= MOST_TOGETHER => _ = deciding.insert(at),
            Some(_) => {}
        }
    }
    deciding.extend(open);
    by_gap.sort_unstable();
    deciding.extend(by_gap.into_iter().take(MOST_FREQUENT).map(|it| it.1));
    deciding.into_iter().collect()
}

/// So many of the most frequent ones are shown.
const MOST_FREQUENT: usize = 3;

impl<'a> Job<'a> {
    /// Its schedule: unknown if only its name or image covers backups, which may be anything's.
    fn schedule(&self) -> Schedule<'a> {
        let keys = ["spec", "schedule"];
        if self.dumps.is_empty() {
            return Schedule { by: self.object, place: self.object.place(&keys), cron: None };
        }
        Schedule::read(self.object, &keys, Dialect::Five)
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
