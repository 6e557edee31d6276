//! Folders whose names begin with a dot. They belong to tools, so they are not walked; where one holds manifests all the
//! same, as `.github/kubernetes` may, that is said.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// So many files of such a folder are looked into.
pub(super) const MOST_READ: usize = 1_000;
/// So much of each file, in bytes.
const HEAD: u64 = 8 * 1024;

/// Whether the folder is a store of a version control system, which holds no files of its own.
pub(super) fn is_of_version_control(folder: &Path) -> bool {
    folder.file_name().is_some_and(|it| it == ".git" || it == ".svn" || it == ".hg" || it == ".jj")
}

/// Whether a file has, near its beginning, what each manifest has.
pub(super) fn looks_like_a_manifest(file: &Path) -> bool {
    let mut head = Vec::new();
    // What cannot be read here is no loss: nobody asked for it.
    let read = File::open(file).and_then(|it| it.take(HEAD).read_to_end(&mut head));
    let text = String::from_utf8_lossy(&head);
    let has = |key: &str| {
        text.lines().any(|it| {
            let line = it.trim_start_matches(['{', ' ', '"', '-']);
            line.strip_prefix(key).is_some_and(|it| it.trim_start_matches('"').starts_with(':'))
        })
    };
    read.is_ok() && has("apiVersion") && has("kind")
}

/// The folder that holds all of the files; none without files.
pub(super) fn around(files: &[PathBuf]) -> Option<PathBuf> {
    let mut folder = files.first()?.parent()?;
    while !files.iter().all(|it| it.starts_with(folder)) {
        folder = folder.parent()?;
    }
    Some(folder.to_owned())
}
