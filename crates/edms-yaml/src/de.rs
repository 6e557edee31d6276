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
mod tests {
    use super::*;
    use crate::source::{Source, SourceId};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct Params {
        name: String,
        min_replicas: u32,
        #[serde(default)]
        share: Option<f64>,
        #[serde(default)]
        level: Level,
        #[serde(default)]
        labels: BTreeMap<String, String>,
        #[serde(default)]
        more: Vec<Params>,
    }

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Level {
        #[default]
        Low,
        High,
    }

    fn read(text: &str) -> Result<Params, ReadError> {
        read_without(text, &[])
    }

    fn read_without(text: &str, skipped: &[&str]) -> Result<Params, ReadError> {
        let text: Arc<str> = text.into();
        let document = crate::parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("is there");
        from_node_without(document.root(), skipped)
    }

    /// Line, column, path, message and help of the error.
    fn error(text: &str) -> (usize, usize, String, String, Option<String>) {
        let error = read(text).expect_err("is refused");
        let place = Source::new("a.yaml", text).line_column(error.span.start);
        (place.line, place.column, error.path.to_string(), error.message, error.help)
    }

    #[test]
    fn values_are_read_through_aliases_and_merge_keys() {
        let text =
            "x-base: &base {name: a, min-replicas: 2}\n<<: *base\nname: b\nshare: 1\nlevel: high\nmore: [*base]\n";
        let read = read_without(text, &["x-base"]).expect("fits");
        let inner = Params {
            name: "a".into(),
            min_replicas: 2,
            share: None,
            level: Level::Low,
            labels: BTreeMap::new(),
            more: vec![],
        };
        let expected = Params {
            name: "b".into(),
            min_replicas: 2,
            share: Some(1.0),
            level: Level::High,
            labels: BTreeMap::new(),
            more: vec![inner],
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn a_value_of_another_type_is_pointed_at() {
        let (line, column, path, message, help) = error("name: x\nmin-replicas: \"2\"\n");
        assert_eq!((line, column, path.as_str()), (2, 15, "min-replicas"));
        assert_eq!(message, "expected a whole number from 0 to 4294967295, found the string \"2\"");
        assert_eq!(help.as_deref(), Some("remove the quotes"));

        let (line, column, path, message, help) = error("min-replicas: 2\nname: x\nlabels:\n  tier: 1\n");
        assert_eq!((line, column, path.as_str()), (4, 9, "labels.tier"));
        assert_eq!(message, "expected a string, found the number 1");
        assert_eq!(help.as_deref(), Some("quote it: \"1\""));

        let (line, column, path, message, _) = error("min-replicas: -1\nname: x\n");
        assert_eq!((line, column, path.as_str()), (1, 15, "min-replicas"));
        assert_eq!(message, "expected a whole number from 0 to 4294967295, found the number -1");

        let (line, column, path, message, _) = error("name:\nmin-replicas: 1\n");
        assert_eq!((line, column, path.as_str()), (1, 1, "name"));
        assert_eq!(message, "expected a string, found nothing");

        let (line, column, path, message, _) = error("name:\n  - a\n  - b\nmin-replicas: 1\n");
        assert_eq!((line, column, path.as_str()), (2, 3, "name"));
        assert_eq!(message, "expected a string, found a list");
    }

    #[test]
    fn keys_that_are_missing_have_their_defaults() {
        let document = |text: &str| {
            let text: Arc<str> = text.into();
            crate::parse(SourceId(0), &text, 0..text.len()).expect("it is YAML").expect("it is not empty")
        };
        let (written, page) = (document("{name: own}"), document("{name: page, min-replicas: 3}"));
        let defaults: Vec<(&str, NodeRef<'_>)> = page.root().entries().map(|it| (it.name(), it.value)).collect();
        let read: Params = from_node_with_defaults(written.root(), &[], &defaults).expect("nothing is missing");
        assert_eq!((read.name.as_str(), read.min_replicas), ("own", 3));
    }

    #[test]
    fn an_unknown_key_is_pointed_at_itself() {
        let (line, column, path, message, help) = error("name: x\nmin-replica: 2\n");
        assert_eq!((line, column, path.as_str()), (2, 1, "min-replica"));
        assert_eq!(message, "unknown key `min-replica`");
        assert_eq!(help.as_deref(), Some("did you mean `min-replicas`?"));

        let (line, column, _, message, help) = error("name: x\nmin-replicas: 2\nlevel: hihg\n");
        assert_eq!((line, column), (3, 8));
        assert_eq!(message, "unknown value `hihg`");
        assert_eq!(help.as_deref(), Some("did you mean `high`?"));
    }

    #[test]
    fn a_missing_key_is_pointed_at_where_its_map_is_named() {
        let (line, column, path, message, _) = error("name: x\nmin-replicas: 1\nmore:\n  - name: z\n");
        assert_eq!((line, column, path.as_str()), (4, 5, "more[z]"));
        assert_eq!(message, "`min-replicas` is missing");
        let (line, column, path, _, _) = error("min-replicas: 1\n");
        assert_eq!((line, column, path.as_str()), (1, 1, ""));
    }
}
