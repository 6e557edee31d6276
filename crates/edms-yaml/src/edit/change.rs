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
    /// How many collections hold what comes: of insertions at one offset the innermost comes first.
    pub(super) depth: usize,
}

impl Change {
    /// Whether a whole entry or whole documents come, on lines of their own.
    fn is_apart(&self) -> bool {
        let is_whole =
            |it: &TextEdit| it.range.is_empty() && it.text.ends_with('\n') && !it.text.starts_with(['\n', '\r']);
        let is_one = match &self.what {
            What::Append(..) => true,
            What::Members(_, members) => members.single_entry().is_some(),
            What::Set(..) | What::Comment => false,
        };
        is_one && self.edits.iter().all(is_whole)
    }

    /// Which of several that come to one place stands first, so that it is all the same whether they come together or one
    /// after the other: documents come directly behind theirs, entries have an order.
    pub(super) fn rank(&self) -> usize {
        match &self.what {
            What::Append(..) => usize::MAX - self.attempt as usize,
            What::Members(_, members) => members.single_entry().map_or(usize::MAX, |it| it.rank),
            What::Set(..) | What::Comment => usize::MAX,
        }
    }
}

/// What a change does to the tree.
pub(super) enum What {
    /// A value stands in place of a node, which ends before this one of its document.
    Set(Site, u32, Value),
    /// Members of a collection come, go, or get other keys.
    Members(Site, Members),
    /// Documents follow this one.
    Append(usize, Vec<Value>),
    /// Nothing: a comment goes, or says something else.
    Comment,
}

/// The changes of one file.
#[derive(Default)]
pub(super) struct Changes {
    all: Vec<Option<Change>>,
    /// Edited bytes: from where, by which change, up to where.
    spots: BTreeMap<(usize, usize, usize), usize>,
    /// Nodes that are replaced or gone: from which, up to which of the document, by which change.
    gone: BTreeMap<Site, (u32, usize)>,
    /// Collections whose members change.
    touched: BTreeMap<Site, Touched>,
}

/// What is known of a collection whose members change.
#[derive(Default)]
struct Touched {
    /// The changes, in the order in which they were made.
    by: BTreeSet<usize>,
    /// Keys that come.
    keys: BTreeSet<String>,
    /// Whether members go or get other keys. Then no other change is made.
    is_alone: bool,
}

impl Changes {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Change> {
        self.all.iter().flatten()
    }

    /// The changes of this attempt and of later ones, in order, where the attempt is no part of another one.
    pub(super) fn since(&self, attempt: u32) -> impl Iterator<Item = &Change> {
        // Attempts follow each other, so that theirs are the last.
        let is_earlier = |it: &Option<Change>| it.as_ref().is_some_and(|it| it.attempt < attempt);
        let from = self.all.iter().rposition(is_earlier).map_or(0, |it| it + 1);
        self.all[from..].iter().flatten()
    }

    /// The change that an attempt makes to the members of a collection, if it made the last.
    pub(super) fn of_collection(&self, site: Site, attempt: u32) -> Option<usize> {
        let last = *self.touched.get(&site)?.by.last()?;
        self.all[last].as_ref().filter(|it| it.attempt == attempt).map(|_| last)
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
        if let What::Members(site, members) = &change.what
            && let Some(touched) = self.touched.get_mut(site)
        {
            touched.by.remove(&at);
            touched.is_alone = false;
            members.keys().for_each(|it| _ = touched.keys.remove(it));
            if touched.by.is_empty() {
                self.touched.remove(site);
            }
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
        let is_free = change.edits.iter().all(|it| self.is_free(it, &change));
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
        if let What::Members(site, members) = &change.what {
            let touched = self.touched.entry(*site).or_default();
            touched.by.insert(at);
            touched.is_alone = !members.is_addition();
            touched.keys.extend(members.keys().map(str::to_owned));
        }
        self.all.push(Some(change));
        Ok(())
    }

    /// Whether no other change edits these bytes. Those of one attempt may insert at one offset, and where another of
    /// its changes begins; whole lines may meet those of others.
    fn is_free(&self, edit: &TextEdit, own: &Change) -> bool {
        let (start, end) = (edit.range.start, edit.range.end);
        if let Some(((from, ..), _)) = self.spots.range(..(start, 0, 0)).next_back()
            && self.spots.range((*from, 0, 0)..(from + 1, 0, 0)).any(|it| *it.1 > start)
        {
            return false;
        }
        let mut inside = self.spots.range((start, 0, 0)..(end.max(start + 1), 0, 0));
        inside.all(|((from, change, _), to)| {
            let meets = |it: &Change| it.attempt == own.attempt || (it.is_apart() && own.is_apart());
            let may_meet = self.all[*change].as_ref().is_some_and(meets);
            may_meet && *from == start && (start == end || from == to)
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
            let is_touched = self.touched.range(site..until).next().is_some();
            is_gone(&site) || is_touched || self.gone.range(site..until).next().is_some()
        };
        let What::Members(site, members) = &change.what else {
            return change.what.gone().into_iter().any(holds_changes);
        };
        let meets = self
            .touched
            .get(site)
            .is_some_and(|it| it.is_alone || !members.is_addition() || members.keys().any(|key| it.keys.contains(key)));
        meets || is_gone(site) || change.what.gone().into_iter().any(holds_changes)
    }
}

impl What {
    /// The nodes that are replaced or gone, each up to which of its document.
    fn gone(&self) -> Vec<(Site, u32)> {
        match self {
            What::Set(site, end, _) => vec![(*site, *end)],
            What::Append(..) | What::Comment => Vec::new(),
            What::Members(site, members) => {
                members.removed.iter().map(|(node, end)| (Site { node: *node, ..*site }, *end)).collect()
            }
        }
    }
}
