//! From a node of any document to its place in a text, and from a change to its bytes.

use super::change::{Change, Changes, What};
use super::file::{File, Site};
use super::members::Members;
use super::place::Place;
use super::refusal::Refusal;
use super::style::quotes_of;
use super::{Editor, TextEdit, block, flow, marks, set};
use crate::emit;
use crate::source::{SourceId, Span};
use crate::value::Value;
use crate::{Document, NodeRef};
use std::sync::Arc;

/// How much of a node a change is about: of a composed document that much has to come from one place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    /// All that it holds.
    Yes,
    /// Its own entries or items.
    No,
    /// Nothing but where it stands.
    Place,
}

impl Editor<'_> {
    /// The text, parsed once.
    pub(super) fn file(&mut self, source: SourceId) -> Result<Arc<File>, Refusal> {
        let (sources, known) = (self.sources, &self.known);
        let read = || File::read(source, sources.get(source).text(), known).map(Arc::new);
        self.files.entry(source).or_insert_with(read).clone()
    }

    /// Where a node is written, if it is written in one place that people edit.
    pub(super) fn site(&mut self, node: NodeRef<'_>, whole: Whole) -> Result<(Arc<File>, Site), Refusal> {
        let span = node.span();
        let source = self.sources.get(span.source);
        if source.is_template() {
            return Err(Refusal::Template(span));
        }
        let file = self.file(span.source)?;
        let site = file.find(node).ok_or(Refusal::Composed(span))?;
        let place = Place::new(&file, site);
        if node.document().is_composed() && !is_from(node, place, whole) {
            return Err(Refusal::Composed(span));
        }
        let mark = || marks::of_node(self.sources, source, place.parsed, place.node);
        if let Some(by) = file.mark.clone().or_else(mark) {
            return Err(Refusal::Generated(by));
        }
        Ok((file, site))
    }

    /// The number of an attempt that begins.
    pub(super) fn begin(&mut self) -> u32 {
        self.attempts += 1;
        if self.attempt.is_none() {
            self.outermost = self.attempts;
            self.recent.clear();
        }
        self.attempts
    }

    /// Undoes an attempt and those after it.
    pub(super) fn undo(&mut self, attempt: u32) {
        for source in &self.recent {
            let undone = self.changes.get_mut(source).map(|it| it.undo(attempt)).unwrap_or_default();
            undone.iter().flat_map(|it| &it.lost).for_each(|it| _ = self.lost.remove(it));
        }
    }

    pub(super) fn changes_of(&mut self, file: &File) -> &mut Changes {
        self.changes.entry(file.source).or_default()
    }

    /// What the attempt has changed of a collection so far.
    pub(super) fn members_so_far(&mut self, collection: Place<'_>) -> Members {
        let attempt = self.attempt;
        let changes = self.changes_of(collection.file);
        let change = attempt.and_then(|it| changes.of_collection(collection.site(), it));
        change.and_then(|it| changes.members(it)).cloned().unwrap_or_default()
    }

    /// The same, taken out.
    pub(super) fn take_earlier(&mut self, file: &File, collection: Site) -> Option<Change> {
        let attempt = self.attempt?;
        let changes = self.changes_of(file);
        let change = changes.of_collection(collection, attempt).and_then(|it| changes.take(it))?;
        change.lost.iter().for_each(|it| _ = self.lost.remove(it));
        Some(change)
    }

    /// Changes members of a collection, together with what the attempt has changed of it so far.
    pub(super) fn change_members(
        &mut self,
        place: Place<'_>,
        change: impl FnOnce(&mut Members),
    ) -> Result<(), Refusal> {
        let earlier = self.take_earlier(place.file, place.site());
        let mut members = match earlier.as_ref().map(|it| &it.what) {
            Some(What::Members(_, members)) => members.clone(),
            _ => Members::default(),
        };
        change(&mut members);
        let added =
            edits_of(place, &members).and_then(|edits| self.add(place, What::Members(place.site(), members), edits));
        if let (Err(_), Some(earlier)) = (&added, earlier) {
            self.lost.extend(&earlier.lost);
            // It stood here a moment ago.
            _ = self.changes_of(place.file).add(earlier, place.node.span());
        }
        added
    }

    /// Adds a change with the bytes that make it.
    pub(super) fn add(&mut self, place: Place<'_>, what: What, edits: Vec<TextEdit>) -> Result<(), Refusal> {
        let attempt = self.attempt.unwrap_or_else(|| self.begin());
        let lost = comments_in(&place.parsed.document, &edits);
        // A document comes behind all that its own root gets.
        let is_inside = !matches!(what, What::Append(..));
        let depth = place.parsed.depth(place.node.id()) + usize::from(is_inside);
        let change = Change { attempt, what, edits, lost: lost.clone(), depth };
        self.changes_of(place.file).add(change, place.node.span())?;
        self.recent.insert(place.file.source);
        self.lost.extend(lost);
        Ok(())
    }
}

/// Whether what stands at this place is what the node of a composed document came from, and nothing else came to it.
fn is_from(node: NodeRef<'_>, place: Place<'_>, whole: Whole) -> bool {
    let there = place.node;
    if whole == Whole::Place {
        return true;
    }
    if whole == Whole::Yes || there.scalar().is_some() {
        return node.says_the_same(there);
    }
    let span = node.span();
    let is_inside = |it: Span| it.source == span.source && span.start <= it.start && it.end <= span.end;
    if node.is_seq() {
        return node.items().count() == there.items().count() && node.items().all(|it| is_inside(it.span()));
    }
    let names = |it: NodeRef<'_>| it.written_entries().map(|it| it.name().to_owned()).collect::<Vec<_>>();
    node.written_entries().all(|it| is_inside(it.key.span())) && {
        let (mut own, mut theirs) = (names(node), names(there));
        own.sort();
        theirs.sort();
        own == theirs
    }
}

/// The bytes that change members of a collection.
fn edits_of(place: Place<'_>, members: &Members) -> Result<Vec<TextEdit>, Refusal> {
    if members.removed.len() == place.members()?.len() {
        let new = members.inserted.iter();
        let value = if place.node.is_map() {
            Value::map(new.map(|it| (it.key.clone().unwrap_or_default(), it.value.clone())))
        } else {
            new.map(|it| it.value.clone()).collect()
        };
        return set::edits(place, &value);
    }
    let mut edits = if place.node.is_flow() { flow::edits(place, members)? } else { block::edits(place, members)? };
    let renamed = members.renamed.iter().filter(|it| !members.removed.contains_key(it.0));
    edits.extend(renamed.map(|(key, name)| rename(place, *key, name)));
    Ok(edits)
}

/// Another key in place of one, in the same quotes.
fn rename(map: Place<'_>, key: u32, name: &str) -> TextEdit {
    let key = map.of(map.parsed.document.node(key));
    let text = match quotes_of(key) {
        Some(quote) => emit::quoted(name, quote),
        None => emit::key(name, map.parsed.style.quote, map.node.is_flow()),
    };
    TextEdit { range: key.start()..key.end(), text }
}

/// The comments that are taken out.
fn comments_in(document: &Document, edits: &[TextEdit]) -> Vec<Span> {
    let comments = document.comments();
    let of = |edit: &TextEdit| {
        let from = comments.partition_point(|it| (it.span.start as usize) < edit.range.start);
        let to = comments.partition_point(|it| (it.span.start as usize) < edit.range.end);
        from..to.max(from)
    };
    edits.iter().flat_map(of).map(|it| comments[it].span).collect()
}
