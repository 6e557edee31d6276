//! Finds the files that kustomizations of the run refer to and that the arguments do not name.

use super::super::files::{Collected, Content, Found, Origin};
use super::super::item::{KUSTOMIZATION_NAMES, is_kustomization_name};
use super::super::paths;
use super::super::store::{Store, What};
use super::super::text::{self, Decoded};
use super::{folder, locate};
use crate::source::SourceId;
use crate::yaml::{NodeRef, parse};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// More files than this are not brought in from outside of what was named.
const MAX_REACHED: usize = 100_000;

/// Adds what the kustomizations refer to, and what those refer to in turn.
pub(crate) fn discover(store: &Store, collected: &mut Collected, working_dir: &Path) {
    let mut known: HashSet<PathBuf> = collected.files.iter().map(|it| it.real.clone()).collect();
    let mut next = 0;
    let mut reached = 0;
    while next < collected.files.len() {
        let at = next;
        next += 1;
        for (path, real) in referenced(store, &mut collected.files[at]) {
            if reached < MAX_REACHED && known.insert(real.clone()) {
                reached += 1;
                let name = paths::display(working_dir, &path);
                let (origin, content) = (Origin::Reached, Content::Unread);
                collected.files.push(Found { path, real, name, origin, is_named: false, content });
            }
        }
    }
    collected.files.sort_by(|one, other| (&one.name, &one.real).cmp(&(&other.name, &other.real)));
}

/// The files that a kustomization leads to: as they are reached, and without links.
fn referenced(store: &Store, found: &mut Found) -> Vec<(PathBuf, PathBuf)> {
    let is_kustomization = found.path.file_name().and_then(|it| it.to_str()).is_some_and(is_kustomization_name);
    let Some(dir) = folder(store, &found.path).filter(|_| is_kustomization) else { return Vec::new() };
    if matches!(found.content, Content::Unread) {
        // What cannot be read is told by the reading that follows.
        let Ok(bytes) = store.read(&found.real) else { return Vec::new() };
        found.content = Content::Read(text::decode(bytes));
    }
    let Content::Read(Decoded { text, .. }) = &found.content else { return Vec::new() };
    let Ok(Some(document)) = parse(SourceId(0), text, 0..text.len()) else { return Vec::new() };
    let mut files = Vec::new();
    for named in named_paths(document.root()) {
        let Some(real) = locate(store, &dir, named) else { continue };
        let shown = paths::normalize(found.path.parent().unwrap_or(&dir), Path::new(named));
        // A link on the way can make the plain reading of `..` wrong; the real path is right, if less familiar.
        let path = if store.real(&shown).is_ok_and(|it| it == real) { shown } else { real.clone() };
        match store.what(&real) {
            Ok(What::File) => files.push((path, real)),
            Ok(What::Directory) => files.extend(instructions(store, &path, &real)),
            Ok(What::Special(_)) | Err(_) => {}
        }
    }
    files
}

/// The file with the instructions of a folder.
fn instructions(store: &Store, path: &Path, real: &Path) -> Option<(PathBuf, PathBuf)> {
    let is_file = |name: &&'static str| matches!(store.what(&real.join(name)), Ok(What::File));
    let name = KUSTOMIZATION_NAMES.into_iter().find(is_file)?;
    Some((path.join(name), store.real(&real.join(name)).ok()?))
}

/// The fields that list paths; some of them may hold texts of manifests instead.
const LISTS: [&str; 8] =
    ["resources", "bases", "components", "configurations", "crds", "transformers", "generators", "validators"];

/// Every text of a kustomization that may be the path of a manifest, a patch or a folder.
fn named_paths(root: NodeRef<'_>) -> Vec<&str> {
    let mut found: Vec<&str> = patch_paths(root).into_iter().map(NodeRef::text).collect();
    for key in LISTS {
        found.extend(root.items_at(&[key]).filter_map(NodeRef::as_str).filter(|it| !it.contains('\n')));
    }
    found.extend(root.items_at(&["replacements"]).filter_map(|it| it.str_at(&["path"])));
    found.extend(root.str_at(&["openapi", "path"]));
    for chart in root.items_at(&["helmCharts"]) {
        found.extend(chart.str_at(&["valuesFile"]));
        found.extend(chart.items_at(&["additionalValuesFiles"]).filter_map(NodeRef::as_str));
    }
    found
}

/// Those of patches.
pub(super) fn patch_paths(root: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let is_path = |it: &NodeRef<'_>| it.as_str().is_some_and(|it| !it.contains('\n'));
    let mut found: Vec<NodeRef<'_>> = root.items_at(&["patchesStrategicMerge"]).filter(is_path).collect();
    for key in ["patches", "patchesJson6902"] {
        found.extend(root.items_at(&[key]).filter_map(|it| it.get("path")).filter(is_path));
    }
    found
}
