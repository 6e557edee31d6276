//! The folders of a run with what lies in each, and where the repository begins that paths cover.

use super::super::documents::ReadFile;
use super::super::paths;
use super::super::store::{Store, What};
use crate::source::{SourceId, Span};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// What a path in an object of a GitOps tool leads to.
pub(super) enum Place<'a> {
    /// A folder that holds files of the run, and the root of the repository.
    Folder(&'a Path, &'a Path),
    /// A folder that is there, but whose files are not of the run.
    Outside,
    /// Nothing.
    Missing,
}

/// The folders of a run.
pub(super) struct Catalog<'a> {
    pub(super) files: &'a [ReadFile],
    store: &'a Store,
    folders: BTreeMap<&'a Path, Vec<usize>>,
    by_source: HashMap<SourceId, usize>,
    /// How many paths there are below each folder if it is the root of the repository.
    votes: HashMap<&'a Path, usize>,
    repositories: RefCell<HashMap<PathBuf, bool>>,
}

impl<'a> Catalog<'a> {
    pub(super) fn new(files: &'a [ReadFile], store: &'a Store) -> Catalog<'a> {
        let mut folders: BTreeMap<&Path, Vec<usize>> = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            let mut above = file.real.ancestors().skip(1);
            if let Some(folder) = above.next() {
                let is_known = folders.contains_key(folder);
                folders.entry(folder).or_default().push(at);
                let unknown = above.take_while(|_| !is_known).take_while(|it| !folders.contains_key(it));
                let unknown: Vec<&Path> = unknown.collect();
                folders.extend(unknown.into_iter().map(|it| (it, Vec::new())));
            }
        }
        let by_source = files.iter().enumerate().map(|(at, it)| (it.source, at)).collect();
        let repositories = RefCell::default();
        Catalog { files, store, folders, by_source, votes: HashMap::new(), repositories }
    }

    /// The file that a place is in.
    pub(super) fn file_at(&self, span: Span) -> Option<usize> {
        self.by_source.get(&span.source).copied()
    }

    /// The files of a folder itself.
    pub(super) fn files_in(&self, folder: &Path) -> &[usize] {
        self.folders.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The folder and all below it, in order, each with its files.
    pub(super) fn below(&self, folder: &Path) -> impl Iterator<Item = (&'a Path, &[usize])> + use<'a, '_> {
        let folder = folder.to_path_buf();
        self.folders
            .range::<Path, _>((Bound::Included(folder.as_path()), Bound::Unbounded))
            .take_while({
                let folder = folder.clone();
                move |it| it.0.starts_with(&folder)
            })
            .map(|it| (*it.0, it.1.as_slice()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Whether a folder holds a chart.
    pub(super) fn is_chart(&self, folder: &Path) -> bool {
        self.files_in(folder).iter().any(|it| self.files[*it].file_name() == "Chart.yaml")
    }

    /// Whether a file lies in a chart.
    pub(super) fn is_in_chart(&self, file: usize) -> bool {
        self.files[file].real.ancestors().skip(1).any(|it| self.is_chart(it))
    }

    /// A folder as it is shown: `.` for the working directory.
    pub(super) fn shown(&self, folder: &Path) -> String {
        let below =
            self.folders.range::<Path, _>((Bound::Included(folder), Bound::Unbounded)).flat_map(|it| it.1).next();
        let Some(file) = below.map(|it| &self.files[*it]) else { return folder.display().to_string() };
        paths::shown_above(folder, &file.real, &file.name)
    }

    /// Remembers a path that an object in this file gives.
    pub(super) fn vote(&mut self, file: usize, path: &str) {
        if is_root(path) {
            return;
        }
        for root in self.candidates(file) {
            if self.folders.contains_key(paths::normalize(root, Path::new(path)).as_path()) {
                *self.votes.entry(root).or_default() += 1;
            }
        }
    }

    /// The folders that may be the root of the repository that a file is in, from the nearest on.
    pub(super) fn candidates(&self, file: usize) -> Vec<&'a Path> {
        let mut candidates = Vec::new();
        for folder in self.files[file].real.ancestors().skip(1) {
            candidates.push(folder);
            if self.is_repository(folder) {
                break;
            }
        }
        candidates
    }

    fn is_repository(&self, folder: &Path) -> bool {
        if let Some(known) = self.repositories.borrow().get(folder) {
            return *known;
        }
        let is_one = self.store.what(&folder.join(".git")).is_ok();
        self.repositories.borrow_mut().insert(folder.to_path_buf(), is_one);
        is_one
    }

    /// The folder that a path from the root of the repository means, for an object in this file.
    pub(super) fn resolve(&self, file: usize, path: &str) -> Place<'a> {
        let candidates = self.candidates(file);
        let votes = |it: &&Path| self.votes.get(it).copied().unwrap_or(0);
        // Of those with as many votes the outermost, unless there is nothing to choose by.
        let found = candidates.iter().filter_map(|root| {
            let folder = paths::normalize(root, Path::new(path));
            self.folders.get_key_value(folder.as_path()).map(|it| (votes(root), *it.0, *root))
        });
        if is_root(path) {
            let root = self.root(&candidates);
            return Place::Folder(root, root);
        }
        if let Some((_, folder, root)) = found.max_by_key(|it| it.0) {
            return Place::Folder(folder, root);
        }
        let is_there =
            |root: &&'a Path| matches!(self.store.what(&paths::normalize(root, Path::new(path))), Ok(What::Directory));
        // A folder of the machine that happens to have the name is none of the repository.
        let mut near = candidates.iter().filter(|it| it.components().count() > 2);
        if near.any(is_there) { Place::Outside } else { Place::Missing }
    }

    /// The root of the repository by what is known of it.
    fn root(&self, candidates: &[&'a Path]) -> &'a Path {
        let votes = |it: &&&Path| self.votes.get(**it).copied().unwrap_or(0);
        let best = candidates.iter().filter(|it| votes(it) > 0).max_by_key(votes);
        let repository = || candidates.last().filter(|it| self.is_repository(it));
        best.or_else(repository).copied().unwrap_or_else(|| self.common())
    }

    /// The deepest folder that holds all files.
    fn common(&self) -> &'a Path {
        let mut common: Option<&'a Path> = None;
        for (folder, _) in self.folders.iter().filter(|it| !it.1.is_empty()) {
            common = match common {
                None => Some(folder),
                Some(it) => it.ancestors().find(|it| folder.starts_with(it)),
            };
        }
        common.unwrap_or(Path::new("/"))
    }

    /// The addresses of the repository that a file is in, by its git configuration.
    pub(super) fn remotes(&self, file: usize) -> Vec<String> {
        let repository = self.candidates(file).into_iter().next_back().filter(|it| self.is_repository(it));
        let config = repository.and_then(|it| self.store.read(&it.join(".git/config")).ok());
        let Some(config) = config else { return Vec::new() };
        let text = String::from_utf8_lossy(&config);
        let urls = text.lines().filter_map(|it| it.trim().strip_prefix("url"));
        urls.filter_map(|it| it.trim_start().strip_prefix('=')).map(|it| address(it.trim())).collect()
    }
}

/// Whether a path means the root of the repository.
pub(super) fn is_root(path: &str) -> bool {
    Path::new(path).components().all(|it| matches!(it, std::path::Component::CurDir))
}

/// The address of a repository without what differs between ways to reach it.
pub(super) fn address(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url);
    let (has_scheme, url) = url.split_once("://").map_or((false, url), |it| (true, it.1));
    let url = url.split_once('@').filter(|it| !it.0.contains('/')).map_or(url, |it| it.1);
    let (host, path) =
        url.split_once(if has_scheme { '/' } else { [':', '/'][usize::from(!url.contains(':'))] }).unwrap_or((url, ""));
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    format!("{host}/{}", path.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_repository_are_one() {
        for url in [
            "https://git.example.net/team/fleet.git",
            "https://token@git.example.net/team/fleet/",
            "ssh://git@Git.example.net:22/team/fleet.git",
            "git@git.example.net:team/fleet.git",
            "git.example.net/team/fleet",
        ] {
            assert_eq!(address(url), "git.example.net/team/fleet", "{url}");
        }
    }

    #[test]
    fn the_root_has_many_names() {
        assert!(["", ".", "./", "./."].into_iter().all(is_root));
        assert!(!["apps", "./apps", ".."].into_iter().any(is_root));
    }
}
