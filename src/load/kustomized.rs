//! Environments of kustomizations: one for each root, with every file that belongs to it accounted for.

use super::documents::ReadFile;
use super::environments::add_plain;
use super::kustomize::{Built, Graph, Use, build};
use crate::finding::{DocumentFate, Fate};
use crate::model::Environment;
use crate::source::Sources;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

/// The roots of a run, built.
pub(super) struct Kustomized<'a> {
    graph: &'a Graph<'a>,
    /// By the file with the root's instructions.
    roots: BTreeMap<usize, Built>,
    /// Files that roots reach.
    used: BTreeSet<usize>,
    /// Files that lie in a kustomization's folder, or below, and that no root reaches: with the root to which
    /// they are accounted.
    beside: BTreeMap<usize, usize>,
}

impl<'a> Kustomized<'a> {
    pub(super) fn new(graph: &'a Graph<'a>, sources: &Sources) -> Self {
        let mut roots = BTreeMap::new();
        for at in graph.roots() {
            roots.insert(graph.kustomizations[at].file, build(graph, sources, at));
        }
        let used: BTreeSet<usize> = roots.values().flat_map(|it: &Built| it.uses.keys().copied()).collect();
        let mut kustomized = Kustomized { graph, roots, used, beside: BTreeMap::new() };
        kustomized.beside = kustomized.find_beside();
        kustomized
    }

    /// Whether a file belongs to a kustomization, deployed or not.
    pub(super) fn governs(&self, file: usize) -> bool {
        self.used.contains(&file) || self.beside.contains_key(&file)
    }

    /// Files that no root reaches though a kustomization stands in their folder or above it.
    fn find_beside(&self) -> BTreeMap<usize, usize> {
        let mut owner: HashMap<usize, usize> = HashMap::new();
        for (root, built) in &self.roots {
            for file in built.uses.keys() {
                owner.entry(*file).or_insert(*root);
            }
        }
        // A component or base that no root uses belongs to the root above it, if there is one.
        let root_of = |at: usize| owner.get(&self.graph.kustomizations[at].file).copied();
        let nearest = |folder: &Path| folder.ancestors().find_map(|it| self.graph.in_folder(it).and_then(root_of));
        let mut of_folder: HashMap<&Path, Option<usize>> = HashMap::new();
        let mut beside = BTreeMap::new();
        for (at, file) in self.graph.files.iter().enumerate().filter(|it| !self.used.contains(&it.0)) {
            let Some(folder) = file.real.parent() else { continue };
            let root = *of_folder.entry(folder).or_insert_with(|| nearest(folder));
            beside.extend(root.map(|it| (at, it)));
        }
        beside
    }

    /// The environments of the roots whose files the configuration does not place.
    pub(super) fn environments(&self, configured: &BTreeSet<usize>) -> Vec<Environment> {
        let roots = self.roots.keys().filter(|it| !configured.contains(it));
        roots.map(|root| self.of_root(*root)).collect()
    }

    fn of_root(&self, root: usize) -> Environment {
        let file = &self.graph.files[root].name;
        let name = file.rsplit_once('/').map_or(".", |it| it.0).to_owned();
        let reason = "a kustomization that no other refers to".to_owned();
        let mut environment = Environment { name, reason, is_directory: true, ..Environment::default() };
        self.add_root(root, &mut environment);
        environment
    }

    /// An environment of these files: what their roots deploy, and the rest as it stands. None without files.
    pub(super) fn fill(
        &self,
        mut environment: Environment,
        own: &BTreeSet<usize>,
        files: &[ReadFile],
    ) -> Option<Environment> {
        if own.is_empty() {
            return None;
        }
        let roots: Vec<usize> = self.roots.keys().copied().filter(|it| own.contains(it)).collect();
        for root in &roots {
            self.add_root(*root, &mut environment);
        }
        let is_of_root = |at: &usize| {
            roots.iter().any(|it| self.roots[it].uses.contains_key(at))
                || self.beside.get(at).is_some_and(|it| roots.contains(it))
        };
        for at in own.iter().filter(|it| !is_of_root(it)) {
            add_plain(&mut environment, &files[*at]);
        }
        Some(environment)
    }

    /// Adds what a root deploys, and what becomes of each file that belongs to it.
    fn add_root(&self, root: usize, environment: &mut Environment) {
        let built = &self.roots[&root];
        let objects = built.objects.iter().cloned().map(|mut object| {
            // The kustomization, or whoever applies it, decides the namespace.
            object.is_governed = true;
            object
        });
        environment.objects.extend(objects);
        environment.problems.extend(built.problems.iter().cloned());
        environment.remarks.extend(built.remarks.iter().cloned());
        for (file, usage) in &built.uses {
            self.account(*file, environment, |span| match usage {
                Use::Resource => built.gone.get(&span).map(|it| (*it).to_owned()),
                Use::Instructions => None,
                Use::Patch(of) => Some(format!("a patch of {}", self.graph.files[*of].name)),
            });
        }
        for (file, _) in self.beside.iter().filter(|it| *it.1 == root) {
            self.account(*file, environment, |_| Some("not part of the kustomization".to_owned()));
        }
    }

    /// Accounts for the documents of a file; `skipped` tells why one of them is not deployed.
    fn account(
        &self,
        file: usize,
        environment: &mut Environment,
        skipped: impl Fn(crate::source::Span) -> Option<String>,
    ) {
        let documents = Arc::make_mut(&mut environment.documents);
        for item in self.graph.files[file].items() {
            let place = item.content.as_ref().map_or(item.span, |it| it.node().span());
            let fate = match (item.fate(), skipped(place)) {
                (Fate::Checked | Fate::Unknown, Some(reason)) => Fate::Skipped(reason),
                (fate, _) => fate,
            };
            documents.push(DocumentFate { span: item.span, title: item.title.clone(), fate });
        }
    }
}
