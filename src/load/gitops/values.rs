//! Files with values that Applications name, where they are files of the run.
//!
//! Facts: `argoproj/argo-cd`, `docs/user-guide/helm.md` and `docs/user-guide/multiple_sources.md`: a file is relative to
//! the source's `path`, with a `/` in front to the repository, and with `$NAME/` in front to the repository of the
//! source whose `ref` is that name.

use super::super::documents::ReadFile;
use super::super::paths;
use super::super::store::Store;
use super::catalog::{Catalog, address};
use super::follow::Own;
use super::order::Source;
use crate::model::{ChartFiles, ChartFolder, Environment, Object, is_placeholder, products};
use crate::yaml::{Document, NodeRef};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads what the Applications of the environments name.
pub(in super::super) fn fill(environments: &mut [Environment], files: &[ReadFile], store: &Store, own: &Own) {
    let is_application = |it: &&Object| it.is(products::ARGO, "Application");
    if !environments.iter().any(|it| it.objects.iter().any(|it| is_application(&it))) {
        return;
    }
    let by_real = files.iter().map(|it| (it.real.as_path(), it)).collect();
    let lookup = Lookup { catalog: Catalog::new(files, store), by_real, own };
    for Environment { objects, charts, .. } in environments {
        for object in objects.iter().filter(is_application) {
            lookup.application(object, charts);
        }
    }
}

struct Lookup<'a> {
    catalog: Catalog<'a>,
    by_real: HashMap<&'a Path, &'a ReadFile>,
    own: &'a Own,
}

impl Lookup<'_> {
    fn application(&self, object: &Object, charts: &mut ChartFiles) {
        let Some(spec) = object.node().get("spec") else { return };
        let Some(file) = self.catalog.file_at(object.node().span()) else { return };
        let sources: Vec<NodeRef<'_>> = spec.get("source").into_iter().chain(spec.items_at(&["sources"])).collect();
        for source in &sources {
            let folder = source.get("path").filter(|it| self.is_here(*source) && !is_placeholder(it.text()));
            if let Some(node) = folder
                && let Some(folder) = self.folder(file, node.text())
            {
                charts.folders.insert(node.span(), folder);
            }
            for node in source.items_at(&["helm", "valueFiles"]) {
                let found = named(*source, &sources, node.text()).filter(|it| self.is_here(it.0));
                if let Some(documents) = found.and_then(|it| self.documents(file, &it.1)) {
                    charts.values.insert(node.span(), documents);
                }
            }
        }
    }

    /// Whether a source may be this repository.
    fn is_here(&self, source: NodeRef<'_>) -> bool {
        let url = source.get("repoURL").map(NodeRef::text).unwrap_or_default();
        source.get("chart").is_none() && self.own.is_own(&Source::Repository(address(url))) != Some(false)
    }

    /// The file of the run at a path from the root of the repository: of the folders that may be the root, the outermost
    /// that has it.
    fn file(&self, from: usize, path: &str) -> Option<&ReadFile> {
        let real = |root: &&Path| paths::normalize(root, Path::new(path));
        let found = self.catalog.candidates(from).into_iter().rev().map(|it| real(&it));
        found.into_iter().find_map(|it: PathBuf| self.by_real.get(it.as_path()).copied())
    }

    /// The documents of a file of values, if it can be read as one.
    fn documents(&self, from: usize, path: &str) -> Option<Vec<Arc<Document>>> {
        let file = self.file(from, path)?;
        let is_readable = file.problems.is_empty() && file.documents.iter().all(|it| !it.is_broken);
        let documents: Vec<_> = file.documents.iter().filter_map(|it| it.document.clone()).collect();
        let is_one = documents.len() < 2 && documents.iter().all(|it| it.root().is_map());
        (is_readable && is_one).then_some(documents)
    }

    fn folder(&self, from: usize, path: &str) -> Option<ChartFolder> {
        let inside = |name: &str| format!("{}/{name}", path.trim_matches('/'));
        let chart = self.documents(from, &inside("Chart.yaml"))?.pop()?;
        let values = self.documents(from, &inside("values.yaml")).and_then(|mut it| it.pop());
        Some(ChartFolder { chart, values })
    }
}

/// The source that a file of values is in, and its path from the root of that.
fn named<'a>(source: NodeRef<'a>, sources: &[NodeRef<'a>], text: &str) -> Option<(NodeRef<'a>, String)> {
    if is_placeholder(text) || text.contains("://") {
        return None;
    }
    if let Some((name, path)) = text.strip_prefix('$').and_then(|it| it.split_once('/')) {
        let of = sources.iter().find(|it| it.str_at(&["ref"]) == Some(name))?;
        return Some((*of, path.to_owned()));
    }
    // What lies in the package of a chart is not here.
    let folder = source.get("path")?.text();
    let path = match text.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("{}/{text}", folder.trim_start_matches('/')),
    };
    Some((source, path))
}
