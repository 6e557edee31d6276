//! GitOps: what Flux and Argo CD deploy from a repository, put together by cluster.
//!
//! Each cluster begins with objects that no other object of the tools deploys: the folder that `flux bootstrap`
//! writes, an app of apps. From there the folders are followed that objects deploy, and the objects in those.

mod argo;
mod begin;
mod catalog;
mod clusters;
mod depends;
mod flux;
mod follow;
mod order;
mod part;
mod sets;
mod substitute;
mod template;
mod values;

pub(super) use clusters::Cluster;
pub(super) use follow::Own;
pub(super) use part::UNSEEN_CHART;
pub(super) use values::fill;

use super::documents::ReadFile;
use super::files::Origin;
use super::kustomize::Graph;
use super::store::Store;
use crate::source::Sources;
use catalog::Catalog;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Why nothing deploys what a cluster could.
const UNREACHED: &str = "no Flux Kustomization or Application of this repository deploys it";

/// What the tools deploy.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By name.
    pub(super) clusters: Vec<Cluster>,
    /// The files that some cluster gets.
    pub(super) reached: BTreeSet<usize>,
    halted: BTreeMap<PathBuf, (String, bool)>,
    /// Which sources are this repository.
    pub(super) own: Own,
    /// The roots of repositories of which something is deployed.
    roots: BTreeSet<PathBuf>,
}

/// What no cluster gets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unreached<'f> {
    /// The folder that something deploys which is not followed, or the root of the repository.
    pub(super) folder: &'f Path,
    /// Why.
    pub(super) reason: &'f str,
    /// Whether it is not deployed, as far as is known.
    pub(super) is_off: bool,
}

/// Follows the objects of Flux and Argo CD, but those in files whose environments the configuration names.
pub(super) fn find<'a>(
    graph: &mut Graph<'a>,
    store: &'a Store,
    sources: &Sources,
    configured: &BTreeSet<usize>,
) -> Found {
    let files = graph.files;
    if !files
        .iter()
        .filter(|it| may_begin(it))
        .flat_map(ReadFile::items)
        .filter_map(|it| it.content.as_ref().ok())
        .any(follow::is_gitops)
    {
        return Found::default();
    }
    let mut catalog = Catalog::new(files, store);
    let items = begin::items(graph, &mut catalog, configured);
    if items.iter().all(begin::Item::is_chart_only) {
        // They go where the rest of their folder goes: nothing here says how that is deployed.
        return Found::default();
    }
    let own = begin::own(&items, &catalog, graph);
    let ahead = begin::plain_targets(&items, &catalog, graph);
    graph.build_ahead(sources, ahead);
    let mut follow = follow::Follow {
        graph,
        catalog: &catalog,
        sources,
        own,
        configured,
        reached: BTreeSet::new(),
        halted: BTreeMap::new(),
        count: 0,
        roots: BTreeSet::new(),
    };
    let units = begin::all(&items, &mut follow);
    let (reached, halted, own, roots) = (follow.reached, follow.halted, follow.own, follow.roots);
    Found { clusters: clusters::assemble(units), reached, halted, own, roots }
}

/// Whether objects of the tools are heeded in a file: in those of a directory. What is named or comes from a pipe
/// is what it is.
fn may_begin(file: &ReadFile) -> bool {
    matches!(file.origin, Origin::Directory(_) | Origin::Reached)
}

impl Found {
    /// What is to be said of something in this folder that no cluster gets, and whether it is not deployed as
    /// far as is known. None where the tools deploy nothing of its repository at all.
    pub(super) fn of_unreached(&self, folder: &Path) -> Option<Unreached<'_>> {
        let root = folder.ancestors().find_map(|it| self.roots.get(it))?;
        let halted = folder.ancestors().find_map(|it| self.halted.get_key_value(it));
        Some(match halted {
            Some((folder, (reason, is_off))) => Unreached { folder, reason, is_off: *is_off },
            None => Unreached { folder: root, reason: UNREACHED, is_off: true },
        })
    }
}
