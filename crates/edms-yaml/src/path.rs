//! Field paths: how a finding names a place, and how it recognises it again after an edit.

use super::NodeRef;
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
    /// The way from `root` down to the node that is written at byte `at` of the node's own source:
    /// the deepest one whose key or value holds it.
    pub fn path_to(self, target: NodeRef<'a>) -> Path {
        let mut path = Path::default();
        let mut node = self;
        'down: while node.id != target.id {
            if node.is_map() {
                for entry in node.written_entries() {
                    if target.id >= entry.key.id && target.id < entry.value.next() {
                        path.0.push(Step::Key(entry.key.text().to_owned()));
                        if target.id == entry.key.id {
                            return path;
                        }
                        node = entry.value;
                        continue 'down;
                    }
                }
            } else {
                for (index, item) in node.children().enumerate() {
                    if target.id >= item.id && target.id < item.next() {
                        path.0.push(item.str_at(&["name"]).map_or(Step::Index(index), |it| Step::Name(it.to_owned())));
                        node = item;
                        continue 'down;
                    }
                }
            }
            // The target lies elsewhere: behind an alias, or in another document.
            return path;
        }
        path
    }
}
