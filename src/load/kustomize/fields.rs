//! Fields of objects as kustomize's transformers name them: a kind, and a path through maps and lists.
//!
//! The rules are those of `api/filters/fieldspec` and `api/types/fieldspec.go`.

use super::UNKNOWN;
use super::id::Id;
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// Fewer entries than these are found by looking at each.
const FEW: usize = 8;

/// A field of a kind of objects. Empty texts match everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    /// Keys, with `/` between them. Lists on the way are gone through.
    pub(super) path: String,
    /// Whether what is not there on the way, and at the end, is made.
    pub(super) is_made: bool,
}

impl Field {
    /// A field of every kind.
    pub(super) fn any(path: &str, is_made: bool) -> Field {
        Field { path: path.to_owned(), is_made, ..Field::default() }
    }

    /// A field of a kind in a group.
    pub(super) fn new(group: &str, kind: &str, path: &str, is_made: bool) -> Field {
        Field { group: group.to_owned(), kind: kind.to_owned(), ..Field::any(path, is_made) }
    }

    /// A field of a kind in a version.
    pub(super) fn of_version(version: &str, kind: &str, path: &str, is_made: bool) -> Field {
        Field { version: version.to_owned(), kind: kind.to_owned(), ..Field::any(path, is_made) }
    }

    /// Reads one as configurations of transformers write it.
    pub(super) fn read(node: NodeRef<'_>) -> Field {
        let text = |key: &str| node.get(key).map(|it| it.text().to_owned()).unwrap_or_default();
        Field {
            group: text("group"),
            version: text("version"),
            kind: text("kind"),
            path: text("path"),
            is_made: node.bool_at(&["create"]) == Some(true),
        }
    }

    /// Whether objects of this identity have it.
    pub(super) fn is_of(&self, id: &Id) -> bool {
        selects(&self.group, &id.group) && selects(&self.version, &id.version) && selects(&self.kind, &id.kind)
    }
}

fn selects(wanted: &str, text: &str) -> bool {
    wanted.is_empty() || wanted == text
}

/// Adds fields to others. One that an earlier one already covers is left out, and it is a conflict if
/// they do not agree on whether it is made.
pub(super) fn merge(into: &mut Vec<Field>, new: &[Field]) -> Result<(), String> {
    for field in new {
        let is_said = |it: &&Field| {
            let is_of = selects(&field.group, &it.group)
                && selects(&field.version, &it.version)
                && selects(&field.kind, &it.kind);
            is_of && it.path == field.path
        };
        match into.iter().find(is_said) {
            Some(there) if there.is_made != field.is_made => {
                return Err(format!("two fields {} of transformers do not agree on `create`", field.path));
            }
            Some(_) => {}
            None => into.push(field.clone()),
        }
    }
    Ok(())
}

/// What is made at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    Scalar,
    Map,
    /// Nothing is made, on the way neither.
    Nothing,
}

/// What is done to the node at the end of a path, with the keys and indexes that led there; an error if it
/// cannot be.
pub(super) type Change<'c> = dyn FnMut(&mut Tree, &[String]) -> Result<(), String> + 'c;

/// A way to fields.
#[derive(Clone, Copy)]
pub(super) struct Visit<'v> {
    pub(super) leaf: Leaf,
    /// The place of what makes it.
    pub(super) at: Span,
    /// An entry whose value is put there: the field then stands where the entry does.
    pub(super) entry: Option<&'v TreeEntry>,
}

impl Visit<'_> {
    /// Goes to a field in a tree, making what is not there where the field says so.
    pub(super) fn visit(self, tree: &mut Tree, field: &Field, change: &mut Change<'_>) -> Result<(), String> {
        let leaf = if field.is_made { self.leaf } else { Leaf::Nothing };
        if leaf == Leaf::Nothing && leads_nowhere(tree, &field.path) {
            return Ok(());
        }
        let steps = split(&field.path, '/');
        let mut way = Way { visit: Visit { leaf, ..self }, trail: Vec::new(), change };
        way.step(tree, &steps).map_err(|error| format!("{}: {error}", field.path))
    }
}

/// A way that is being gone.
struct Way<'w, 'c> {
    visit: Visit<'w>,
    trail: Vec<String>,
    change: &'w mut Change<'c>,
}

impl Way<'_, '_> {
    fn step(&mut self, tree: &mut Tree, steps: &[String]) -> Result<(), String> {
        let Some((key, rest)) = steps.split_first() else { return (self.change)(tree, &self.trail) };
        if tree.is_null() {
            return Ok(());
        }
        match &mut tree.content {
            Content::List(items) => items.iter_mut().enumerate().try_for_each(|(at, it)| {
                self.trail.push(at.to_string());
                let result = self.step(it, steps);
                self.trail.pop();
                result
            }),
            Content::Map(_) => self.key(tree, key, rest),
            Content::Plain(text) | Content::Text(text) if &**text == UNKNOWN => Ok(()),
            Content::Plain(_) | Content::Text(_) => Err("a single value, where a map or list is needed".to_owned()),
        }
    }

    fn key(&mut self, map: &mut Tree, key: &str, rest: &[String]) -> Result<(), String> {
        let (name, is_list) = key.strip_suffix("[]").map_or((key, false), |it| (it, true));
        if name.is_empty() || name == "*" {
            return Err(format!("`{key}` is no step of a path"));
        }
        let made = match self.visit.leaf {
            Leaf::Nothing => None,
            _ if is_list => None,
            Leaf::Scalar if rest.is_empty() => Some(Tree::text("", self.visit.at)),
            Leaf::Scalar | Leaf::Map => Some(Tree::map(self.visit.at)),
        };
        if let Some(made) = made
            && map.get(name).is_none_or(Tree::is_null)
        {
            map.put(TreeEntry::made(name, made));
        }
        let Content::Map(entries) = &mut map.content else { return Ok(()) };
        let Some(there) = entries.iter_mut().find(|it| &*it.key == name) else { return Ok(()) };
        self.trail.push(name.to_owned());
        let result = self.step(&mut there.value, rest);
        self.trail.pop();
        result?;
        if rest.is_empty()
            && let Some(entry) = self.visit.entry.filter(|it| it.value.span == there.value.span)
        {
            there.key_span = entry.key_span;
            there.is_one_line = entry.is_one_line;
        }
        Ok(())
    }
}

/// Whether a path, of which nothing is to be made, meets a map without its next key. Most paths of most objects do.
fn leads_nowhere(tree: &Tree, path: &str) -> bool {
    let mut node = tree;
    for key in path.strip_prefix('/').unwrap_or(path).split('/') {
        let is_plain = !key.is_empty() && !key.contains(['\\', '[', '*']);
        if !is_plain || !matches!(node.content, Content::Map(_)) {
            return false;
        }
        match node.get(key) {
            Some(next) => node = next,
            None => return true,
        }
    }
    false
}

/// Whether whatever stands at the end of a path of an object as it is written holds, where nothing of the path is made. Not
/// so where the way there cannot be gone, which is told to who goes it.
pub(super) fn all_at(object: NodeRef<'_>, path: &str, holds: &dyn Fn(NodeRef<'_>) -> bool) -> bool {
    let steps: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let names: Vec<&str> = steps.into_iter().map(|it| it.strip_suffix("[]").unwrap_or(it)).collect();
    let is_plain = |it: &&str| !it.is_empty() && !it.contains(['\\', '[', '*']);
    names.iter().all(is_plain) && all_below(object, &names, holds)
}

fn all_below(node: NodeRef<'_>, steps: &[&str], holds: &dyn Fn(NodeRef<'_>) -> bool) -> bool {
    match steps.split_first() {
        None => holds(node),
        Some(_) if node.is_null() => true,
        Some((key, rest)) if node.is_map() => node.get(key).is_none_or(|it| all_below(it, rest, holds)),
        Some(_) => node.is_seq() && node.items().all(|it| all_below(it, steps, holds)),
    }
}

/// The steps of a path; a backslash keeps a delimiter inside a step.
pub(super) fn split(path: &str, delimiter: char) -> Vec<String> {
    let path = if path.len() > 1 { path.strip_prefix(delimiter).unwrap_or(path) } else { path };
    let mut steps: Vec<String> = Vec::new();
    for part in path.split(delimiter) {
        match steps.last_mut().filter(|it| it.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            None => steps.push(part.to_owned()),
        }
    }
    steps
}

/// Puts entries into the map at a field. Says where those stand now that were not there.
pub(super) fn put_entries(map: &mut Tree, entries: &[TreeEntry]) -> Result<Vec<Option<usize>>, String> {
    if map.is_null() || map.scalar() == Some(UNKNOWN) {
        return Ok(vec![None; entries.len()]);
    }
    let Content::Map(there) = &mut map.content else { return Err("no map, where a map is needed".to_owned()) };
    let known = positions(there, entries);
    let put = |(entry, known): (&TreeEntry, Option<usize>)| {
        if let Some(at) = known {
            there[at] = entry.clone();
            return None;
        }
        there.push(entry.clone());
        Some(there.len() - 1)
    };
    Ok(entries.iter().zip(known).map(put).collect())
}

/// Where the keys of entries stand among others.
fn positions(there: &[TreeEntry], entries: &[TreeEntry]) -> Vec<Option<usize>> {
    if there.len().min(entries.len()) <= FEW {
        return entries.iter().map(|entry| there.iter().position(|it| it.key == entry.key)).collect();
    }
    let by_key: HashMap<&str, usize, FixedState> = there.iter().enumerate().map(|it| (&*it.1.key, it.0)).collect();
    entries.iter().map(|it| by_key.get(&*it.key).copied()).collect()
}

/// Puts another scalar in the place of one. What was quoted stays text.
pub(super) fn put_scalar(place: &mut Tree, value: &Tree) -> Result<(), String> {
    if place.scalar() == Some(UNKNOWN) {
        return Ok(());
    }
    let was_quoted = match &place.content {
        Content::Text(text) => !text.is_empty(),
        Content::Plain(_) => false,
        Content::List(_) | Content::Map(_) => return Err("a map or list, where a value is needed".to_owned()),
    };
    let mut value = value.clone();
    if was_quoted && let Content::Plain(text) = &value.content {
        value.content = Content::Text(text.clone());
    }
    *place = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_keep_escaped_slashes() {
        assert_eq!(split("metadata/annotations/a.io\\/b", '/'), ["metadata", "annotations", "a.io/b"]);
        assert_eq!(split("/a/b", '/'), ["a", "b"]);
    }

    #[test]
    fn a_general_field_is_lost_behind_a_special_one() {
        let mut fields = vec![Field::new("", "Deployment", "a/b", true)];
        merge(&mut fields, &[Field::any("a/b", true), Field::any("c", false)]).expect("no conflict");
        assert_eq!(fields.len(), 2);
        assert!(merge(&mut fields, &[Field::any("c", true)]).is_err());
    }
}
