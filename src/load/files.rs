//! Which files there are: arguments, folders and globs made one list without repetitions.

use super::paths::{self, Patterns};
use super::store::{Store, What};
use super::text::{Decoded, decode};
use super::walk::{Scope, Skipped, Walked, Which, Why, walk};
use super::{Goal, Input, LoadError, Options, foreign, goal, walk};
use crate::finding::LeftOut;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};
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
    /// Helm made it.
    Rendered,
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
    /// What was left out, in order.
    pub(super) skipped: Vec<Skipped>,
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
            Input::Rendered { name, goal, bytes, .. } => collector.rendered(name, goal, bytes),
        }
    }
    collector.finish()
}

struct Collector<'a> {
    store: &'a Store,
    working_dir: PathBuf,
    exclude: Patterns,
    /// The folders of others or of tests that environments of the configuration name.
    foreign: Patterns,
    directories: Vec<(PathBuf, PathBuf)>,
    files: HashMap<PathBuf, Found>,
    errors: Vec<LoadError>,
    skipped: Vec<Skipped>,
}

impl<'a> Collector<'a> {
    fn new(store: &'a Store, options: &Options<'_>) -> Collector<'a> {
        let working_dir = paths::normalize(Path::new("/"), options.working_dir);
        let config_dir = paths::normalize(&working_dir, options.config_dir.unwrap_or(Path::new(".")));
        let mut errors = Vec::new();
        let exclude = Patterns::new(&config_dir, &options.config.exclude, &mut errors);
        let named = options.config.environments.iter().flat_map(|it| &it.paths).filter(|it| names_foreign(it)).cloned();
        let foreign = Patterns::new(&config_dir, &named.collect::<Vec<_>>(), &mut errors);
        let (directories, files, skipped) = (Vec::new(), HashMap::new(), Vec::new());
        Collector { store, working_dir, exclude, foreign, directories, files, errors, skipped }
    }

    /// A text in memory stands for the file of its name, if there is one.
    fn stream(&mut self, name: &str, bytes: &[u8]) {
        let path = paths::normalize(&self.working_dir, Path::new(name));
        let real = self.store.real(&path).unwrap_or_else(|_| path.clone());
        let content = Content::Read(decode(bytes.to_vec()));
        self.add(Found { path, real, name: name.to_owned(), origin: Origin::Stream, is_named: true, content });
    }

    /// What Helm made stands where no file does.
    fn rendered(&mut self, name: &str, goal: &Goal, bytes: &[u8]) {
        let path = match goal {
            Goal::Environment => paths::normalize(&self.working_dir, Path::new(name)),
            Goal::Kustomization(folder, entry) => goal::place(folder, *entry),
        };
        let (real, content) = (path.clone(), Content::Read(decode(bytes.to_vec())));
        self.add(Found { path, real, name: name.to_owned(), origin: Origin::Rendered, is_named: true, content });
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
        let is_named = |it: &Path| it.file_name().is_some_and(|it| Path::new(pattern).iter().any(|part| part == it));
        let scope = Scope { which: Which::All, is_named: &is_named, heeds_gitignore: false, ..self.scope(&|_| false) };
        let Walked { found, mut skipped } = walk(self.store, &folder, &scope);
        let is_file = |it: walk::Entry| it.special.is_none().then_some(it.path);
        let mut matching: Vec<PathBuf> =
            found.into_iter().filter_map(Result::ok).filter_map(is_file).filter(|it| matcher.is_match(it)).collect();
        for it in &mut skipped {
            it.files.retain(|it| matcher.is_match(it));
        }
        skipped.retain(|it| !it.files.is_empty());
        if matching.is_empty() {
            // The pattern can mean nothing else.
            matching = skipped.drain(..).flat_map(|it| it.files).collect();
        }
        if matching.is_empty() {
            self.errors.push(LoadError::NoMatch { pattern: pattern.to_owned() });
        }
        self.skipped.append(&mut skipped);
        for it in matching {
            self.named_file(it);
        }
    }

    /// A walk for manifests.
    fn scope<'s>(&'s self, is_named: &'s dyn Fn(&Path) -> bool) -> Scope<'s> {
        let (working_dir, exclude) = (self.working_dir.as_path(), &self.exclude);
        Scope { working_dir, exclude, which: Which::Manifests, is_named, heeds_gitignore: true }
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
        let is_inner = |it: &(PathBuf, PathBuf)| reals.iter().any(|other| it.1 != *other && it.1.starts_with(other));
        let (inner, named): (Vec<_>, Vec<_>) = named.into_iter().partition(is_inner);
        let show = |path: &Path| paths::display(&self.working_dir, path);
        let mut directories: Vec<Directory> =
            named.into_iter().map(|(path, _)| Directory { name: show(&path), path }).collect();
        directories.sort_by(|one, other| one.name.cmp(&other.name));
        for (number, directory) in directories.iter().enumerate() {
            self.directory(number, &directory.path);
        }
        for (path, real) in inner {
            // A folder that lies in another is named for what it holds and the other leaves out.
            let outer =
                directories.iter().position(|it| self.store.real(&it.path).is_ok_and(|it| real.starts_with(it)));
            if let Some(it) = outer {
                self.directory(it, &path);
            }
        }
        let by_name: BTreeMap<(String, PathBuf), Found> =
            self.files.into_values().map(|it| ((it.name.clone(), it.real.clone()), it)).collect();
        let files: Vec<Found> = by_name.into_values().collect();
        let mut skipped = self.skipped;
        skipped.sort_unstable();
        skipped.dedup();
        Collected { files, directories, errors: self.errors, skipped }
    }

    /// Adds what lies in a named folder.
    fn directory(&mut self, number: usize, folder: &Path) {
        let is_named = |it: &Path| self.foreign.matches(it) || self.foreign.matches(&it.join("x"));
        let mut walked = walk(self.store, folder, &self.scope(&is_named));
        let is_all_ignored = walked.found.is_empty() && walked.skipped.iter().any(|it| it.why == Why::Ignored);
        if is_all_ignored && folder != self.working_dir {
            // It was named: somebody wants what is in it.
            walked = walk(self.store, folder, &Scope { heeds_gitignore: false, ..self.scope(&is_named) });
        }
        self.skipped.append(&mut walked.skipped);
        walked.found.into_iter().for_each(|it| self.walked(number, it));
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

/// Whether a pattern of the configuration names a folder of others or of tests.
fn names_foreign(pattern: &str) -> bool {
    Path::new(pattern).ancestors().any(foreign::is_foreign)
}

impl Collected {
    /// What was left out and nothing else led to, by reason.
    pub(super) fn left_out(&self, working_dir: &Path) -> Vec<LeftOut> {
        let read: HashSet<&Path> = self.files.iter().map(|it| it.path.as_path()).collect();
        let mut left_out: Vec<LeftOut> = Vec::new();
        for (why, reason) in [
            (Why::Ignored, "that .gitignore names"),
            (Why::Foreign, "of other projects or for tests, which count only if they are named"),
            (Why::Hidden, "in folders whose names begin with a dot, which count only if they are named"),
        ] {
            let mut it = LeftOut { reason, ..LeftOut::default() };
            for skipped in self.skipped.iter().filter(|it| it.why == why) {
                let files = skipped.files.iter().filter(|it| !read.contains(it.as_path())).count();
                if files > 0 {
                    it.files += files;
                    it.places.push(paths::display(working_dir, &skipped.place));
                }
            }
            left_out.extend((it.files > 0).then_some(it));
        }
        left_out
    }

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
