//! PostgreSQL servers that run without an operator: image, data directory, and the volume under it.

use crate::index::postgres::commands;
use crate::index::postgres::major::{Major, major};
use crate::index::{Objects, Role, Roles, Unclassified, roles};
use crate::model::products::{OFFICIAL_POSTGRES_IMAGES, PATRONI, failover_manager};
use crate::model::{Container, Object, PodTemplate, WorkloadKind, contents, is_placeholder};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::borrow::Cow;

/// Whose image runs the server: it decides about paths, variables and the way configuration is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The official image, or one that is known to be built on it.
    Official,
    /// An image called `postgres` from elsewhere: mostly a mirror of the official one.
    Mirror,
    /// Bitnami's, with its own paths and variables.
    Bitnami,
    /// One that brings a failover manager along: its name.
    Managed(&'static str),
    /// Any other.
    Other,
}

/// A variable of the server's container.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    /// Its name.
    pub name: String,
    /// Its value, if the manifests tell.
    pub value: Option<Cow<'a, str>>,
    /// Where it is written.
    pub span: Span,
}

/// What stands behind a mount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Volume<'a> {
    /// A claim of each pod's own.
    Template(NodeRef<'a>),
    /// A claim that all pods share.
    Claim(NodeRef<'a>),
    /// An `emptyDir`, or an ephemeral volume: gone with the pod. With the field's name.
    Lost(NodeRef<'a>, &'static str),
    /// A folder of the node.
    Host(NodeRef<'a>),
    /// Configuration: a `ConfigMap`, a Secret and the like.
    Files,
    /// Any other, mostly a network file system.
    Other(NodeRef<'a>),
    /// None of this name is declared.
    Undeclared,
}

impl Volume<'_> {
    /// Whether it outlives its pod.
    pub fn is_kept(self) -> bool {
        matches!(self, Volume::Template(_) | Volume::Claim(_) | Volume::Host(_) | Volume::Other(_))
    }
}

/// A volume in the server's container.
#[derive(Clone, Copy, Debug)]
pub struct Mount<'a> {
    /// Where.
    pub path: &'a str,
    /// The entry of `volumeMounts`.
    pub node: NodeRef<'a>,
    /// What.
    pub volume: Volume<'a>,
}

/// Where the data goes.
#[derive(Clone, Debug)]
pub enum Data<'a> {
    /// Into this volume.
    In(Mount<'a>),
    /// Into the container, though this volume, which outlives the pod, is there.
    Beside(Mount<'a>),
    /// Into the container.
    Nowhere,
    /// The manifests do not tell, and why.
    Unknown(&'static str),
}

/// A workload that runs PostgreSQL.
#[derive(Clone, Debug)]
pub struct Server<'a> {
    /// The workload.
    pub workload: &'a Unclassified<'a>,
    /// Its container that runs the server.
    pub container: Container<'a>,
    /// Whose image.
    pub family: Family,
    /// Which version.
    pub major: Major,
    /// Its variables, those of the environment's `ConfigMap`s and Secrets included.
    pub variables: Vec<Variable<'a>>,
    /// Whether a `ConfigMap` with variables is not among the manifests.
    pub has_open_variables: bool,
}

/// The data directory of the official image up to version 17, which is also its volume.
const OLD_DATA: &str = "/var/lib/postgresql/data";

impl<'a> Objects<'a> {
    /// The server that a workload runs; none for the other programs of a server's image.
    pub fn postgres_server(&'a self, workload: &'a Unclassified<'a>) -> Option<Server<'a>> {
        let container = roles::postgres_container(self, workload)
            .or_else(|| workload.main_containers().into_iter().next())
            .filter(|it| !it.words().any(is_helper))?;
        let (variables, has_open_variables) = self.variables(workload.object, container);
        let family = family(container);
        let major = major(container.image());
        Some(Server { workload, container, family, major, variables, has_open_variables })
    }

    /// The variables of a container, the last of each name being the one that counts.
    fn variables(&self, object: &Object, container: Container<'a>) -> (Vec<Variable<'a>>, bool) {
        let mut found = Vec::new();
        let mut is_open = false;
        for source in container.node().items_at(&["envFrom"]) {
            let prefix = source.str_at(&["prefix"]).unwrap_or_default();
            for (key, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                let Some(name) = source.str_at(&[key, "name"]) else { continue };
                let Some(map) = self.find(object, "", kind, name) else {
                    is_open |= kind == "ConfigMap";
                    continue;
                };
                for (entry, value) in contents(map) {
                    let name = format!("{prefix}{}", entry.name());
                    found.push(Variable { name, value, span: entry.line_span() });
                }
            }
        }
        for variable in container.node().items_at(&["env"]) {
            let Some(name) = variable.get("name") else { continue };
            let literal = variable.at(&["value"]).map(|it| Cow::Borrowed(it.text()));
            let value = literal.or_else(|| self.value_of_reference(object, variable));
            found.push(Variable { name: name.text().to_owned(), value, span: variable.place(&["name"]) });
        }
        (found, is_open)
    }

    fn value_of_reference(&self, object: &Object, variable: NodeRef<'a>) -> Option<Cow<'a, str>> {
        let of = |key: &str| variable.at(&["valueFrom", key]);
        let (reference, kind) = match (of("configMapKeyRef"), of("secretKeyRef")) {
            (Some(reference), _) => (reference, "ConfigMap"),
            (None, reference) => (reference?, "Secret"),
        };
        let map = self.find(object, "", kind, reference.str_at(&["name"])?)?;
        let key = reference.str_at(&["key"])?;
        contents(map).into_iter().find(|it| it.0.name() == key)?.1
    }
}

impl<'a> Roles<'a> {
    /// The PostgreSQL servers without an operator that are not switched off.
    pub fn postgres_servers(&'a self) -> Vec<Server<'a>> {
        let all = self.workloads().iter().filter(|it| it.role == Role::Postgres && it.kind.is_replicated());
        all.filter(|it| !it.is_switched_off()).filter_map(|it| self.postgres_server(it)).collect()
    }
}

impl<'a> Server<'a> {
    /// The object.
    pub fn object(&self) -> &'a Object {
        self.workload.object
    }

    /// The variable of this name that counts.
    pub fn variable(&self, name: &str) -> Option<&Variable<'a>> {
        self.variables.iter().rev().find(|it| it.name == name)
    }

    /// Whether its image is one of Software Collections, which takes some settings from variables.
    pub fn is_of_software_collections(&self) -> bool {
        is_of_software_collections(self.container)
    }

    /// Whether paths and entrypoint are those of the official image, as far as its name tells.
    pub fn is_like_official(&self) -> bool {
        matches!(self.family, Family::Official | Family::Mirror)
    }

    /// The volumes in its container.
    pub fn mounts(&self) -> Vec<Mount<'a>> {
        self.mounts_of(self.container)
    }

    pub(super) fn mounts_of(&self, container: Container<'a>) -> Vec<Mount<'a>> {
        let mounts = container.node().items_at(&["volumeMounts"]);
        mounts
            .filter_map(|node| {
                let path = node.str_at(&["mountPath"])?;
                let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
                Some(Mount { path, node, volume: self.volume(node.str_at(&["name"])?) })
            })
            .collect()
    }

    /// The volume that the pod declares under a name.
    pub(super) fn declared(&self, name: &str) -> Option<NodeRef<'a>> {
        let mut volumes = self.workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<_>>());
        volumes.find(|it| it.str_at(&["name"]) == Some(name))
    }

    fn volume(&self, name: &str) -> Volume<'a> {
        let templates = self.object().node().items_at(&["spec", "volumeClaimTemplates"]);
        let is_set = self.workload.kind == WorkloadKind::StatefulSet;
        if let Some(template) = templates.filter(|_| is_set).find(|it| it.str_at(&["metadata", "name"]) == Some(name)) {
            return Volume::Template(template);
        }
        let Some(volume) = self.declared(name) else { return Volume::Undeclared };
        let has = |key: &str| volume.get(key).is_some();
        if has("persistentVolumeClaim") {
            Volume::Claim(volume)
        } else if has("emptyDir") {
            Volume::Lost(volume, "emptyDir")
        } else if has("ephemeral") {
            Volume::Lost(volume, "ephemeral")
        } else if has("hostPath") {
            Volume::Host(volume)
        } else if ["configMap", "secret", "projected", "downwardAPI"].into_iter().any(has) {
            Volume::Files
        } else {
            Volume::Other(volume)
        }
    }

    /// The directory of the data, if the manifests tell.
    pub fn data_dir(&self) -> Result<String, &'static str> {
        let words: Vec<&str> = self.container.words().collect();
        let is_given = words.iter().any(|it| *it == "-D" || it.contains("data_directory") || it.contains(" -D "));
        if is_given || words.iter().any(|it| it.contains("PGDATA=")) {
            return Err("the command line says where the data goes");
        }
        let names: &[&str] =
            if self.family == Family::Bitnami { &["POSTGRESQL_DATA_DIR", "PGDATA"] } else { &["PGDATA"] };
        if let Some(variable) = names.iter().find_map(|it| self.variable(it)) {
            return match variable.value.as_deref() {
                Some(value) if !is_placeholder(value) && value.starts_with('/') => {
                    Ok(value.trim_end_matches('/').to_owned())
                }
                _ => Err("the value of PGDATA is not in the manifests"),
            };
        }
        if self.has_open_variables {
            return Err("a ConfigMap with variables, of which PGDATA may be one, is not among the manifests");
        }
        match (self.family, self.major) {
            (Family::Bitnami, _) => Ok("/bitnami/postgresql/data".to_owned()),
            (Family::Managed("repmgr"), _) => Ok("/bitnami/postgresql/data".to_owned()),
            (Family::Official | Family::Mirror, Major::Is(major)) => Ok(default_data_dir(major)),
            (Family::Official, Major::Newest) => Ok(default_data_dir(18)),
            (Family::Other, _) if is_of_software_collections(self.container) => {
                Ok(SOFTWARE_COLLECTIONS_DATA.to_owned())
            }
            _ => Err("the image's data directory is not known"),
        }
    }

    /// Where the data goes.
    pub fn data(&self) -> Data<'a> {
        let mounts = self.mounts();
        let kept = mounts.iter().find(|it| it.volume.is_kept());
        let path = match self.data_dir() {
            Ok(path) => path,
            Err(reason) if kept.is_some() || self.family == Family::Other => return Data::Unknown(reason),
            Err(reason) => {
                // Whatever the directory is, nothing that outlives the pod is mounted.
                let lost = mounts.iter().find(|it| matches!(it.volume, Volume::Lost(..)));
                let is_undeclared = mounts.iter().any(|it| it.volume == Volume::Undeclared);
                return match lost {
                    _ if is_undeclared => Data::Unknown(reason),
                    Some(mount) => Data::In(*mount),
                    None => Data::Nowhere,
                };
            }
        };
        let over = mounts.iter().filter(|it| covers(it.path, &path)).max_by_key(|it| it.path.len());
        match (over, kept) {
            (Some(mount), _) if !self.is_hidden(mount.path, &path) => Data::In(*mount),
            (_, Some(kept)) => Data::Beside(*kept),
            _ => Data::Nowhere,
        }
    }

    /// Whether the image's own volume lies over the part of a mount that the data is in: up to version 17 it
    /// is `/var/lib/postgresql/data`. containerd and Docker mount an empty one there unless something else is;
    /// CRI-O, as it comes, only makes the folder.
    fn is_hidden(&self, mount: &str, data: &str) -> bool {
        let is_old = matches!(self.major, Major::Is(..=17));
        self.is_like_official() && is_old && mount != OLD_DATA && covers(mount, OLD_DATA) && covers(OLD_DATA, data)
    }

    /// Whether a mount holds the data directory, so that only the image's own volume can be in between.
    pub fn is_above_data(&self, mount: Mount<'_>) -> bool {
        self.data_dir().is_ok_and(|it| covers(mount.path, &it))
    }

    /// The init containers, sidecars among them.
    pub(super) fn init_containers(&self) -> Vec<Container<'a>> {
        self.workload.template.into_iter().flat_map(|it| it.init_containers().collect::<Vec<_>>()).collect()
    }

    /// The pod's template.
    pub fn template(&self) -> Option<PodTemplate<'a>> {
        self.workload.template
    }
}

/// Whether a path is another, or holds it.
pub fn covers(mount: &str, path: &str) -> bool {
    path.strip_prefix(mount).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || mount == "/")
}

/// The official image's data directory.
fn default_data_dir(major: u32) -> String {
    if major >= 18 { format!("/var/lib/postgresql/{major}/docker") } else { OLD_DATA.to_owned() }
}

/// Programs of a server's image that keep no data.
fn is_helper(word: &str) -> bool {
    word.contains("stolon-sentinel") || word.contains("stolon-proxy") || word.contains("stolonctl")
}

/// The data directory of the images of Software Collections, which are Red Hat's, too
/// (sclorg/postgresql-container, `src/root/usr/share/container-scripts/postgresql/common.sh`).
const SOFTWARE_COLLECTIONS_DATA: &str = "/var/lib/pgsql/data/userdata";

/// `sclorg/postgresql-15-c9s`, `rhel9/postgresql-16`, `fedora/postgresql-15`.
fn is_of_software_collections(container: Container<'_>) -> bool {
    let makers = ["sclorg/", "rhel", "centos", "centos7/", "fedora/", "rhscl/"];
    let repository = container.repository();
    container.image_name().starts_with("postgresql-") && makers.iter().any(|it| repository.starts_with(it))
}

fn family(container: Container<'_>) -> Family {
    let repository = container.repository();
    let name = container.image_name();
    if is_placeholder(container.image()) {
        return Family::Other;
    }
    if let Some(manager) = failover_manager(name) {
        return Family::Managed(manager);
    }
    if commands::starts(container, "patroni") {
        return Family::Managed(PATRONI);
    }
    match repository {
        _ if OFFICIAL_POSTGRES_IMAGES.contains(&repository) || repository.ends_with("/library/postgres") => {
            Family::Official
        }
        _ if name == "postgres" => Family::Mirror,
        _ if name == "postgresql" && repository.contains("bitnami") => Family::Bitnami,
        _ => Family::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn mounts_cover_whole_names() {
        assert!(covers("/data", "/data/pg"));
        assert!(!covers("/data", "/data2"));
    }
}
