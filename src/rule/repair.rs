//! How a rule words a fix: what is to stand where, in the terms of an object's fields.

use super::field_order::anchor;
use crate::finding::{Change, NodeId, RuleId, Safety, Stage};
use crate::model::Object;
use crate::source::Span;
use crate::yaml::edit::{At, LineEdit};
use crate::yaml::{Document, NodeRef, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// A fix that is being worded. Its page says what it is called and how far it may be trusted, unless it says less.
#[derive(Clone, Debug)]
pub struct Repair {
    pub(super) title: Option<Cow<'static, str>>,
    pub(super) most: Safety,
    pub(super) changes: Vec<Change>,
    pub(super) effect: Option<String>,
    pub(super) hindrance: Option<&'static str>,
    pub(super) stage: Option<Stage>,
    pub(super) yields_to: Option<RuleId>,
}

impl Default for Repair {
    fn default() -> Repair {
        Repair::new()
    }
}

impl Repair {
    /// One that changes nothing yet.
    pub fn new() -> Repair {
        Repair {
            title: None,
            most: Safety::Safe,
            changes: Vec::new(),
            effect: None,
            hindrance: None,
            stage: None,
            yields_to: None,
        }
    }

    /// Calls it otherwise than the page does: an imperative without a full stop.
    pub fn titled(mut self, title: impl Into<Cow<'static, str>>) -> Repair {
        self.title = Some(title.into());
        self
    }

    /// Trusts it less than the page does.
    pub fn at_most(mut self, safety: Safety) -> Repair {
        self.most = self.most.min(safety);
        self
    }

    /// Shows it, and says why it is not applied.
    pub fn shown_only(mut self, reason: &'static str) -> Repair {
        self.hindrance = self.hindrance.or(Some(reason));
        self.at_most(Safety::DisplayOnly)
    }

    /// Makes it at another stage than the page says.
    pub fn at_stage(mut self, stage: Stage) -> Repair {
        self.stage = Some(stage);
        self
    }

    /// Leaves it where a fix of this rule is made of the same object, which may do for both.
    pub fn yields_to(mut self, rule: RuleId) -> Repair {
        self.yields_to = Some(rule);
        self
    }

    /// Says what moves once it is deployed: `restarts the 3 pods of Deployment api`.
    pub fn effect(mut self, effect: impl Into<String>) -> Repair {
        self.effect = Some(effect.into());
        self
    }

    /// A node of an object's document. The template of an object may be that of another one.
    fn node_of(&mut self, object: &Object, node: NodeRef<'_>) -> Option<NodeId> {
        if object.document().id() == node.document().id() {
            return Some(NodeId::new(object.document(), node));
        }
        self.most = Safety::DisplayOnly;
        self.hindrance.get_or_insert("the template of its pods is that of another object");
        None
    }

    /// Has a field of an object hold a value, whether it is there or not, and its parents or not.
    pub fn set(self, object: &Object, keys: &[&'static str], value: impl Into<Value>) -> Repair {
        self.set_in(object, object.node(), keys, value)
    }

    /// The same from a node inside the object.
    pub fn set_in(
        mut self,
        object: &Object,
        node: NodeRef<'_>,
        keys: &[&'static str],
        value: impl Into<Value>,
    ) -> Repair {
        if object.removal(node, keys).is_some() {
            return self.shown_only("a patch takes the field away");
        }
        let (mut node, mut keys) = (node, keys);
        while let [key, rest @ ..] = keys {
            let Some(next) = node.get(key) else { break };
            (node, keys) = (next, rest);
        }
        let Some(at) = self.node_of(object, node) else { return self };
        let nested = |keys: &[&'static str]| {
            let wrap = |value, key: &&'static str| Value::map([(*key, value)]);
            keys.iter().rev().fold(value.into(), wrap)
        };
        match keys {
            [] => self.changes.push(Change::Set(at, nested(&[]))),
            [key, rest @ ..] if node.is_map() => self.add_entry(at, key, nested(rest), anchor(node, key)),
            keys if node.is_null() => self.changes.push(Change::Set(at, nested(keys))),
            _ => return self.shown_only("what stands there is no map"),
        }
        self
    }

    /// Adds an entry to a map. What is said of one new entry in several parts is put together.
    fn add_entry(&mut self, map: NodeId, key: &'static str, value: Value, place: At<'static>) {
        let is_it = |it: &Change| matches!(it, Change::Insert(there, known, ..) if *there == map && known == key);
        match self.changes.iter_mut().find(|it| is_it(it)) {
            Some(Change::Insert(_, _, there, _)) => put_together(there, value),
            _ => self.changes.push(Change::Insert(map, Cow::Borrowed(key), value, place)),
        }
    }

    /// Has another value stand in the place of one.
    pub fn replace(mut self, object: &Object, node: NodeRef<'_>, value: Value) -> Repair {
        let at = self.node_of(object, node);
        self.changes.extend(at.map(|it| Change::Set(it, value)));
        self
    }

    /// Adds an entry with a key of any kind, as labels have, to a map inside an object.
    pub fn insert(mut self, object: &Object, map: NodeRef<'_>, key: String, value: Value) -> Repair {
        let at = self.node_of(object, map);
        self.changes.extend(at.map(|it| Change::Insert(it, key.into(), value, At::Last)));
        self
    }

    /// Takes a field of an object out.
    pub fn remove(self, object: &Object, keys: &[&str]) -> Repair {
        self.remove_in(object, object.node(), keys)
    }

    /// The same from a node inside the object; without keys, the node itself.
    pub fn remove_in(mut self, object: &Object, node: NodeRef<'_>, keys: &[&str]) -> Repair {
        let at = node.at(keys).and_then(|it| self.node_of(object, it));
        self.changes.extend(at.map(Change::Remove));
        self
    }

    /// Takes a node of a document that is no object out.
    pub fn remove_from(mut self, document: &Arc<Document>, node: NodeRef<'_>) -> Repair {
        self.changes.push(Change::Remove(NodeId::new(document, node)));
        self
    }

    /// Gives an entry of a map inside the object another key.
    pub fn rename_in(mut self, object: &Object, map: NodeRef<'_>, key: &str, name: impl Into<String>) -> Repair {
        let at = map.entry(key).and_then(|it| self.node_of(object, it.key));
        self.changes.extend(at.map(|it| Change::Rename(it, name.into())));
        self
    }

    /// Adds an item to a list inside an object, which is made if it is not there.
    pub fn push_in(self, object: &Object, node: NodeRef<'_>, keys: &[&'static str], value: Value) -> Repair {
        match node.at(keys).filter(|it| it.is_seq()) {
            None => self.set_in(object, node, keys, Value::list([value])),
            Some(list) => {
                let mut repair = self;
                let at = repair.node_of(object, list);
                repair.changes.extend(at.map(|it| Change::Push(it, value)));
                repair
            }
        }
    }

    /// Changes lines of a text inside the object.
    pub fn edit_lines(mut self, object: &Object, text: NodeRef<'_>, lines: Vec<LineEdit>) -> Repair {
        let at = self.node_of(object, text);
        self.changes.extend(at.map(|it| Change::Lines(it, lines)));
        self
    }

    /// Has a comment say something else; an empty text takes it out.
    pub fn comment(mut self, comment: Span, text: impl Into<String>) -> Repair {
        self.changes.push(Change::Comment(comment, text.into()));
        self
    }

    /// Adds objects behind one.
    pub fn append(mut self, object: &Object, objects: Vec<Value>) -> Repair {
        self.changes.push(Change::Append(NodeId::new(object.document(), object.node()), objects));
        self
    }
}

/// Adds to a new value: entries to a map, items to a list. Anything else takes its place.
fn put_together(value: &mut Value, more: Value) {
    match (value, more) {
        (Value::Map(entries), Value::Map(more)) => {
            for (key, value) in more {
                match entries.iter_mut().find(|it| it.0 == key) {
                    Some((_, there)) => put_together(there, value),
                    None => entries.push((key, value)),
                }
            }
        }
        (Value::List(items), Value::List(more)) => items.extend(more),
        (value, more) => *value = more,
    }
}
