//! Whether the volumes of a storage class are shares of a file server rather than disks.

use crate::index::Storage;
use crate::index::storage::{ClassName, is_default};
use crate::model::Object;
use crate::source::Span;
use crate::yaml::NodeRef;

/// Provisioners of file shares; the file says how to read it.
const PROVISIONERS: &str = include_str!("file_provisioners.txt");

/// Volume sources that are file shares.
const SOURCES: &[&str] = &["nfs", "azureFile", "cephfs", "glusterfs"];

/// What is known of the volumes of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileStorage {
    /// They are file shares: whose, and where that is written.
    Share(String, Span),
    /// The manifest of the class names another provisioner.
    Disk,
    /// The manifests do not tell.
    Unknown,
}

impl Storage<'_> {
    /// Whether the class that a claim asks for makes file shares.
    pub fn file_storage(&self, class: ClassName<'_>) -> FileStorage {
        match class {
            ClassName::Named(name) => {
                let found = self.named("storage.k8s.io", "StorageClass", name).last().map(|it| of_class(it));
                found.unwrap_or_else(|| self.of_volumes(name))
            }
            ClassName::Default => {
                let mut marked =
                    self.of_kind("storage.k8s.io", "StorageClass").filter(|it| is_default(it)).map(of_class);
                let Some(first) = marked.next() else { return FileStorage::Unknown };
                // The newest of several counts, which manifests do not tell.
                if marked.next().is_some() { FileStorage::Unknown } else { first }
            }
            ClassName::Volume(name) => {
                let volume = name.and_then(|it| self.named("", "PersistentVolume", it).last().copied());
                volume.map_or(FileStorage::Unknown, of_volume)
            }
        }
    }

    /// Volumes made by hand that carry the name of a class.
    fn of_volumes(&self, class: &str) -> FileStorage {
        let volumes = self.volumes_of_class.get(class).into_iter().flatten();
        volumes.map(|it| of_volume(it)).next().unwrap_or(FileStorage::Unknown)
    }
}

fn of_class(class: &Object) -> FileStorage {
    let provisioner = class.node().at(&["provisioner"]).map(NodeRef::text).unwrap_or_default();
    let fits = |pattern: &str| {
        pattern == provisioner
            || pattern.strip_prefix('*').is_some_and(|it| provisioner.ends_with(it))
            || pattern.strip_suffix('*').is_some_and(|it| provisioner.starts_with(it))
    };
    let mut patterns = PROVISIONERS.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    if patterns.any(fits) {
        FileStorage::Share(format!("provisioner {provisioner}"), class.place(&["provisioner"]).span)
    } else {
        FileStorage::Disk
    }
}

fn of_volume(volume: &Object) -> FileStorage {
    let source = SOURCES.iter().find(|it| volume.node().at(&["spec", it]).is_some());
    source.map_or(FileStorage::Disk, |key| {
        FileStorage::Share(format!("{} of type {key}", volume.title()), volume.place(&["spec", key]).span)
    })
}
