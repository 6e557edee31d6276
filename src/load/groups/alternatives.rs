//! Files of one folder that define the same root object: each is an environment of its own.

use super::{Entry, Group, Identity, MOST_SHARED};
use std::collections::BTreeMap;

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
fn alternatives<'e>(files: &[usize], entries: &'e [Entry]) -> BTreeMap<usize, &'e Identity> {
    let mut definers: BTreeMap<&Identity, Vec<usize>> = BTreeMap::new();
    for at in files {
        for root in &entries[*at].roots {
            definers.entry(root).or_default().push(*at);
        }
    }
    let mut alternatives = BTreeMap::new();
    for (root, files) in definers.into_iter().filter(|it| it.1.len() > 1) {
        for at in files {
            alternatives.entry(at).or_insert(root);
        }
    }
    alternatives
}
