//! A document without some of its entries: as if they had never been written. Places stay as they are.

use super::document::{Document, Duplicate};
use super::node::NodeRef;
use super::packed::Kind;
use std::sync::OnceLock;

impl Document {
    /// Takes out entries of maps, each by the position of its key. Nothing changes in a document with aliases, which
    /// may stand for what is taken out.
    pub fn without(&mut self, keys: &[u32]) {
        if keys.is_empty() || self.is_composed() || self.nodes.iter().any(|it| it.kind() == Kind::Alias) {
            return;
        }
        let count = self.nodes.len();
        let mut is_gone = vec![false; count];
        for key in keys {
            let end = NodeRef { doc: self, id: key + 1 }.next();
            is_gone[*key as usize..end as usize].fill(true);
        }
        // The new position of each node, or of the next that stays.
        let mut places = Vec::with_capacity(count + 1);
        let mut next = 0;
        for gone in &is_gone {
            places.push(next);
            next += u32::from(!gone);
        }
        places.push(next);
        let moved = |at: u32| places[at as usize];
        let nodes = self.nodes.iter().zip(&is_gone).filter(|it| !it.1).map(|(node, _)| {
            let mut node = *node;
            if matches!(node.kind(), Kind::Seq | Kind::Map) {
                node.set_link(moved(node.link()));
            }
            node
        });
        self.nodes = nodes.collect();
        self.wide = OnceLock::new();
        let rare = self.rare.get_or_insert_default();
        rare.is_pruned = true;
        let stays = |at: u32| !is_gone[at as usize];
        let tags = rare.tags.iter().filter(|it| stays(it.0)).map(|(at, meaning)| (moved(*at), *meaning));
        rare.tags = tags.collect();
        let duplicates = rare.duplicates.iter().filter(|it| stays(it.key) && stays(it.lost));
        let moved = |it: &Duplicate| Duplicate { key: moved(it.key), lost: moved(it.lost), ..*it };
        rare.duplicates = duplicates.map(moved).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::super::{json, parse};
    use crate::source::SourceId;
    use std::sync::Arc;

    #[test]
    fn what_is_taken_out_was_never_there() {
        let text: Arc<str> = "a: {x: 1, k: [2, 3]}\nb:\n- c: 1\n  d: !!str 2\n- e\n".into();
        let mut document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        let place = document.root().place(&["a", "k"]);
        let root = document.root();
        let keys: Vec<u32> = [root.at(&["a"]), root.items_at(&["b"]).next()]
            .into_iter()
            .flatten()
            .filter_map(|it| it.entries().next())
            .map(|it| it.key.id())
            .collect();
        document.without(&keys);
        assert_eq!(json::to_string(document.root()), r#"{"a":{"k":[2,3]},"b":[{"d":"2"},"e"]}"#);
        assert_eq!(document.root().place(&["a", "k"]), place);
    }

    #[test]
    fn aliases_keep_all() {
        let text: Arc<str> = "a: &a 1\nb: *a\n".into();
        let mut document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        document.without(&[1]);
        assert_eq!(json::to_string(document.root()), r#"{"a":1,"b":1}"#);
    }
}
