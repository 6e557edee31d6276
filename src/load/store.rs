//! Where bytes come from: the disk, or texts in memory that stand for one.

use super::text;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Files to read.
#[derive(Debug)]
pub(super) enum Store {
    /// The disk.
    Disk(Folders),
    /// The disk with other texts in some files, and with some files more: by their paths without links.
    Edited(BTreeMap<PathBuf, String>),
    /// Texts by their paths; nothing else exists.
    Texts(BTreeMap<PathBuf, String>),
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A file.
    File,
    /// A folder.
    Directory,
    /// A named pipe, a socket, a device: with its name.
    Special(&'static str),
}

/// The folders of a run without links, each asked for once: a file of one of them is then a single question to the disk.
#[derive(Debug, Default)]
pub(super) struct Folders(Mutex<HashMap<PathBuf, PathBuf>>);

impl Folders {
    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        let parts = path.parent().zip(path.file_name()).filter(|it| it.0.is_absolute());
        // Elsewhere a disk may know a name in other letters.
        let Some((folder, name)) = parts.filter(|_| cfg!(target_os = "linux")) else {
            return std::fs::canonicalize(path);
        };
        if std::fs::symlink_metadata(folder.join(name))?.is_symlink() {
            return std::fs::canonicalize(path);
        }
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(folder).map(|it| it.join(name));
        if let Some(real) = known {
            return Ok(real);
        }
        let real = std::fs::canonicalize(folder)?;
        let file = real.join(name);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_path_buf(), real);
        Ok(file)
    }
}

impl Store {
    /// The disk as it is.
    pub(super) fn disk() -> Store {
        Store::Disk(Folders::default())
    }

    /// Texts as the files below a folder.
    pub(super) fn of_texts(root: &Path, texts: &[(&str, &str)]) -> Store {
        let place = |name: &str| super::paths::normalize(root, Path::new(name.trim_start_matches('/')));
        Store::Texts(texts.iter().map(|(name, text)| (place(name), (*text).to_owned())).collect())
    }

    /// What stands there, links followed.
    pub(super) fn what(&self, path: &Path) -> io::Result<What> {
        match self {
            Store::Edited(texts) if texts.contains_key(path) => Ok(What::File),
            Store::Disk(_) | Store::Edited(_) => Ok(what(std::fs::metadata(path)?.file_type())),
            Store::Texts(texts) if texts.contains_key(path) => Ok(What::File),
            Store::Texts(texts) if texts.keys().any(|it| it.starts_with(path)) => Ok(What::Directory),
            Store::Texts(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// The one path of a file, whatever links lead to it.
    pub(super) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        match self {
            Store::Edited(texts) if texts.contains_key(path) => Ok(path.to_path_buf()),
            Store::Disk(folders) => folders.real(path),
            Store::Edited(_) => std::fs::canonicalize(path),
            Store::Texts(_) => self.what(path).map(|_| path.to_path_buf()),
        }
    }

    /// What stands in a folder, by path; links are what they are, and so nothing that is followed.
    pub(super) fn entries(&self, folder: &Path) -> io::Result<Vec<(PathBuf, What)>> {
        let texts = match self {
            Store::Disk(_) | Store::Edited(_) => {
                let mut entries = Vec::new();
                for entry in std::fs::read_dir(folder)? {
                    let entry = entry?;
                    entries.push((entry.path(), what(entry.file_type()?)));
                }
                entries.sort_by(|one, other| one.0.cmp(&other.0));
                return Ok(entries);
            }
            Store::Texts(texts) => texts,
        };
        let mut entries: BTreeMap<PathBuf, What> = BTreeMap::new();
        for below in texts.keys().filter_map(|it| it.strip_prefix(folder).ok()) {
            let mut parts = below.components();
            let Some(first) = parts.next() else { continue };
            let what = if parts.next().is_some() { What::Directory } else { What::File };
            entries.insert(folder.join(first), what);
        }
        Ok(entries.into_iter().collect())
    }

    /// The bytes of a file, up to the first above the size that is read.
    pub(super) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self {
            Store::Disk(_) => text::read_bounded(std::fs::File::open(path)?),
            Store::Edited(texts) => match self.real(path).ok().and_then(|it| texts.get(&it)) {
                Some(text) => Ok(text.clone().into_bytes()),
                None => text::read_bounded(std::fs::File::open(path)?),
            },
            Store::Texts(texts) => match texts.get(path) {
                Some(text) => Ok(text.clone().into_bytes()),
                None => Err(io::ErrorKind::NotFound.into()),
            },
        }
    }
}

/// The kind of a file by its type.
pub(super) fn what(kind: std::fs::FileType) -> What {
    if kind.is_dir() {
        return What::Directory;
    }
    if kind.is_file() {
        return What::File;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return What::Special("a named pipe");
        }
        if kind.is_socket() {
            return What::Special("a socket");
        }
    }
    What::Special("a device")
}
