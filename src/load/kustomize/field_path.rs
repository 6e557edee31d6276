//! Paths with dots into objects, as replacements and variables write them: `spec.containers.[name=a].image`.
//!
//! The rules are those of `kyaml/utils/pathsplitter.go` and `kyaml/yaml/match.go`.

use super::UNKNOWN;
use super::fields::split;
use crate::source::{SourceId, Span};
use crate::yaml::parse;
use crate::yaml::tree::{Content, MAX_DEPTH, Tree, TreeEntry};
use regex::Regex;
use std::sync::Arc;

/// The steps of a path. What stands in brackets is one step; without a `=` in them, the brackets go.
pub(super) fn split_smartly(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut parts = split(path, '.').into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            steps.push(part);
            continue;
        }
        let mut bracketed = part;
        for part in parts.by_ref() {
            bracketed.push('.');
            bracketed.push_str(&part);
            if part.ends_with(']') {
                break;
            }
        }
        let is_selector = bracketed.contains('=');
        steps.push(if is_selector { bracketed } else { bracketed.trim_matches(['[', ']']).to_owned() });
    }
    steps
}

/// Key and value of a step such as `[name=a]`.
fn selector(step: &str) -> Option<(&str, &str)> {
    step.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

fn index(step: &str) -> Option<usize> {
    step.parse().ok()
}

/// The node at the end of a path that is to be read.
pub(super) fn find<'t>(tree: &'t Tree, steps: &[String]) -> Option<&'t Tree> {
    let mut node = tree;
    for step in steps.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        node = match &node.content {
            Content::List(items) if step == "-" => items.last()?,
            Content::List(items) => match selector(step) {
                Some(("", value)) => items.iter().find(|it| it.scalar() == Some(value))?,
                Some((key, value)) => items.iter().find(|it| it.text_at(&[key]) == Some(value))?,
                None => items.get(index(step)?)?,
            },
            Content::Map(_) => node.get(step)?,
            Content::Plain(_) | Content::Text(_) => return None,
        };
    }
    Some(node)
}

/// What is made at the end of a path that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Nothing,
    Scalar,
    Map,
    List,
}

/// What is done to the nodes at the end of a path.
pub(super) type Change<'c> = dyn FnMut(&mut Tree) -> Result<(), String> + 'c;

/// A path whose ends are changed.
pub(super) struct Way {
    pub(super) made: Made,
    /// The place of what makes it.
    pub(super) at: Span,
}

impl Way {
    /// Goes to all nodes that a path leads to, and tells how many there were.
    pub(super) fn each(&self, node: &mut Tree, steps: &[String], change: &mut Change<'_>) -> Result<usize, String> {
        let Some((step, rest)) = steps.split_first() else {
            change(node)?;
            return Ok(1);
        };
        if steps.len() > MAX_DEPTH {
            return Err("a path of too many steps".to_owned());
        }
        if node.scalar() == Some(UNKNOWN) {
            return Ok(1);
        }
        if let Some(at) = index(step) {
            return self.item(list(node)?, at, rest, change);
        }
        if step.starts_with('[') && step.ends_with(']') {
            let (key, value) = selector(step).ok_or_else(|| format!("{step} holds no `=`"))?;
            return self.selected(list(node)?, (key, value), rest, change);
        }
        if step == "*" {
            let mut count = 0;
            for item in list(node)? {
                count += self.each(item, rest, change)?;
            }
            return Ok(count);
        }
        self.key(node, step, rest, change)
    }

    /// A node that the next step, or the end of the path, needs.
    fn make(&self, rest: &[String]) -> Tree {
        let next = rest.first().map(String::as_str);
        let content = match (next, self.made) {
            (Some(step), _) if index(step).is_some() || (step.starts_with('[') && step.ends_with(']')) => {
                Content::List(Vec::new())
            }
            (Some(_), _) | (None, Made::Map) => Content::Map(Vec::new()),
            (None, Made::List) => Content::List(Vec::new()),
            (None, Made::Scalar | Made::Nothing) => Content::Plain("".into()),
        };
        Tree { span: self.at, content }
    }

    fn item(
        &self,
        items: &mut Vec<Tree>,
        at: usize,
        rest: &[String],
        change: &mut Change<'_>,
    ) -> Result<usize, String> {
        if at == items.len() && self.made != Made::Nothing {
            items.push(self.make(rest));
        }
        let count = items.len();
        let item = items.get_mut(at).ok_or_else(|| format!("item {at} is asked for, and there are {count}"))?;
        self.each(item, rest, change)
    }

    fn selected(
        &self,
        items: &mut Vec<Tree>,
        (key, value): (&str, &str),
        rest: &[String],
        change: &mut Change<'_>,
    ) -> Result<usize, String> {
        let pattern = Regex::new(value).map_err(|_| format!("`{value}` is no regular expression"))?;
        let mut count = 0;
        for item in items.iter_mut() {
            let text = if key.is_empty() { item.scalar() } else { item.text_at(&[key]) };
            if text.is_some_and(|it| pattern.is_match(it.trim())) {
                count += self.each(item, if key.is_empty() { &[] } else { rest }, change)?;
            }
        }
        if count > 0 || self.made == Made::Nothing {
            return Ok(count);
        }
        let value = Tree { span: self.at, content: Content::Plain(value.into()) };
        let mut item = value.clone();
        if !key.is_empty() {
            item = Tree::map(self.at);
            item.put(TreeEntry::made(key, value));
        }
        items.push(item);
        let item = items.last_mut().expect("it was put there");
        self.each(item, if key.is_empty() { &[] } else { rest }, change)
    }

    fn key(&self, map: &mut Tree, key: &str, rest: &[String], change: &mut Change<'_>) -> Result<usize, String> {
        if map.is_null() {
            return Ok(0);
        }
        if !matches!(map.content, Content::Map(_)) {
            return Err(format!("{key} is asked for of what is no map"));
        }
        if map.get(key).is_none() {
            if self.made == Made::Nothing {
                return Ok(0);
            }
            map.put(TreeEntry::made(key, self.make(rest)));
        }
        let Content::Map(entries) = &mut map.content else { return Ok(0) };
        let Some(entry) = entries.iter_mut().find(|it| &*it.key == key) else { return Ok(0) };
        if !rest.is_empty() && entry.value.scalar().is_some() && !entry.value.is_null() {
            return self.inner(&mut entry.value, rest);
        }
        let before = entry.value.span;
        let count = self.each(&mut entry.value, rest, change)?;
        entry.is_one_line &= entry.value.span == before;
        Ok(count)
    }
}

impl Way {
    /// Goes into the text of a document inside a text. How kustomize writes it down again is not modelled, but
    /// whether it finds the way is.
    fn inner(&self, place: &mut Tree, rest: &[String]) -> Result<usize, String> {
        let text: Arc<str> = place.scalar().unwrap_or_default().into();
        let document = parse(SourceId(u32::MAX), &text, 0..text.len()).ok().flatten();
        let Some(mut inner) = document.and_then(|it| Tree::of(it.root())) else {
            return Err(format!("{} is asked for of a text that is no YAML", rest.join(".")));
        };
        let count = self.each(&mut inner, rest, &mut |_| Ok(()))?;
        if count > 0 {
            *place = Tree::text(UNKNOWN, self.at);
        }
        Ok(count)
    }
}

fn list(node: &mut Tree) -> Result<&mut Vec<Tree>, String> {
    match &mut node.content {
        Content::List(items) => Ok(items),
        _ => Err("an item is asked for of what is no list".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_keep_dots_in_a_step() {
        assert_eq!(split_smartly("a.[name=b.c].d"), ["a", "[name=b.c]", "d"]);
        assert_eq!(split_smartly("metadata.annotations.[a.b/c]"), ["metadata", "annotations", "a.b/c"]);
        assert_eq!(split_smartly("a\\.b.0"), ["a.b", "0"]);
    }
}
