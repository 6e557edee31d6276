//! What the judges of all kinds share: how a field is asked for, and how it is refused.

use super::{Refusal, list, names};
use crate::model::{Object, may_be_filled_in};
use crate::suggest;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;
use std::collections::HashSet;

/// The longest value that a message shows whole.
const LONGEST_SHOWN: usize = 48;

/// An object under examination.
pub(super) struct Checker<'o> {
    pub(super) object: &'o Object,
    pub(super) found: Vec<Refusal>,
}

impl<'o> Checker<'o> {
    pub(super) fn new(object: &'o Object) -> Checker<'o> {
        Checker { object, found: Vec::new() }
    }

    /// The object's root.
    pub(super) fn root(&self) -> NodeRef<'o> {
        self.object.node()
    }

    /// Refuses the field at these keys below a node.
    pub(super) fn refuse(&mut self, node: NodeRef<'_>, keys: &[&str], message: impl Into<String>) -> &mut Refusal {
        let place = self.object.place_in(node, keys);
        self.found.push(Refusal { place, message: message.into(), help: None, meant: None });
        self.found.last_mut().expect("one was added")
    }

    /// A scalar whose value is known.
    pub(super) fn known(node: NodeRef<'o>, keys: &[&str]) -> Option<NodeRef<'o>> {
        node.at(keys).filter(|it| !it.is_null() && it.scalar().is_some() && !may_be_filled_in(it.text()))
    }

    /// The text of a field, if it is known and not empty.
    pub(super) fn text(node: NodeRef<'o>, keys: &[&str]) -> Option<&'o str> {
        Checker::known(node, keys).map(NodeRef::text).filter(|it| !it.is_empty())
    }

    /// Whether a field is there at all, known or not.
    pub(super) fn has(node: NodeRef<'_>, keys: &[&str]) -> bool {
        node.at(keys).is_some_and(|it| !it.is_null())
    }

    /// A text that has to be one of those that are allowed; an empty one has a default.
    pub(super) fn one_of(&mut self, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
        if Checker::text(node, keys).is_some() {
            self.exactly_one_of(node, keys, allowed);
        }
    }

    /// A text that has to be one of those that are allowed, wherever it is written.
    pub(super) fn exactly_one_of(&mut self, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
        let Some(value) = Checker::known(node, keys).map(NodeRef::text).filter(|it| !allowed.contains(it)) else {
            return;
        };
        let near = suggest::nearest(value, allowed.iter().copied());
        let is_spelt_alike = |it: &str| it.eq_ignore_ascii_case(value.trim());
        let near = near.or_else(|| allowed.iter().copied().find(|it| is_spelt_alike(it)));
        let shown = shown(value);
        let message = match allowed {
            [only] => format!("{shown} is refused, only {only} is accepted"),
            _ => format!("{shown} is none of {}", list(allowed)),
        };
        let sure = suggest::certain(value, allowed.iter().copied());
        let refusal = self.refuse(node, keys, message);
        refusal.suggest(near);
        refusal.meant =
            near.filter(|it| sure == Some(it) || it.starts_with(value) || is_spelt_alike(it)).map(str::to_owned);
    }

    /// The same for a field that has no default.
    pub(super) fn required_one_of(&mut self, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
        if self.required(node, keys) {
            self.one_of(node, keys, allowed);
        }
    }

    /// A field that has to be there, not empty.
    pub(super) fn required(&mut self, node: NodeRef<'o>, keys: &[&str]) -> bool {
        let is_there = node.at(keys).is_some_and(|it| match it.scalar() {
            Some(_) => !it.is_null() && !it.text().is_empty(),
            None => !it.is_null() && (it.is_map() || it.items().next().is_some()),
        });
        if !is_there {
            self.refuse(node, keys, "missing or empty");
        }
        is_there
    }

    /// The same, and its text if that is known.
    pub(super) fn required_text(&mut self, node: NodeRef<'o>, keys: &[&str]) -> Option<&'o str> {
        if self.required(node, keys) { Checker::text(node, keys) } else { None }
    }

    /// A number that has to lie in a range, both ends included.
    pub(super) fn within(&mut self, node: NodeRef<'o>, keys: &[&str], low: i64, high: i64) {
        let Some(value) = Checker::known(node, keys) else { return };
        let Some(Scalar::Int(_)) = value.scalar() else { return }; // Types are judged elsewhere.
        let Some(number) = value.as_int().filter(|it| *it < low || *it > high) else { return };
        let limit = if number < low { format!("below {low}") } else { format!("above {high}") };
        self.refuse(node, keys, format!("{number} is {limit}"));
    }

    /// A number that must not be below another.
    pub(super) fn at_least(&mut self, node: NodeRef<'o>, keys: &[&str], low: i64) {
        self.within(node, keys, low, i64::MAX);
    }

    /// A text that has to be a label of DNS: of containers, volumes, ports of Services.
    pub(super) fn dns_label(&mut self, node: NodeRef<'o>, keys: &[&str]) {
        self.named(node, keys, names::dns_label);
    }

    /// A text that has to be a subdomain of DNS: the names of most other objects.
    pub(super) fn dns_subdomain(&mut self, node: NodeRef<'o>, keys: &[&str]) {
        self.named(node, keys, names::dns_subdomain);
    }

    /// A text that has to follow a rule for names; an empty one is another matter.
    pub(super) fn named(&mut self, node: NodeRef<'o>, keys: &[&str], rule: names::Rule) {
        let Some(value) = Checker::text(node, keys).filter(|it| !stands_for_a_name(it)) else { return };
        if let Err(reason) = rule(value) {
            self.refuse(node, keys, format!("{} {reason}", shown(value)));
        }
    }

    /// The texts of a list, each by a rule for names.
    pub(super) fn each_named(&mut self, node: NodeRef<'o>, keys: &[&str], rule: names::Rule) {
        for item in node.items_at(keys) {
            let Some(value) = item_text(item).filter(|it| !stands_for_a_name(it)) else { continue };
            if let Err(reason) = rule(value) {
                self.refuse(item, &[], format!("{} {reason}", shown(value)));
            }
        }
    }

    /// The texts of a list, each one of those that are allowed.
    pub(super) fn each_one_of(&mut self, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
        for item in node.items_at(keys) {
            if item.is_null() {
                self.refuse(item, &[], format!("null is none of {}", list(allowed)));
            }
            self.exactly_one_of(item, &[], allowed);
        }
    }

    /// A text that has to be there, and to follow a rule for names.
    pub(super) fn required_named(&mut self, node: NodeRef<'o>, keys: &[&str], rule: names::Rule) {
        if self.required(node, keys) {
            self.named(node, keys, rule);
        }
    }

    /// Items that must not have the same value of a field.
    pub(super) fn unique(&mut self, items: impl Iterator<Item = NodeRef<'o>>, keys: &[&str], what: &str) {
        let mut seen = HashSet::new();
        for item in items {
            let Some(value) = Checker::text(item, keys) else { continue };
            if !seen.insert(value) {
                self.refuse(item, keys, format!("there are two {what} called {value}"));
            }
        }
    }
}

/// Whether a text that should be a name is one that `sed` puts a name in place of: `PLACEHOLDER_NAMESPACE`.
fn stands_for_a_name(text: &str) -> bool {
    let is_word = |it: &str| it.len() > 1 && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    text.contains('_') && text.starts_with(|it: char| it.is_ascii_uppercase()) && text.split('_').all(is_word)
}

/// The text of an item of a list, if it is known: null is an empty one.
fn item_text(item: NodeRef<'_>) -> Option<&str> {
    if item.is_null() { Some("") } else { Checker::known(item, &[]).map(NodeRef::text) }
}

/// Whether an item of a list can be an object: null is one without any field.
pub(super) fn is_object(item: NodeRef<'_>) -> bool {
    item.is_map() || item.is_null()
}

/// A value as a message shows it: in quotes where its ends would not be seen, and not all of a long one.
pub(super) fn shown(value: &str) -> String {
    if value.is_empty() || value.trim() != value {
        return format!("\"{value}\"");
    }
    if value.chars().count() <= LONGEST_SHOWN {
        return value.to_owned();
    }
    let start: String = value.chars().take(LONGEST_SHOWN).collect();
    format!("{start}…")
}
