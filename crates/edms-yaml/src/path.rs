//! Field paths: how a finding names a place, and how it recognises it again after an edit.

use super::NodeRef;
use super::entry::Entry;
use super::wide::WIDE;
use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A key of a map.
    Key(String),
    /// An item of a list that has a `name`: the name survives a reordering.
    Name(String),
    /// Any other item, by its position from 0.
    Index(usize),
}

/// The way from the root of an object to a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// A path of keys only.
    pub fn of(keys: &[&str]) -> Path {
        Path(keys.iter().map(|it| Step::Key((*it).to_owned())).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.contains(['.', '/', '[', ']']) || key.is_empty() => write!(f, "[{key:?}]")?,
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Name(name) => write!(f, "[{name}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl<'a> NodeRef<'a> {
    /// How many nodes it is written with, itself among them.
    pub fn size(self) -> usize {
        (self.next() - self.id) as usize
    }

    /// The node at the end of a way from this one.
    pub fn at_path(self, path: &Path) -> Option<NodeRef<'a>> {
        path.0.iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Name(name) => node.items().find(|it| it.str_at(&["name"]) == Some(name)),
            Step::Index(at) => node.items().nth(*at),
        })
    }

    /// The way from `root` down to the node that is written at byte `at` of the node's own source:
    /// the deepest one whose key or value holds it.
    pub fn path_to(self, target: NodeRef<'a>) -> Path {
        let mut path = Path::default();
        let mut node = self;
        while node.id != target.id {
            // The target may lie elsewhere: behind an alias, or in another document.
            if node.is_map() {
                let Some(entry) = node.entry_with(target) else { return path };
                path.0.push(Step::Key(entry.key.text().to_owned()));
                if target.id == entry.key.id {
                    return path;
                }
                node = entry.value;
            } else {
                let Some((index, item)) = node.item_with(target) else { return path };
                path.0.push(item.str_at(&["name"]).map_or(Step::Index(index), |it| Step::Name(it.to_owned())));
                node = item;
            }
        }
        path
    }

    /// The entry of a map whose key or value holds a node.
    fn entry_with(self, target: NodeRef<'a>) -> Option<Entry<'a>> {
        let holds = |it: &Entry<'a>| target.id >= it.key.id && target.id < it.value.next();
        let mut entries = self.written_entries();
        if let Some(found) = entries.by_ref().take(WIDE).find(holds) {
            return Some(found);
        }
        entries.next()?;
        let map = self.resolved();
        let (_, key) = map.doc.wide().position(map.id, target.id)?;
        let key = NodeRef { doc: map.doc, id: key };
        Some(Entry { key, value: NodeRef { doc: map.doc, id: key.next() } }).filter(holds)
    }

    /// The item of a list that holds a node, with its position.
    fn item_with(self, target: NodeRef<'a>) -> Option<(usize, NodeRef<'a>)> {
        let holds = |it: &(usize, NodeRef<'a>)| target.id >= it.1.id && target.id < it.1.next();
        let mut items = self.children().enumerate();
        if let Some(found) = items.by_ref().take(WIDE).find(holds) {
            return Some(found);
        }
        items.next()?;
        let (index, item) = self.doc.wide().position(self.id, target.id)?;
        Some((index, NodeRef { doc: self.doc, id: item })).filter(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::source::SourceId;
    use std::fmt::Write as _;
    use std::sync::Arc;

    #[test]
    fn the_way_into_long_lists_and_maps_is_that_into_short_ones() {
        let mut text = "list:\n".to_owned();
        (0..200).for_each(|it| _ = write!(text, "- {{name: n{it}, x: [{it}]}}\n- [{it}]\n"));
        text.push_str("map:\n");
        (0..200).for_each(|it| _ = writeln!(text, "  k{it}: {{x: [0, {it}]}}"));
        let text: Arc<str> = text.into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        let root = document.root();
        for (item, at) in root.items_at(&["list"]).zip(0..) {
            let (way, node) = match item.at(&["x"]) {
                Some(node) => (format!("list[n{}].x", at / 2), node),
                None => (format!("list[{at}]"), item),
            };
            assert_eq!(root.path_to(node).to_string(), way);
            let deep = node.items().next().expect("an item");
            assert_eq!(root.path_to(deep).to_string(), format!("{way}[0]"));
        }
        for (entry, at) in root.at(&["map"]).expect("is there").entries().zip(0..) {
            assert_eq!(root.path_to(entry.key).to_string(), format!("map.k{at}"));
            let deep = entry.value.items_at(&["x"]).nth(1).expect("two items");
            assert_eq!(root.path_to(deep).to_string(), format!("map.k{at}.x[1]"));
        }
    }
}
