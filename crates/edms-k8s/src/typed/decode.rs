//! A `serde` deserializer that takes and refuses what the API server's JSON decoder does.
//!
//! Go's decoder differs from a plain reading of the types: null is the zero value of every type, a number
//! may be a quantity, a list of numbers may be bytes. A differential test holds the two together.
//! What stands for an unknown value (`${REPLICAS}`) fits every type.

use super::gathered::{Gathered, UnknownKey};
use super::literals;
use crate::placeholder::{is_of_sops, is_placeholder, may_be_filled_in};
use edms_yaml::base64;
use edms_yaml::read_error::{self, Error};
use edms_yaml::scalar::Scalar;
use edms_yaml::suggest;
use edms_yaml::{Entries, Entry, Items, NodeRef};
use serde::de::{DeserializeSeed, Expected, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

/// A schema in a schema is the only type that nests without bound, and no real one comes near this.
const MAX_DEPTH: u16 = 100;

/// Reads one node.
#[derive(Clone, Copy)]
pub(super) struct Decoder<'a, 'g> {
    node: NodeRef<'a>,
    /// The key that the node is the value of.
    key: Option<NodeRef<'a>>,
    /// Whether unknown keys pass: in what we know in parts alone, and inside a type that may be one thing or another, where
    /// Go looks less closely.
    is_lax: bool,
    depth: u16,
    gathered: &'g Gathered<'a>,
}

impl<'a, 'g> Decoder<'a, 'g> {
    pub(super) fn new(node: NodeRef<'a>, is_lax: bool, gathered: &'g Gathered<'a>) -> Self {
        Decoder { node, key: None, is_lax, depth: 0, gathered }
    }

    fn child(self, node: NodeRef<'a>, key: Option<NodeRef<'a>>) -> Self {
        Decoder { node, key, depth: self.depth + 1, ..self }
    }

    fn mismatch(self, expected: &str) -> Error {
        self.placed(Error::mismatch(expected, self.node))
    }

    fn placed(self, error: Error) -> Error {
        error.at(self.node, self.key)
    }

    /// Counts a collection, and stops where nesting or aliases go beyond what any object needs.
    fn enter(self) -> Result<(), Error> {
        let left = self.gathered.budget.get().checked_sub(1);
        let Some(left) = left.filter(|_| self.depth <= MAX_DEPTH) else {
            return Err(self.placed(read_error::too_large()));
        };
        self.gathered.budget.set(left);
        Ok(())
    }

    /// The integer as it arrives in JSON, where `3.0` and `3e2` have become `3` and `300`.
    fn integer<T: TryFrom<i64>>(self, expected: &str) -> Result<T, Error> {
        let value = self.node.scalar().and_then(literals::integer).ok_or_else(|| self.mismatch(expected))?;
        T::try_from(value).map_err(|_| self.mismatch(expected))
    }

    /// Reads a map of these keys.
    fn map<'de, V: Visitor<'de>>(self, keys: Keys, visitor: V) -> Result<V::Value, Error> {
        self.enter()?;
        if !self.node.is_map() {
            return Err(self.mismatch("a map"));
        }
        let missing = keys.fields().map_or(&[][..], |fields| {
            TIMES_WITHOUT_ZERO.iter().find(|it| fields.contains(it)).map_or(&[][..], std::slice::from_ref)
        });
        let entries = MapReader { decoder: self, keys, missing, rest: self.node.entries(), value: None };
        visitor.visit_map(entries).map_err(|error| self.placed(error))
    }

    /// Checks a value whose type has its own syntax, and hands on one that certainly has it: the value
    /// itself is not needed, and the type's own parser is not Go's.
    fn literal<'de, V: Visitor<'de>>(
        self,
        expected: &str,
        is_right: fn(Scalar<'_>) -> bool,
        stand_in: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        if !self.node.scalar().is_some_and(is_right) {
            return Err(self.mismatch(expected));
        }
        visitor.visit_newtype_struct(stand_in.into_deserializer())
    }

    /// A struct without fields, which the types hold as JSON of any shape.
    fn empty_struct<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if !self.node.is_map() {
            return Err(self.mismatch("a map"));
        }
        for entry in self.node.entries() {
            self.report_unknown(entry, &[]);
        }
        visitor.visit_newtype_struct(().into_deserializer())
    }

    fn check_string(self, name: &str) -> Result<(), Error> {
        let is_string = self.node.as_str().is_some();
        if is_string { Ok(()) } else { Err(self.mismatch("a string").in_entry(name)) }
    }

    fn report_unknown(self, entry: Entry<'a>, fields: &[&'static str]) {
        if !self.is_lax && !is_placeholder(entry.name()) && !is_of_sops(entry) {
            let suggestion = suggest::nearest(entry.name(), fields.iter().copied());
            self.gathered.unknown.borrow_mut().push(UnknownKey { key: entry.key, suggestion });
        }
    }

    fn is_base64(self) -> bool {
        if self.node.is_seq() {
            // To Go, bytes are a list of numbers like any other.
            let is_byte = |it: NodeRef<'_>| {
                it.is_null() || it.scalar().and_then(literals::integer).is_some_and(|it| u8::try_from(it).is_ok())
            };
            return self.node.items().all(is_byte);
        }
        self.node.as_str().is_some_and(|it| base64::decode(it).is_some() || may_be_filled_in(it))
    }
}

/// The keys of a map.
#[derive(Clone, Copy)]
enum Keys {
    /// Those of a struct's fields; others are told.
    Of(&'static [&'static str]),
    /// Those of a struct's fields; others are left alone.
    Unchecked,
    /// Any text, which is dropped with the map.
    Any,
}

impl Keys {
    fn fields(self) -> Option<&'static [&'static str]> {
        match self {
            Keys::Of(fields) => Some(fields),
            Keys::Unchecked | Keys::Any => None,
        }
    }
}

/// A type that may be one thing or another, known by what its visitor says it expects.
#[derive(Clone, Copy)]
enum Open {
    IntOrString,
    SchemaOrBool,
    SchemaOrList,
}

impl Open {
    fn of(expected: &dyn Expected) -> Option<Open> {
        match expected.to_string().as_str() {
            "IntOrString" => Some(Open::IntOrString),
            "JSONSchemaPropsOrBool" => Some(Open::SchemaOrBool),
            "JSONSchemaPropsOrArray" | "JSONSchemaPropsOrStringArray" => Some(Open::SchemaOrList),
            _ => None,
        }
    }
}

impl<'de> serde::Deserializer<'de> for Decoder<'_, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let lax = Decoder { is_lax: true, ..self };
        match (Open::of(&visitor as &dyn Expected), self.node.scalar()) {
            (Some(Open::IntOrString), Some(Scalar::Str(_))) => visitor.visit_str(""),
            (Some(Open::IntOrString), _) => visitor.visit_i32(self.integer("a whole number of 32 bits or a string")?),
            (Some(Open::SchemaOrBool), Some(Scalar::Bool(value))) => visitor.visit_bool(value),
            (Some(Open::SchemaOrBool | Open::SchemaOrList), None) if self.node.is_map() => {
                lax.map(Keys::Unchecked, visitor)
            }
            (Some(Open::SchemaOrBool), _) => Err(self.mismatch("a schema, true or false")),
            (Some(Open::SchemaOrList), None) => lax.deserialize_seq(visitor),
            // Go takes any scalar here, and makes an empty schema of it.
            (Some(Open::SchemaOrList), Some(_)) => visitor.visit_map(empty_map()),
            (None, _) => Err(self.mismatch("a value of another type")),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.node.as_bool().ok_or_else(|| self.mismatch("true or false"))?)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i32(self.integer("a whole number of 32 bits")?)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_i64(self.integer("a whole number")?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.scalar() {
            Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)) => visitor.visit_f64(0.0),
            _ => Err(self.mismatch("a number")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        // What is read is dropped, so that a copy of the text would be made for nothing.
        if self.node.as_str().is_some() { visitor.visit_str("") } else { Err(self.mismatch("a string")) }
    }

    /// Only bytes are asked for in this way: strings are asked for as owned ones.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if !self.is_base64() {
            return Err(self.mismatch("a string in base64"));
        }
        visitor.visit_str("")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match name {
            "Quantity" => self.literal("a quantity such as 500m or 1Gi", literals::is_quantity, "0", visitor),
            "Time" => self.literal("a time such as \"2026-01-31T12:00:00Z\"", literals::is_time, TIME, visitor),
            "MicroTime" => {
                self.literal("a time such as \"2026-01-31T12:00:00.000000Z\"", literals::is_micro_time, TIME, visitor)
            }
            "FieldsV1" | "JSON" | "RawExtension" => visitor.visit_newtype_struct(().into_deserializer()),
            _ => self.empty_struct(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.enter()?;
        if !self.node.is_seq() {
            return Err(self.mismatch("a list"));
        }
        let items = ListReader { decoder: self, rest: self.node.items(), index: 0 };
        visitor.visit_seq(items).map_err(|error| self.placed(error))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.map(Keys::Any, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.map(Keys::Of(fields), visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

/// The time that stands in for those that were checked.
const TIME: &str = "1970-01-01T00:00:00Z";

/// The times that our types, unlike Go's, have no zero for. Elsewhere fields of these names are optional.
const TIMES_WITHOUT_ZERO: &[&str] = &["lastObservedTime", "lastTransitionTime"];

/// Our types insist on these in objects inside objects, as in a claim template; Go's take any string.
const NAMES_OF_TYPES: &[&str] = &["apiVersion", "kind"];

fn empty_map<'de>() -> impl MapAccess<'de, Error = Error> {
    serde::de::value::MapDeserializer::new(std::iter::empty::<(&str, &str)>())
}

struct ListReader<'a, 'g> {
    decoder: Decoder<'a, 'g>,
    rest: Items<'a>,
    index: usize,
}

impl<'de> SeqAccess<'de> for ListReader<'_, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        loop {
            let Some(item) = self.rest.next() else { return Ok(None) };
            let index = self.index;
            self.index += 1;
            if self.decoder.gathered.is_open(item) {
                continue;
            }
            let child = self.decoder.child(item, None);
            return seed.deserialize(child).map(Some).map_err(|error| child.placed(error).in_item(item, index));
        }
    }
}

struct MapReader<'a, 'g> {
    decoder: Decoder<'a, 'g>,
    keys: Keys,
    /// Fields that have to be there for our type, but not for Go's; those that were there are taken off.
    missing: &'static [&'static str],
    rest: Entries<'a>,
    /// The entry whose key was read; nothing while a missing field is made up.
    value: Option<Entry<'a>>,
}

impl<'de> MapAccess<'de> for MapReader<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        for entry in self.rest.by_ref() {
            let name = entry.name();
            if let Some(fields) = self.keys.fields()
                && !fields.contains(&name)
            {
                self.decoder.report_unknown(entry, fields);
                continue;
            }
            if self.decoder.gathered.is_open(entry.value) {
                continue;
            }
            if self.keys.fields().is_some() && NAMES_OF_TYPES.contains(&name) {
                self.decoder.child(entry.value, Some(entry.key)).check_string(name)?;
                continue;
            }
            self.value = Some(entry);
            if self.missing.contains(&name) {
                self.missing = &[];
            }
            let key = if matches!(self.keys, Keys::Any) { "" } else { name };
            return seed.deserialize(key.into_deserializer()).map(Some);
        }
        self.value = None;
        let Some((missing, rest)) = self.missing.split_first() else { return Ok(None) };
        self.missing = rest;
        seed.deserialize((*missing).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(entry) = self.value else { return seed.deserialize(Zero) };
        let child = self.decoder.child(entry.value, Some(entry.key));
        seed.deserialize(child).map_err(|error| child.placed(error).in_entry(entry.name()))
    }
}

/// The value of a time that is not there.
struct Zero;

impl<'de> serde::Deserializer<'de> for Zero {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(TIME.into_deserializer())
    }

    /// Where the field is an `Option`, nothing is missing.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
