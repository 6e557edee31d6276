//! Edits of texts: a value in place of another, an entry or an item more or less, a document more. Everything else
//! stays as it is, byte for byte, and the edited text is parsed again and compared before anybody gets to see it.

mod append;
mod attempt;
mod block;
mod change;
mod check;
mod comment;
mod file;
mod finish;
mod flow;
mod guard;
mod lines;
mod marks;
mod members;
mod place;
mod refusal;
mod session;
mod set;
mod style;
#[cfg(test)]
mod tests;
mod text;

pub use finish::{Defect, Edited, Reread};
pub use lines::LineEdit;
pub use refusal::Refusal;

use super::Document;
use super::NodeRef;
use super::packed::Kind;
use super::source::{SourceId, Sources, Span};
use super::value::Value;
use change::{Changes, What};
use file::{File, Known};
use members::Inserted;
use place::Place;
use session::Whole;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a text, and what stands in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

/// Where a new entry stands in its map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At<'k> {
    /// Before all others; behind the first, where that stands behind the dash of an item.
    First,
    /// Among entries with these keys, which are in their order: behind the nearest that stands before it there, or else in
    /// front of them; where there are none, behind all others.
    Ordered(&'k [&'k str]),
    /// Behind all others.
    Last,
}

impl At<'_> {
    /// Of new entries at one place the one with the lower rank stands first.
    fn rank(self, key: &str) -> usize {
        match self {
            At::First => 0,
            At::Ordered(order) => order.iter().position(|it| *it == key).map_or(usize::MAX, |it| it + 1),
            At::Last => usize::MAX,
        }
    }
}

/// Collects changes of texts. Nodes may be of any document that was read from them, composed ones included.
///
/// Changes outside of [`Editor::attempt`] are apart from each other: the second at one place is refused. Those of one
/// attempt may meet where they insert, and are made or undone together. Lines of their own, an entry's or a document's, may
/// meet those of another attempt.
pub struct Editor<'s> {
    sources: &'s Sources,
    known: Box<Known<'s>>,
    files: BTreeMap<SourceId, Result<Arc<File>, Refusal>>,
    changes: BTreeMap<SourceId, Changes>,
    lost: BTreeSet<Span>,
    /// The attempt that is being made.
    attempt: Option<u32>,
    attempts: u32,
    /// The last attempt that is no part of another one.
    outermost: u32,
    /// The texts that it changes: whoever looks at one attempt of thousands looks at these alone.
    recent: BTreeSet<SourceId>,
}

impl<'s> Editor<'s> {
    /// An editor of these texts. None is read before it is edited.
    pub fn new(sources: &'s Sources) -> Editor<'s> {
        Editor::of_read(sources, |_, _| None)
    }

    /// The same, where documents are known by the text and the piece of it that they were parsed from. Each has to be what
    /// parsing would bring: whole, and not put together.
    pub fn of_read(
        sources: &'s Sources,
        known: impl Fn(SourceId, &Range<usize>) -> Option<Arc<Document>> + Sync + 's,
    ) -> Editor<'s> {
        Editor {
            sources,
            known: Box::new(known),
            files: BTreeMap::new(),
            changes: BTreeMap::new(),
            lost: BTreeSet::new(),
            attempt: None,
            attempts: 0,
            outermost: 0,
            recent: BTreeSet::new(),
        }
    }

    /// Makes several changes, or none of them: where one is refused, those before it are undone.
    pub fn attempt<T>(&mut self, changes: impl FnOnce(&mut Self) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let outer = self.attempt;
        let own = self.begin();
        self.attempt = Some(own);
        let result = changes(self);
        self.attempt = outer;
        if result.is_err() {
            self.undo(own);
        }
        result
    }

    /// The comments that go with what the changes so far take out.
    pub fn lost_comments(&self) -> &BTreeSet<Span> {
        &self.lost
    }

    /// Puts a value in place of a node. Nothing happens where the node says it already.
    pub fn set(&mut self, node: NodeRef<'_>, value: &Value) -> Result<(), Refusal> {
        let (file, site) = self.site(node, Whole::Yes)?;
        let place = Place::new(&file, site);
        if place.parsed.is_key(site.node) {
            return Err(place.layout());
        }
        if value.is_said_by(place.node) {
            return Ok(());
        }
        place.check_value()?;
        let edits = set::edits(place, value)?;
        let what = What::Set(site, place.node.next(), value.clone());
        self.add(place, what, edits)
    }

    /// Puts an entry into a map. Where its key stands there without a value, it gets this one; where it has the value
    /// already, nothing happens.
    pub fn insert(&mut self, map: NodeRef<'_>, key: &str, value: &Value, at: At<'_>) -> Result<(), Refusal> {
        let (file, site) = self.site(map, Whole::No)?;
        let place = Place::new(&file, site);
        if place.node.is_null() {
            return self.set(place.node, &Value::map([(key, value.clone())]));
        }
        if !place.node.is_map() {
            return Err(place.layout());
        }
        if let Some(there) = place.node.written_entries().find(|it| it.name() == key) {
            return match there.value {
                _ if !map.document().is_composed() && there.value.is_null() => self.set(there.value, value),
                it if value.is_said_by(it) => Ok(()),
                it => Err(Refusal::Exists(it.span())),
            };
        }
        place.check_collection()?;
        let (after, rank) = (place.entry_before(at, key), at.rank(key));
        self.change_members(place, |it| {
            it.inserted.push(Inserted { after, key: Some(key.to_owned()), value: value.clone(), rank });
        })
    }

    /// Puts an item behind all others of a list.
    pub fn push(&mut self, list: NodeRef<'_>, value: &Value) -> Result<(), Refusal> {
        let (file, site) = self.site(list, Whole::No)?;
        let place = Place::new(&file, site);
        if place.node.is_null() {
            return self.set(place.node, &Value::list([value.clone()]));
        }
        if !place.node.is_seq() {
            return Err(place.layout());
        }
        place.check_collection()?;
        let after = place.members()?.last().map(|it| it.id);
        self.change_members(place, |it| {
            it.inserted.push(Inserted { after, key: None, value: value.clone(), rank: usize::MAX });
        })
    }

    /// Takes out an entry, by its key or its value, or an item. A collection that this empties goes too.
    pub fn remove(&mut self, node: NodeRef<'_>) -> Result<(), Refusal> {
        self.take_out(node, false)
    }

    /// The same, but a collection that this empties stays: `{}` or `[]`.
    pub fn remove_from(&mut self, node: NodeRef<'_>) -> Result<(), Refusal> {
        self.take_out(node, true)
    }

    /// Gives an entry another key.
    pub fn rename(&mut self, key: NodeRef<'_>, name: &str) -> Result<(), Refusal> {
        let (file, site) = self.site(key, Whole::Yes)?;
        let place = Place::new(&file, site);
        let Some(map) = place.parent().filter(|_| place.parsed.is_key(site.node)) else { return Err(place.layout()) };
        if place.node.text() == name {
            return Ok(());
        }
        if place.node.is_merge_key() || place.node.node().kind() == Kind::Alias {
            return Err(place.layout());
        }
        if let Some(there) = map.node.written_entries().find(|it| it.name() == name) {
            return Err(Refusal::Exists(there.key.span()));
        }
        place.check_key(map, name)?;
        self.change_members(map, |it| _ = it.renamed.insert(site.node, name.to_owned()))
    }

    /// Puts objects behind this one, of which the root is given: as documents, or as items where it is one of a list.
    pub fn append_document(&mut self, root: NodeRef<'_>, objects: &[Value]) -> Result<(), Refusal> {
        let (file, site) = self.site(root, Whole::Place)?;
        let place = Place::new(&file, site);
        let Some(list) = place.parent() else {
            let edits = append::edits(place, objects)?;
            return self.add(place, What::Append(site.document, objects.to_vec()), edits);
        };
        if !list.node.is_seq() {
            return Err(place.layout());
        }
        list.check_collection()?;
        let item = |it: &Value| Inserted { after: Some(site.node), key: None, value: it.clone(), rank: usize::MAX };
        self.change_members(list, |it| it.inserted.extend(objects.iter().map(item)))
    }

    fn take_out(&mut self, node: NodeRef<'_>, stays_empty: bool) -> Result<(), Refusal> {
        let (file, site) = self.site(node, Whole::Yes)?;
        let mut place = Place::new(&file, site);
        let mut emptied = Vec::new();
        loop {
            let Some(parent) = place.parent() else { return Err(place.layout()) };
            place.check_removal(parent)?;
            let member = place.parsed.member_of(place.node.id());
            let own = self.members_so_far(parent);
            let gone = own.removed.len() + usize::from(!own.removed.contains_key(&member));
            let is_emptied = own.inserted.is_empty() && gone == parent.members()?.len();
            if is_emptied && !stays_empty && parent.parent().is_some() {
                emptied.push(parent.site());
                place = parent;
                continue;
            }
            let last = if parent.node.is_map() { member + 1 } else { member };
            let end = place.parsed.document.node(last).next();
            for collection in emptied {
                _ = self.take_earlier(&file, collection);
            }
            return self.change_members(parent, |it| _ = it.removed.insert(member, end));
        }
    }
}
