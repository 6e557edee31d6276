//! What patches take out of an object: a finding about what is missing then points at the patch.

use super::merge::Entries;
use crate::model::Removal;
use crate::yaml::tree::{Content, Tree};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Fewer items of a patch than these are found by looking at each item that is there.
const FEW: usize = 4;

/// What a patch of either form takes out of an object, which is seen as it is before.
pub(super) fn removals(object: &Tree, patch: &Tree) -> Vec<Removal> {
    let mut found = Vec::new();
    match &patch.content {
        Content::List(operations) => {
            for operation in operations {
                let from = match operation.text_at(&["op"]) {
                    Some("remove") => "path",
                    Some("move") => "from",
                    _ => continue,
                };
                let entry = operation.entries().iter().find(|it| &*it.key == from);
                found.extend(entry.and_then(|it| of_pointer(object, it.value.scalar()?, it.value.span)));
            }
        }
        _ => of_map(object, patch, &mut found),
    }
    found
}

fn of_pointer(object: &Tree, pointer: &str, span: crate::source::Span) -> Option<Removal> {
    let (above, key) = pointer.strip_prefix('/')?.rsplit_once('/').unwrap_or(("", pointer.strip_prefix('/')?));
    let mut parent = object;
    for step in above.split('/').filter(|it| !it.is_empty()) {
        let step = step.replace("~1", "/").replace("~0", "~");
        parent = match step.parse::<usize>() {
            Ok(at) if matches!(parent.content, Content::List(_)) => parent.items().get(at)?,
            _ => parent.get(&step)?,
        };
    }
    let key = key.replace("~1", "/").replace("~0", "~");
    parent.get(&key).is_some().then(|| Removal { parent: parent.span, key: key.into(), span })
}

fn of_map(object: &Tree, patch: &Tree, found: &mut Vec<Removal>) {
    let known = Entries::asked(Some(object), patch.entries().len());
    for entry in patch.entries() {
        let Some(there) = known.get(&entry.key).map(|it| &it.value) else { continue };
        if entry.value.is_null() || entry.value.text_at(&["$patch"]) == Some("delete") {
            found.push(Removal { parent: object.span, key: entry.key.clone(), span: entry.key_span });
            continue;
        }
        of_map(there, &entry.value, found);
        // The items in which things are removed are those of pods, which merge by their names.
        for (same, item) in same_items(there.items(), entry.value.items()) {
            of_map(same, item, found);
        }
    }
}

/// The items of a patch with the first that is there of the same name.
fn same_items<'t>(there: &'t [Tree], patch: &'t [Tree]) -> Vec<(&'t Tree, &'t Tree)> {
    let name = |it: &'t Tree| it.text_at(&["name"]);
    if patch.len() <= FEW {
        let same = |item| there.iter().find(|it| name(item).is_some() && name(it) == name(item));
        return patch.iter().filter_map(|item| Some((same(item)?, item))).collect();
    }
    let mut by_name: HashMap<&str, &Tree, FixedState> = HashMap::default();
    for item in there {
        if let Some(name) = name(item) {
            by_name.entry(name).or_insert(item);
        }
    }
    patch.iter().filter_map(|item| Some((*by_name.get(name(item)?)?, item))).collect()
}
