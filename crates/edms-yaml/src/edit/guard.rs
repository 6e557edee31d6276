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
        self.check_merges()?;
        let Some(parent) = self.parent() else { return Err(self.layout()) };
        if self.copies(parent).len() > 1 {
            return Err(Refusal::Duplicate(self.node.span()));
        }
        // What is merged below an entry counts more than the entry.
        let counts = !parent.has_merge() || parent.node.entries().any(|it| it.value == self.node);
        if counts { Ok(()) } else { Err(Refusal::Merged(self.node.span())) }
    }

    /// A collection that is to get members.
    pub(super) fn check_collection(self) -> Result<(), Refusal> {
        self.check_alias()?;
        self.check_around()?;
        if self.lead().is_some_and(|it| it.has_tag) { Err(Refusal::Tagged(self.node.span())) } else { Ok(()) }
    }

    /// A key that is to be another.
    pub(super) fn check_key(self, map: Place<'_>, name: &str) -> Result<(), Refusal> {
        self.check_around()?;
        if map.merges(self.node.text()) || map.merges(name) {
            return Err(Refusal::Merged(self.node.span()));
        }
        if self.copies(map).len() > 1 { Err(Refusal::Duplicate(self.node.span())) } else { Ok(()) }
    }

    /// A member that is to go.
    pub(super) fn check_removal(self, collection: Place<'_>) -> Result<(), Refusal> {
        collection.check_around()?;
        let key = self.of(self.parsed.document.node(self.parsed.member_of(self.node.id())));
        let value = self.of(self.parsed.document.node(if collection.node.is_map() {
            key.node.id() + 1
        } else {
            key.node.id()
        }));
        let inside = self.parsed.anchor_in(key.node).or_else(|| self.parsed.anchor_in(value.node));
        if let Some(anchor) = inside {
            return Err(Refusal::Anchored(anchor));
        }
        if collection.node.is_map() && (key.node.is_merge_key() || collection.merges(key.node.text())) {
            return Err(Refusal::Merged(key.node.span()));
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

    /// Whether entries are merged into this map.
    fn has_merge(self) -> bool {
        self.node.node().has(MERGE)
    }

    /// Whether an entry with this key is merged into this map, counting or not.
    fn merges(self, name: &str) -> bool {
        let values = self.node.written_entries().filter(|it| self.has_merge() && it.key.is_merge_key());
        values.map(|it| it.value).any(|it| it.get(name).is_some() || it.items().any(|it| it.get(name).is_some()))
    }

    /// What holds the node is neither used elsewhere nor merged.
    fn check_around(self) -> Result<(), Refusal> {
        if let Some(anchor) = self.parsed.anchor_of(self.node) {
            return Err(Refusal::Anchored(anchor));
        }
        self.check_merges()
    }

    fn check_merges(self) -> Result<(), Refusal> {
        let mut at = Some(self);
        while let Some(place) = at {
            let key = self.parsed.document.node(self.parsed.member_of(place.node.id()));
            if key.id() != place.node.id() && key.is_merge_key() {
                return Err(Refusal::Merged(key.span()));
            }
            at = place.parent();
        }
        Ok(())
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
    pub(super) fn entry_before(self, at: At<'_>, key: &str) -> Option<u32> {
        let entries = || self.node.written_entries();
        let last = || entries().last().map(|it| it.key.id());
        let asked = match at {
            At::First => None,
            At::Ordered(order) => {
                let own = order.iter().position(|it| *it == key).unwrap_or(order.len());
                let of = |name: &&str| entries().filter(|it| it.name() == *name).last().map(|it| it.key.id());
                let before = order[..own].iter().rev().find_map(of);
                let is_first = before.is_none() && order[own..].iter().any(|it| of(it).is_some());
                if is_first { None } else { before.or_else(last) }
            }
            At::Last => last(),
        };
        // What is merged below an entry would count more than the entry.
        let merged = entries().filter(|it| self.has_merge() && it.key.is_merge_key()).last().map(|it| it.key.id());
        asked.max(merged)
    }
}
