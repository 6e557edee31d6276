//! Paths with dots into objects, as replacements and variables write them: `spec.containers.[name=a].image`.
//!
//! The rules are those of `kyaml/utils/pathsplitter.go` and `kyaml/yaml/match.go`.

use super::UNKNOWN;
use super::fields::split;
use super::shared::{Trail, step_to};
use crate::model::pattern;
use crate::source::{SourceId, Span};
use crate::yaml::parse;
use crate::yaml::tree::{Content, MAX_DEPTH, Tree, TreeEntry};
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

/// Where the node at the end of a path that is to be read stands.
pub(super) fn find(tree: &Tree, steps: &[String]) -> Option<Trail> {
    let mut node = tree;
    let mut trail = Trail::new();
    for step in steps.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
        let items = node.items();
        let at = match (&node.content, selector(step)) {
            (Content::List(_), _) if step == "-" => items.len().checked_sub(1)?.to_string(),
            (Content::List(_), Some(("", value))) => {
                items.iter().position(|it| it.scalar() == Some(value))?.to_string()
            }
            (Content::List(_), Some((key, value))) => {
                items.iter().position(|it| it.text_at(&[key]) == Some(value))?.to_string()
            }
            (Content::List(_), None) => index(step)?.to_string(),
            _ => step.to_owned(),
        };
        node = step_to(node, &at)?;
        trail.push(at);
    }
    Some(trail)
}

/// What is made at the end of a path that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    Nothing,
    Scalar,
    Map,
    List,
}

/// The end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A node that was there.
    There(Trail),
    /// One that was made.
    Made(Trail),
    /// One inside of a text or of what is not known: what becomes of it is not known either.
    Hidden,
}

/// Goes to all nodes that a path leads to, and makes what is to be made; `at` is the place of what makes it.
pub(super) fn ends(tree: &mut Tree, steps: &[String], made: Made, at: Span) -> Result<Vec<End>, String> {
    if steps.len() > MAX_DEPTH {
        return Err("a path of too many steps".to_owned());
    }
    let mut way = Way { made, at, trail: Trail::new(), ends: Vec::new() };
    way.go(tree, steps, false)?;
    Ok(way.ends)
}

/// A path on the way to its ends.
struct Way {
    made: Made,
    at: Span,
    trail: Trail,
    ends: Vec<End>,
}

impl Way {
    /// Goes on from a node, which may have been made on the way.
    fn go(&mut self, node: &mut Tree, steps: &[String], is_made: bool) -> Result<(), String> {
        let Some((step, rest)) = steps.split_first() else {
            let trail = self.trail.clone();
            self.ends.push(if is_made { End::Made(trail) } else { End::There(trail) });
            return Ok(());
        };
        if node.scalar() == Some(UNKNOWN) {
            self.ends.push(End::Hidden);
            return Ok(());
        }
        if let Some(at) = index(step) {
            return self.item(list(node)?, at, rest);
        }
        if step.starts_with('[') && step.ends_with(']') {
            let (key, value) = selector(step).ok_or_else(|| format!("{step} holds no `=`"))?;
            return self.selected(list(node)?, (key, value), rest);
        }
        if step == "*" {
            let items = list(node)?.iter_mut().enumerate();
            return items.into_iter().try_for_each(|(at, it)| self.below(at.to_string(), it, rest, false));
        }
        self.key(node, step, rest)
    }

    fn below(&mut self, step: String, node: &mut Tree, rest: &[String], is_made: bool) -> Result<(), String> {
        self.trail.push(step);
        let result = self.go(node, rest, is_made);
        self.trail.pop();
        result
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

    fn item(&mut self, items: &mut Vec<Tree>, at: usize, rest: &[String]) -> Result<(), String> {
        let is_made = at == items.len() && self.made != Made::Nothing;
        if is_made {
            items.push(self.make(rest));
        }
        let count = items.len();
        let item = items.get_mut(at).ok_or_else(|| format!("item {at} is asked for, and there are {count}"))?;
        self.below(at.to_string(), item, rest, is_made)
    }

    fn selected(&mut self, items: &mut Vec<Tree>, (key, value): (&str, &str), rest: &[String]) -> Result<(), String> {
        let pattern = pattern(value).map_err(|_| format!("`{value}` is no regular expression"))?;
        let rest = if key.is_empty() { &[] } else { rest };
        let before = self.ends.len();
        for (at, item) in items.iter_mut().enumerate() {
            let text = if key.is_empty() { item.scalar() } else { item.text_at(&[key]) };
            if text.is_some_and(|it| pattern.is_match(it.trim())) {
                self.below(at.to_string(), item, rest, false)?;
            }
        }
        if self.ends.len() > before || self.made == Made::Nothing {
            return Ok(());
        }
        let value = Tree { span: self.at, content: Content::Plain(value.into()) };
        let mut item = value.clone();
        if !key.is_empty() {
            item = Tree::map(self.at);
            item.put(TreeEntry::made(key, value));
        }
        let at = items.len().to_string();
        items.push(item);
        self.below(at, items.last_mut().expect("it was put there"), rest, true)
    }

    fn key(&mut self, map: &mut Tree, key: &str, rest: &[String]) -> Result<(), String> {
        if map.is_null() {
            return Ok(());
        }
        if !matches!(map.content, Content::Map(_)) {
            return Err(format!("{key} is asked for of what is no map"));
        }
        let is_made = map.get(key).is_none();
        if is_made {
            if self.made == Made::Nothing {
                return Ok(());
            }
            map.put(TreeEntry::made(key, self.make(rest)));
        }
        let Some(value) = map.get_mut(key) else { return Ok(()) };
        if !rest.is_empty() && value.scalar().is_some() && !value.is_null() {
            return self.inner(value, rest);
        }
        self.below(key.to_owned(), value, rest, is_made)
    }

    /// Goes into the text of a document inside a text. How kustomize writes it down again is not modelled, but
    /// whether it finds the way is.
    fn inner(&mut self, place: &mut Tree, rest: &[String]) -> Result<(), String> {
        let text: Arc<str> = place.scalar().unwrap_or_default().into();
        let document = parse(SourceId(u32::MAX), &text, 0..text.len()).ok().flatten();
        let Some(mut inner) = document.and_then(|it| Tree::of(it.root())) else {
            return Err(format!("{} is asked for of a text that is no YAML", rest.join(".")));
        };
        if !ends(&mut inner, rest, self.made, self.at)?.is_empty() {
            *place = Tree::text(UNKNOWN, self.at);
            self.ends.push(End::Hidden);
        }
        Ok(())
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
