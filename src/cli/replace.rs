//! Files that are written whole or not at all: beside their place first, and then in it by one step.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why a file that was read is not written over.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReplaceError {
    #[error("it has changed since it was read: run again")]
    Changed,
    #[error("it is read-only")]
    ReadOnly,
    #[error("it has {0} hard links, and the others would keep the old text: edit it by hand")]
    HardLinked(u64),
    #[error("it is not a regular file")]
    NotAFile,
    #[error("{0}")]
    Failed(#[from] io::Error),
}

/// Writes a text over the one that was read from a file. A link is followed, and what it leads to keeps its mode.
/// Whatever comes between, the file holds the one text or the other.
pub(super) fn replace(path: &Path, before: &[u8], text: &[u8]) -> Result<(), ReplaceError> {
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    check(&target, &metadata)?;
    let partial = Partial::beside(&target, text)?;
    partial.take_over(&metadata)?;
    // As late as can be: what somebody saves from here on to the next step is lost.
    if fs::read(&target)? != before {
        return Err(ReplaceError::Changed);
    }
    Ok(partial.rename_to(&target)?)
}

/// Writes a file that is not there yet.
pub(super) fn create(path: &Path, text: &[u8]) -> Result<(), ReplaceError> {
    let partial = Partial::beside(path, text)?;
    partial.file.sync_all()?;
    Ok(partial.link_to(path)?)
}

/// Refuses what a new file in its place would not be.
fn check(target: &Path, metadata: &Metadata) -> Result<(), ReplaceError> {
    if !metadata.is_file() {
        return Err(ReplaceError::NotAFile);
    }
    let links = links(metadata);
    if links > 1 {
        return Err(ReplaceError::HardLinked(links));
    }
    // Opening it tells what the mode does not: whose file it is, and whether the disk takes writes.
    let is_writable = |error: &io::Error| {
        !matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
    };
    if metadata.permissions().readonly()
        || OpenOptions::new().write(true).open(target).is_err_and(|it| !is_writable(&it))
    {
        return Err(ReplaceError::ReadOnly);
    }
    Ok(())
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

/// A file in the making. It is gone again unless it takes its place.
pub(super) struct Partial {
    /// Where it is as long as it is in the making.
    path: Option<PathBuf>,
    file: File,
}

impl Partial {
    /// How many names are tried: those that are taken were left by runs that were killed, or are of other threads.
    const TRIES: usize = 100;

    /// Writes beside a file, so that the last step is a rename within one file system.
    pub(super) fn beside(target: &Path, bytes: &[u8]) -> io::Result<Partial> {
        let mut partial = Partial::create(target)?;
        partial.file.write_all(bytes)?;
        Ok(partial)
    }

    /// An empty file under a name of its own. Nothing is opened that was there, not even a link.
    fn create(target: &Path) -> io::Result<Partial> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let mut taken = None;
        for at in 0..Partial::TRIES {
            let path = target.with_file_name(format!(".{name}.{}-{at}.partial", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Partial { path: Some(path), file }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(taken.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
    }

    /// Gives it the mode and, where that is allowed, the owner of another, and sees to it that it is on the disk.
    fn take_over(&self, metadata: &Metadata) -> io::Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            // Only root may give files away; for others they are theirs already, or become theirs.
            _ = std::os::unix::fs::fchown(&self.file, Some(metadata.uid()), Some(metadata.gid()));
        }
        self.file.set_permissions(metadata.permissions())?;
        self.file.sync_all()
    }

    /// Takes a place where no file stands.
    fn link_to(self, target: &Path) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        match fs::hard_link(path, target) {
            // Some file systems know no links. A rename would take the place of a file that has come meanwhile.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !target.exists() => fs::rename(path, target),
            linked => linked,
        }
    }

    /// Takes the place of a file.
    pub(super) fn rename_to(mut self, target: &Path) -> io::Result<()> {
        let Some(path) = self.path.take() else { return Ok(()) };
        fs::rename(&path, target).inspect_err(|_| self.path = Some(path))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            _ = fs::remove_file(path);
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("there is room")
    }

    /// The names in a folder: nothing is to be left there.
    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("is a folder").filter_map(Result::ok);
        let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn written(path: &Path, text: &str, mode: u32) {
        fs::write(path, text).expect("can be written");
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("is ours");
    }

    #[test]
    fn mode_and_links_stay() {
        let folder = folder();
        let (file, link) = (folder.path().join("a.yaml"), folder.path().join("link.yaml"));
        written(&file, "a: 1\n", 0o750);
        symlink("a.yaml", &link).expect("links are known here");
        replace(&link, b"a: 1\n", b"a: 2\n").expect("is written");
        assert_eq!(fs::read(&file).expect("is there"), b"a: 2\n");
        assert_eq!(fs::metadata(&file).expect("is there").permissions().mode() & 0o7777, 0o750);
        assert!(fs::symlink_metadata(&link).expect("is there").is_symlink());
        assert_eq!(names(folder.path()), ["a.yaml", "link.yaml"]);
    }

    #[test]
    fn what_cannot_be_replaced_stays_and_says_why() {
        let folder = folder();
        let file = |name: &str| folder.path().join(name);
        written(&file("changed"), "a: 3\n", 0o644);
        written(&file("fixed"), "a: 1\n", 0o444);
        written(&file("linked"), "a: 1\n", 0o644);
        fs::hard_link(file("linked"), file("other")).expect("links are known here");
        fs::create_dir(file("folder")).expect("there is room");
        let refused = |name: &str| replace(&file(name), b"a: 1\n", b"a: 2\n").expect_err(name);
        assert!(matches!(refused("changed"), ReplaceError::Changed));
        assert!(matches!(refused("fixed"), ReplaceError::ReadOnly));
        assert!(matches!(refused("linked"), ReplaceError::HardLinked(2)));
        assert!(matches!(refused("folder"), ReplaceError::NotAFile));
        assert!(matches!(refused("absent"), ReplaceError::Failed(_)));
        assert_eq!(fs::read(file("fixed")).expect("is there"), b"a: 1\n");
        assert_eq!(fs::read(file("other")).expect("is there"), b"a: 1\n");
        assert_eq!(names(folder.path()), ["changed", "fixed", "folder", "linked", "other"]);
    }

    #[test]
    fn nothing_is_written_through_what_a_killed_run_left() {
        let folder = folder();
        let (file, victim) = (folder.path().join("a.yaml"), folder.path().join("victim"));
        written(&file, "a: 1\n", 0o644);
        written(&victim, "mine\n", 0o644);
        let partial = format!(".a.yaml.{}-0.partial", std::process::id());
        symlink("victim", folder.path().join(&partial)).expect("links are known here");
        replace(&file, b"a: 1\n", b"a: 2\n").expect("is written");
        assert_eq!(fs::read(&file).expect("is there"), b"a: 2\n");
        assert_eq!(fs::read(&victim).expect("is there"), b"mine\n");
        assert_eq!(names(folder.path()), [partial.as_str(), "a.yaml", "victim"]);
    }

    #[test]
    fn a_new_file_takes_no_place_that_is_taken() {
        let folder = folder();
        let file = folder.path().join("a.yaml");
        create(&file, b"a: 1\n").expect("is written");
        assert!(matches!(create(&file, b"a: 2\n"), Err(ReplaceError::Failed(_))));
        assert_eq!(fs::read(&file).expect("is there"), b"a: 1\n");
        assert_eq!(names(folder.path()), ["a.yaml"]);
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_nothing() {
        let folder = folder();
        let file = folder.path().join("a.yaml");
        written(&file, "a: 1\n", 0o644);
        drop(Partial::beside(&file, b"half").expect("there is room"));
        assert_eq!(names(folder.path()), ["a.yaml"]);
        assert!(Partial::beside(&folder.path().join("no/a.yaml"), b"").is_err());
    }
}
