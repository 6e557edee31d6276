//! A node as it is kept: twelve bytes, in document order.

/// The kind of a node, with the style of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A scalar without quotes.
    Plain,
    /// A scalar in quotes, or a block scalar: always text.
    Text,
    /// A list.
    Seq,
    /// A map.
    Map,
    /// A reference to an anchored node.
    Alias,
}

/// The scalar's text differs from the bytes of its span and stands in `Document::cooked`.
pub(super) const COOKED: u8 = 1;
/// A flow collection: written in brackets.
pub(super) const FLOW: u8 = 2;
/// A map with a merge key `<<`.
pub(super) const MERGE: u8 = 4;
/// A map that holds a key twice.
pub(super) const DUPLICATES: u8 = 8;
/// The scalar has an explicit tag that decides its type; see `Document::tags`.
pub(super) const TAGGED: u8 = 16;
/// The text begins and ends one byte inside the span (quotes).
pub(super) const QUOTED: u8 = 32;
/// Keys of documents put together from several files only: the value ends on the key's line.
pub(super) const ONE_LINE: u8 = 64;

/// Twelve bytes: there are as many nodes as words in a manifest, and they are most of what a run keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// From the lowest bit: three bits of kind, seven of flags, and the link.
    packed: u32,
}

/// Where the link begins.
const LINK: u32 = 10;
/// Where the flags begin.
const FLAGS: u32 = 3;
/// The kinds by their number in a node.
const KINDS: [Kind; 5] = [Kind::Plain, Kind::Text, Kind::Seq, Kind::Map, Kind::Alias];

impl Node {
    /// How many nodes a document can have, so that a link fits.
    pub(super) const MOST: usize = 1 << (u32::BITS - LINK);

    pub(super) fn new(start: u32, end: u32, kind: Kind, flags: u8, link: u32) -> Node {
        Node { start, end, packed: link << LINK | u32::from(flags) << FLAGS | kind as u32 }
    }

    pub(super) fn kind(self) -> Kind {
        KINDS[(self.packed & 7) as usize]
    }

    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.packed = self.packed & !7 | kind as u32;
    }

    /// Whether any of these flags is set.
    pub(super) fn has(self, flags: u8) -> bool {
        self.packed & u32::from(flags) << FLAGS != 0
    }

    pub(super) fn add_flags(&mut self, flags: u8) {
        self.packed |= u32::from(flags) << FLAGS;
    }

    /// Collections: the id after the subtree. Aliases: the target. Cooked scalars: the index of the text.
    pub(super) fn link(self) -> u32 {
        self.packed >> LINK
    }

    pub(super) fn set_link(&mut self, link: u32) {
        self.packed = link << LINK | self.packed & ((1 << LINK) - 1);
    }
}
