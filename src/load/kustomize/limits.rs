//! How much a kustomization may make of what is written: small files that copy copies grow without bound.

use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The most objects of a root: kustomizations that use each other twice double with each level.
pub(super) const MAX_OBJECTS: usize = 50_000;
/// The most values that patches, replacements, variables and generators of a root copy.
pub(super) const MAX_COPIED: usize = 1_000_000;
/// So many bytes of text count as one more value.
pub(super) const BYTES: usize = 32;
/// Texts that are put into each object are free below this.
pub(super) const SHORT: usize = 1024;

/// What is said of those that copy more.
pub(super) fn too_many_copies(of: &str) -> String {
    let megabytes = MAX_COPIED * BYTES / 1_000_000;
    format!("the {of} copy more than {MAX_COPIED} values or {megabytes} MB of text: the rest is not applied")
}

/// What a value counts for.
pub(super) fn weight(value: &Tree) -> usize {
    match &value.content {
        Content::Plain(text) | Content::Text(text) => weight_of(text.len()),
        Content::List(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Content::Map(entries) => 1 + entries.iter().map(|it| weight(&it.value) + it.key.len() / BYTES).sum::<usize>(),
    }
}

/// What a text of so many bytes counts for.
pub(super) fn weight_of(bytes: usize) -> usize {
    1 + bytes / BYTES
}

/// How many bytes the texts of entries have.
pub(super) fn length(entries: &[TreeEntry]) -> usize {
    entries.iter().map(|it| it.key.len() + length_of(&it.value)).sum()
}

/// How many bytes the texts of a value have.
pub(super) fn length_of(value: &Tree) -> usize {
    match &value.content {
        Content::Plain(text) | Content::Text(text) => text.len(),
        Content::List(items) => items.iter().map(length_of).sum(),
        Content::Map(entries) => length(entries),
    }
}
