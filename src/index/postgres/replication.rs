//! Whether servers without an operator copy their data to each other, and what fails over.

use crate::index::Objects;
use crate::index::postgres::commands;
use crate::index::postgres::files::{Origin, Text};
use crate::index::postgres::server::{Family, Server, covers};
use crate::model::products::{FAILOVER_PROGRAMS, PATRONI};
use crate::model::{is_placeholder, shell};
use crate::source::Span;
use crate::yaml::NodeRef;

/// What speaks for replication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The setting, program or variable.
    pub what: String,
    /// Where it is.
    pub span: Span,
    /// What promotes a standby when the primary fails, if this is such a thing.
    pub manager: Option<&'static str>,
}

/// Whether a server's pods follow one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replication {
    /// Something makes standbys.
    Standbys(Evidence),
    /// A primary is prepared for standbys, and nothing makes any.
    PrimaryOnly(Evidence),
    /// Nothing.
    Nothing,
    /// The manifests do not tell, and why.
    Unknown(String),
}

/// Settings, files and programs that only a standby has, or what makes one.
const STANDBY_WORDS: &[&str] = &[
    "primary_conninfo",
    "standby.signal",
    "standby_mode",
    "recovery.conf",
    "--type=standby",
    "create subscription",
    "pglogical.create_subscription",
    "bucardo",
    PG_BASEBACKUP,
    "pg_rewind",
];

const PG_BASEBACKUP: &str = "pg_basebackup";

/// Parts of a command by which `pg_basebackup` makes a backup rather than a standby.
const BACKUP_WORDS: &[&str] = &["-Ft", "-F t", "--format=t", "--format t", "-D -", "backup/", "/backup", "_backup\""];

/// Programs by which a script takes a standby's files away, or only looks whether something is there.
const REMOVERS: &[&str] = &["rm ", "unlink ", "test ", "[ ", "[[ ", "grep ", "which ", "command -v "];

/// Words that prepare a primary. Most of them are defaults since version 10.
const PRIMARY_WORDS: &[&str] = &[
    "synchronous_standby_names",
    "max_wal_senders",
    "wal_level",
    "hot_standby",
    "max_replication_slots",
    "wal_keep_size",
    "wal_keep_segments",
];

/// Beginnings of variables by which images with a failover manager are set up. What an exporter or a client is
/// told about one is none of them.
const MANAGER_VARIABLES: &[(&str, &str)] = &[
    ("PATRONI_SCOPE", PATRONI),
    ("PATRONI_NAME", PATRONI),
    ("PATRONI_KUBERNETES_", PATRONI),
    ("PATRONI_POSTGRESQL_", PATRONI),
    ("PATRONI_REPLICATION_", PATRONI),
    ("PATRONI_SUPERUSER_", PATRONI),
    ("PATRONI_RESTAPI_", PATRONI),
    ("PATRONI_ETCD", PATRONI),
    ("PATRONI_CONFIGURATION", PATRONI),
    ("REPMGR_PARTNER_NODES", "repmgr"),
    ("REPMGR_PRIMARY_HOST", "repmgr"),
    ("REPMGR_NODE_", "repmgr"),
    ("STKEEPER_", "Stolon"),
    ("PG_AUTOCTL_", "pg_auto_failover"),
    ("PGHA_", PATRONI),
];

/// Images whose programs without a command of their own are known to leave data alone.
const HARMLESS: &[&str] = &["busybox", "alpine", "os-shell", "bitnami-shell", "minideb", "postgres", "postgresql"];

impl<'a> Objects<'a> {
    /// Whether the pods of a server follow one of them.
    pub fn replication(&self, server: &Server<'a>) -> Replication {
        if let Family::Managed(manager) = server.family {
            let what = format!("{manager} in the image");
            let span = server.container.node().place(&["image"]);
            return Replication::Standbys(Evidence { what, span, manager: Some(manager) });
        }
        let texts = self.texts_of(server);
        let mut weak = None;
        if let Some(evidence) = by_manager(server, &texts).or_else(|| by_word(&texts)) {
            return Replication::Standbys(evidence);
        }
        // The official image reads none of these variables.
        if server.family != Family::Official {
            match by_variables(server) {
                Some(Replication::PrimaryOnly(evidence)) => weak = Some(evidence),
                Some(strong) => return strong,
                None => {}
            }
        }
        for word in PRIMARY_WORDS {
            let said = texts.iter().find(|it| it.origin != Origin::Sidecar && says(it, word));
            weak = weak.or_else(|| said.map(|it| evidence(word, it.span)));
        }
        match self.doubt(server, &texts) {
            Some(reason) => Replication::Unknown(reason),
            None => weak.map_or(Replication::Nothing, Replication::PrimaryOnly),
        }
    }

    /// Why absence proves nothing.
    fn doubt(&self, server: &Server<'a>, texts: &[Text<'a>]) -> Option<String> {
        if is_placeholder(server.container.image()) {
            return Some("the image is a template placeholder".to_owned());
        }
        if server.family == Family::Other {
            let image = server.container.repository();
            return Some(format!("whether the image {image} replicates by itself is not known"));
        }
        if let Some(name) = self.missing_config_map(server) {
            return Some(format!("ConfigMap {name}, which the pods mount, is not among the manifests"));
        }
        if server.has_open_variables && server.family != Family::Official {
            return Some("a ConfigMap with variables is not among the manifests".to_owned());
        }
        let words = || texts.iter().filter(|it| it.name.is_empty() && it.origin != Origin::Sidecar);
        if words().any(|it| it.text.contains("{{") || it.text.contains("${{")) {
            return Some("the command is a template placeholder".to_owned());
        }
        if let Some(script) = words().flat_map(|it| it.text.split_whitespace()).find(|it| is_unseen(it, texts)) {
            return Some(format!("the script {script} is not among the manifests"));
        }
        let data = server.data_dir().unwrap_or_default();
        let volumes: Vec<&str> = server
            .mounts()
            .iter()
            .filter(|it| covers(it.path, &data))
            .filter_map(|it| it.node.str_at(&["name"]))
            .collect();
        let filler = server.init_containers().into_iter().find(|it| {
            it.words().next().is_none()
                && !HARMLESS.contains(&it.image_name())
                && it.mounts().any(|(_, name)| volumes.contains(&name))
        });
        filler.map(|it| format!("what init container {} puts into the data volume is not known", it.name()))
    }
}

/// A failover manager that a command or a script of the server, or of what runs before it, starts.
fn by_manager(server: &Server<'_>, texts: &[Text<'_>]) -> Option<Evidence> {
    let mut containers = server.init_containers();
    containers.push(server.container);
    for (program, manager) in FAILOVER_PROGRAMS {
        let evidence = |span| Evidence { what: (*program).to_owned(), span, manager: Some(manager) };
        if let Some(container) = containers.iter().find(|it| commands::starts(**it, program)) {
            let words = ["command", "args"].into_iter().flat_map(|it| container.node().items_at(&[it]));
            let word = words.into_iter().find(|it| it.text().contains(program));
            return Some(evidence(word.map_or_else(|| container.node().place(&["command"]), NodeRef::first_line)));
        }
        // Single words of a command are judged with their neighbours, above.
        let is_script = |it: &&Text<'_>| !it.name.is_empty() || it.text.contains(char::is_whitespace);
        let mut scripts = texts.iter().filter(|it| it.origin != Origin::Sidecar).filter(is_script);
        if let Some(script) = scripts.find(|it| commands::runs(&it.text, program)) {
            return Some(evidence(script.span));
        }
    }
    // Patroni's own file, which a script or an argument hands to it.
    let is_patroni = |it: &&Text<'_>| {
        let has = |key: &str| it.text.lines().any(|line| line.starts_with(key));
        it.origin != Origin::Sidecar && has("scope:") && (has("bootstrap:") || has("restapi:") || has("postgresql:"))
    };
    let file = texts.iter().find(is_patroni)?;
    Some(Evidence { what: format!("{} of Patroni", file.name), span: file.span, manager: Some(PATRONI) })
}

/// Whether a text promotes a standby, or runs what does: outside of comments and messages.
pub fn promotes(text: &Text<'_>) -> bool {
    if FAILOVER_PROGRAMS.iter().any(|it| commands::runs(&text.text, it.0)) {
        return true;
    }
    let lines = text.text.lines().map(str::trim_start);
    lines.filter(|it| !it.starts_with(['#', ';']) && !it.starts_with("echo ")).any(|line| {
        let line = line.split(" #").next().unwrap_or_default().to_ascii_lowercase();
        ["promote", "trigger_file", "failover"].iter().any(|it| line.contains(it))
    })
}

/// A setting, file or program of a standby in the texts of the server or of what runs before it.
fn by_word(texts: &[Text<'_>]) -> Option<Evidence> {
    let own = || texts.iter().filter(|it| it.origin != Origin::Sidecar && !it.name.ends_with("pg_hba.conf"));
    let said = |word: &str| own().find(|it| says(it, word) && !is_backup(it, word)).map(|it| evidence(word, it.span));
    STANDBY_WORDS.iter().find_map(|it| said(it))
}

/// Whether a word of a command is a script that no text shows; those of the images are known.
pub(super) fn is_unseen(word: &str, texts: &[Text<'_>]) -> bool {
    let word = word.trim_matches(['"', '\'', ';']);
    let name = word.rsplit('/').next().unwrap_or_default();
    let is_script = [".sh", ".py", ".bash"].iter().any(|it| name.ends_with(it)) && name.len() > 3;
    let is_of_image = matches!(name, "docker-entrypoint.sh" | "entrypoint.sh" | "run.sh" | "docker-ensure-initdb.sh");
    let is_named = |it: &Text<'_>| it.name == name || (it.name.is_empty() && it.text != word && it.text.contains('>'));
    is_script && !is_of_image && !texts.iter().any(is_named)
}

fn evidence(what: &str, span: Span) -> Evidence {
    Evidence { what: what.to_owned(), span, manager: None }
}

/// What Bitnami's variables, or those of failover managers, say.
fn by_variables(server: &Server<'_>) -> Option<Replication> {
    // Bitnami's plain image reads no variables of a failover manager.
    for variable in server.variables.iter().filter(|_| server.family != Family::Bitnami) {
        let manager = MANAGER_VARIABLES.iter().find(|it| variable.name.starts_with(it.0));
        if let Some((_, manager)) = manager {
            let (what, span) = (variable.name.clone(), variable.span);
            return Some(Replication::Standbys(Evidence { what, span, manager: Some(manager) }));
        }
    }
    let named = |names: &[&str]| names.iter().find_map(|it| server.variable(it));
    let mode = named(&["POSTGRESQL_REPLICATION_MODE", "POSTGRES_REPLICATION_MODE"]);
    let host = named(&["POSTGRESQL_MASTER_HOST", "POSTGRES_MASTER_HOST"]);
    let user = named(&["POSTGRESQL_REPLICATION_USER", "POSTGRES_REPLICATION_USER"]);
    if let Some(mode) = mode {
        let evidence = evidence(&mode.name, mode.span);
        // The same variables stand in all pods, so that "master" makes a master of each.
        let is_primary = matches!(mode.value.as_deref(), Some("master" | "primary"));
        return Some(if is_primary { Replication::PrimaryOnly(evidence) } else { Replication::Standbys(evidence) });
    }
    if let Some(host) = host {
        return Some(Replication::Standbys(evidence(&host.name, host.span)));
    }
    user.map(|it| Replication::PrimaryOnly(evidence(&it.name, it.span)))
}

/// Whether all that a text does with `pg_basebackup` is to make backups.
fn is_backup(text: &Text<'_>, word: &str) -> bool {
    if word != PG_BASEBACKUP {
        return false;
    }
    let commands = shell::split(&text.text);
    let mut texts = commands.iter().filter(|it| !it.runs_script).map(|it| it.text).filter(|it| it.contains(word));
    texts.all(|it| BACKUP_WORDS.iter().any(|word| it.contains(word)))
}

/// Whether a text says a word outside of comments. An empty setting says nothing.
fn says(text: &Text<'_>, word: &str) -> bool {
    let lines =
        text.text.lines().filter(|it| !it.trim_start().starts_with(['#', ';']) && !it.trim_start().starts_with("--"));
    // The argument of a command may begin with dashes.
    let own = text.name.is_empty() && !text.text.contains('\n');
    if own {
        return says_line(&text.text, word);
    }
    lines.into_iter().any(|it| says_line(it, word))
}

fn says_line(line: &str, word: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let code = line.split(" #").next().unwrap_or_default();
    code.match_indices(word).any(|(at, _)| {
        // The part of the line that the word is in: `rm -f standby.signal` makes no standby.
        let start = code[..at].rfind([';', '&', '|']).map_or(0, |it| it + 1);
        let part = code[start..at].trim_start();
        let part = ["if ", "while ", "then ", "! ", "exec "].iter().fold(part, |it, word| it.trim_start_matches(word));
        let is_message = part.starts_with("echo ") && !code.contains('>');
        if is_message || REMOVERS.iter().any(|it| part.starts_with(it)) {
            return false;
        }
        let rest = code[at + word.len()..].trim_start().trim_start_matches('=').trim_start();
        !(rest.starts_with("''") || rest.starts_with("\"\""))
    })
}

#[cfg(test)]
mod tests {
    use super::says_line;

    #[test]
    fn empty_settings_and_comments_say_nothing() {
        assert!(says_line("primary_conninfo = 'host=db-0'", "primary_conninfo"));
        assert!(!says_line("primary_conninfo = ''", "primary_conninfo"));
        assert!(!says_line("port = 5432 # primary_conninfo", "primary_conninfo"));
        assert!(says_line("PG_BASEBACKUP -h db-0", "pg_basebackup"));
        assert!(says_line("su - postgres -c \"pg_basebackup -h db-0\"", "pg_basebackup"));
        assert!(!says_line("echo pg_basebackup is next", "pg_basebackup"));
        assert!(says_line("echo \"primary_conninfo = 'host=db-0'\" >> conf", "primary_conninfo"));
        assert!(says_line("touch $PGDATA/standby.signal", "standby.signal"));
        assert!(!says_line("rm -f $PGDATA/standby.signal", "standby.signal"));
        assert!(!says_line("if [ -f $PGDATA/standby.signal ]; then exit; fi", "standby.signal"));
    }
}
