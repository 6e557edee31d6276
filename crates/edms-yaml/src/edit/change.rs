//! What is to be changed in one file: collected, kept apart, and undone together.

use super::TextEdit;
use super::file::Site;
use super::members::Members;
use super::refusal::Refusal;
use crate::source::Span;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One change, with the bytes that make it.
pub(super) struct Change {
    /// The attempt that it belongs to.
    pub(super) attempt: u32,
    pub(super) what: What,
    /// Apart from each other.
    pub(super) edits: Vec<TextEdit>,
    /// Comments that go with what is taken out.
    pub(super) lost: Vec<Span>,
    /// How many collections hold it: of insertions at one offset the innermost comes first.
    pub(super) depth: usize,
}

/// What a change does to the tree.
pub(super) enum What {
    /// A value stands in place of a node, which ends before this one of its document.
    Set(Site, u32, Value),
    /// Members of a collection come, go, or get other keys.
    Members(Site, Members),
    /// Documents follow this one.
    Append(usize, Vec<Value>),
}

/// The changes of one file.
#[derive(Default)]
pub(super) struct Changes {
    all: Vec<Option<Change>>,
    /// Edited bytes: from where, by which change, up to where.
    spots: BTreeMap<(usize, usize, usize), usize>,
    /// Nodes that are replaced or gone: from which, up to which of the document, by which change.
    gone: BTreeMap<Site, (u32, usize)>,
    /// Nodes that stay and are changed, with the changes.
    touched: BTreeSet<(Site, usize)>,
}

impl Changes {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Change> {
        self.all.iter().flatten()
    }

    /// The change that an attempt makes to the members of a collection.
    pub(super) fn of_collection(&self, site: Site, attempt: u32) -> Option<usize> {
        let mut on = self.touched.range((site, 0)..=(site, usize::MAX)).map(|it| it.1);
        on.find(|it| self.all[*it].as_ref().is_some_and(|it| it.attempt == attempt))
    }

    /// The members that a change is about.
    pub(super) fn members(&self, at: usize) -> Option<&Members> {
        match self.all.get(at)?.as_ref().map(|it| &it.what) {
            Some(What::Members(_, members)) => Some(members),
            _ => None,
        }
    }

    /// Takes a change out.
    pub(super) fn take(&mut self, at: usize) -> Option<Change> {
        let change = self.all[at].take()?;
        for (nth, edit) in change.edits.iter().enumerate() {
            self.spots.remove(&(edit.range.start, at, nth));
        }
        for (site, _) in change.what.gone() {
            self.gone.remove(&site);
        }
        if let Some(site) = change.what.touched() {
            self.touched.remove(&(site, at));
        }
        while matches!(self.all.last(), Some(None)) {
            self.all.pop();
        }
        Some(change)
    }

    /// Takes out all changes of this attempt and of later ones.
    pub(super) fn undo(&mut self, attempt: u32) -> Vec<Change> {
        let mut undone = Vec::new();
        // Attempts follow each other, so that theirs are the last.
        while let Some(last) = self.all.len().checked_sub(1) {
            if self.all[last].as_ref().is_some_and(|it| it.attempt < attempt) {
                break;
            }
            undone.extend(self.take(last));
        }
        undone
    }

    /// Adds a change unless another is in its way.
    pub(super) fn add(&mut self, change: Change, place: Span) -> Result<(), Refusal> {
        let is_free = change.edits.iter().all(|it| self.is_free(it, change.attempt));
        if !is_free || self.is_entangled(&change) {
            return Err(Refusal::Overlap(place));
        }
        let at = self.all.len();
        for (nth, edit) in change.edits.iter().enumerate() {
            self.spots.insert((edit.range.start, at, nth), edit.range.end);
        }
        for (site, end) in change.what.gone() {
            self.gone.insert(site, (end, at));
        }
        if let Some(site) = change.what.touched() {
            self.touched.insert((site, at));
        }
        self.all.push(Some(change));
        Ok(())
    }

    /// Whether no other change edits these bytes. Changes of one attempt may insert at one offset.
    fn is_free(&self, edit: &TextEdit, attempt: u32) -> bool {
        let (start, end) = (edit.range.start, edit.range.end);
        let before = self.spots.range(..(start, 0, 0)).next_back();
        if before.is_some_and(|it| *it.1 > start) {
            return false;
        }
        let mut inside = self.spots.range((start, 0, 0)..(end.max(start + 1), 0, 0));
        inside.all(|((from, change, _), to)| {
            let is_own = self.all[*change].as_ref().is_some_and(|it| it.attempt == attempt);
            is_own && start == end && from == to
        })
    }

    /// Whether a change is made to what another takes out, or two are made to the members of one collection.
    fn is_entangled(&self, change: &Change) -> bool {
        let is_gone = |site: &Site| {
            let before = self.gone.range(..=*site).next_back();
            before.is_some_and(|(from, (end, _))| from.document == site.document && site.node < *end)
        };
        let holds_changes = |(site, end): (Site, u32)| {
            let until = Site { node: end, ..site };
            let is_touched = self.touched.range((site, 0)..(until, 0)).next().is_some();
            is_gone(&site) || is_touched || self.gone.range(site..until).next().is_some()
        };
        if change.what.gone().into_iter().any(holds_changes) || change.what.touched().iter().any(is_gone) {
            return true;
        }
        let What::Members(site, members) = &change.what else { return false };
        let mut others = self.touched.range((*site, 0)..=(*site, usize::MAX)).filter_map(|it| self.members(it.1));
        others.any(|it| it.excludes(members))
    }
}

impl What {
    /// The nodes that are replaced or gone, each up to which of its document.
    fn gone(&self) -> Vec<(Site, u32)> {
        match self {
            What::Set(site, end, _) => vec![(*site, *end)],
            What::Append(..) => Vec::new(),
            What::Members(site, members) => {
                members.removed.iter().map(|(node, end)| (Site { node: *node, ..*site }, *end)).collect()
            }
        }
    }

    /// The nodes that stay and are changed.
    fn touched(&self) -> Option<Site> {
        match self {
            What::Members(site, _) => Some(*site),
            What::Set(..) | What::Append(..) => None,
        }
    }
}
