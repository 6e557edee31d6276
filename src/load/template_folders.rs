//! Folders of templates.

use super::documents::{ReadDocument, ReadFile};
use super::item::{DocumentKind, Item, KUSTOMIZATION_NAMES};
use super::templates::{REASON, folder_of, is_one};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Takes a whole folder of templates for what it is: in it, also what needs no filling in is a part of something that
/// does not exist yet. Charts have rules of their own.
pub(super) fn spread(files: &mut [ReadFile]) {
    let paths: BTreeSet<&Path> = files.iter().map(|it| it.path.as_path()).collect();
    let mut folders: BTreeMap<PathBuf, (usize, usize)> = BTreeMap::new();
    for file in files.iter() {
        let Some(folder) = folder_of(&file.path) else { continue };
        let is_of_chart = folder.ancestors().any(|it| paths.contains(it.join("Chart.yaml").as_path()));
        let is_built = KUSTOMIZATION_NAMES.iter().any(|it| paths.contains(folder.join(it).as_path()));
        if !is_of_chart && (!is_built || is_all_template(file)) {
            let (templates, all) = folders.entry(folder.to_owned()).or_default();
            *templates += usize::from(is_all_template(file));
            *all += 1;
        }
    }
    for file in files.iter_mut().filter(|it| !it.is_named) {
        let counts = folder_of(&file.path).and_then(|it| folders.get(it));
        if counts.is_some_and(|(templates, all)| *templates > 0 && templates * 2 >= *all) && !is_all_template(file) {
            file.become_template();
        }
    }
}

fn is_all_template(file: &ReadFile) -> bool {
    let mut items = file.items().peekable();
    items.peek().is_some() && items.all(is_one)
}

impl ReadFile {
    /// Skips what is in it.
    fn become_template(&mut self) {
        let skipped = |it: &Item| Item::other(it.span, "template", format!("{REASON}: in a folder of templates"));
        let items: Vec<Item> = self.items().map(skipped).collect();
        self.documents = vec![ReadDocument { kind: DocumentKind::Plain, document: None, is_broken: false, items }];
        self.problems.clear();
    }
}
