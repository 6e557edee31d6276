//! Builds what an object of a GitOps tool asks for: a folder's kustomization with the object's own fields, or one
//! that is made for the manifests of a folder.

use super::super::kustomize::{Basis, Built, Graph, is_cluster_wide};
use super::catalog::Catalog;
use super::order::{Listing, Order};
use super::substitute::Unset;
use crate::model::{Object, Problem};
use crate::source::{Sources, Span};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;
use std::sync::Arc;

/// How the remark on what deploys an unrendered chart ends.
pub(in crate::load) const UNSEEN_CHART: &str = "is a chart, and what it renders to is not seen";

/// A folder as a cluster gets it.
#[derive(Debug)]
pub(crate) struct Part {
    /// The folder, as shown.
    pub(crate) folder: String,
    pub(crate) built: Built,
    /// What is wrong with the order itself.
    pub(crate) problem: Option<Problem>,
}

/// Builds a folder by an order. The reason where there is nothing that can be built.
pub(super) fn part<'a>(
    graph: &mut Graph<'a>,
    catalog: &Catalog<'a>,
    sources: &Sources,
    order: &Order,
    folder: &'a Path,
) -> Result<Part, String> {
    let at = kustomization(graph, catalog, order, folder)?;
    let mut built = graph.built(sources, at);
    let file = graph.kustomizations[at].file;
    if graph.in_folder(folder).is_none() && file == order.file {
        // The object's own file is only where the instructions come from.
        let is_listed = built.objects.iter().any(|it| catalog.file_at(it.node().span()) == Some(file));
        if !is_listed {
            built.uses.remove(&file);
        }
    }
    let mut unset = Unset::new();
    for object in &mut built.objects {
        if let Some(namespace) = &order.namespace
            && let Some(placed) = placed(object, namespace)
        {
            *object = placed;
        }
        if let Some(replaced) = order.variables.as_ref().and_then(|it| it.apply(object, &mut unset)) {
            *object = replaced;
        }
    }
    let problem = order.variables.as_ref().and_then(|it| it.problem(&unset));
    Ok(Part { folder: catalog.shown(folder), built, problem })
}

/// The instructions to build the folder by.
fn kustomization<'a>(
    graph: &mut Graph<'a>,
    catalog: &Catalog<'a>,
    order: &Order,
    folder: &'a Path,
) -> Result<usize, String> {
    let own = graph.in_folder(folder);
    if let Some(at) = own {
        if order.set.is_empty() && order.added.is_empty() {
            return Ok(at);
        }
        let tree = Tree::of(graph.kustomizations[at].document.root());
        let mut tree = tree.ok_or_else(|| "its kustomization is too large to be changed".to_owned())?;
        change(&mut tree, order);
        let file = graph.kustomizations[at].file;
        return Ok(graph.add(file, folder, &tree, Basis::Made));
    }
    if catalog.is_chart(folder) {
        return Err(UNSEEN_CHART.to_owned());
    }
    let mut tree = Tree::map(order.at);
    let paths = listed(graph, catalog, &order.listing, folder);
    if paths.is_empty() {
        return Err("holds no manifests".to_owned());
    }
    let items = paths.iter().map(|it| Tree::text(it, order.at)).collect();
    tree.put(TreeEntry::made("resources", Tree { span: order.at, content: Content::List(items) }));
    change(&mut tree, order);
    let is_listed = matches!(order.listing, Listing::Argo { .. }) && order.set.is_empty() && order.added.is_empty();
    Ok(graph.add(order.file, folder, &tree, if is_listed { Basis::Listed } else { Basis::Made }))
}

/// Sets the fields of the order, and makes lists longer.
fn change(tree: &mut Tree, order: &Order) {
    for entry in &order.set {
        tree.put(entry.clone());
    }
    for entry in &order.added {
        let new = entry.value.items().to_vec();
        match tree.get_mut(&entry.key) {
            Some(Tree { content: Content::List(items), .. }) if &*entry.key == "images" => add_images(items, new),
            Some(Tree { content: Content::List(items), .. }) => items.extend(new),
            _ => tree.put(entry.clone()),
        }
    }
}

/// An image that both cover is changed once: the order's fields count, and a tag of it drops a digest.
fn add_images(items: &mut Vec<Tree>, new: Vec<Tree>) {
    for image in new {
        let is_same = |it: &&mut Tree| it.text_at(&["name"]) == image.text_at(&["name"]);
        let Some(there) = items.iter_mut().find(is_same) else {
            items.push(image);
            continue;
        };
        if image.get("newTag").is_some() || image.get("digest").is_some() {
            there.remove("newTag");
            there.remove("digest");
        }
        image.entries().iter().for_each(|it| there.put(it.clone()));
    }
}

/// The files and folders that a folder without instructions comes to, relative to it.
fn listed(graph: &Graph<'_>, catalog: &Catalog<'_>, listing: &Listing, folder: &Path) -> Vec<String> {
    let relative = |it: &Path| it.strip_prefix(folder).map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let globs = Chosen::of(listing);
    let mut paths = Vec::new();
    let mut skipped: Option<&Path> = None;
    for (below, files) in catalog.below(folder) {
        if skipped.is_some_and(|it| below.starts_with(it)) {
            continue;
        }
        let is_deep = below != folder;
        if is_deep && (!globs.recurses || catalog.is_chart(below)) {
            skipped = Some(below);
            continue;
        }
        if is_deep && *listing == Listing::Flux && graph.in_folder(below).is_some() {
            paths.push(relative(below));
            skipped = Some(below);
            continue;
        }
        for file in files.iter().map(|it| &catalog.files[*it]) {
            let path = relative(&file.real);
            let holds_objects = file.items().any(|it| it.content.is_ok()) || !file.problems.is_empty();
            if holds_objects && file.kustomization().is_none() && globs.takes(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// Which files a listing takes.
struct Chosen {
    recurses: bool,
    endings: &'static [&'static str],
    include: Option<GlobMatcher>,
    exclude: Option<GlobMatcher>,
}

impl Chosen {
    fn of(listing: &Listing) -> Chosen {
        let glob = |text: &str| GlobBuilder::new(text).build().ok().map(|it| it.compile_matcher());
        match listing {
            Listing::Flux => Chosen { recurses: true, endings: &[".yaml", ".yml"], include: None, exclude: None },
            Listing::Argo { recurses, include, exclude } => Chosen {
                recurses: *recurses,
                endings: &[".yaml", ".yml", ".json"],
                include: (!include.is_empty()).then(|| glob(include)).flatten(),
                exclude: (!exclude.is_empty()).then(|| glob(exclude)).flatten(),
            },
        }
    }

    fn takes(&self, path: &str) -> bool {
        self.endings.iter().any(|it| path.ends_with(it))
            && self.include.as_ref().is_none_or(|it| it.is_match(path))
            && !self.exclude.as_ref().is_some_and(|it| it.is_match(path))
    }
}

/// The object in the namespace that it gets when it says none itself.
fn placed(object: &Object, namespace: &TreeEntry) -> Option<Object> {
    if object.namespace().is_some() || is_cluster_wide(object.group(), object.kind()) {
        return None;
    }
    let mut tree = Tree::of(object.node())?;
    tree.get_mut("metadata")?.put(namespace.clone());
    let document = object.document();
    let document = Arc::new(tree.freeze(document.source(), document.comments().to_vec()));
    let mut placed = Object::read(&document, document.root())?;
    placed.is_governed = object.is_governed;
    Some(placed)
}

/// A part of files that nothing deploys but what is outside of the repository.
pub(super) fn of_files<'a>(
    graph: &mut Graph<'a>,
    catalog: &Catalog<'a>,
    sources: &Sources,
    folder: &'a Path,
    files: &[usize],
) -> Part {
    let span = Span { source: catalog.files[files[0]].source, start: 0, end: 0 };
    let name = |at: &usize| catalog.files[*at].real.file_name().map(|it| it.to_string_lossy().into_owned());
    let items = files.iter().filter_map(name).map(|it| Tree::text(&it, span)).collect();
    let mut tree = Tree::map(span);
    tree.put(TreeEntry::made("resources", Tree { span, content: Content::List(items) }));
    let at = graph.add(files[0], folder, &tree, Basis::Listed);
    Part { folder: catalog.shown(folder), built: graph.build(sources, at), problem: None }
}
