//! Where clusters begin: the objects of GitOps tools that no other such object deploys.

use super::super::documents::ReadFile;
use super::super::kustomize::Graph;
use super::catalog::{Catalog, Place};
use super::follow::{Follow, Own, Shares, flux_source, is_gitops};
use super::order::{Order, Source};
use super::part;
use super::{argo, flux, sets};
use crate::model::Object;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Component, Path};

/// The folder whose folders are clusters, by custom.
const CLUSTERS: &str = "clusters";

/// The file with the beginning of a cluster that `flux bootstrap` writes (fluxcd/flux2, `pkg/manifestgen/sync`).
const BOOTSTRAP: &str = "gotk-sync.yaml";

/// An object that asks for something, as it is written.
pub(super) struct Item<'a> {
    object: &'a Object,
    file: usize,
    /// The folders that it deploys.
    targets: BTreeSet<&'a Path>,
    /// The folders that deploy it if they are deployed.
    anchors: BTreeSet<&'a Path>,
}

/// What follows from one beginning.
pub(super) struct Unit {
    /// The folder that is the cluster, for Flux; the folder of the file, for Argo CD.
    pub(super) folder: String,
    /// The file, as shown.
    pub(super) file: String,
    /// Whether Flux begins it.
    pub(super) is_flux: bool,
    pub(super) shares: Shares,
}

/// The objects that ask for something, but those in files that the configuration places.
pub(super) fn items<'a>(graph: &Graph<'a>, catalog: &mut Catalog<'a>, configured: &BTreeSet<usize>) -> Vec<Item<'a>> {
    let files = graph.files;
    let is_asking = |at: usize| files[at].items().filter_map(|it| it.content.as_ref().ok()).any(is_gitops);
    let asking: Vec<usize> = (0..files.len())
        .filter(|at| super::may_begin(&files[*at]) && is_asking(*at) && !configured.contains(at))
        .filter(|at| !catalog.is_in_chart(*at) && !graph.is_patch(*at))
        .collect();
    let objects = |at: usize| files[at].items().filter_map(|it| it.content.as_ref().ok()).filter(|it| is_gitops(it));
    for at in &asking {
        for path in objects(*at).flat_map(|it| orders(it, *at)).map(|it| it.path) {
            catalog.vote(*at, &path);
        }
    }
    let mut items = Vec::new();
    for at in asking {
        let anchors: BTreeSet<&Path> =
            graph.roots_over(at).into_iter().map(|it| graph.kustomizations[it].dir).collect();
        for object in objects(at) {
            let mut all = orders(object, at);
            if object.kind() == "ApplicationSet" {
                let made = sets::expand(object, at, catalog).applications;
                all.extend(made.iter().flat_map(|it| argo::orders(it, at)));
            }
            if all.is_empty() && object.group() == flux::GROUP {
                continue;
            }
            let targets = all.iter().filter_map(|it| match catalog.resolve(at, &it.path) {
                Place::Folder(folder, _) => Some(folder),
                Place::Outside | Place::Missing => None,
            });
            let mut anchors = anchors.clone();
            anchors.extend(files[at].real.parent());
            items.push(Item { object, file: at, targets: targets.collect(), anchors });
        }
    }
    items
}

fn orders(object: &Object, file: usize) -> Vec<Order> {
    match object.kind() {
        "Kustomization" => flux::order(object, file).into_iter().collect(),
        "Application" => argo::orders(object, file),
        _ => Vec::new(),
    }
}

impl Item<'_> {
    fn is_flux(&self) -> bool {
        self.object.group() == flux::GROUP
    }

    /// Whether it installs a chart in the cluster that it is in, and nothing of a repository.
    pub(super) fn is_chart_only(&self) -> bool {
        let spec = self.object.node().get("spec").filter(|_| self.object.kind() == "Application");
        spec.is_some_and(|it| argo::cluster(it).is_none()) && orders(self.object, self.file).is_empty()
    }

    /// Whether it deploys the folder in which it is itself.
    fn is_own_beginning(&self) -> bool {
        self.anchors.iter().flat_map(|it| it.ancestors()).any(|it| self.targets.contains(it))
    }
}

/// What the sources of a run are by what is written: which are this repository.
pub(super) fn own(items: &[Item<'_>], catalog: &Catalog<'_>, graph: &Graph<'_>) -> Own {
    let mut own = Own::default();
    let objects = graph.files.iter().flat_map(ReadFile::items).filter_map(|it| it.content.as_ref().ok());
    own.addresses.extend(objects.filter_map(flux_source));
    let holders: BTreeSet<&Path> = items.iter().flat_map(|it| &it.anchors).flat_map(|it| it.ancestors()).collect();
    let mut remotes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for item in items {
        for order in orders(item.object, item.file) {
            let Place::Folder(folder, _) = catalog.resolve(item.file, &order.path) else { continue };
            // `flux bootstrap` writes this file into the repository that it covers.
            let is_bootstrap = graph.files[item.file].file_name() == BOOTSTRAP && item.is_flux();
            if is_bootstrap && order.source != Source::Unsaid {
                own.sources.insert(order.source);
                continue;
            }
            if super::catalog::is_root(&order.path) {
                continue;
            }
            // A folder with further objects of the tools is of this repository, and so is what git calls its origin.
            let leads_on = holders.contains(folder);
            let remotes = remotes.entry(item.file).or_insert_with(|| catalog.remotes(item.file));
            let is_remote = match &order.source {
                Source::Repository(address) => remotes.contains(address),
                Source::Flux { .. } => own.addresses.get(&order.source).is_some_and(|it| remotes.contains(it)),
                Source::Unsaid => false,
            };
            own.likely.insert(order.source.clone());
            if (leads_on || is_remote) && order.source != Source::Unsaid {
                own.sources.insert(order.source);
            }
        }
    }
    own
}

/// The kustomizations that objects deploy as they are: most of what is followed, and known before it is.
pub(super) fn plain_targets(items: &[Item<'_>], catalog: &Catalog<'_>, graph: &Graph<'_>) -> BTreeSet<usize> {
    let target = |item: &Item<'_>, order: &Order| {
        let is_plain = order.halt.is_none() && order.set.is_empty() && order.added.is_empty();
        match catalog.resolve(item.file, &order.path) {
            Place::Folder(folder, _) if is_plain => graph.in_folder(folder),
            _ => None,
        }
    };
    let of_item = |it: &Item<'_>| orders(it.object, it.file).iter().filter_map(|order| target(it, order)).collect();
    items.iter().flat_map(|it| -> Vec<usize> { of_item(it) }).collect()
}

/// Follows every beginning.
pub(super) fn all<'a>(items: &[Item<'a>], follow: &mut Follow<'_, 'a>) -> Vec<Unit> {
    let mut units = Vec::new();
    let depth = |it: &&Item<'_>| it.targets.iter().map(|it| it.components().count()).min();
    let mut own: Vec<&Item<'_>> = items.iter().filter(|it| it.is_own_beginning()).collect();
    own.sort_by_key(|it| (depth(it), it.file));
    for item in own {
        if !follow.reached.contains(&item.file) {
            let shares = follow.follow_object(item.object);
            if follow.reached.contains(&item.file) {
                let folder = item.targets.iter().next().map(|it| follow.catalog.shown(it)).unwrap_or_default();
                units.push(unit(item, folder, shares, follow.catalog));
            }
        }
    }
    let mut done: BTreeSet<usize> = BTreeSet::new();
    loop {
        let left: Vec<&Item<'_>> =
            items.iter().filter(|it| !follow.reached.contains(&it.file) && !done.contains(&it.file)).collect();
        let mut first: Vec<&Item<'_>> = uncovered(&left);
        if first.is_empty() {
            // What deploys each other begins somewhere.
            first.extend(left.first());
        }
        if first.is_empty() {
            return units;
        }
        for item in first {
            if done.insert(item.file) && !follow.reached.contains(&item.file) {
                begin(item, items, follow, &mut units);
            }
        }
    }
}

/// Those that no other of them deploys.
fn uncovered<'i, 'a>(items: &[&'i Item<'a>]) -> Vec<&'i Item<'a>> {
    let mut targets: HashMap<&Path, usize> = HashMap::new();
    for target in items.iter().flat_map(|it| &it.targets) {
        *targets.entry(target).or_default() += 1;
    }
    let is_covered = |item: &&Item<'a>| {
        let others = |it: &Path| targets.get(it).copied().unwrap_or(0) > usize::from(item.targets.contains(it));
        item.anchors.iter().flat_map(|it| it.ancestors()).any(others)
    };
    items.iter().copied().filter(|it| !is_covered(it)).collect()
}

fn unit(item: &Item<'_>, folder: String, shares: Shares, catalog: &Catalog<'_>) -> Unit {
    Unit { folder, file: catalog.files[item.file].name.clone(), is_flux: item.is_flux(), shares }
}

/// Follows an object that somebody applies by hand, or another repository.
fn begin<'a>(item: &Item<'a>, items: &[Item<'a>], follow: &mut Follow<'_, 'a>, units: &mut Vec<Unit>) {
    let catalog = follow.catalog;
    let roots = follow.graph.roots_over(item.file);
    if !roots.is_empty() {
        for root in roots {
            let folder = follow.graph.kustomizations[root].dir;
            let order = Order::new(item.object.title(), item.object.name_span(), item.file);
            if let Ok(part) = part::part(follow.graph, catalog, follow.sources, &order, folder) {
                let shares = follow.follow_part(part);
                units.push(unit(item, catalog.shown(folder), shares, catalog));
            }
        }
        return;
    }
    let file = &catalog.files[item.file];
    let Some(parent) = file.real.parent() else { return };
    let cluster = Some(cluster_folder(parent)).filter(|it| item.is_flux() && follow.graph.in_folder(it).is_none());
    if let Some(folder) = cluster.filter(|it| *it != parent || is_cluster(it)) {
        let at = Span { source: file.source, start: 0, end: 0 };
        let order = Order::new(item.object.title(), at, item.file);
        if let Ok(part) = part::part(follow.graph, catalog, follow.sources, &order, folder) {
            let shares = follow.follow_part(part);
            if follow.reached.contains(&item.file) {
                units.push(unit(item, catalog.shown(folder), shares, catalog));
                return;
            }
        }
    }
    // Of a folder that is no cluster by its name, the files of the tool count.
    let is_with = |it: &&Item<'a>| it.is_flux() && catalog.files[it.file].real.parent() == Some(parent);
    let mut files: BTreeSet<usize> = BTreeSet::from([item.file]);
    if item.is_flux() {
        files.extend(items.iter().filter(is_with).map(|it| it.file).filter(|it| !follow.reached.contains(it)));
    }
    let files: Vec<usize> = files.into_iter().collect();
    let part = part::of_files(follow.graph, catalog, follow.sources, parent, &files);
    let shares = follow.follow_part(part);
    units.push(unit(item, catalog.shown(parent), shares, catalog));
}

/// Whether a folder is a cluster by its name: `clusters/NAME`.
fn is_cluster(folder: &Path) -> bool {
    folder.parent().and_then(Path::file_name).is_some_and(|it| it == CLUSTERS)
}

/// `clusters/NAME` at or above a folder, or the folder itself.
fn cluster_folder(folder: &Path) -> &Path {
    let has = folder.components().any(|it| it == Component::Normal(CLUSTERS.as_ref()));
    let above = folder.ancestors().filter(|_| has).filter(|it| is_cluster(it)).last();
    above.unwrap_or(folder)
}
