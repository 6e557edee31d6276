//! Which files there are: arguments, folders and globs made one list without repetitions.

use super::paths::{self, Patterns};
use super::store::{Store, What};
use super::text::{Decoded, decode};
use super::{Input, LoadError, Options, walk};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// How a file came into the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// A text in memory.
    Stream,
    /// It lies in a named folder, by its number.
    Directory(usize),
    /// It was named itself.
    Named,
    /// Only a kustomization of the run leads to it.
    Reached,
}

/// What is known of a file's content.
#[derive(Debug)]
pub(super) enum Content {
    /// Not read yet.
    Unread,
    /// Read.
    Read(Decoded),
    /// Not to be read, for this reason.
    Skipped(String),
}

/// A file of the run.
#[derive(Debug)]
pub(super) struct Found {
    /// Absolute, as it was reached.
    pub(super) path: PathBuf,
    /// The same for all ways that lead to it.
    pub(super) real: PathBuf,
    /// As shown.
    pub(super) name: String,
    /// How it came into the run.
    pub(super) origin: Origin,
    /// Whether it was named, by itself or by a glob.
    pub(super) is_named: bool,
    /// What is in it.
    pub(super) content: Content,
}

/// A named folder. None lies in another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Directory {
    /// Absolute, as it was named.
    pub(super) path: PathBuf,
    /// As shown.
    pub(super) name: String,
}

/// All files of the run.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// By name.
    pub(super) files: Vec<Found>,
    /// The named folders, by name.
    pub(super) directories: Vec<Directory>,
    /// What could not be found or entered.
    pub(super) errors: Vec<LoadError>,
}

/// Finds all files that the input names.
pub(super) fn collect(store: &Store, input: &[Input], options: &Options<'_>) -> Collected {
    let mut collector = Collector::new(store, options);
    // One order, so that neither names nor errors depend on that of the arguments.
    let mut input: Vec<&Input> = input.iter().collect();
    input.sort();
    input.dedup();
    for it in input {
        match it {
            Input::Path(path) => collector.path(path),
            Input::Text { name, bytes } => collector.stream(name, bytes),
        }
    }
    collector.finish()
}

struct Collector<'a> {
    store: &'a Store,
    working_dir: PathBuf,
    exclude: Patterns,
    directories: Vec<(PathBuf, PathBuf)>,
    files: HashMap<PathBuf, Found>,
    errors: Vec<LoadError>,
}

impl<'a> Collector<'a> {
    fn new(store: &'a Store, options: &Options<'_>) -> Collector<'a> {
        let working_dir = paths::normalize(Path::new("/"), options.working_dir);
        let config_dir = paths::normalize(&working_dir, options.config_dir.unwrap_or(Path::new(".")));
        let mut errors = Vec::new();
        let exclude = Patterns::new(&config_dir, &options.config.exclude, &mut errors);
        Collector { store, working_dir, exclude, directories: Vec::new(), files: HashMap::new(), errors }
    }

    /// A text in memory stands for the file of its name, if there is one.
    fn stream(&mut self, name: &str, bytes: &[u8]) {
        let path = paths::normalize(&self.working_dir, Path::new(name));
        let real = self.store.real(&path).unwrap_or_else(|_| path.clone());
        let content = Content::Read(decode(bytes.to_vec()));
        self.add(Found { path, real, name: name.to_owned(), origin: Origin::Stream, is_named: true, content });
    }

    fn path(&mut self, named: &Path) {
        let path = paths::normalize(&self.working_dir, named);
        let shown = named.to_string_lossy();
        match self.store.what(&path).or_else(|_| self.store.what(&self.working_dir.join(named))) {
            Ok(What::Directory) => match self.store.real(&path) {
                Ok(real) => self.directories.push((path, real)),
                Err(reason) => self.unreadable(&path, reason),
            },
            Ok(What::File) => self.named_file(path),
            Ok(What::Special(_)) => self.named_special(&path, &shown),
            Err(reason) if reason.kind() == std::io::ErrorKind::NotFound => {
                if paths::is_glob(&shown) {
                    self.glob(&shown);
                } else {
                    self.errors.push(LoadError::NotFound { path: shown.into_owned() });
                }
            }
            Err(reason) => self.errors.push(LoadError::Unreadable { path: shown.into_owned(), reason }),
        }
    }

    fn unreadable(&mut self, path: &Path, reason: std::io::Error) {
        let path = paths::display(&self.working_dir, path);
        self.errors.push(LoadError::Unreadable { path, reason });
    }

    fn named_file(&mut self, path: PathBuf) {
        let real = match self.store.real(&path) {
            Ok(real) => real,
            Err(reason) => return self.unreadable(&path, reason),
        };
        let is_excluded = self.exclude.matches(&path);
        let content =
            if is_excluded { Content::Skipped("excluded by the configuration".to_owned()) } else { Content::Unread };
        let name = paths::display(&self.working_dir, &path);
        self.add(Found { path, real, name, origin: Origin::Named, is_named: true, content });
    }

    /// A pipe such as `<(kustomize build)` is named on purpose: it is read here, once, as a stream.
    fn named_special(&mut self, path: &Path, shown: &str) {
        match self.store.read(path) {
            Ok(bytes) => self.stream(shown, &bytes),
            Err(reason) => self.unreadable(path, reason),
        }
    }

    fn glob(&mut self, pattern: &str) {
        let (folder, matcher) = match paths::split_glob(&self.working_dir, pattern) {
            Ok(it) => it,
            Err(error) => {
                let reason = error.kind().to_string();
                return self.errors.push(LoadError::BadGlob { pattern: pattern.to_owned(), reason });
            }
        };
        let mut matched = false;
        for it in walk::walk(self.store, &folder, &self.exclude, walk::Which::All) {
            if let Ok(walk::Entry { path, special: None, .. }) = it
                && matcher.is_match(&path)
            {
                matched = true;
                self.named_file(path);
            }
        }
        if !matched {
            self.errors.push(LoadError::NoMatch { pattern: pattern.to_owned() });
        }
    }

    /// Adds a file, or what this way to it adds to what is known.
    fn add(&mut self, found: Found) {
        let Some(there) = self.files.get_mut(&found.real) else {
            self.files.insert(found.real.clone(), found);
            return;
        };
        there.is_named |= found.is_named;
        let is_better = (found.origin, &found.name) < (there.origin, &there.name);
        if is_better {
            let is_named = there.is_named;
            *there = Found { is_named, ..found };
        }
    }

    /// Walks the folders, outermost first, and puts everything in its one order.
    fn finish(mut self) -> Collected {
        let mut named = std::mem::take(&mut self.directories);
        named.sort();
        named.dedup_by(|one, other| one.1 == other.1);
        let reals: Vec<PathBuf> = named.iter().map(|it| it.1.clone()).collect();
        named.retain(|it| !reals.iter().any(|other| it.1 != *other && it.1.starts_with(other)));
        let show = |path: &Path| paths::display(&self.working_dir, path);
        let mut directories: Vec<Directory> =
            named.into_iter().map(|(path, _)| Directory { name: show(&path), path }).collect();
        directories.sort_by(|one, other| one.name.cmp(&other.name));
        for (number, directory) in directories.iter().enumerate() {
            for it in walk::walk(self.store, &directory.path, &self.exclude, walk::Which::Manifests) {
                self.walked(number, it);
            }
        }
        let by_name: BTreeMap<(String, PathBuf), Found> =
            self.files.into_values().map(|it| ((it.name.clone(), it.real.clone()), it)).collect();
        Collected { files: by_name.into_values().collect(), directories, errors: self.errors }
    }

    fn walked(&mut self, number: usize, entry: Result<walk::Entry, walk::Failure>) {
        match entry {
            Ok(walk::Entry { path, real, special }) => {
                let content = special.map_or(Content::Unread, |it| Content::Skipped(format!("{it}, not opened")));
                let name = paths::display(&self.working_dir, &path);
                self.add(Found { path, real, name, origin: Origin::Directory(number), is_named: false, content });
            }
            Err(walk::Failure { path, reason }) => self.unreadable(&path, reason),
        }
    }
}

impl Collected {
    /// Reads what is not read yet. What cannot be read is told and left out.
    pub(super) fn read(&mut self, store: &Store) {
        let files = std::mem::take(&mut self.files);
        let read: Vec<Result<Found, LoadError>> = files
            .into_par_iter()
            .map(|mut found| {
                if matches!(found.content, Content::Unread) {
                    match store.read(&found.real) {
                        // At once, so that bytes and text of all files are never there together.
                        Ok(bytes) => found.content = Content::Read(decode(bytes)),
                        Err(reason) => return Err(LoadError::Unreadable { path: found.name, reason }),
                    }
                }
                Ok(found)
            })
            .collect();
        for it in read {
            match it {
                Ok(found) => self.files.push(found),
                Err(error) => self.errors.push(error),
            }
        }
    }
}
