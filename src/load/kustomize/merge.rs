//! Strategic merge: a patch that has the shape of the object, as kyaml applies it.
//!
//! What a patch brings keeps its place in the patch; everything else keeps its own.

use super::schema::{ListMerge, Schema};
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The key that says what else than merging is meant.
const DIRECTIVE: &str = "$patch";

/// What a map or a list of a patch asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

/// Merges a patch into an object. False if the patch deletes the object.
pub(super) fn merge_object(object: &mut Tree, patch: &Tree, schema: Schema) -> bool {
    match directive(patch) {
        Directive::Delete => return false,
        Directive::Replace => {
            // The identity is not the patch's to change; the caller puts it back.
            if let Some(clean) = clean(patch) {
                *object = clean;
            }
        }
        Directive::Merge => merge_map(object, patch, schema),
    }
    true
}

fn directive(patch: &Tree) -> Directive {
    match patch.get(DIRECTIVE).and_then(Tree::scalar) {
        Some("delete") => Directive::Delete,
        Some("replace") => Directive::Replace,
        _ => Directive::Merge,
    }
}

fn merge_map(into: &mut Tree, patch: &Tree, schema: Schema) {
    for entry in patch.entries() {
        // Directives begin with a dollar sign; no field of Kubernetes does.
        if entry.key.starts_with('$') {
            continue;
        }
        if entry.value.is_null() || directive(&entry.value) == Directive::Delete {
            into.remove(&entry.key);
            continue;
        }
        let (child, list) = schema.field(&entry.key);
        match into.get_mut(&entry.key) {
            Some(there) if merges(there, &entry.value, list) => merge_value(there, &entry.value, child, list),
            _ => {
                if let Some(value) = clean(&entry.value) {
                    into.put(TreeEntry { value, ..entry.clone() });
                }
            }
        }
    }
}

/// Whether two values are merged, and not the one replaced by the other.
fn merges(there: &Tree, patch: &Tree, list: ListMerge) -> bool {
    match (&there.content, &patch.content) {
        (Content::Map(_), Content::Map(_)) => directive(patch) == Directive::Merge,
        (Content::List(_), Content::List(_)) => match whole_list(patch) {
            Directive::Merge => list != ListMerge::Replace,
            Directive::Replace => false,
            Directive::Delete => true,
        },
        _ => false,
    }
}

/// What a patch asks for with a whole list: an item that is nothing but a directive says it.
fn whole_list(patch: &Tree) -> Directive {
    let only = patch.items().iter().find(|it| it.entries().len() == 1 && it.get(DIRECTIVE).is_some());
    only.map_or(Directive::Merge, directive)
}

fn merge_value(there: &mut Tree, patch: &Tree, schema: Schema, list: ListMerge) {
    if matches!(there.content, Content::Map(_)) {
        return merge_map(there, patch, schema);
    }
    match (whole_list(patch), list) {
        (Directive::Delete, _) => there.content = Content::List(Vec::new()),
        // Such a list is put in the place of the other.
        (Directive::Replace, _) | (_, ListMerge::Replace) => {}
        (Directive::Merge, ListMerge::By(keys)) => merge_items(there, patch, schema, keys),
        (Directive::Merge, ListMerge::Union) => {
            let Content::List(items) = &mut there.content else { return };
            let new = patch.items().iter().filter(|it| !items.iter().any(|old| old.scalar() == it.scalar()));
            let new: Vec<Tree> = new.cloned().collect();
            items.splice(0..0, new);
        }
    }
}

/// Merges lists by keys. The patch's items come first, in their order, then those that it does not name.
fn merge_items(there: &mut Tree, patch: &Tree, schema: Schema, keys: &[&str]) {
    let Content::List(items) = &mut there.content else { return };
    let mut old: Vec<Option<Tree>> = std::mem::take(items).into_iter().map(Some).collect();
    for item in patch.items() {
        let at = old.iter().position(|it| it.as_ref().is_some_and(|it| is_same(it, item, keys)));
        let mut known = at.and_then(|it| old[it].take());
        match (directive(item), &mut known) {
            (Directive::Delete, _) => {}
            (Directive::Merge, Some(known)) => {
                // By its keys a patch only says which item it means: what the item is stays where it is written.
                let written = known.entries().iter().filter(|it| keys.contains(&&*it.key));
                let written: Vec<TreeEntry> = written.cloned().collect();
                merge_map(known, item, schema);
                for entry in written {
                    if known.get(&entry.key).is_some() {
                        known.put(entry);
                    }
                }
                items.push(known.clone());
            }
            _ => items.extend(clean(item)),
        }
    }
    items.extend(old.into_iter().flatten());
}

/// Whether two items have a key in common, and no other key that tells them apart.
fn is_same(one: &Tree, other: &Tree, keys: &[&str]) -> bool {
    let mut common = false;
    for key in keys {
        match (one.text_at(&[key]), other.text_at(&[key])) {
            (Some(one), Some(other)) if one == other => common = true,
            (Some(_), Some(_)) => return false,
            _ => {}
        }
    }
    common
}

/// A value without directives and deletions, as it is put where there was none.
fn clean(patch: &Tree) -> Option<Tree> {
    let content = match &patch.content {
        Content::Map(_) if directive(patch) == Directive::Delete => return None,
        Content::Map(entries) => {
            let mut kept = Vec::new();
            for entry in entries.iter().filter(|it| !it.key.starts_with('$') && !it.value.is_null()) {
                kept.extend(clean(&entry.value).map(|value| TreeEntry { value, ..entry.clone() }));
            }
            Content::Map(kept)
        }
        Content::List(items) => {
            let is_directive = |it: &&Tree| it.entries().len() == 1 && it.get(DIRECTIVE).is_some();
            Content::List(items.iter().filter(|it| !is_directive(it)).filter_map(clean).collect())
        }
        other => other.clone(),
    };
    Some(Tree { span: patch.span, content })
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
        let mut object = tree(object);
        if !merge_object(&mut object, &tree(patch), Schema::of(group, kind)) {
            return "deleted".to_owned();
        }
        json::to_string(object.freeze(SourceId(0), Vec::new()).root())
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
    }
}
