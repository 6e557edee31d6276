//! What is sure of a merge before it is made: most of an object stays as it is, and most patches fit.

use super::UNKNOWN;
use super::merge::{DIRECTIVE, Entries, Shape};
use super::merge_lists::{goes_by_keys, places_of};
use super::schema::{ListMerge, Schema};
use crate::yaml::tree::{Content, Tree};

/// Whether what is there certainly stays as it is where a patch has nothing in its place.
pub(super) fn stays(there: &Tree, schema: &Schema, list: &ListMerge) -> bool {
    match &there.content {
        Content::Text(_) => true,
        // A null that is not spelt out goes.
        Content::Plain(text) => !text.is_empty(),
        Content::Map(entries) => entries.iter().all(|it| {
            let (child, list) = schema.field(&it.key);
            &*it.key != DIRECTIVE && stays(&it.value, &child, &list)
        }),
        Content::List(items) => match list {
            ListMerge::Replace => true,
            ListMerge::By(keys) => {
                items.iter().all(|it| stays(it, schema, &ListMerge::Replace)) && goes_by_keys(items, &[], keys)
            }
            ListMerge::Union => false,
        },
    }
}

/// Whether a patch can certainly be merged with what is there: it has no directives, and nothing of it meets what has
/// another shape.
pub(super) fn fits(there: Option<&Tree>, patch: &Tree, schema: &Schema, list: &ListMerge) -> bool {
    let there = there.filter(|it| it.scalar() != Some(UNKNOWN) && !it.is_null());
    let is_of_shape = there.is_none_or(|it| Shape::of(it) == Shape::of(patch));
    match &patch.content {
        _ if patch.is_null() => true,
        Content::Plain(_) | Content::Text(_) => is_of_shape,
        Content::Map(entries) => {
            let known = Entries::asked(there, entries.len());
            is_of_shape
                && entries.iter().all(|it| {
                    let (child, list) = schema.field(&it.key);
                    &*it.key != DIRECTIVE && fits(known.get(&it.key).map(|it| &it.value), &it.value, &child, &list)
                })
        }
        Content::List(items) => {
            is_of_shape && items_fit(there.map(Tree::items).unwrap_or_default(), items, schema, list)
        }
    }
}

fn items_fit(there: &[Tree], patch: &[Tree], schema: &Schema, list: &ListMerge) -> bool {
    let ListMerge::By(keys) = list else { return *list == ListMerge::Replace };
    if !goes_by_keys(there, patch, keys) {
        return false;
    }
    let mut known = patch.iter().zip(places_of(there, patch, keys));
    known.all(|(item, place)| fits(place.map(|it| &there[it]), item, schema, &ListMerge::Replace))
}
