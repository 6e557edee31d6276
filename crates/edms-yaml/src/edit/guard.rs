//! Places that are not edited, and why.

use super::At;
use super::place::Place;
use super::refusal::Refusal;
use crate::packed::{DUPLICATES, Kind, MERGE};

impl Place<'_> {
    /// A value that is to be replaced.
    pub(super) fn check_value(self) -> Result<(), Refusal> {
        self.check_alias()?;
        self.check_anchors()?;
        self.check_template()?;
        match self.parent() {
            Some(map) if self.copies(map).len() > 1 => Err(Refusal::Duplicate(self.node.span())),
            _ => Ok(()),
        }
    }

    /// A collection that is to get members.
    pub(super) fn check_collection(self) -> Result<(), Refusal> {
        self.check_alias()?;
        if let Some(anchor) = self.parsed.anchor_of(self.node) {
            return Err(Refusal::Anchored(anchor));
        }
        if self.lead().is_some_and(|it| it.has_tag) { Err(Refusal::Tagged(self.node.span())) } else { Ok(()) }
    }

    /// A key that is to be another.
    pub(super) fn check_key(self, map: Place<'_>) -> Result<(), Refusal> {
        if let Some(anchor) = self.parsed.anchor_of(self.node) {
            return Err(Refusal::Anchored(anchor));
        }
        if self.copies(map).len() > 1 { Err(Refusal::Duplicate(self.node.span())) } else { Ok(()) }
    }

    /// A member that is to go.
    pub(super) fn check_removal(self, collection: Place<'_>) -> Result<(), Refusal> {
        let around = self.parsed.anchor_of(collection.node);
        let key = self.of(self.parsed.document.node(self.parsed.member_of(self.node.id())));
        let value = self.of(self.parsed.document.node(if collection.node.is_map() {
            key.node.id() + 1
        } else {
            key.node.id()
        }));
        let inside = self.parsed.anchor_in(key.node).or_else(|| self.parsed.anchor_in(value.node));
        if let Some(anchor) = around.or(inside) {
            return Err(Refusal::Anchored(anchor));
        }
        value.check_template()?;
        // Of two the first is lost already, so that nothing changes without it.
        let copies = self.copies(collection);
        let is_losing = copies.last().is_some_and(|it| *it != key.node.id());
        if copies.len() > 1 && !is_losing { Err(Refusal::Duplicate(key.node.span())) } else { Ok(()) }
    }

    /// The keys that are this member's, the lost ones included.
    fn copies(self, map: Place<'_>) -> Vec<u32> {
        if !map.node.node().has(DUPLICATES) {
            return Vec::new();
        }
        let own = self.parsed.document.node(self.parsed.member_of(self.node.id()));
        let same = map.node.written_entries().filter(|it| it.name() == own.text());
        same.map(|it| it.key.id()).collect()
    }

    fn check_alias(self) -> Result<(), Refusal> {
        let is_alias = self.node.node().kind() == Kind::Alias;
        if is_alias { Err(Refusal::Alias(self.node.resolved().span())) } else { Ok(()) }
    }

    fn check_anchors(self) -> Result<(), Refusal> {
        let anchor = self.parsed.anchor_of(self.node).or_else(|| self.parsed.anchor_in(self.node));
        anchor.map_or(Ok(()), |it| Err(Refusal::Anchored(it)))
    }

    fn check_template(self) -> Result<(), Refusal> {
        let written = &self.file.text[self.start()..self.end()];
        let is_template = written.contains("${") || written.contains("{{");
        if is_template { Err(Refusal::Template(self.node.span())) } else { Ok(()) }
    }

    /// The entry behind which a new one stands; none for the first place.
    pub(super) fn entry_before(self, at: At<'_>) -> Option<u32> {
        let entries = || self.node.written_entries();
        let last = || entries().last().map(|it| it.key.id());
        let asked = match at {
            At::First => None,
            At::After(key) => entries().filter(|it| it.name() == key).last().map(|it| it.key.id()).or_else(last),
            At::Last => last(),
        };
        // What is merged below an entry would count more than the entry.
        let has_merge = self.node.node().has(MERGE);
        let merged = entries().filter(|it| has_merge && it.key.is_merge_key()).last().map(|it| it.key.id());
        asked.max(merged)
    }
}
