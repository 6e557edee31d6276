//! Walks a folder: every real folder once, whatever links lead to it, and nothing is opened.

use super::paths::Patterns;
use super::store::{self, Store, What};
use std::collections::{HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};

/// Which files are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those whose names are those of manifests.
    Manifests,
    /// Every one, because something else decides.
    All,
}

/// A file that was found.
#[derive(Debug)]
pub(super) struct Entry {
    /// As it was reached.
    pub(super) path: PathBuf,
    /// Without links.
    pub(super) real: PathBuf,
    /// What it is, if it is no file that can be read.
    pub(super) special: Option<&'static str>,
}

/// What could not be entered or read.
#[derive(Debug)]
pub(super) struct Failure {
    /// Where.
    pub(super) path: PathBuf,
    /// Why.
    pub(super) reason: io::Error,
}

/// Whether a file's name is that of a manifest.
fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let is_known = ["yaml", "yml", "json"].iter().any(|it| extension.eq_ignore_ascii_case(it));
    is_known || path.file_name().is_some_and(|it| it == "Kustomization")
}

/// The files below a folder, in an order that depends on their names alone.
pub(super) fn walk(store: &Store, folder: &Path, exclude: &Patterns, which: Which) -> Vec<Result<Entry, Failure>> {
    match store {
        Store::Disk => {
            // A glob may begin in a folder that is not there; it then matches nothing.
            let Ok(real) = store.real(folder) else { return Vec::new() };
            let mut walk = Walk { exclude, which, root: real.clone(), seen: HashSet::new(), links: VecDeque::new() };
            let mut found = Vec::new();
            walk.folder(folder, &real, &mut found);
            // Links come last, so that a file is shown by its own name if that lies in the folder too.
            while let Some(link) = walk.links.pop_front() {
                walk.link(&link, &mut found);
            }
            found
        }
        Store::Texts(texts) => {
            let below = texts.keys().filter(|it| it.starts_with(folder) && (which == Which::All || is_manifest(it)));
            let entry = |path: &PathBuf| Ok(Entry { path: path.clone(), real: path.clone(), special: None });
            below.map(entry).collect()
        }
    }
}

struct Walk<'a> {
    exclude: &'a Patterns,
    which: Which,
    /// The folder that the walk began in, without links.
    root: PathBuf,
    /// Real folders that were entered.
    seen: HashSet<PathBuf>,
    links: VecDeque<PathBuf>,
}

impl Walk<'_> {
    fn is_wanted(&self, path: &Path) -> bool {
        self.which == Which::All || is_manifest(path)
    }

    /// Walks a folder without following links; those are kept for later.
    fn folder(&mut self, folder: &Path, real: &Path, found: &mut Vec<Result<Entry, Failure>>) {
        let mut builder = ignore::WalkBuilder::new(folder);
        // What is read must not depend on the machine: only files that are kept with the manifests decide.
        builder.ignore(false).git_global(false).git_exclude(false).require_git(false).follow_links(false);
        builder.sort_by_file_name(std::ffi::OsStr::cmp);
        for entry in builder.build() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    found.extend(failure(folder, error).map(Err));
                    continue;
                }
            };
            let path = entry.path();
            let Some(kind) = entry.file_type() else { continue };
            let real = path.strip_prefix(folder).map_or_else(|_| real.to_path_buf(), |it| real.join(it));
            if kind.is_dir() || entry.depth() == 0 {
                self.seen.insert(real);
            } else if self.exclude.matches(path) {
                // The configuration says so, and it says so of whole folders: no word on each file.
            } else if kind.is_symlink() {
                self.links.push_back(path.to_path_buf());
            } else if self.is_wanted(path) {
                let special = match store::what(kind) {
                    What::Special(name) => Some(name),
                    _ => None,
                };
                found.push(Ok(Entry { path: path.to_path_buf(), real, special }));
            }
        }
    }

    /// Follows a link, to a folder only where that was not entered and does not hold the whole walk.
    fn link(&mut self, link: &Path, found: &mut Vec<Result<Entry, Failure>>) {
        let target = std::fs::canonicalize(link).and_then(|real| Ok((std::fs::metadata(&real)?, real)));
        let (kind, real) = match target {
            Ok((metadata, real)) => (store::what(metadata.file_type()), real),
            Err(reason) => {
                if is_manifest(link) {
                    found.push(Err(Failure { path: link.to_path_buf(), reason }));
                }
                return;
            }
        };
        match kind {
            What::Directory => {
                if !self.root.starts_with(&real) && !self.seen.contains(&real) {
                    self.folder(link, &real, found);
                }
            }
            _ if !self.is_wanted(link) => {}
            What::File => found.push(Ok(Entry { path: link.to_path_buf(), real, special: None })),
            What::Special(name) => found.push(Ok(Entry { path: link.to_path_buf(), real, special: Some(name) })),
        }
    }
}

/// The failure of a step of the walk; none where only a line of a `.gitignore` is wrong.
fn failure(folder: &Path, error: ignore::Error) -> Option<Failure> {
    let path = path_of(&error).unwrap_or(folder).to_path_buf();
    let reason = error.into_io_error()?;
    Some(Failure { path, reason })
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
