//! `postBuild` of a Flux Kustomization: variables in built objects get their values.
//!
//! Facts: `fluxcd/pkg`, `kustomize/kustomize_varsub.go` and `envsubst/README.md`. A value from a ConfigMap or
//! Secret of the cluster is not known, so that its variable stays as it is written, which counts as unknown.

use crate::model::{Object, Problem, ProblemKind};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The label or annotation of objects that are left as they are.
const DISABLED: &str = "kustomize.toolkit.fluxcd.io/substitute";
/// How deep defaults may hold further variables.
const MAX_DEPTH: usize = 8;
/// So many variables are named.
const NAMED: usize = 5;
/// No more nodes are looked at for variables.
const MAX_NODES: usize = 500_000;

/// The values of variables.
#[derive(Debug)]
pub(super) struct Variables {
    values: BTreeMap<String, String>,
    /// Whether further values stand in objects of the cluster.
    is_open: bool,
    /// Where they are given.
    span: Span,
}

/// Names of variables without a value, which come to nothing.
pub(super) type Unset = BTreeSet<String>;

impl Variables {
    /// Those of a Kustomization, if it substitutes any.
    pub(super) fn of(spec: NodeRef<'_>) -> Option<Variables> {
        let post_build = spec.get("postBuild")?;
        let values: BTreeMap<String, String> = post_build
            .get("substitute")
            .into_iter()
            .flat_map(NodeRef::entries)
            .map(|it| (it.name().to_owned(), it.value.text().replace('\n', "")))
            .collect();
        let is_open = post_build.items_at(&["substituteFrom"]).next().is_some();
        let is_always = post_build.str_at(&["substituteStrategy"]) == Some("Always");
        (!values.is_empty() || is_open || is_always).then(|| Variables {
            values,
            is_open,
            span: post_build.first_line(),
        })
    }

    /// What is wrong where variables have no value: the controller takes them for empty texts.
    pub(super) fn problem(&self, unset: &Unset) -> Option<Problem> {
        let mut names = unset.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        if unset.len() > NAMED {
            names.push_str(&format!(" and {} more", unset.len() - NAMED));
        }
        let (verb, each) = if unset.len() == 1 { ("is", "it") } else { ("are", "each") };
        let message = format!("{names} {verb} set nowhere: Flux writes an empty text for {each}");
        let help = "set each in postBuild.substitute, give it a default as in ${NAME:=value}, or write $${NAME} for text that \
                    stays";
        let (kind, span, labels) = (ProblemKind::Doubtful, self.span, Vec::new());
        (!unset.is_empty()).then(|| Problem { kind, message, span, labels, help: Some(help.to_owned()) })
    }

    /// Replaces the variables of an object. None where it has none, or may not be changed.
    pub(super) fn apply(&self, object: &Object, unset: &mut Unset) -> Option<Object> {
        let says_no = |it: Option<&str>| it == Some("disabled");
        if says_no(object.label(DISABLED)) || says_no(object.annotation(DISABLED)) || !mentions(object.node()) {
            return None;
        }
        let mut tree = Tree::of(object.node())?;
        if !self.replace(&mut tree, unset) {
            return None;
        }
        let document = object.document();
        let document = Arc::new(tree.freeze(document.source(), document.comments().to_vec()));
        let mut replaced = Object::read(&document, document.root())?;
        replaced.is_governed = object.is_governed;
        Some(replaced)
    }

    /// Whether something was replaced.
    fn replace(&self, tree: &mut Tree, unset: &mut Unset) -> bool {
        match &mut tree.content {
            Content::Map(entries) => entries.iter_mut().fold(false, |any, it| self.replace(&mut it.value, unset) | any),
            Content::List(items) => items.iter_mut().fold(false, |any, it| self.replace(it, unset) | any),
            Content::Plain(text) | Content::Text(text) => {
                if !text.contains("${") {
                    return false;
                }
                let new = self.expand(text, 0, unset);
                if *new == **text {
                    return false;
                }
                // The text is written anew without quotes before it is replaced, so that a number stays one.
                let is_plain = !new.contains(['\n', '#', ':', '{', '[', '"', '\'']);
                let new: Box<str> = new.into();
                tree.content = if is_plain { Content::Plain(new) } else { Content::Text(new) };
                true
            }
        }
    }

    /// The text with the values of its variables.
    fn expand(&self, text: &str, depth: usize, unset: &mut Unset) -> String {
        let mut expanded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, variable) = rest.split_at(at);
            if let Some(before) = before.strip_suffix('$') {
                // `$${name}` stands for `${name}`.
                expanded.push_str(before);
                expanded.push_str("${");
                rest = &variable[2..];
                continue;
            }
            expanded.push_str(before);
            let Some(end) = closing(variable) else {
                rest = variable;
                break;
            };
            let (whole, after) = variable.split_at(end);
            match self.value(&whole[2..whole.len() - 1], depth, unset) {
                Some(value) => expanded.push_str(&value),
                None => expanded.push_str(whole),
            }
            rest = after;
        }
        expanded.push_str(rest);
        expanded
    }

    /// The value of what stands between the braces. None where it is not known.
    fn value(&self, inner: &str, depth: usize, unset: &mut Unset) -> Option<String> {
        let end = inner.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(inner.len());
        let (name, operation) = inner.split_at(end);
        let value = self.values.get(name);
        if name.is_empty() || (value.is_none() && self.is_open) {
            return None;
        }
        let default = |text: &str, unset: &mut Unset| (depth < MAX_DEPTH).then(|| self.expand(text, depth + 1, unset));
        match operation {
            "" => {
                if value.is_none() {
                    unset.insert(name.to_owned());
                }
                Some(value.cloned().unwrap_or_default())
            }
            _ if operation.starts_with(":=") || operation.starts_with(":-") => match value {
                Some(value) if !value.is_empty() => Some(value.clone()),
                _ => default(&operation[2..], unset),
            },
            // A variable without a value counts as set and empty, unless the controller is told to be strict.
            _ if operation.starts_with(['=', '-']) => value.cloned().or_else(|| default(&operation[1..], unset)),
            _ => None,
        }
    }
}

/// Whether a text below holds a variable.
fn mentions(node: NodeRef<'_>) -> bool {
    let mut left = vec![node];
    let mut seen = 0_usize;
    while let Some(node) = left.pop() {
        seen += 1;
        // Aliases can make much of little; what is too large is not changed anyway.
        if node.text().contains("${") || seen > MAX_NODES {
            return true;
        }
        left.extend(node.items());
        left.extend(node.written_entries().map(|it| it.value));
    }
    false
}

/// Where the variable that a text begins with ends.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn expand(text: &str, is_open: bool) -> String {
        let values = [("name", "shop"), ("none", "")].map(|it| (it.0.to_owned(), it.1.to_owned()));
        let variables =
            Variables { values: values.into(), is_open, span: Span { source: SourceId(0), start: 0, end: 0 } };
        variables.expand(text, 0, &mut Unset::new())
    }

    #[test]
    fn variables_get_their_values_or_stay() {
        for (text, closed, open) in [
            ("a-${name}-b", "a-shop-b", "a-shop-b"),
            ("${other}", "", "${other}"),
            ("${other:=3}", "3", "${other:=3}"),
            ("${none:-x}${none-y}", "x", "x"),
            ("${other:=${name}}!", "shop!", "${other:=${name}}!"),
            ("$${name} $name", "${name} $name", "${name} $name"),
            ("${name^^}", "${name^^}", "${name^^}"),
            ("${name", "${name", "${name"),
        ] {
            assert_eq!(expand(text, false), closed, "{text}");
            assert_eq!(expand(text, true), open, "{text}");
        }
    }
}
