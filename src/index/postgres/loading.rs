//! Whether a server reads a configuration file that its pod mounts.

use crate::index::Objects;
use crate::index::postgres::files::{ConfigFile, Origin, setting};
use crate::index::postgres::server::{Family, Server};
use crate::source::Span;

/// Whether a server reads a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loading {
    /// It does; with the argument that names it as the main file, if there is one.
    Loaded(Option<Span>),
    /// It does not.
    NotLoaded,
    /// The manifests do not tell, and why.
    Unknown(String),
}

/// Settings by which a file is known to be PostgreSQL's.
const SETTINGS: &[&str] = &[
    "max_connections",
    "shared_buffers",
    "effective_cache_size",
    "maintenance_work_mem",
    "work_mem",
    "wal_level",
    "max_wal_size",
    "min_wal_size",
    "max_wal_senders",
    "checkpoint_completion_target",
    "listen_addresses",
    "shared_preload_libraries",
    "log_statement",
    "log_min_duration_statement",
    "archive_mode",
    "synchronous_commit",
    "hba_file",
    "ssl",
    "random_page_cost",
    "effective_io_concurrency",
    "hot_standby",
    "primary_conninfo",
    "autovacuum",
    "timezone",
];

/// Folders from which Bitnami's image loads `*.conf`.
const BITNAMI_FOLDERS: &[&str] = &["/bitnami/postgresql/conf", "/opt/bitnami/postgresql/conf"];

impl ConfigFile<'_> {
    /// Whether it is a `postgresql.conf`, whatever its name.
    pub fn is_server_configuration(&self) -> bool {
        let is_conf = self.path.to_ascii_lowercase().ends_with(".conf");
        is_conf && SETTINGS.iter().any(|it| self.setting(it).is_some())
    }

    /// How many settings it has.
    pub fn count_settings(&self) -> usize {
        let lines = self.entry.value.text().lines().map(str::trim_start);
        lines.filter(|it| it.starts_with(|it: char| it.is_ascii_alphabetic())).count()
    }
}

impl<'a> Objects<'a> {
    /// Whether a server reads a file of its container.
    pub fn loading(&self, server: &Server<'a>, file: &ConfigFile<'a>) -> Loading {
        let texts = self.texts_of(server);
        let own = texts.iter().filter(|it| it.origin == Origin::Server && it.name.is_empty());
        for word in own {
            let names_it = word.text.contains(&format!("config_file={}", file.path))
                || word.text.contains(&format!("config-file={}", file.path));
            if names_it {
                return Loading::Loaded(Some(word.span));
            }
        }
        // A script may copy it, another file may include it.
        let folder = file.folder();
        let names_it = |text: &str| text.contains(&file.path) || (folder.len() > 1 && text.contains(folder));
        if texts.iter().any(|it| it.span != file.entry.line_span() && names_it(&it.text))
            || server.variables.iter().any(|it| it.value.as_deref().is_some_and(names_it))
        {
            return Loading::Loaded(None);
        }
        match server.family {
            Family::Bitnami if BITNAMI_FOLDERS.iter().any(|it| file.is_in(it)) => return Loading::Loaded(None),
            Family::Official | Family::Mirror | Family::Bitnami => {}
            Family::Managed(_) | Family::Other => {
                return Loading::Unknown("what the image loads is not known".to_owned());
            }
        }
        match server.data_dir() {
            Ok(data) if file.is_in(&data) => return Loading::Loaded(None),
            Ok(_) => {}
            Err(reason) => return Loading::Unknown(reason.to_owned()),
        }
        if self.missing_config_map(server).is_some() {
            return Loading::Unknown("a ConfigMap that the pods mount is not among the manifests".to_owned());
        }
        if self.has_unseen_script(server) {
            return Loading::Unknown("a script that the pods run is not among the manifests".to_owned());
        }
        Loading::NotLoaded
    }

    /// Whether the pod runs a script that no manifest shows.
    fn has_unseen_script(&self, server: &Server<'a>) -> bool {
        let texts = self.texts_of(server);
        texts
            .iter()
            .filter(|it| it.name.is_empty() && it.origin != Origin::Sidecar)
            .flat_map(|it| it.text.split_whitespace())
            .any(|it| crate::index::postgres::replication::is_unseen(it, &texts))
    }
}

/// A setting on a server's command line: `-c name=value`, `--name=value`.
pub(super) fn argument<'t>(word: &'t str, name: &str) -> Option<&'t str> {
    let word = word.trim_matches(['\'', '"']).trim_start_matches("--").trim_start_matches("-c").trim_start();
    let (key, value) = word.split_once('=')?;
    (key.replace('-', "_") == name).then(|| value.trim_matches(['\'', '"']))
}

/// A setting that a server runs with, and where it is written.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The value.
    pub value: String,
    /// Where.
    pub span: Span,
    /// Whether it stands in a file that the server does not read.
    pub is_ignored: bool,
}

impl<'a> Objects<'a> {
    /// A setting of a server: from its command line, or else from its files.
    pub fn setting_of(&self, server: &Server<'a>, name: &str) -> Option<InForce> {
        let own = self.texts_of(server);
        let own = own.iter().filter(|it| it.origin == Origin::Server && it.name.is_empty());
        // Of several arguments the last counts. One may be a whole script.
        let mut given = own.filter_map(|text| {
            let in_script = || text.text.split_whitespace().filter_map(|it| argument(it, name)).next_back();
            let value = argument(&text.text, name).or_else(in_script)?.to_owned();
            Some(InForce { value, span: text.span, is_ignored: false })
        });
        if let Some(last) = given.next_back() {
            return Some(last);
        }
        let mut found = None;
        for file in self.config_files(server).iter().filter(|it| it.is_server_configuration()) {
            let Some(value) = setting(file.entry.value.text(), name).map(str::to_owned) else { continue };
            match self.loading(server, file) {
                Loading::Loaded(_) => {
                    return Some(InForce { value, span: file.entry.line_span(), is_ignored: false });
                }
                Loading::NotLoaded => found = Some(InForce { value, span: file.entry.line_span(), is_ignored: true }),
                Loading::Unknown(_) => {}
            }
        }
        found
    }
}
