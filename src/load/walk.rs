//! Walks a folder: every real folder once, whatever links lead to it, and nothing is opened. What is left out on the
//! way is remembered.

use super::dot_folders;
use super::foreign::is_foreign;
use super::gitignore::Rules;
use super::paths::Patterns;
use super::store::{self, Store, What};
use std::collections::{HashSet, VecDeque};
use std::fs::{DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};

/// Entries of a folder that is left out are counted up to this number; nobody needs to know more.
const MOST_COUNTED: usize = 20_000;

/// Which files are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Those whose names are those of manifests.
    Manifests,
    /// Every one, because something else decides.
    All,
}

/// What is walked, and what is left out.
pub(super) struct Scope<'a> {
    /// The folder that arguments are relative to.
    pub(super) working_dir: &'a Path,
    /// What the configuration leaves out.
    pub(super) exclude: &'a Patterns,
    pub(super) which: Which,
    /// Whether a folder of others or of tests was named, so that it is walked.
    pub(super) is_named: &'a dyn Fn(&Path) -> bool,
    /// Whether `.gitignore` counts.
    pub(super) heeds_gitignore: bool,
}

/// Why files are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// `.gitignore` names them, and git does not track them.
    Ignored,
    /// They are packages of others or data of tests.
    Foreign,
    /// They stand in a folder whose name begins with a dot.
    Hidden,
}

/// A file or folder that is left out, with the files that would be read.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Skipped {
    pub(super) why: Why,
    /// As it was reached.
    pub(super) place: PathBuf,
    pub(super) files: Vec<PathBuf>,
}

/// What a walk finds, in an order that depends on names alone.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) found: Vec<Result<Entry, Failure>>,
    pub(super) skipped: Vec<Skipped>,
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

/// The files below a folder.
pub(super) fn walk(store: &Store, folder: &Path, scope: &Scope<'_>) -> Walked {
    let mut walked = Walked::default();
    match store {
        Store::Disk(_) | Store::Edited(_) => {
            // A glob may begin in a folder that is not there; it then matches nothing.
            let Ok(real) = store.real(folder) else { return walked };
            let rules = scope.heeds_gitignore.then(|| Rules::new(folder, scope.working_dir));
            let mut walk =
                Walk { scope, rules, root: real.clone(), seen: HashSet::new(), links: VecDeque::new(), walked };
            walk.folder(folder, &real);
            // Links come last, so that a file is shown by its own name if that lies in the folder too.
            while let Some(link) = walk.links.pop_front() {
                walk.link(&link);
            }
            if let Store::Edited(texts) = store {
                walk.new_files(folder, texts.keys());
            }
            walk.walked
        }
        Store::Texts(texts) => {
            let is_wanted = |it: &Path| scope.which == Which::All || is_manifest(it);
            let below = texts.keys().filter(|it| it.starts_with(folder) && is_wanted(it));
            let entry = |path: &PathBuf| Ok(Entry { path: path.clone(), real: path.clone(), special: None });
            walked.found.extend(below.map(entry));
            walked
        }
    }
}

struct Walk<'a> {
    scope: &'a Scope<'a>,
    rules: Option<Rules>,
    /// The folder that the walk began in, without links.
    root: PathBuf,
    /// Real folders that were entered.
    seen: HashSet<PathBuf>,
    links: VecDeque<PathBuf>,
    walked: Walked,
}

impl Walk<'_> {
    fn is_wanted(&self, path: &Path) -> bool {
        self.scope.which == Which::All || is_manifest(path)
    }

    /// Walks a folder without following links; those are kept for later.
    fn folder(&mut self, folder: &Path, real: &Path) {
        self.seen.insert(real.to_owned());
        let entries = match entries(folder) {
            Ok(entries) => entries,
            Err(reason) => return self.walked.found.push(Err(Failure { path: folder.to_owned(), reason })),
        };
        for (path, kind) in entries {
            if is_hidden(&path) {
                self.hidden(&path, kind);
                continue;
            }
            if self.scope.exclude.matches(&path) {
                continue; // The configuration says so, and it says so of whole folders: no word on each file.
            }
            let real = path.file_name().map_or_else(|| real.to_owned(), |it| real.join(it));
            if kind.is_dir() {
                self.enter(&path, &real);
            } else if kind.is_symlink() {
                if !self.hides_file(&path) {
                    self.links.push_back(path);
                }
            } else if self.is_wanted(&path) && !self.hides_file(&path) {
                self.take(path, real, store::what(kind));
            }
        }
    }

    /// Walks a folder on the way, unless it is left out.
    fn enter(&mut self, folder: &Path, real: &Path) {
        if let Some(tracked) = self.rules.as_mut().and_then(|it| it.hidden_folder(folder)) {
            let tracked: Vec<PathBuf> = tracked.to_vec();
            let files = manifests_below(folder).into_iter().filter(|it| tracked.binary_search(it).is_err()).collect();
            self.skip(Why::Ignored, folder, files);
            return tracked.into_iter().for_each(|it| self.tracked(folder, it));
        }
        if is_foreign(folder) && !(self.scope.is_named)(folder) {
            return self.skip(Why::Foreign, folder, manifests_below(folder));
        }
        self.folder(folder, real);
    }

    /// Remembers the manifests of a folder that a dot hides. Its other files, as those of workflows, are nobody's loss.
    fn hidden(&mut self, path: &Path, kind: FileType) {
        let is_ignored = |rules: &mut Rules| rules.hidden_folder(path).is_some();
        if !kind.is_dir()
            || self.scope.exclude.matches(path)
            || dot_folders::is_of_version_control(path)
            || self.rules.as_mut().is_some_and(is_ignored)
        {
            return;
        }
        let mut files = manifests_below(path);
        files.truncate(dot_folders::MOST_READ);
        files.retain(|it| dot_folders::looks_like_a_manifest(it));
        if let Some(place) = dot_folders::around(&files) {
            self.skip(Why::Hidden, &place, files);
        }
    }

    /// Takes a file of a hidden folder that git tracks.
    fn tracked(&mut self, folder: &Path, path: PathBuf) {
        let inner = path.ancestors().skip(1).take_while(|it| it.starts_with(folder));
        let is_foreign = inner.into_iter().any(|it| is_foreign(it) && !(self.scope.is_named)(it));
        if is_foreign || !self.is_wanted(&path) || self.scope.exclude.matches(&path) {
            return;
        }
        // What is tracked and not there was removed, or not checked out.
        let Ok(metadata) = path.symlink_metadata() else { return };
        if metadata.is_symlink() {
            self.links.push_back(path);
        } else if let (true, Ok(real)) = (metadata.is_file(), path.canonicalize()) {
            self.take(path, real, What::File);
        }
    }

    /// Whether `.gitignore` hides a file that would be read; it is remembered.
    fn hides_file(&mut self, path: &Path) -> bool {
        let is_hidden = self.is_wanted(path) && self.rules.as_mut().is_some_and(|it| it.hides_file(path));
        if is_hidden {
            self.skip(Why::Ignored, path, vec![path.to_owned()]);
        }
        is_hidden
    }

    /// Takes the files that are not on the disk yet.
    fn new_files<'t>(&mut self, folder: &Path, texts: impl Iterator<Item = &'t PathBuf>) {
        for real in texts {
            let Ok(below) = real.strip_prefix(&self.root) else { continue };
            let path = folder.join(below);
            if !real.exists() && self.is_wanted(&path) && !self.scope.exclude.matches(&path) {
                self.take(path, real.clone(), What::File);
            }
        }
    }

    fn skip(&mut self, why: Why, place: &Path, files: Vec<PathBuf>) {
        if !files.is_empty() {
            self.walked.skipped.push(Skipped { why, place: place.to_owned(), files });
        }
    }

    fn take(&mut self, path: PathBuf, real: PathBuf, what: What) {
        let special = match what {
            What::Special(name) => Some(name),
            _ => None,
        };
        self.walked.found.push(Ok(Entry { path, real, special }));
    }

    /// Follows a link, to a folder only where that was not entered and does not hold the whole walk.
    fn link(&mut self, link: &Path) {
        let target = std::fs::canonicalize(link).and_then(|real| Ok((std::fs::metadata(&real)?, real)));
        let (kind, real) = match target {
            Ok((metadata, real)) => (store::what(metadata.file_type()), real),
            Err(reason) => {
                if is_manifest(link) {
                    self.walked.found.push(Err(Failure { path: link.to_path_buf(), reason }));
                }
                return;
            }
        };
        match kind {
            What::Directory => {
                if !self.root.starts_with(&real) && !self.seen.contains(&real) {
                    self.enter(link, &real);
                }
            }
            _ if !self.is_wanted(link) => {}
            what => self.take(link.to_owned(), real, what),
        }
    }
}

/// Whether a dot hides it.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|it| it.as_encoded_bytes().starts_with(b"."))
}

/// What a folder holds, by name.
fn entries(folder: &Path) -> io::Result<Vec<(PathBuf, FileType)>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry: DirEntry = entry?;
        entries.push((entry.file_name(), entry.path(), entry.file_type()?));
    }
    entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    Ok(entries.into_iter().map(|(_, path, kind)| (path, kind)).collect())
}

/// The files of a folder that is left out which would be read if it were not, as far as they are counted.
fn manifests_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    let mut left = MOST_COUNTED;
    while let Some(folder) = folders.pop() {
        // What cannot be entered is not counted: it was not to be read anyway.
        for (path, kind) in entries(&folder).unwrap_or_default() {
            left = left.saturating_sub(1);
            if left == 0 {
                return files;
            }
            if is_hidden(&path) {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && is_manifest(&path) {
                files.push(path);
            }
        }
    }
    files
}
