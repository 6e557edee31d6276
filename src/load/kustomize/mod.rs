//! Kustomizations: which there are, which of them are roots, and what each root deploys.

mod bases;
mod bounds;
mod build;
mod charts;
mod check;
mod config;
mod contested;
mod crds;
mod defaults;
mod discover;
mod field_path;
mod fields;
mod generate;
mod hash;
mod id;
mod identity;
mod images;
mod inline;
mod instructions;
mod json_patch;
mod key_values;
mod kustomization;
mod leaves;
mod limits;
mod merge;
mod merge_lists;
mod metadata;
mod moved;
mod moving;
mod names;
mod outside;
mod patches;
mod plugins;
mod pointer;
mod read;
mod removed;
mod renamed;
mod replacements;
mod resource;
mod resources;
mod respell;
mod schema;
mod scope;
mod select;
mod shared;
mod side_by_side;
mod spelling;
mod steps;
mod sure;
mod tags;
#[cfg(test)]
mod tests;
mod transform;
mod types;
mod undo;
mod vars;

use bases::Bases;
pub(super) use build::{Built, Use};
pub(super) use discover::discover;
use images::Patterns;
use leaves::Leaves;
use limits::Amounts;
use moved::Templates;
pub(super) use scope::is_cluster_wide_kind as is_cluster_wide;

/// What stands where a part of a kustomization that is not modelled may set a value: a text that every reader
/// takes for a placeholder.
pub(super) const UNKNOWN: &str = "$(set by a part of the kustomization that is not modelled)";

use super::documents::ReadFile;
use super::files::Origin;
use super::goal;
use super::item::DocumentKind;
use super::paths;
use super::store::{Store, What};
use crate::model::Instructions;
use crate::source::Span;
use crate::yaml::tree::Tree;
use crate::yaml::{Alike, NodeRef};
pub(super) use kustomization::Basis;
use kustomization::Kustomization;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// Why a step cannot be done, and where to point.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) span: Span,
}

/// All kustomizations of a run, and what they can refer to.
pub(super) struct Graph<'a> {
    pub(super) files: &'a [ReadFile],
    store: &'a Store,
    by_real: HashMap<&'a Path, usize>,
    by_dir: HashMap<&'a Path, usize>,
    /// Those that are written, and behind them those that were made of what else deploys folders.
    pub(super) kustomizations: Vec<Kustomization<'a>>,
    links: OnceLock<Links>,
    patterns: Patterns,
    bases: Bases,
    /// What the roots of the run have made so far.
    made: Mutex<Amounts>,
    alike: Alike,
    templates: Templates,
    leaves: Leaves,
    /// Which of those that are written lead to no circle.
    without_circles: OnceLock<Vec<bool>>,
    /// What was built before anybody asked, by kustomization.
    ahead: HashMap<usize, Built>,
    /// Whether Flux builds here.
    is_of_flux: bool,
}

/// What the kustomizations that are written lead to.
#[derive(Debug, Default)]
struct Links {
    /// Of each, the kustomizations that it refers to.
    inner: Vec<Vec<usize>>,
    /// Of each, those that refer to it.
    users: HashMap<usize, Vec<usize>>,
    /// Of each file, the kustomizations that list it.
    listing: HashMap<usize, Vec<usize>>,
    /// Files that are patches.
    patches: HashSet<usize>,
}

/// What a text in a kustomization refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    File(usize),
    Kustomization(usize),
    /// A folder without instructions.
    Directory,
    /// Another repository, or a file on a server.
    Remote,
    /// Nothing that is here; the reason.
    Missing(&'static str),
}

impl<'a> Graph<'a> {
    /// The kustomizations among these files.
    pub(super) fn new(store: &'a Store, files: &'a [ReadFile]) -> Graph<'a> {
        let mut graph = Graph {
            files,
            store,
            by_real: files.iter().enumerate().map(|(at, it)| (it.real.as_path(), at)).collect(),
            by_dir: HashMap::new(),
            kustomizations: Vec::new(),
            links: OnceLock::new(),
            patterns: Patterns::default(),
            bases: Bases::default(),
            made: Mutex::default(),
            alike: Alike::default(),
            templates: Templates::default(),
            leaves: Leaves::default(),
            without_circles: OnceLock::new(),
            ahead: HashMap::new(),
            is_of_flux: outside::is_of_flux(files),
        };
        for (file, it) in files.iter().enumerate() {
            let Some((document, kind)) = it.kustomization() else { continue };
            let Some(dir) = dir_of(store, it) else { continue };
            if let Some(first) = graph.by_dir.get(dir) {
                // The first counts.
                let kustomization: &mut Kustomization<'a> = &mut graph.kustomizations[*first];
                kustomization.refusal = Some("there is a second kustomization in this folder, which kustomize refuses");
                continue;
            }
            graph.by_dir.insert(dir, graph.kustomizations.len());
            let is_component = kind == DocumentKind::Component;
            let refusal = if !it.real.starts_with(dir) {
                Some("a link that leads out of its folder: kustomize does not take it")
            } else if it.documents.iter().any(|it| it.is_broken) {
                Some("not YAML, so that kustomize refuses it")
            } else {
                None
            };
            let document = check::canonical(&document);
            graph.kustomizations.push(Kustomization {
                file,
                dir,
                document,
                is_component,
                refusal,
                basis: Basis::Written,
            });
        }
        graph
    }

    /// The kustomization whose folder this is.
    pub(super) fn in_folder(&self, dir: &Path) -> Option<usize> {
        self.by_dir.get(dir).copied()
    }

    /// What a path in a kustomization of this folder means.
    fn resolve(&self, dir: &Path, text: &str) -> Target {
        let Some(real) = self.known(dir, text).or_else(|| locate(self.store, dir, text)) else {
            let reason = if Path::new(text).is_absolute() {
                "an absolute path, which kustomize refuses"
            } else {
                "there is no such file or folder"
            };
            return if is_remote(text) { Target::Remote } else { Target::Missing(reason) };
        };
        match (self.by_real.get(real.as_path()), self.by_dir.get(real.as_path())) {
            (Some(file), _) => Target::File(*file),
            (None, Some(it)) => Target::Kustomization(*it),
            (None, None) if matches!(self.store.what(&real), Ok(What::Directory)) => Target::Directory,
            (None, None) => Target::Missing("it cannot be read"),
        }
    }

    /// The file with what the entry of this number of `helmCharts` makes, where it is rendered.
    fn rendered(&self, dir: &Path, entry: usize) -> Option<usize> {
        self.by_real.get(goal::place(dir, entry).as_path()).copied()
    }

    /// The path of what a text names from a folder, if it is that of a file or kustomization of the run: then no link leads
    /// there, and the disk need not be asked.
    fn known(&self, dir: &Path, text: &str) -> Option<PathBuf> {
        let path = Path::new(text);
        let path = (!text.is_empty() && !path.is_absolute()).then(|| paths::normalize(dir, path))?;
        let is_known = self.by_real.contains_key(path.as_path()) || self.by_dir.contains_key(path.as_path());
        is_known.then_some(path)
    }

    /// Adds one that is made: it builds as if it stood in this folder, and counts as one of this file.
    pub(super) fn add(&mut self, file: usize, dir: &'a Path, tree: &Tree, basis: Basis) -> usize {
        self.links();
        let document = Arc::new(tree.freeze(self.files[file].source, Vec::new()));
        self.kustomizations.push(Kustomization { file, dir, document, is_component: false, refusal: None, basis });
        self.kustomizations.len() - 1
    }

    fn links(&self) -> &Links {
        self.links.get_or_init(|| {
            let mut links = Links::default();
            for (at, it) in self.kustomizations.iter().enumerate() {
                let mut inner = Vec::new();
                for node in folders(it.document.root()) {
                    match self.resolve(it.dir, node.text()) {
                        Target::Kustomization(other) => inner.push(other),
                        Target::File(file) => links.listing.entry(file).or_default().push(at),
                        _ => {}
                    }
                }
                for it in &inner {
                    links.users.entry(*it).or_default().push(at);
                }
                links.inner.push(inner);
                for path in discover::patch_paths(it.document.root()) {
                    if let Target::File(file) = self.resolve(it.dir, path.text()) {
                        links.patches.insert(file);
                    }
                }
            }
            links
        })
    }

    /// The instructions in a file, if there are comments in them that may be orders.
    pub(super) fn instructions(&self, file: usize) -> Option<Instructions> {
        let it = self.in_folder(self.files[file].real.parent()?).map(|it| &self.kustomizations[it])?;
        if it.file != file || it.document.comments().is_empty() {
            return None;
        }
        let mut patches = Vec::new();
        for path in discover::patch_paths(it.document.root()) {
            if let Target::File(patch) = self.resolve(it.dir, path.text()) {
                patches.push((path.span(), self.files[patch].source));
            }
        }
        Some(Instructions { document: Arc::clone(&it.document), patches })
    }

    /// Whether a kustomization, which `user` uses, is built once for all that use it.
    fn is_shared(&self, at: usize, user: Option<usize>) -> bool {
        let links = self.links();
        // What else deploys folders often names the same ones.
        let is_used = links.users.get(&at).is_some_and(|it| it.len() > 1)
            || user.is_some_and(|it| self.kustomizations[it].basis != Basis::Written);
        let is_apart = || self.without_circles.get_or_init(|| bases::without_circles(self, links));
        is_used && !self.kustomizations[at].is_component && is_apart().get(at) == Some(&true)
    }

    /// Whether a file only changes other objects.
    pub(super) fn is_patch(&self, file: usize) -> bool {
        self.links().patches.contains(&file) && !self.links().listing.contains_key(&file)
    }

    /// The kustomizations that no other refers to and that lead to this file.
    pub(super) fn roots_over(&self, file: usize) -> Vec<usize> {
        let links = self.links();
        let Some(listing) = links.listing.get(&file) else { return Vec::new() };
        let mut seen: HashSet<usize> = listing.iter().copied().collect();
        let mut queue = listing.clone();
        let mut roots = BTreeSet::new();
        while let Some(at) = queue.pop() {
            match links.users.get(&at) {
                Some(users) => queue.extend(users.iter().filter(|it| seen.insert(**it))),
                None => _ = roots.insert(at),
            }
        }
        roots.into_iter().filter(|it| !self.kustomizations[*it].is_component).collect()
    }

    /// Those that are deployed by themselves: no other refers to them, and none of their files is among those
    /// that something else deploys. Where kustomizations refer to each other in a circle, the first of them.
    pub(super) fn roots(&self, reached: &BTreeSet<usize>) -> Vec<usize> {
        let edges = &self.links().inner;
        let inner: HashSet<usize> = edges.iter().flatten().copied().collect();
        let may_be = |at: usize| {
            let it = &self.kustomizations[at];
            !it.is_component && self.files[it.file].origin != Origin::Reached && !reached.contains(&it.file)
        };
        let mut roots = BTreeSet::new();
        let mut seen: HashSet<usize> = HashSet::new();
        let all = 0..edges.len();
        let outer = all.clone().filter(|it| !inner.contains(it));
        // The second round meets only those that no root leads to.
        for at in outer.chain(all) {
            if !may_be(at) || seen.contains(&at) {
                continue;
            }
            roots.insert(at);
            let mut queue = vec![at];
            while let Some(next) = queue.pop() {
                if seen.insert(next) {
                    queue.extend(&edges[next]);
                }
            }
        }
        roots.into_iter().collect()
    }
}

/// The nodes that may name folders with further instructions.
fn folders(root: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    ["resources", "bases", "components"].into_iter().flat_map(move |key| root.items_at(&[key]))
}

/// The folder of a kustomization: where its link stands, if it is one.
pub(super) fn dir_of<'f>(store: &Store, file: &'f ReadFile) -> Option<&'f Path> {
    let (own, real) = (file.path.parent()?, file.real.parent()?);
    // Other ways to a folder than its own are rare, and a link there rarer still.
    Some(if store.real(own).is_ok_and(|it| it != real && it == own) { own } else { real })
}

/// The folder that a file stands in: that of a link, not of what the link leads to.
fn folder(store: &Store, path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    Some(store.real(folder).unwrap_or_else(|_| folder.to_path_buf()))
}

/// The real path of what a text names from a folder, if it is there.
fn locate(store: &Store, dir: &Path, text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    if text.is_empty() || path.is_absolute() {
        return None;
    }
    store.real(&paths::normalize(dir, path)).ok()
}

/// Whether a text names something in another repository or on a server.
fn is_remote(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let has_host = text.contains('/') && host.contains('.') && !host.starts_with('.');
    text.contains("://") || text.starts_with("git@") || text.starts_with("git::") || text.contains("?ref=") || has_host
}
