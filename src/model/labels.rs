//! Labels and label selectors, complete: expressions, empty and absent selectors.

use super::is_placeholder;
use crate::yaml::NodeRef;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Labels of an object or of the pods of a template. Clones share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels<'a>(Arc<[(Cow<'a, str>, Cow<'a, str>)]>);

impl<'a> Labels<'a> {
    /// The entries of a `labels` map. Absent means none.
    pub fn read(node: Option<NodeRef<'a>>) -> Labels<'a> {
        let entries = node.into_iter().flat_map(NodeRef::entries);
        Labels(entries.map(|it| (it.key.text().into(), it.value.text().into())).collect())
    }

    /// Adds a label, or changes it.
    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        let (key, value) = (key.into(), value.into());
        let mut entries = self.0.to_vec();
        match entries.iter_mut().find(|it| it.0 == key) {
            Some(there) => there.1 = value,
            None => entries.push((key, value)),
        }
        self.0 = entries.into();
    }

    /// The value of a label.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|it| it.0 == key).map(|it| it.1.as_ref())
    }

    /// All, in the order they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value.as_ref()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// So many requirements of a selector are looked up one by one.
const FEW: usize = 16;

/// One condition of a selector.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement<'a> {
    /// The label's key.
    pub key: Cow<'a, str>,
    /// The operator.
    pub operator: Operator,
    /// The values; none for [`Operator::Exists`] and [`Operator::DoesNotExist`].
    pub values: Vec<Cow<'a, str>>,
}

/// The operator of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The label has one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

/// A label selector. One without requirements selects everything; one that selects nothing is `None`
/// where selectors are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector<'a> {
    /// All must hold.
    pub requirements: Vec<Requirement<'a>>,
}

impl<'a> Selector<'a> {
    /// Reads a `LabelSelector` with `matchLabels` and `matchExpressions`.
    pub fn read(node: NodeRef<'a>) -> Selector<'a> {
        let mut selector = Selector::of_labels(node.get("matchLabels"));
        for expression in node.items_at(&["matchExpressions"]) {
            let operator = match expression.str_at(&["operator"]) {
                Some("In") => Operator::In,
                Some("NotIn") => Operator::NotIn,
                Some("Exists") => Operator::Exists,
                Some("DoesNotExist") => Operator::DoesNotExist,
                _ => continue,
            };
            let key = expression.get("key").map(NodeRef::text).unwrap_or_default().into();
            let values = expression.items_at(&["values"]).map(|it| it.text().into()).collect();
            selector.requirements.push(Requirement { key, operator, values });
        }
        selector
    }

    /// A selector that asks for each label of a map, as a Service has it.
    pub fn of_labels(labels: Option<NodeRef<'a>>) -> Selector<'a> {
        let Labels(labels) = Labels::read(labels);
        let requirement = |(key, value): &(Cow<'a, str>, Cow<'a, str>)| Requirement {
            key: key.clone(),
            operator: Operator::In,
            values: vec![value.clone()],
        };
        Selector { requirements: labels.iter().map(requirement).collect() }
    }

    /// A selector that asks for these labels.
    pub fn of(labels: &[(&str, &str)]) -> Selector<'static> {
        let requirement = |(key, value): &(&str, &str)| Requirement {
            key: Cow::Owned((*key).to_owned()),
            operator: Operator::In,
            values: vec![Cow::Owned((*value).to_owned())],
        };
        Selector { requirements: labels.iter().map(requirement).collect() }
    }

    /// Whether a part of it is a template placeholder.
    pub fn is_open(&self) -> bool {
        self.requirements
            .iter()
            .any(|it| is_placeholder(&it.key) || it.values.iter().any(|value| is_placeholder(value)))
    }

    /// Whether it asks for nothing.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The same without what holds for all: that a label has not a value which none has, as `has` tells of a key with a
    /// value, or with any.
    #[must_use]
    pub fn effective(&self, has: impl Fn(&str, Option<&str>) -> bool) -> Selector<'a> {
        let shorten = |it: &Requirement<'a>| {
            let mut it = it.clone();
            match it.operator {
                Operator::NotIn => {
                    let key = it.key.clone();
                    it.values.retain(|value| has(&key, Some(value)));
                    (!it.values.is_empty()).then_some(it)
                }
                Operator::DoesNotExist => has(&it.key, None).then_some(it),
                Operator::In | Operator::Exists => Some(it),
            }
        };
        Selector { requirements: self.requirements.iter().filter_map(shorten).collect() }
    }

    /// Whether the labels fulfil it.
    pub fn matches(&self, labels: &Labels<'_>) -> bool {
        let (first, rest) = self.requirements.split_at(self.requirements.len().min(FEW));
        if !first.iter().all(|it| it.matches(labels)) {
            return false;
        }
        // Of many labels many selectors ask for each, where a kustomization gives them to all.
        let by_key: HashMap<&str, &str> = labels.iter().filter(|_| !rest.is_empty()).collect();
        rest.iter().all(|it| it.allows(by_key.get(it.key.as_ref()).copied()))
    }
}

impl Requirement<'_> {
    /// Whether the labels fulfil it.
    pub fn matches(&self, labels: &Labels<'_>) -> bool {
        self.allows(labels.get(&self.key))
    }

    /// Whether the value of its label fulfils it, or that there is none.
    fn allows(&self, value: Option<&str>) -> bool {
        match self.operator {
            Operator::In => value.is_some_and(|it| self.values.iter().any(|value| value == it)),
            Operator::NotIn => value.is_none_or(|it| !self.values.iter().any(|value| value == it)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

impl fmt::Display for Selector<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everything() {
            return f.write_str("everything");
        }
        for (at, it) in self.requirements.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            let values = it.values.join("|");
            match it.operator {
                Operator::In => write!(f, "{}={values}", it.key)?,
                Operator::NotIn => write!(f, "{}!={values}", it.key)?,
                Operator::Exists => write!(f, "{}", it.key)?,
                Operator::DoesNotExist => write!(f, "!{}", it.key)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_many_labels_match_as_those_of_few_do() {
        let keys: Vec<String> = (0..50).map(|it| format!("key{it}")).collect();
        let pairs: Vec<(&str, &str)> = keys.iter().map(|it| (it.as_str(), "a")).collect();
        let mut labels = Labels::default();
        for key in keys.iter().rev() {
            labels.set(key.as_str(), "a");
        }
        let selector = Selector::of(&pairs);
        assert!(selector.matches(&labels));
        for at in [0, FEW - 1, FEW, 49] {
            let mut other = labels.clone();
            other.set(keys[at].as_str(), "b");
            assert!(!selector.matches(&other), "{at}");
            let mut selector = selector.clone();
            selector.requirements[at].operator = Operator::NotIn;
            assert!(selector.matches(&other) && !selector.matches(&labels), "{at}");
            selector.requirements[at].operator = Operator::DoesNotExist;
            assert!(!selector.matches(&labels), "{at}");
            selector.requirements[at].key = "other".into();
            assert!(selector.matches(&labels), "{at}");
        }
    }
}
