//! What a PostgreSQL server is told: files from ConfigMaps, and every script and word of its pod.

use crate::index::Objects;
use crate::index::postgres::server::{Server, covers};
use crate::model::{Container, Object, contents};
use crate::source::Span;
use crate::yaml::{Entry, NodeRef};
use std::borrow::Cow;

/// A file of a `ConfigMap` in the server's container.
#[derive(Clone, Debug)]
pub struct ConfigFile<'a> {
    /// Its path in the container.
    pub path: String,
    /// The entry of `volumeMounts`.
    pub mount: NodeRef<'a>,
    /// The `ConfigMap`.
    pub map: &'a Object,
    /// Its key and content.
    pub entry: Entry<'a>,
}

/// Which part of the pod reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The server's container.
    Server,
    /// An init container.
    Init,
    /// A container beside the server.
    Sidecar,
}

/// A command, a script, a file.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The name of the file; empty for a word of a command.
    pub name: &'a str,
    /// What it says.
    pub text: Cow<'a, str>,
    /// Where it is written.
    pub span: Span,
    /// Who reads it.
    pub origin: Origin,
}

impl<'a> Objects<'a> {
    /// The files that `ConfigMap`s of the environment put into the server's container.
    pub fn config_files(&self, server: &Server<'a>) -> Vec<ConfigFile<'a>> {
        let mut files = Vec::new();
        for mount in server.mounts() {
            let Some(volume) = mount.node.str_at(&["name"]).and_then(|it| server.declared(it)) else { continue };
            let sub_path = mount.node.str_at(&["subPath"]);
            for source in config_map_sources(volume) {
                let Some(map) = self.config_map(server.object(), source) else { continue };
                for (name, entry) in projected(source, map) {
                    let path = match sub_path {
                        Some(sub) if sub == name => mount.path.to_owned(),
                        Some(_) => continue,
                        None => format!("{}/{name}", mount.path),
                    };
                    files.push(ConfigFile { path, mount: mount.node, map, entry });
                }
            }
        }
        files
    }

    /// Every text of the pod that may start a replica or say how a server is configured.
    pub fn texts_of(&self, server: &Server<'a>) -> Vec<Text<'a>> {
        let mut texts = Vec::new();
        for (container, origin) in containers(server) {
            for keys in [&["command"][..], &["args"], &["lifecycle", "postStart", "exec", "command"]] {
                for word in container.node().items_at(keys) {
                    texts.push(Text { name: "", text: word.text().into(), span: word.first_line(), origin });
                }
            }
            for mount in server.mounts_of(container) {
                let volume = mount.node.str_at(&["name"]).and_then(|it| server.declared(it));
                for map in volume.into_iter().flat_map(|it| self.mapped(server.object(), it)) {
                    for (entry, text) in contents(map) {
                        let Some(text) = text else { continue };
                        texts.push(Text { name: entry.name(), text, span: entry.line_span(), origin });
                    }
                }
            }
        }
        texts
    }

    /// A `ConfigMap` that the server or an init container mounts and that no manifest holds.
    pub fn missing_config_map(&self, server: &Server<'a>) -> Option<&'a str> {
        for (container, origin) in containers(server) {
            if origin == Origin::Sidecar {
                continue;
            }
            for mount in server.mounts_of(container) {
                let Some(volume) = mount.node.str_at(&["name"]).and_then(|it| server.declared(it)) else { continue };
                let missing = config_map_sources(volume)
                    .into_iter()
                    .find(|it| self.config_map(server.object(), *it).is_none())
                    .and_then(|it| it.str_at(&["name"]));
                if missing.is_some() {
                    return missing;
                }
            }
        }
        None
    }

    fn config_map(&self, object: &Object, source: NodeRef<'_>) -> Option<&'a Object> {
        self.find(object, "", "ConfigMap", source.str_at(&["name"])?)
    }

    /// The `ConfigMap`s and Secrets of a volume.
    fn mapped(&self, object: &Object, volume: NodeRef<'a>) -> Vec<&'a Object> {
        let secret = volume.str_at(&["secret", "secretName"]);
        let maps = config_map_sources(volume).into_iter().filter_map(|it| self.config_map(object, it));
        maps.chain(secret.and_then(|it| self.find(object, "", "Secret", it))).collect()
    }
}

/// The containers of the pod, and what each is.
fn containers<'a>(server: &Server<'a>) -> Vec<(Container<'a>, Origin)> {
    let inits = server.init_containers().into_iter().map(|it| (it, Origin::Init));
    let others = server.workload.containers().map(|it| {
        let is_server = it.node() == server.container.node();
        (it, if is_server { Origin::Server } else { Origin::Sidecar })
    });
    inits.chain(others).collect()
}

/// The `configMap` sources of a volume: its own, or those of a projection.
fn config_map_sources(volume: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let own = volume.at(&["configMap"]);
    own.into_iter()
        .chain(volume.items_at(&["projected", "sources"]).filter_map(|it| it.at(&["configMap"])))
        .filter(|it| it.bool_at(&["optional"]) != Some(true))
        .collect()
}

/// The files that a source makes of a `ConfigMap`: names and entries.
fn projected<'a>(source: NodeRef<'a>, map: &'a Object) -> Vec<(&'a str, Entry<'a>)> {
    let entries: Vec<Entry<'a>> = map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries).collect();
    let Some(items) = source.at(&["items"]) else { return entries.into_iter().map(|it| (it.name(), it)).collect() };
    let mut files = Vec::new();
    for item in items.items() {
        let (Some(key), Some(path)) = (item.str_at(&["key"]), item.str_at(&["path"])) else { continue };
        files.extend(entries.iter().find(|it| it.name() == key).map(|it| (path, *it)));
    }
    files
}

impl ConfigFile<'_> {
    /// Its folder.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |it| it.0)
    }

    /// Whether it lies in a directory.
    pub fn is_in(&self, directory: &str) -> bool {
        covers(directory, &self.path)
    }

    /// The value of a setting, the last that counts, without quotes; lower or upper case does not matter.
    pub fn setting(&self, name: &str) -> Option<&str> {
        setting(self.entry.value.text(), name)
    }

    /// The line from which a setting has its value, from 0, and that value.
    pub fn setting_line(&self, name: &str) -> Option<(usize, &str)> {
        settings(self.entry.value.text(), name).last()
    }
}

/// The value of a setting in the text of a `postgresql.conf`.
pub(super) fn setting<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    settings(text, name).last().map(|it| it.1)
}

/// The lines with a setting, each with its value without quotes.
fn settings<'t>(text: &'t str, name: &str) -> impl Iterator<Item = (usize, &'t str)> {
    text.lines().enumerate().filter_map(move |(at, line)| {
        let line = line.trim_start();
        let head = line.get(..name.len()).filter(|it| it.eq_ignore_ascii_case(name))?;
        let rest = &line[head.len()..];
        if !rest.starts_with(|it: char| it.is_whitespace() || it == '=') {
            return None;
        }
        let rest = rest.trim_start().trim_start_matches('=').trim_start();
        Some(match rest.strip_prefix('\'') {
            Some(quoted) => (at, quoted.split('\'').next().unwrap_or_default()),
            None => (at, rest.split('#').next().unwrap_or_default().trim_end()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::setting;

    #[test]
    fn the_last_setting_counts_and_comments_do_not() {
        let text = "#wal_level = minimal\nMax_Wal_Size = 4GB # much\nlisten_addresses='*'\nmax_wal_size 2GB\n";
        assert_eq!(setting(text, "max_wal_size"), Some("2GB"));
        assert_eq!(setting(text, "listen_addresses"), Some("*"));
        assert_eq!(setting(text, "wal_level"), None);
    }
}
