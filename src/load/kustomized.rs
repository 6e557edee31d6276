//! Environments of kustomizations and of clusters: with every file that belongs to one accounted for.

use super::copies::Whole;
use super::documents::ReadFile;
use super::gitops::{Cluster, Found, Own};
use super::kustomize::{Built, Graph, Use};
use super::plain::add_plain;
use crate::finding::{DocumentOutcome, DocumentStatus};
use crate::model::{Environment, Problem};
use crate::source::{Sources, Span};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// What is deployed by kustomizations, built.
pub(super) struct Kustomized<'a> {
    graph: &'a Graph<'a>,
    /// What Flux and Argo CD deploy.
    gitops: Found,
    /// What no tool of these reaches, by the file with the root's instructions.
    roots: BTreeMap<usize, Built>,
    /// Files that clusters and roots reach.
    used: BTreeSet<usize>,
    /// Files that lie in a kustomization's folder, or below, and that nothing reaches.
    beside: BTreeMap<usize, Owner>,
}

/// To what a file is accounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// A cluster, by its number.
    Cluster(usize),
    /// A root, by its file.
    Root(usize),
}

impl<'a> Kustomized<'a> {
    pub(super) fn new(graph: &'a Graph<'a>, sources: &Sources, gitops: Found) -> Self {
        let roots: Vec<usize> = graph.roots(&gitops.reached).into_iter().collect();
        let built = graph.build_all(sources, &roots);
        let files = roots.iter().map(|it| graph.kustomizations[*it].file);
        let roots: BTreeMap<usize, Built> = files.zip(built).collect();
        let mut used = gitops.reached.clone();
        used.extend(roots.values().flat_map(|it: &Built| it.uses.keys().copied()));
        let mut kustomized = Kustomized { graph, gitops, roots, used, beside: BTreeMap::new() };
        kustomized.beside = kustomized.find_beside();
        kustomized
    }

    /// Which sources of GitOps tools are this repository.
    pub(super) fn own(&self) -> &Own {
        &self.gitops.own
    }

    /// Whether a file belongs to a kustomization or cluster, deployed or not.
    pub(super) fn governs(&self, file: usize) -> bool {
        self.used.contains(&file) || self.beside.contains_key(&file)
    }

    /// What is built, each by itself, where all of it is known.
    pub(super) fn wholes(&self) -> Vec<Whole<'_>> {
        let parts = self.gitops.clusters.iter().flat_map(|it| &it.parts).map(|it| (it.folder.as_str(), &it.built));
        let roots = self.roots.iter().map(|(root, built)| {
            let name = self.graph.files[*root].name.as_str();
            (name.rsplit_once('/').map_or("the kustomization beside it", |it| it.0), built)
        });
        roots.chain(parts).filter_map(|(name, built)| self.whole(name, built)).collect()
    }

    fn whole<'w>(&'w self, name: &'w str, built: &'w Built) -> Option<Whole<'w>> {
        let is_known = built.refusal.is_none() && built.open.is_empty() && built.unseen.is_empty();
        let source = built.uses.keys().next().map(|it| self.graph.files[*it].source)?;
        is_known.then_some(Whole { name, source, objects: &built.objects })
    }

    /// Files that nothing reaches though a kustomization stands in their folder or above it.
    fn find_beside(&self) -> BTreeMap<usize, Owner> {
        let mut owner: HashMap<usize, Owner> = HashMap::new();
        for (number, cluster) in self.gitops.clusters.iter().enumerate() {
            for file in cluster.parts.iter().flat_map(|it| it.built.uses.keys()) {
                owner.entry(*file).or_insert(Owner::Cluster(number));
            }
        }
        for (root, built) in &self.roots {
            for file in built.uses.keys() {
                owner.entry(*file).or_insert(Owner::Root(*root));
            }
        }
        // A component or base that no root uses belongs to the root above it, if there is one.
        let owner_of = |at: usize| owner.get(&self.graph.kustomizations[at].file).copied();
        let nearest = |folder: &Path| folder.ancestors().find_map(|it| self.graph.in_folder(it).and_then(owner_of));
        let mut of_folder: HashMap<&Path, Option<Owner>> = HashMap::new();
        let mut beside = BTreeMap::new();
        for (at, file) in self.graph.files.iter().enumerate().filter(|it| !self.used.contains(&it.0)) {
            let Some(folder) = file.real.parent() else { continue };
            let root = *of_folder.entry(folder).or_insert_with(|| nearest(folder));
            beside.extend(root.map(|it| (at, it)));
        }
        beside
    }

    /// The environments of the clusters, and of the roots whose files the configuration does not place.
    pub(super) fn environments(&self, configured: &BTreeSet<usize>) -> Vec<Environment> {
        let roots: Vec<usize> = self.roots.keys().copied().filter(|it| !configured.contains(it)).collect();
        let clusters = (0..self.gitops.clusters.len()).into_par_iter().map(|it| self.of_cluster(it));
        clusters.chain(roots.into_par_iter().map(|root| self.of_root(root))).collect()
    }

    fn of_cluster(&self, number: usize) -> Environment {
        let Cluster { name, reason, parts, problems, remarks, unseen } = &self.gitops.clusters[number];
        let mut environment =
            Environment { name: name.clone(), reason: reason.clone(), is_directory: true, ..Environment::default() };
        self.add_built(&parts.iter().map(|it| &it.built).collect::<Vec<_>>(), Owner::Cluster(number), &mut environment);
        add_problems(problems.iter(), &mut environment);
        environment.remarks.extend(remarks.iter().cloned());
        environment.unseen.extend(unseen.iter().cloned());
        environment.folders = parts.iter().map(|it| it.folder.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        environment
    }

    fn of_root(&self, root: usize) -> Environment {
        let file = &self.graph.files[root];
        let name = file.name.rsplit_once('/').map_or(".", |it| it.0).to_owned();
        let reason = "a kustomization that no other refers to".to_owned();
        let mut environment = Environment { name, reason, is_directory: true, ..Environment::default() };
        self.tell_unreached(&file.real, &mut environment);
        let built = &self.roots[&root];
        self.add_built(&[built], Owner::Root(root), &mut environment);
        environment
    }

    /// The folder that files which no cluster gets have in common, where Flux or Argo CD deploy the rest.
    pub(super) fn unreached_in(&self, file: &Path) -> Option<&Path> {
        self.gitops.of_unreached(file.parent()?).map(|it| it.folder)
    }

    /// Says of an environment with this file that Flux and Argo CD, which deploy the rest, do not deploy it.
    pub(super) fn tell_unreached(&self, file: &Path, environment: &mut Environment) {
        let folder = file.parent().unwrap_or(file);
        if let Some(unreached) = self.gitops.of_unreached(folder) {
            unreached.reason.clone_into(&mut environment.reason);
            environment.is_undeployed = unreached.is_off;
        }
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
            self.add_built(&[&self.roots[root]], Owner::Root(*root), &mut environment);
        }
        let is_of_root = |at: &usize| {
            roots
                .iter()
                .any(|it| self.roots[it].uses.contains_key(at) || self.beside.get(at) == Some(&Owner::Root(*it)))
        };
        for at in own.iter().filter(|it| !is_of_root(it)) {
            add_plain(&mut environment, &files[*at]);
        }
        Some(environment)
    }

    /// Adds what is deployed, and what becomes of each file that belongs to it.
    fn add_built(&self, all: &[&Built], owner: Owner, environment: &mut Environment) {
        // A file may be a resource of one part and a patch of another; it is accounted for once.
        let mut uses: BTreeMap<usize, (Use, &Built)> = BTreeMap::new();
        for built in all {
            let objects = built.objects.iter().cloned().map(|mut object| {
                // The kustomization, or whoever applies it, decides the namespace.
                object.is_governed = true;
                object
            });
            environment.objects.extend(objects);
            for (file, usage) in &built.uses {
                let there = uses.entry(*file).or_insert((*usage, *built));
                if *usage == Use::Resource && there.0 != Use::Resource {
                    *there = (*usage, *built);
                }
            }
        }
        for built in all {
            environment.charts.extend(&built.charts);
        }
        add_problems(all.iter().flat_map(|it| &it.problems), environment);
        environment.remarks.extend(all.iter().flat_map(|it| &it.remarks).cloned().collect::<BTreeSet<_>>());
        environment.unseen.extend(all.iter().flat_map(|it| &it.unseen).cloned());
        for (file, (usage, built)) in uses {
            if usage == Use::Instructions {
                environment.instructions.extend(self.graph.instructions(file));
            }
            if usage == Use::Resource {
                environment.unseen.extend(self.graph.files[file].unseen.iter().cloned());
            }
            self.account(file, environment, |span| match usage {
                Use::Resource => built.gone.get(&span).map(|it| (*it).to_owned()),
                Use::Instructions => None,
                Use::Patch(of) => Some(format!("a patch of {}", self.graph.files[of].name)),
                Use::Configuration(of) => Some(format!("a configuration of {}", self.graph.files[of].name)),
            });
        }
        for (file, _) in self.beside.iter().filter(|it| *it.1 == owner) {
            self.account(*file, environment, |_| Some("not part of the kustomization".to_owned()));
        }
    }

    /// Accounts for the documents of a file; `skipped` tells why one of them is not deployed.
    fn account(&self, file: usize, environment: &mut Environment, skipped: impl Fn(Span) -> Option<String>) {
        let documents = Arc::make_mut(&mut environment.documents);
        for item in self.graph.files[file].items() {
            let place = item.content.as_ref().map_or(item.span, |it| it.node().span());
            let fate = match (item.fate(), skipped(place)) {
                (DocumentStatus::Checked | DocumentStatus::Unknown, Some(reason)) => DocumentStatus::Skipped(reason),
                (fate, _) => fate,
            };
            documents.push(DocumentOutcome { span: item.span, title: item.title.clone(), fate });
        }
    }
}

/// Adds problems that are not there yet.
fn add_problems<'p>(problems: impl Iterator<Item = &'p Problem>, environment: &mut Environment) {
    let mut known: HashSet<(Span, String)> =
        environment.problems.iter().map(|it| (it.span, it.message.clone())).collect();
    let new = problems.filter(|it| known.insert((it.span, it.message.clone())));
    environment.problems.extend(new.cloned());
}
