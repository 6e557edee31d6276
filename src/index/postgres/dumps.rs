//! CronJobs that dump a database: from which host, and where the copy goes.

use crate::index::Objects;
use crate::index::objects::commands::{Command, Orders, Word, may_mention};
use crate::model::products::DUMP_PROGRAMS;
use crate::model::{Object, PodTemplate, WorkloadKind};
use crate::yaml::NodeRef;

/// A dump that a CronJob takes.
#[derive(Clone, Debug)]
pub struct Dump<'a> {
    /// The CronJob.
    pub by: &'a Object,
    /// The word that starts the program.
    pub word: Word<'a>,
    /// The program.
    pub program: &'a str,
    /// The host that it asks, if it is written.
    pub host: Option<Word<'a>>,
    /// Where the copy goes.
    pub goes: Goes<'a>,
}

/// Where a copy goes.
#[derive(Clone, Copy, Debug)]
pub enum Goes<'a> {
    /// Into a folder of the container, with the path.
    Nowhere(&'a str),
    /// Into a volume that ends with the pod.
    Lost(&'a str, NodeRef<'a>),
    /// Into a claim.
    Claim(&'a str, NodeRef<'a>),
    /// Onto the node.
    Node(&'a str, NodeRef<'a>),
    /// Somewhere else, or nobody knows.
    Elsewhere,
}

/// Words that cover a store outside: programs, images, schemes.
const UPLOADS: &[&str] = &[
    "aws",
    "s3",
    "gsutil",
    "gcloud",
    "gs://",
    "rclone",
    "restic",
    "kopia",
    "borg",
    "mc ",
    "minio",
    "azcopy",
    "azure",
    "az ",
    "curl",
    "wget",
    "scp",
    "rsync",
    "ssh",
    "ftp",
    "duplicity",
    "swift",
    "b2",
    "wal-g",
    "pgbackrest",
    "upload",
    "bucket",
    "webdav",
    "python",
    "gcs",
];

impl<'a> Objects<'a> {
    /// A schedule that copies the volumes of what stands in the namespace of an object.
    pub fn copying_schedule_of(&self, object: &Object) -> Option<&'a Object> {
        self.copying_schedule(object)
    }

    /// The dumps that a CronJob takes.
    pub(super) fn dumps_of(&self, job: &'a Object) -> Vec<Dump<'a>> {
        let mut found = Vec::new();
        let template = PodTemplate::of(job, WorkloadKind::CronJob).filter(|_| may_mention(job, &["pg_"]));
        let Some(template) = template else { return found };
        let all = self.orders_of(job);
        // What no one sees may carry the copy away.
        let is_hidden = all.iter().any(|it| it.is_open || it.main.words.is_empty()) || all.iter().any(uploads);
        for orders in &all {
            of_container(job, template, orders, is_hidden, &mut found);
        }
        found
    }
}

/// Whether a container carries something out of the cluster.
fn uploads(orders: &Orders<'_>) -> bool {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        UPLOADS.iter().any(|it| text.contains(it))
    };
    let image = orders.container.repository();
    let words = orders.commands().flat_map(|it| &it.words);
    // The image of a server holds no surprises, whatever its registry is called.
    let is_plain = orders.container.image_name().starts_with("postgres");
    words.into_iter().any(|it| says(it.text))
        || orders.variables.iter().any(|it| says(&it.name) || says(it.value))
        || (!is_plain && (says(image) || image.contains("backup")))
}

fn of_container<'a>(
    by: &'a Object,
    template: PodTemplate<'a>,
    orders: &Orders<'a>,
    is_hidden: bool,
    found: &mut Vec<Dump<'a>>,
) {
    let commands: Vec<&Command<'a>> = orders.commands().collect();
    for (at, command) in commands.iter().enumerate() {
        let program = command.program();
        if !DUMP_PROGRAMS.contains(&program) {
            continue;
        }
        let Some(word) = command.words.first().copied() else { continue };
        let path = written_to(&commands[at..]).and_then(|it| folder(it, orders));
        let goes = match path {
            Some(path) if !is_hidden => target(path, orders, template),
            _ => Goes::Elsewhere,
        };
        found.push(Dump { by, word, program, host: host(command, orders), goes });
    }
}

/// The path that a pipeline writes to.
fn written_to<'a>(commands: &[&Command<'a>]) -> Option<&'a str> {
    for command in commands {
        for (at, word) in command.words.iter().enumerate() {
            if let Some(rest) = word.text.strip_prefix('>') {
                let rest = rest.trim_start_matches('>');
                let path = if rest.is_empty() { command.words.get(at + 1)?.text } else { rest };
                return Some(path);
            }
        }
        if let Some(path) = argument(command, &["-f", "--file", "-D", "--pgdata"]) {
            return Some(path.text);
        }
        if !command.is_piped {
            return None;
        }
    }
    None
}

/// The value of an option; capitals matter here: `-F` is a format, `-f` a file.
fn argument<'a>(command: &Command<'a>, names: &[&str]) -> Option<Word<'a>> {
    command.words.iter().enumerate().find_map(|(at, word)| {
        if names.contains(&word.text) {
            return command.words.get(at + 1).copied();
        }
        let (name, value) = word.text.split_once('=')?;
        names.contains(&name).then(|| word.part(value))
    })
}

/// The beginning of a path that is known: a variable at its start is filled in, from the container's or the script's.
fn folder<'a>(path: &'a str, orders: &Orders<'a>) -> Option<&'a str> {
    let mut path = path;
    for _ in 0..DEEPEST {
        if path.starts_with('/') {
            return Some(path);
        }
        let name = path.strip_prefix('$')?.trim_start_matches('{');
        let end = name.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_')).unwrap_or(name.len());
        path = value_of(&name[..end], orders)?;
    }
    None
}

/// Variables that are made of each other, as far as they are followed.
const DEEPEST: usize = 4;

fn value_of<'a>(name: &str, orders: &Orders<'a>) -> Option<&'a str> {
    let assigned = orders.scripts.iter().flat_map(|it| it.words.iter().take(2)).find_map(|it| {
        let (own, value) = it.text.split_once('=')?;
        (own == name).then(|| value.trim_matches(['"', '\'']))
    });
    let dashed = name.to_ascii_lowercase().replace('_', "-");
    assigned.or_else(|| orders.variables.iter().find(|it| it.name == dashed).map(|it| it.value))
}

fn target<'a>(path: &'a str, orders: &Orders<'a>, template: PodTemplate<'a>) -> Goes<'a> {
    if path.starts_with("/dev/") {
        return Goes::Elsewhere;
    }
    let covers = |mount: &str| crate::index::postgres::covers(mount.trim_end_matches('/'), path.trim_end_matches('/'));
    let mounts = orders.container.mounts().filter(|it| covers(it.0));
    let Some((_, name)) = mounts.max_by_key(|it| it.0.len()) else { return Goes::Nowhere(path) };
    let Some(volume) = template.volumes().find(|it| it.str_at(&["name"]) == Some(name)) else {
        return Goes::Elsewhere;
    };
    if volume.at(&["emptyDir"]).is_some() || volume.at(&["ephemeral"]).is_some() {
        Goes::Lost(path, volume)
    } else if volume.at(&["persistentVolumeClaim"]).is_some() {
        Goes::Claim(path, volume)
    } else if volume.at(&["hostPath"]).is_some() {
        Goes::Node(path, volume)
    } else {
        Goes::Elsewhere
    }
}

/// The host that a dump asks: an option, an address, or the variable that all of PostgreSQL's programs read.
fn host<'a>(command: &Command<'a>, orders: &Orders<'a>) -> Option<Word<'a>> {
    let address = command.words.iter().find(|it| it.text.contains("://"));
    let from_address = address.and_then(|it| Some(it.part(host_of_address(it.text)?)));
    let variable = |name: &str| orders.variables.iter().find(|it| it.name == name).map(|it| it.word);
    let word = argument(command, &["-h", "--host"]).or(from_address).or_else(|| variable("pghost"))?;
    let Some(name) = word.text.strip_prefix('$') else { return Some(word) };
    variable(&name.trim_matches(['{', '}', '(', ')']).to_ascii_lowercase().replace('_', "-"))
}

/// `postgres://user:password@host:5432/name`
fn host_of_address(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    let authority = rest.split(['/', '?']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next()?).filter(|it| !it.is_empty())
}
