//! A node as it is kept: twelve bytes, in document order.

/// The kind of a node, with the style of a scalar. The way to the next node rests on the order.
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

/// What only nodes without a digest have: a kind behind those of scalars, or a text that is cooked.
const WITHOUT_DIGEST: u32 = 0b110 | (COOKED as u32) << FLAGS;

impl Node {
    /// How many nodes a document can have, so that a link fits.
    pub(super) const MOST: usize = 1 << (u32::BITS - LINK);

    pub(super) fn new(start: u32, end: u32, kind: Kind, flags: u8, link: u32) -> Node {
        Node { start, end, packed: link << LINK | u32::from(flags) << FLAGS | kind as u32 }
    }

    #[inline]
    pub(super) fn kind(self) -> Kind {
        match self.packed & 7 {
            0 => Kind::Plain,
            1 => Kind::Text,
            2 => Kind::Seq,
            3 => Kind::Map,
            _ => Kind::Alias,
        }
    }

    /// Whether both have one kind, the same flags and one link.
    pub(super) fn is_of_kind(self, other: Node) -> bool {
        self.packed == other.packed
    }

    /// The id after the subtree of this node, which has the id `own`.
    #[inline]
    pub(super) fn next(self, own: u32) -> u32 {
        // Of the kinds, 2 and 3 are the list and the map.
        if self.packed & 0b110 == Kind::Seq as u32 { self.link() } else { own + 1 }
    }

    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.packed = self.packed & !7 | kind as u32;
    }

    /// Whether any of these flags is set.
    #[inline]
    pub(super) fn has(self, flags: u8) -> bool {
        self.packed & u32::from(flags) << FLAGS != 0
    }

    pub(super) fn add_flags(&mut self, flags: u8) {
        self.packed |= u32::from(flags) << FLAGS;
    }

    /// Whether this is a key with its digest for a link.
    #[inline]
    pub(super) fn has_digest(self) -> bool {
        self.packed & WITHOUT_DIGEST == 0
    }

    /// Whether this may be a key of this digest. Those without one may be any.
    #[inline]
    pub(super) fn may_be(self, digest: u32) -> bool {
        self.packed >> LINK == digest || !self.has_digest()
    }

    /// Collections: the id after the subtree. Aliases: the target. Cooked scalars: the index of the text. Other
    /// keys: the digest of their text.
    #[inline]
    pub(super) fn link(self) -> u32 {
        self.packed >> LINK
    }

    pub(super) fn set_link(&mut self, link: u32) {
        self.packed = link << LINK | self.packed & ((1 << LINK) - 1);
    }
}

/// A digest of a key that fits a link. Looking for a key then reads the nodes alone, which lie side by side, and
/// not the text, unless the digest is the right one.
#[inline]
pub(super) fn digest(key: &str) -> u32 {
    let (head, tail) = ends(key.as_bytes());
    // Multiplying by an odd number without a pattern carries every bit to the upper ones.
    let mixed = (head ^ tail.rotate_left(29) ^ key.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // As many bits as a link has are left.
    (mixed >> (u64::BITS - (u32::BITS - LINK))) as u32
}

/// Whether two keys are the same.
#[inline]
pub(super) fn are_equal(one: &[u8], other: &[u8]) -> bool {
    // The ends of a short key are all of it, and most are short: comparing them needs no call.
    one.len() == other.len() && ends(one) == ends(other) && (one.len() <= 2 * ENDS || one == other)
}

/// The length of an end.
const ENDS: usize = 8;

/// The first and the last bytes of a key; of one of up to 16 bytes all of them.
#[inline]
fn ends(key: &[u8]) -> (u64, u64) {
    match (key.first_chunk::<ENDS>(), key.last_chunk::<ENDS>()) {
        (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
        _ => match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
            (Some(head), Some(tail)) => (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into()),
            _ => key.iter().fold((0, 0), |it, byte| (it.0 << 8 | u64::from(*byte), 0)),
        },
    }
}
