//! The children of long lists and maps by their positions, so that the way to the last one is no walk past all others.

use super::document::Document;
use super::node::NodeRef;
use super::packed::Kind;

/// Shorter lists and maps are walked through.
pub(super) const WIDE: usize = 64;

/// The long lists and maps of a document, by their ids.
#[derive(Debug, Default)]
pub(super) struct Wide(Vec<(u32, Collection)>);

/// A long list or map.
#[derive(Debug)]
struct Collection {
    /// The ids of its items, or of its keys.
    children: Box<[u32]>,
    /// Keys by their digests; those that have none come first.
    by_digest: Box<[(Option<u32>, u32)]>,
}

impl Collection {
    fn of(node: NodeRef<'_>) -> Option<Collection> {
        let is_map = node.is_written_map();
        let every = if is_map { 2 } else { 1 };
        node.children().nth(WIDE * every)?;
        let children = node.children().step_by(every);
        let mut by_digest: Vec<_> = children.clone().filter(|_| is_map).map(|it| (it.digest(), it.id)).collect();
        by_digest.sort_unstable();
        Some(Collection { children: children.map(|it| it.id).collect(), by_digest: by_digest.into() })
    }
}

impl Wide {
    fn of(document: &Document) -> Wide {
        let ids = (0..).take(document.nodes.len());
        let read = |id| Some((id, Collection::of(NodeRef { doc: document, id })?));
        Wide(ids.filter_map(read).collect())
    }

    fn collection(&self, id: u32) -> Option<&Collection> {
        self.0.binary_search_by_key(&id, |it| it.0).ok().map(|at| &self.0[at].1)
    }

    /// The keys of a long map that may be this one, by their ids.
    pub(super) fn keys(&self, map: u32, digest: u32) -> impl Iterator<Item = u32> {
        let all = self.collection(map).map_or(&[][..], |it| &it.by_digest);
        let without = all.iter().take_while(|it| it.0.is_none());
        let first = all.partition_point(|it| it.0 < Some(digest));
        without.chain(all[first..].iter().take_while(move |it| it.0 == Some(digest))).map(|it| it.1)
    }

    /// The position of the item or entry of a long collection that a node is in or behind.
    pub(super) fn position(&self, collection: u32, node: u32) -> Option<(usize, u32)> {
        let children = &self.collection(collection)?.children;
        let position = children.partition_point(|it| *it <= node).checked_sub(1)?;
        Some((position, children[position]))
    }
}

impl NodeRef<'_> {
    /// The digest of a key, if it has one.
    fn digest(self) -> Option<u32> {
        let node = self.node();
        node.has_digest().then(|| node.link())
    }

    /// Whether a map is written here, and not behind an alias.
    fn is_written_map(self) -> bool {
        self.node().kind() == Kind::Map
    }
}

impl Document {
    /// Its long lists and maps.
    pub(super) fn wide(&self) -> &Wide {
        self.wide.get_or_init(|| Box::new(Wide::of(self)))
    }
}
