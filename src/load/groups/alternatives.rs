//! Files of one folder that define the same root object: each is an environment of its own.

use super::{Entry, Group, Identity, MOST_SHARED};
use crate::model::is_placeholder;
use std::collections::{BTreeMap, BTreeSet};

/// Where files of one folder define the same root object, each of them is a group of its own, together with
/// the files of the folder that repeat nothing; the other folders are a group without them.
pub(super) fn split_alternatives(group: Group, entries: &[Entry]) -> Vec<Group> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in &group.files {
        let path = &entries[*at].path;
        folders.entry(path.rsplit_once('/').map_or("", |it| it.0)).or_default().push(*at);
    }
    let mut rest = Vec::new();
    let mut found = Vec::new();
    for (folder, files) in folders {
        let alternatives = alternatives(&files, entries);
        let Some((first, _)) = alternatives.first_key_value() else {
            rest.extend(files);
            continue;
        };
        let first = *first;
        let mut others: Vec<usize> = files.iter().copied().filter(|it| !alternatives.contains_key(it)).collect();
        if others.len() * alternatives.len() > MOST_SHARED {
            rest.append(&mut others);
        }
        let place = if folder.is_empty() { "the folder" } else { folder };
        for (at, shared) in &alternatives {
            let mut files = others.clone();
            files.push(*at);
            files.sort_unstable();
            let remark =
                format!("{} files of {place} are alternatives: each is an environment of its own", alternatives.len());
            found.push(Group {
                name: entries[*at].path.clone(),
                reason: format!("one of several files that define {} {}", shared.1, shared.2),
                remarks: if *at == first { vec![remark] } else { Vec::new() },
                files,
            });
        }
    }
    if found.is_empty() {
        return vec![group];
    }
    if !rest.is_empty() {
        rest.sort_unstable();
        found.push(Group { files: rest, ..group });
    }
    found
}

/// The files that define a root object which another file of the folder defines too, each with one of those.
/// Objects of one name in namespaces that both are written and differ are two.
fn alternatives<'e>(files: &[usize], entries: &'e [Entry]) -> BTreeMap<usize, &'e Identity> {
    let mut definers: BTreeMap<&Identity, BTreeMap<&str, BTreeSet<usize>>> = BTreeMap::new();
    for at in files {
        for (root, namespace) in &entries[*at].placed {
            let namespace = if is_placeholder(namespace) { "" } else { namespace };
            definers.entry(root).or_default().entry(namespace).or_default().insert(*at);
        }
    }
    let mut alternatives = BTreeMap::new();
    for (root, by_namespace) in definers {
        let apart: Vec<BTreeSet<usize>> = if by_namespace.contains_key("") {
            vec![by_namespace.into_values().flatten().collect()]
        } else {
            by_namespace.into_values().collect()
        };
        for at in apart.into_iter().filter(|it| it.len() > 1).flatten() {
            alternatives.entry(at).or_insert(root);
        }
    }
    alternatives
}
