//! Values that are to be written into a text: owned, in order, and without places.

use super::NodeRef;
use super::scalar::{self, Scalar};
use super::tree::{Content, Tree};

/// A value that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, a truth value or null, as it is to be written. What Kubernetes would read as text is text.
    Plain(String),
    /// Text, quoted where it has to be.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map, in the order in which it is to be written. No key stands in it twice.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A map of these entries: `Value::map([("minAvailable", 1.into())])`.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
        Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A list of these items.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
        Value::List(items.into_iter().collect())
    }

    /// A number, a truth value or null in the words in which it is to be written: `0.5`.
    pub fn plain(text: impl Into<String>) -> Value {
        Value::Plain(text.into())
    }

    /// Text, whatever it looks like: `"8080"` stays a string.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// What a node says, merge keys applied and aliases replaced by what they stand for; none if that is too much.
    pub fn of(node: NodeRef<'_>) -> Option<Value> {
        Tree::of(node).map(|it| Value::from(&it))
    }

    /// The value of an entry of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => entries.iter().find(|it| it.0 == key).map(|it| &it.1),
            _ => None,
        }
    }

    /// What a scalar says.
    pub(super) fn scalar(&self) -> Option<Scalar<'_>> {
        match self {
            Value::Plain(text) => Some(scalar::resolve(text)),
            Value::Text(text) => Some(Scalar::Str(text)),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether it is a map or a list that holds something.
    pub(super) fn is_filled(&self) -> bool {
        match self {
            Value::Map(entries) => !entries.is_empty(),
            Value::List(items) => !items.is_empty(),
            Value::Plain(_) | Value::Text(_) => false,
        }
    }

    /// Whether a node says exactly this to Kubernetes, whatever the order of its keys.
    pub fn is_said_by(&self, node: NodeRef<'_>) -> bool {
        match self {
            Value::Map(entries) => {
                let mut own: Vec<_> = entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
                let mut theirs: Vec<_> = node.entries().map(|it| (it.name(), it.value)).collect();
                own.sort_by_key(|it| it.0);
                theirs.sort_by_key(|it| it.0);
                let mut pairs = own.iter().zip(&theirs);
                node.is_map()
                    && own.len() == theirs.len()
                    && pairs.all(|(own, theirs)| own.0 == theirs.0 && own.1.is_said_by(theirs.1))
            }
            Value::List(items) => {
                let mut theirs = node.items();
                node.is_seq()
                    && items.iter().all(|own| theirs.next().is_some_and(|it| own.is_said_by(it)))
                    && theirs.next().is_none()
            }
            Value::Plain(_) | Value::Text(_) => self.scalar() == node.scalar(),
        }
    }
}

impl From<&Tree> for Value {
    fn from(tree: &Tree) -> Value {
        match &tree.content {
            Content::Plain(text) => match scalar::resolve(text) {
                Scalar::Str(text) => Value::Text(text.to_owned()),
                _ => Value::Plain(text.to_string()),
            },
            Content::Text(text) => Value::Text(text.to_string()),
            Content::List(items) => Value::List(items.iter().map(Value::from).collect()),
            Content::Map(entries) => {
                Value::Map(entries.iter().map(|it| (it.key.to_string(), Value::from(&it.value))).collect())
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Plain(value.to_string())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Plain(value.to_string())
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Value {
        Value::Plain(value.to_string())
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Value {
        Value::List(items)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Value {
        Value::List(items.into_iter().collect())
    }
}
