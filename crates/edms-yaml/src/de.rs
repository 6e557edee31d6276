//! Typed values out of a tree: a `serde` deserializer whose errors know their place.
//!
//! It is strict, because people write what it reads (the configuration, a rule's parameters): nothing is
//! converted, and nothing but an `Option` takes a null. What API servers read has its own, laxer reader.

pub use super::read_error::ReadError;
use super::read_error::{self, Error};
use super::{Entry, NodeRef};

use crate::scalar::Scalar;
use serde::de::{DeserializeOwned, DeserializeSeed, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use std::cell::Cell;

/// No type that people configure nests deeper.
const MAX_DEPTH: usize = 100;
/// The most nodes that one value may expand to through aliases.
const MAX_NODES: u32 = 1_000_000;

/// Reads a value of type `T` from a node.
///
/// # Errors
/// The first place that does not fit the type: the value, an unknown key, or the key of a map that lacks a field.
pub fn from_node<T: DeserializeOwned>(node: NodeRef<'_>) -> Result<T, ReadError> {
    from_node_without(node, &[])
}

/// The same, as if these keys were not in the map: for a map that somebody else reads a part of.
///
/// # Errors
/// As [`from_node`].
pub fn from_node_without<T: DeserializeOwned>(node: NodeRef<'_>, skipped: &[&str]) -> Result<T, ReadError> {
    read(node, None, skipped, &[])
}

/// The same, where each key that the map lacks has a default of this name.
///
/// # Errors
/// As [`from_node`].
pub fn from_node_with_defaults<T: DeserializeOwned>(
    node: NodeRef<'_>,
    skipped: &[&str],
    defaults: &[(&str, NodeRef<'_>)],
) -> Result<T, ReadError> {
    read(node, None, skipped, defaults)
}

/// The same for the value of a key, which is pointed at where the value is empty or lacks something.
///
/// # Errors
/// As [`from_node`].
pub fn from_node_under<T: DeserializeOwned>(node: NodeRef<'_>, key: Option<NodeRef<'_>>) -> Result<T, ReadError> {
    read(node, key, &[], &[])
}

fn read<T: DeserializeOwned>(
    node: NodeRef<'_>,
    key: Option<NodeRef<'_>>,
    skipped: &[&str],
    defaults: &[(&str, NodeRef<'_>)],
) -> Result<T, ReadError> {
    let budget = Cell::new(MAX_NODES);
    let reader = Reader { node, key, skipped, defaults, depth: 0, budget: &budget };
    T::deserialize(reader).map_err(|error| error.at(node, key).finish())
}

#[derive(Clone, Copy)]
struct Reader<'a, 'r> {
    node: NodeRef<'a>,
    /// The key that the node is the value of: the place of what is missing in it.
    key: Option<NodeRef<'a>>,
    skipped: &'r [&'r str],
    /// Values of the keys that the map lacks.
    defaults: &'r [(&'r str, NodeRef<'a>)],
    depth: usize,
    budget: &'r Cell<u32>,
}

impl<'a> Reader<'a, '_> {
    fn child(self, node: NodeRef<'a>, key: Option<NodeRef<'a>>) -> Self {
        Reader { node, key, skipped: &[], defaults: &[], depth: self.depth + 1, budget: self.budget }
    }

    fn mismatch(self, expected: &str) -> Error {
        Error::mismatch(expected, self.node).at(self.node, self.key)
    }

    /// Counts the node, and stops where aliases pretend to more than anybody writes.
    fn enter(self) -> Result<(), Error> {
        let left = self.budget.get().checked_sub(1);
        let Some(left) = left.filter(|_| self.depth <= MAX_DEPTH) else {
            return Err(read_error::too_large().at(self.node, self.key));
        };
        self.budget.set(left);
        Ok(())
    }

    fn integer<T: TryFrom<i128>>(self, name: &str) -> Result<T, Error> {
        let value = match self.node.scalar() {
            Some(Scalar::Int(value)) => i128::from(value),
            Some(Scalar::UInt(value)) => i128::from(value),
            _ => return Err(self.mismatch(name)),
        };
        T::try_from(value).map_err(|_| self.mismatch(name))
    }
}

/// Methods for integers, each with the words for what fits it.
macro_rules! integers {
    ($($method:ident $visit:ident $words:literal;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            let value = self.integer($words)?;
            visitor.$visit(value).map_err(|error: Error| error.at(self.node, self.key))
        })*
    };
}

impl<'de> serde::Deserializer<'de> for Reader<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.scalar() {
            None if self.node.is_map() => return self.deserialize_map(visitor),
            None => return self.deserialize_seq(visitor),
            Some(Scalar::Null) => visitor.visit_unit(),
            Some(Scalar::Bool(value)) => visitor.visit_bool(value),
            Some(Scalar::Int(value)) => visitor.visit_i64(value),
            Some(Scalar::UInt(value)) => visitor.visit_u64(value),
            Some(Scalar::Float(value)) => visitor.visit_f64(value),
            Some(Scalar::Str(text)) => visitor.visit_str(text),
        }
        .map_err(|error: Error| error.at(self.node, self.key))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.node.as_bool().ok_or_else(|| self.mismatch("true or false"))?;
        visitor.visit_bool(value).map_err(|error: Error| error.at(self.node, self.key))
    }

    integers! {
        deserialize_i8 visit_i8 "a whole number from -128 to 127";
        deserialize_i16 visit_i16 "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 "a whole number of 32 bits";
        deserialize_i64 visit_i64 "a whole number of 64 bits";
        deserialize_u8 visit_u8 "a whole number from 0 to 255";
        deserialize_u16 visit_u16 "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 "a whole number, not negative";
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    #[expect(clippy::cast_precision_loss, reason = "a setting above 2^53 loses nothing that matters")]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = match self.node.scalar() {
            Some(Scalar::Int(value)) => value as f64,
            Some(Scalar::UInt(value)) => value as f64,
            Some(Scalar::Float(value)) => value,
            _ => return Err(self.mismatch("a number")),
        };
        visitor.visit_f64(value).map_err(|error: Error| error.at(self.node, self.key))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let text = self.node.as_str().ok_or_else(|| self.mismatch("a string"))?;
        visitor.visit_str(text).map_err(|error: Error| error.at(self.node, self.key))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self).map_err(|error: Error| error.at(self.node, self.key))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter()?;
        if !self.node.is_seq() {
            return Err(self.mismatch("a list"));
        }
        let items = Items { reader: self, rest: self.node.items(), index: 0 };
        visitor.visit_seq(items).map_err(|error| error.at(self.node, self.key))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter()?;
        if !self.node.is_map() {
            return Err(self.mismatch("a map"));
        }
        let entries = Entries { reader: self, rest: self.node.entries(), defaults: self.defaults.iter(), value: None };
        visitor.visit_map(entries).map_err(|error| error.at(self.node, self.key))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text = self.node.as_str().ok_or_else(|| self.mismatch("a word"))?;
        visitor.visit_enum(text.into_deserializer()).map_err(|error: Error| error.at(self.node, self.key))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

struct Items<'a, 'r> {
    reader: Reader<'a, 'r>,
    rest: super::Items<'a>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        let child = self.reader.child(item, None);
        seed.deserialize(child).map(Some).map_err(|error| error.at(item, None).in_item(item, index))
    }
}

struct Entries<'a, 'r> {
    reader: Reader<'a, 'r>,
    rest: super::Entries<'a>,
    defaults: std::slice::Iter<'r, (&'r str, NodeRef<'a>)>,
    value: Option<Value<'a>>,
}

/// A value whose key was read.
enum Value<'a> {
    Written(Entry<'a>),
    Default(NodeRef<'a>),
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if let Some(entry) = self.rest.find(|it| !self.reader.skipped.contains(&it.name())) {
            self.value = Some(Value::Written(entry));
            let name = entry.name().into_deserializer();
            let key = seed.deserialize(name);
            return key.map(Some).map_err(|error: Error| error.at(entry.key, None).in_entry(entry.name()));
        }
        let Some((name, value)) = self.defaults.find(|it| self.reader.node.get(it.0).is_none()) else {
            return Ok(None);
        };
        self.value = Some(Value::Default(*value));
        seed.deserialize((*name).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.value.take().expect("serde asks for a value after its key") {
            Value::Written(entry) => {
                let child = self.reader.child(entry.value, Some(entry.key));
                seed.deserialize(child).map_err(|error| error.at(entry.value, Some(entry.key)).in_entry(entry.name()))
            }
            Value::Default(value) => seed.deserialize(self.reader.child(value, None)),
        }
    }
}

#[cfg(test)]
mod tests;
