//! The children of long lists and maps by their positions, so that the way to the last one is no walk past all others.

use super::document::Document;
use super::node::NodeRef;

/// Shorter lists and maps are walked through.
pub(super) const WIDE: usize = 64;

/// Of each long list the ids of its items, of each long map those of its keys; by the id of the collection.
#[derive(Debug, Default)]
pub(super) struct Wide(Vec<(u32, Box<[u32]>)>);

impl Wide {
    fn of(document: &Document) -> Wide {
        let mut wide = Vec::new();
        for id in 0..document.nodes.len() {
            let node = NodeRef { doc: document, id: u32::try_from(id).expect("fewer than 2^32 nodes") };
            let every = if node.is_written_map() { 2 } else { 1 };
            if node.children().nth(WIDE * every).is_some() {
                wide.push((node.id, node.children().step_by(every).map(|it| it.id).collect()));
            }
        }
        Wide(wide)
    }

    /// The position of the item or entry of a long collection that a node is in or behind.
    pub(super) fn position(&self, collection: u32, node: u32) -> Option<(usize, u32)> {
        let at = self.0.binary_search_by_key(&collection, |it| it.0).ok()?;
        let children = &self.0[at].1;
        let position = children.partition_point(|it| *it <= node).checked_sub(1)?;
        Some((position, children[position]))
    }
}

impl Document {
    /// Its long lists and maps.
    pub(super) fn wide(&self) -> &Wide {
        self.wide.get_or_init(|| Box::new(Wide::of(self)))
    }
}
