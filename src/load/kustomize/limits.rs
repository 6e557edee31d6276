//! How much a kustomization may make of what is written: small files that copy copies grow without bound.

use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The most objects of a root: kustomizations that use each other twice double with each level.
pub(super) const MAX_OBJECTS: usize = 50_000;
/// The most values that patches, replacements, variables and generators of a root copy.
const MAX_COPIED: usize = 1_000_000;
/// The most values that patches of a root copy with the objects that they change.
const MAX_CLONED: usize = 20_000_000;
/// The same of the patches of one object: each of them copies it with what those before it have added.
pub(super) const MAX_CLONED_OF_ONE: usize = 2_000_000;
/// So many ways that lead nowhere are told of a root.
pub(super) const MOST_DEAD_ENDS: usize = 20;
/// So often a root compares an object with what is no name: an expression, or labels.
pub(super) const MAX_COMPARED: usize = 1_000_000;
/// All roots of a run together make no more than so many roots may.
const ROOTS: usize = 8;
/// So many bytes of text count as one more value.
pub(super) const BYTES: usize = 32;
/// Texts that are put into each object are free below this.
pub(super) const SHORT: usize = 1024;

/// What roots make of what is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    pub(super) objects: usize,
    /// Values that are copied to where there were none; [`weight`] says what texts count for.
    pub(super) copied: usize,
    /// Values that are copied with the objects that patches change.
    pub(super) cloned: usize,
}

impl Amounts {
    /// The most that a root makes.
    pub(super) const OF_ROOT: Amounts = Amounts { objects: MAX_OBJECTS, copied: MAX_COPIED, cloned: MAX_CLONED };
    /// The most that all roots of a run make.
    pub(super) const OF_RUN: Amounts =
        Amounts { objects: MAX_OBJECTS * ROOTS, copied: MAX_COPIED * ROOTS, cloned: MAX_CLONED * ROOTS };

    pub(super) fn plus(self, other: Amounts) -> Amounts {
        self.with(other, usize::saturating_add)
    }

    pub(super) fn less(self, other: Amounts) -> Amounts {
        self.with(other, usize::saturating_sub)
    }

    pub(super) fn at_most(self, other: Amounts) -> Amounts {
        self.with(other, usize::min)
    }

    fn with(self, other: Amounts, does: fn(usize, usize) -> usize) -> Amounts {
        Amounts {
            objects: does(self.objects, other.objects),
            copied: does(self.copied, other.copied),
            cloned: does(self.cloned, other.cloned),
        }
    }

    /// Whether none is more than these are.
    pub(super) fn fits(self, most: Amounts) -> bool {
        self.less(most) == Amounts::default()
    }
}

/// The values that a root has copied, and may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copies {
    pub(super) spent: usize,
    pub(super) most: usize,
}

impl Copies {
    /// Counts what is copied.
    ///
    /// # Errors
    /// What is to be said once that is too much.
    pub(super) fn spend(&mut self, of: &str, weight: usize) -> Result<(), String> {
        self.spent = self.spent.saturating_add(weight);
        if self.are_too_many() { Err(self.words(of)) } else { Ok(()) }
    }

    /// Whether too much was copied, which was told then.
    pub(super) fn are_too_many(&self) -> bool {
        self.spent > self.most
    }

    /// What is said of those that copy more.
    fn words(&self, of: &str) -> String {
        let megabytes = |most: usize| most * BYTES / 1_000_000;
        if self.most == MAX_COPIED {
            let megabytes = megabytes(MAX_COPIED);
            return format!(
                "the {of} copy more than {MAX_COPIED} values or {megabytes} MB of text: the rest is not applied"
            );
        }
        let most = Amounts::OF_RUN.copied;
        let bound = format!("{most} values or {} MB of text", megabytes(most));
        format!("the kustomizations of this run copy more than {bound}: the rest of the {of} is not applied, {FEWER}")
    }
}

/// What to do where the roots of a run come to too much together.
pub(super) const FEWER: &str = "run on fewer folders";

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
