//! Strategic merge: a patch that has the shape of the object, as kyaml applies it.
//!
//! What a patch brings keeps its place in the patch; everything else keeps its own. The rules are those of
//! `kyaml/yaml/merge2` and `kyaml/yaml/walk`.

use super::fields::put_scalar;
use super::merge_lists;
use super::schema::{ListMerge, Schema};
use super::{Refusal, UNKNOWN, sure};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// Fewer entries than these are found by looking at each.
const FEW: usize = 8;

/// The key that says what else than merging is meant. kustomize knows no other directive: what else begins
/// with a dollar sign becomes a field like any other.
pub(super) const DIRECTIVE: &str = "$patch";

/// What a map or a list of a patch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    pub(super) fn read(value: &Tree) -> Result<Directive, Refusal> {
        match value.scalar() {
            Some("delete") => Ok(Directive::Delete),
            Some("replace") => Ok(Directive::Replace),
            Some("merge") => Ok(Directive::Merge),
            other => {
                let message = format!("`$patch: {}` is none of delete, replace and merge", other.unwrap_or_default());
                Err(Refusal { message, span: value.span })
            }
        }
    }

    fn of_map(patch: &Tree) -> Result<Directive, Refusal> {
        patch.get(DIRECTIVE).map_or(Ok(Directive::Merge), Directive::read)
    }
}

/// Merges a patch into an object. None if the patch deletes the object.
pub(super) fn merge_object(object: Tree, patch: &Tree, schema: &Schema) -> Result<Option<Tree>, Refusal> {
    walk(Some(object), Some(patch), schema, &ListMerge::Replace)
}

/// The kinds of nodes that never merge with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Map,
    List,
    Scalar,
}

impl Shape {
    /// That of a value; null has none.
    pub(super) fn of(tree: &Tree) -> Option<Shape> {
        match &tree.content {
            _ if tree.is_null() => None,
            Content::Map(_) => Some(Shape::Map),
            Content::List(_) => Some(Shape::List),
            Content::Plain(_) | Content::Text(_) => Some(Shape::Scalar),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Shape::Map => "a map",
            Shape::List => "a list",
            Shape::Scalar => "a single value",
        }
    }
}

/// Merges what is there with what a patch has in its place; each may be absent. None if nothing remains.
pub(super) fn walk(
    there: Option<Tree>,
    patch: Option<&Tree>,
    schema: &Schema,
    list: &ListMerge,
) -> Result<Option<Tree>, Refusal> {
    if patch.is_none() && there.as_ref().is_some_and(|it| sure::stays(it, schema, list)) {
        return Ok(there);
    }
    if there.as_ref().and_then(Tree::scalar) == Some(UNKNOWN) {
        // What a map or list makes of it depends on what it is.
        return match patch.map(|it| (it, Shape::of(it))) {
            Some((patch, Some(Shape::Scalar))) => Ok(Some(patch.clone())),
            Some((_, None)) => Ok(None),
            _ => Ok(there),
        };
    }
    let shapes = (there.as_ref().and_then(Shape::of), patch.and_then(Shape::of));
    let shape = match shapes {
        (Some(one), Some(other)) if one != other => {
            let message = format!("the patch has {} where the object has {}", other.describe(), one.describe());
            return Err(Refusal { message, span: patch.map(|it| it.span).expect("it has a shape") });
        }
        (Some(shape), _) | (None, Some(shape)) => shape,
        // A null that is spelt out stays; a patch that repeats it removes it.
        (None, None) => {
            let is_kept = |it: &Tree| patch.is_none() && it.scalar().is_some_and(|it| !it.is_empty());
            return Ok(there.filter(is_kept));
        }
    };
    if shapes.0.is_some() && patch.is_some() && shapes.1.is_none() {
        return Ok(None);
    }
    match (shape, there.filter(|it| !it.is_null()), patch) {
        (Shape::Map, Some(there), patch) => walk_map(there, patch, schema),
        (Shape::Map, None, Some(patch)) => added(patch, schema),
        (Shape::List, there, patch) => match list {
            ListMerge::Replace => Ok(patch.cloned().or(there)),
            ListMerge::By(keys) => merge_lists::merge(there, patch, schema, keys),
            ListMerge::Union => merge_lists::merge(there, patch, schema, &[String::new()]),
        },
        (Shape::Scalar, Some(mut there), Some(patch)) => {
            put_scalar(&mut there, patch).map_err(|message| Refusal { message, span: patch.span })?;
            Ok(Some(there))
        }
        (Shape::Scalar, there, patch) => Ok(patch.cloned().or(there)),
        (Shape::Map, None, None) => Ok(None),
    }
}

fn walk_map(mut there: Tree, patch: Option<&Tree>, schema: &Schema) -> Result<Option<Tree>, Refusal> {
    match patch.map_or(Ok(Directive::Merge), Directive::of_map)? {
        Directive::Delete => return Ok(None),
        Directive::Replace => return patch.map_or(Ok(None), |it| added(it, schema)),
        Directive::Merge => {}
    }
    let Content::Map(entries) = &mut there.content else { return Ok(Some(there)) };
    let new_entries = Entries::of(patch);
    let mut kept = Vec::with_capacity(entries.len());
    // A list that a patch brings is merged with itself, directives and all.
    for entry in std::mem::take(entries).into_iter().filter(|it| &*it.key != DIRECTIVE) {
        let (child, list) = schema.field(&entry.key);
        let new = new_entries.get(&entry.key);
        let is_set = new.is_some_and(|it| match &it.value.content {
            Content::Map(_) => false,
            Content::List(_) => list == ListMerge::Replace || merge_lists::is_replaced(&it.value),
            Content::Plain(_) | Content::Text(_) => true,
        });
        let value = walk(Some(entry.value), new.map(|it| &it.value), &child, &list)?;
        kept.extend(value.map(|value| match new {
            // A value, or a list that takes the place of another, is where the patch has it; others are where
            // they were.
            Some(new) if is_set => TreeEntry { value, ..new.clone() },
            _ => TreeEntry { key: entry.key, key_span: entry.key_span, is_one_line: entry.is_one_line, value },
        }));
    }
    let was_there = new_entries.keys_among(&kept);
    for entry in patch.map(sorted).unwrap_or_default() {
        if was_there.contains(&*entry.key) || &*entry.key == DIRECTIVE {
            continue;
        }
        // A null removes, also where there was something that the merge has removed already.
        kept.extend(added_entry(entry, schema)?);
    }
    *entries = kept;
    Ok(Some(there))
}

/// The entries of a map, by their keys.
pub(super) struct Entries<'t> {
    all: &'t [TreeEntry],
    /// Where there are many.
    by_key: Option<HashMap<&'t str, &'t TreeEntry, FixedState>>,
}

impl<'t> Entries<'t> {
    fn of(map: Option<&'t Tree>) -> Entries<'t> {
        Entries::asked(map, usize::MAX)
    }

    /// Those of a map that is asked for so many keys.
    pub(super) fn asked(map: Option<&'t Tree>, keys: usize) -> Entries<'t> {
        let all = map.map(Tree::entries).unwrap_or_default();
        let by_key = (all.len().min(keys) > FEW).then(|| all.iter().map(|it| (&*it.key, it)).collect());
        Entries { all, by_key }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t TreeEntry> {
        match &self.by_key {
            Some(by_key) => by_key.get(key).copied(),
            None => self.all.iter().find(|it| &*it.key == key),
        }
    }

    /// Those of its keys that stand in other entries.
    fn keys_among(&self, others: &[TreeEntry]) -> HashSet<&'t str> {
        others.iter().filter_map(|it| self.get(&it.key)).map(|it| &*it.key).collect()
    }
}

/// The entries of a patch in the order in which they are added.
fn sorted(patch: &Tree) -> Vec<&TreeEntry> {
    let mut entries: Vec<&TreeEntry> = patch.entries().iter().collect();
    entries.sort_by(|one, other| one.key.cmp(&other.key));
    entries
}

fn added_entry(entry: &TreeEntry, schema: &Schema) -> Result<Option<TreeEntry>, Refusal> {
    let (child, list) = schema.field(&entry.key);
    let value = match (Shape::of(&entry.value), list) {
        (None, _) => return Ok(None),
        (Some(Shape::Map), _) => added(&entry.value, &child)?,
        (Some(Shape::List), ListMerge::Replace) | (Some(Shape::Scalar), _) => Some(entry.value.clone()),
        (Some(Shape::List), list) => walk(None, Some(&entry.value), &child, &list)?,
    };
    Ok(value.map(|value| TreeEntry { value, ..entry.clone() }))
}

/// A map of a patch where there was none: without directives and nulls.
pub(super) fn added(patch: &Tree, schema: &Schema) -> Result<Option<Tree>, Refusal> {
    if Directive::of_map(patch)? == Directive::Delete {
        return Ok(None);
    }
    let mut kept = Vec::new();
    for entry in patch.entries().iter().filter(|it| &*it.key != DIRECTIVE) {
        kept.extend(added_entry(entry, schema)?);
    }
    Ok(Some(Tree { span: patch.span, content: Content::Map(kept) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::yaml::{json, parse};
    use std::sync::Arc;

    fn tree(text: &str) -> Tree {
        let text: Arc<str> = text.into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        Tree::of(document.root()).expect("small")
    }

    fn merged(group: &str, kind: &str, object: &str, patch: &str) -> String {
        let schema = Schema::of(group, "v1", kind);
        match merge_object(tree(object), &tree(patch), &schema) {
            Ok(Some(merged)) => json::to_string(merged.freeze(SourceId(0), Vec::new()).root()),
            Ok(None) => "deleted".to_owned(),
            Err(refusal) => refusal.message,
        }
    }

    /// Every expected value was compared with what `kubectl kustomize` (5.5.0) prints.
    #[test]
    fn lists_of_pods_merge_by_their_keys() {
        let spec = |it: &str| format!("{{spec: {{template: {{spec: {it}}}}}}}");
        let pod = |object: &str, patch: &str| {
            let whole = merged("apps", "Deployment", &spec(object), &spec(patch));
            let inner = whole.strip_prefix(r#"{"spec":{"template":{"spec":"#).expect("wrapped");
            inner.strip_suffix("}}}").expect("wrapped").to_owned()
        };
        let object = "{containers: [{name: a, image: a}, {name: b, env: [{name: X, value: '1'}, {name: Y}]}]}";
        let patch = "{containers: [{name: c}, {name: b, env: [{name: Y, $patch: delete}, {name: Z}]}]}";
        let expected = concat!(
            r#"{"containers":[{"name":"c"},{"name":"b","env":[{"name":"Z"},{"name":"X","value":"1"}]},"#,
            r#"{"name":"a","image":"a"}]}"#
        );
        assert_eq!(pod(object, patch), expected);
        assert_eq!(pod("{tolerations: [{key: a}]}", "{tolerations: [{key: b}]}"), r#"{"tolerations":[{"key":"b"}]}"#);
        let spread =
            |when: &str| format!("{{topologySpreadConstraints: [{{topologyKey: z, whenUnsatisfiable: {when}}}]}}");
        assert_eq!(pod(&spread("A"), &spread("B")).matches("topologyKey").count(), 2);
        assert_eq!(pod(&spread("A"), &spread("A")).matches("topologyKey").count(), 1);
    }

    #[test]
    fn custom_resources_merge_maps_and_replace_lists() {
        let object = "{spec: {listeners: [{name: a}, {name: b}], x: 1, v: {z: 1}}}";
        let patch = "{spec: {listeners: [{name: a, q: 1}], x: null, v: {w: 1}}}";
        let expected = r#"{"spec":{"listeners":[{"name":"a","q":1}],"v":{"z":1,"w":1}}}"#;
        assert_eq!(merged("kafka.strimzi.io", "Kafka", object, patch), expected);
    }

    #[test]
    fn directives_delete_and_replace() {
        let object = "{a: {b: 1, c: 2}, d: [1]}";
        assert_eq!(merged("x", "X", object, "{$patch: delete}"), "deleted");
        assert_eq!(merged("x", "X", object, "{a: {$patch: replace, e: 1}}"), r#"{"a":{"e":1},"d":[1]}"#);
        assert_eq!(merged("x", "X", object, "{a: {$patch: delete}, d: null}"), "{}");
        let refusal = "`$patch: bend` is none of delete, replace and merge";
        assert_eq!(merged("x", "X", object, "{a: {$patch: bend}}"), refusal);
        assert_eq!(merged("x", "X", object, "{a: [1]}"), "the patch has a list where the object has a map");
    }

    /// What was quoted stays text, and a null that is spelt out stays where no patch covers it.
    #[test]
    fn values_keep_their_quotes() {
        assert_eq!(merged("x", "X", "{a: '1', b: 1, c: null}", "{a: 2, b: '2'}"), r#"{"a":"2","b":"2","c":null}"#);
    }
}
