//! Kustomizations: which there are, which of them are roots, and what each root deploys.

mod build;
mod discover;
mod fields;
mod generate;
mod images;
mod inline;
mod json_patch;
mod labels;
mod merge;
mod names;
mod patches;
mod resource;
mod schema;
mod select;
mod spelling;
mod transform;

pub(super) use build::{Built, Use, build};
pub(super) use discover::discover;

/// What stands where a part of a kustomization that is not modelled may set a value: a text that every reader
/// takes for a placeholder.
pub(super) const UNKNOWN: &str = "$(set by a part of the kustomization that is not modelled)";

use super::classify::DocumentKind;
use super::documents::ReadFile;
use super::files::Origin;
use super::paths;
use super::store::{Store, What};
use crate::yaml::{Document, NodeRef};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder with instructions for kustomize.
#[derive(Debug)]
pub(super) struct Kustomization<'a> {
    /// The file that holds them.
    pub(super) file: usize,
    /// The folder, without links.
    pub(super) dir: &'a Path,
    pub(super) document: &'a Arc<Document>,
    /// Whether only others can use it.
    pub(super) is_component: bool,
}

/// All kustomizations of a run, and what they can refer to.
pub(super) struct Graph<'a> {
    pub(super) files: &'a [ReadFile],
    store: &'a Store,
    by_real: HashMap<&'a Path, usize>,
    by_dir: HashMap<&'a Path, usize>,
    pub(super) kustomizations: Vec<Kustomization<'a>>,
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
        };
        for (file, it) in files.iter().enumerate() {
            let (Some((document, kind)), Some(dir)) = (it.kustomization(), it.real.parent()) else { continue };
            // Of several in one folder, which kustomize refuses, the first counts.
            if graph.by_dir.contains_key(dir) {
                continue;
            }
            graph.by_dir.insert(dir, graph.kustomizations.len());
            let is_component = kind == DocumentKind::Component;
            graph.kustomizations.push(Kustomization { file, dir, document, is_component });
        }
        graph
    }

    /// The kustomization whose folder this is.
    pub(super) fn in_folder(&self, dir: &Path) -> Option<usize> {
        self.by_dir.get(dir).copied()
    }

    /// What a path in a kustomization of this folder means.
    fn resolve(&self, dir: &Path, text: &str) -> Target {
        let Some(real) = locate(self.store, dir, text) else {
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

    /// The kustomizations that one refers to.
    fn referenced(&self, at: usize) -> Vec<usize> {
        let it = &self.kustomizations[at];
        let mut referenced = Vec::new();
        for node in folders(it.document.root()) {
            if let Target::Kustomization(other) = self.resolve(it.dir, node.text()) {
                referenced.push(other);
            }
        }
        referenced
    }

    /// Those that are deployed by themselves: no other refers to them, or a GitOps tool points at them.
    /// Where kustomizations refer to each other in a circle, the first of them.
    pub(super) fn roots(&self) -> Vec<usize> {
        let edges: Vec<Vec<usize>> = (0..self.kustomizations.len()).map(|it| self.referenced(it)).collect();
        let inner: HashSet<usize> = edges.iter().flatten().copied().collect();
        let pointed = self.pointed_at();
        let may_be = |at: usize| {
            let it = &self.kustomizations[at];
            !it.is_component && self.files[it.file].origin != Origin::Reached
        };
        let mut roots = BTreeSet::new();
        let mut seen: HashSet<usize> = HashSet::new();
        let all = 0..self.kustomizations.len();
        let outer = all.clone().filter(|it| !inner.contains(it) || pointed.contains(it));
        // The second round meets only those that no root leads to.
        for at in outer.chain(all) {
            if !may_be(at) || (seen.contains(&at) && !pointed.contains(&at)) {
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

    /// The kustomizations that Flux or Argo CD deploys, by the paths in their objects.
    fn pointed_at(&self) -> HashSet<usize> {
        let mut pointed = HashSet::new();
        for file in self.files {
            for object in file.items().filter_map(|it| it.content.as_ref().ok()) {
                for path in deployed_paths(object.group(), object.kind(), object.node()) {
                    // Such a path begins at the root of a repository, which is some folder above the file.
                    let mut above = file.real.ancestors().skip(1);
                    let found = above.find_map(|it| self.in_folder(&paths::normalize(it, Path::new(path))));
                    pointed.extend(found);
                }
            }
        }
        pointed
    }
}

/// The paths that an object of a GitOps tool deploys.
fn deployed_paths<'a>(group: &str, kind: &str, node: NodeRef<'a>) -> Vec<&'a str> {
    let sources: &[&[&str]] = match (group, kind) {
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => &[&["spec"]],
        ("argoproj.io", "Application") => &[&["spec", "source"], &["spec", "sources"]],
        ("argoproj.io", "ApplicationSet") => &[&["spec", "template", "spec", "source"]],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for source in sources.iter().filter_map(|it| node.at(it)) {
        let one = (!source.is_seq()).then_some(source);
        for it in one.into_iter().chain(source.items()) {
            found.extend(it.str_at(&["path"]).map(|path| path.trim_start_matches('/')));
        }
    }
    found
}

/// The nodes that may name folders with further instructions.
fn folders(root: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    ["resources", "bases", "components"].into_iter().flat_map(move |key| root.items_at(&[key]))
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
