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

/// Words in the names of classes whose volumes are file shares.
const CLASS_WORDS: &[&str] =
    &["nfs", "efs", "smb", "cifs", "azurefile", "azurefiles", "cephfs", "gluster", "glusterfs", "filestore"];

/// Such classes that clusters come with: GKE's are of Filestore.
const CLASSES: &[&str] = &["standard-rwx", "premium-rwx", "enterprise-rwx", "zonal-rwx"];

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

    /// Whether a class that no manifest describes is called as those of file shares are.
    pub fn is_called_a_share(&self, class: &str) -> bool {
        let name = class.to_ascii_lowercase();
        CLASSES.contains(&name.as_str())
            || name.split(|it: char| !it.is_ascii_alphanumeric()).any(|it| CLASS_WORDS.contains(&it))
    }

    /// Volumes made by hand that carry the name of a class.
    fn of_volumes(&self, class: &str) -> FileStorage {
        let volumes = self.volumes_of_class.get(class).into_iter().flatten();
        volumes.map(|it| of_volume(it)).next().unwrap_or(FileStorage::Unknown)
    }
}

/// The file share that a volume of a pod is, without a claim: the field that says so, and whose it is.
pub(in crate::index) fn inline_share(volume: NodeRef<'_>) -> Option<(&'static str, String)> {
    share_of(volume).map(|(key, whose)| (key, format!("a volume of type {whose}")))
}

fn of_class(class: &Object) -> FileStorage {
    let provisioner = class.node().at(&["provisioner"]).map(NodeRef::text).unwrap_or_default();
    if is_for_files(provisioner) {
        FileStorage::Share(format!("provisioner {provisioner}"), class.place(&["provisioner"]).span)
    } else {
        FileStorage::Disk
    }
}

/// Whether a provisioner, or the driver of the same name, makes file shares.
fn is_for_files(name: &str) -> bool {
    let fits = |pattern: &str| {
        pattern == name
            || pattern.strip_prefix('*').is_some_and(|it| name.ends_with(it))
            || pattern.strip_suffix('*').is_some_and(|it| name.starts_with(it))
    };
    PROVISIONERS.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#')).any(fits)
}

/// The field that makes a volume a file share, and how messages name its type.
fn share_of(source: NodeRef<'_>) -> Option<(&'static str, String)> {
    if let Some(key) = SOURCES.iter().find(|it| source.get(it).is_some()) {
        return Some((key, (*key).to_owned()));
    }
    let driver = source.str_at(&["csi", "driver"]).filter(|it| is_for_files(it))?;
    Some(("csi", driver.to_owned()))
}

fn of_volume(volume: &Object) -> FileStorage {
    let share = volume.node().at(&["spec"]).and_then(share_of);
    share.map_or(FileStorage::Disk, |(key, whose)| {
        FileStorage::Share(format!("{} of type {whose}", volume.title()), volume.place(&["spec", key]).span)
    })
}
