//! JSON patches (RFC 6902), as evanphx/json-patch 4.13 applies them with kustomize's settings.

use super::limits::{Copies, weight};
use super::pointer::{Failure, Step, index, parent};
use super::respell::timestamp;
use super::undo::Done;
use super::{Refusal, UNKNOWN};
use crate::source::Span;
use crate::yaml::scalar::{Scalar, resolve};
use crate::yaml::tree::{Content, MAX_DEPTH, Tree, TreeEntry};

/// Applies the operations of a patch in order, and notes what they do; the first that cannot be done ends it. `copies` counts
/// the values that they copy.
pub(super) fn apply(tree: &mut Tree, patch: &Tree, copies: &mut Copies, done: &mut Done) -> Result<(), Refusal> {
    for operation in patch.items() {
        match operate(tree, operation, copies, done) {
            Ok(()) | Err(Failure::Unknown) => {}
            Err(Failure::Missing(path)) => {
                return Err(refusal(operation, format!("the object has nothing at {path}")));
            }
            Err(Failure::Other(message)) => return Err(refusal(operation, message)),
        }
    }
    requote(tree);
    Ok(())
}

/// Points at the path of an operation, which is on one line.
fn refusal(operation: &Tree, message: String) -> Refusal {
    let span: Span = operation.get("path").map_or(operation.span, |it| it.span);
    Refusal { message, span }
}

fn operate(tree: &mut Tree, operation: &Tree, copies: &mut Copies, done: &mut Done) -> Result<(), Failure> {
    let text = |key: &str| operation.text_at(&[key]);
    let Some(path) = text("path") else { return Err(Failure::Other("an operation without a path".to_owned())) };
    let value = operation.entries().iter().find(|it| &*it.key == "value");
    // Without a value, it is null.
    let null = || TreeEntry::made("value", Tree { span: operation.span, content: Content::Plain("null".into()) });
    let value = || value.cloned().unwrap_or_else(null);
    let from = || text("from").ok_or_else(|| Failure::Other("an operation without `from`".to_owned()));
    match text("op").unwrap_or_default() {
        "add" => add(tree, path, value(), done),
        "replace" => replace(tree, path, value(), done),
        "remove" => remove(tree, path, done),
        "test" => test(tree, path, &value().value),
        "move" => {
            let from = from()?;
            let entry = get(tree, from)?.cloned();
            remove(tree, from, done)?;
            add(tree, path, TreeEntry::made("", entry.unwrap_or_else(|| null().value)), done)
        }
        "copy" => {
            let value = get(tree, from()?)?.cloned().unwrap_or_else(|| null().value);
            copies.spend("patches", weight(&value)).map_err(Failure::Other)?;
            add(tree, path, TreeEntry::made("", value), done)
        }
        op => Err(Failure::Other(format!("`{op}` is no operation of a JSON patch"))),
    }
}

/// The value at a pointer: an absent key of a map is none, an absent index a failure.
fn get<'t>(tree: &'t mut Tree, path: &str) -> Result<Option<&'t Tree>, Failure> {
    let missing = || Failure::Missing(path.to_owned());
    match parent(tree, path)? {
        (Step::Map(map), key) => Ok(map.get(&key)),
        (Step::List(items), key) => {
            let at = index(&key, items.len()).ok_or_else(missing)?;
            items.get(at).map(Some).ok_or_else(missing)
        }
    }
}

/// Puts a value at a path whose parent is there. The entry keeps the place of the patch's `value`.
fn add(tree: &mut Tree, path: &str, value: TreeEntry, done: &mut Done) -> Result<(), Failure> {
    if path.split('/').count() + value.value.depth() > MAX_DEPTH {
        return Err(Failure::Other(format!("the value at {path} is nested too deeply")));
    }
    match parent(tree, path)? {
        (Step::Map(map), key) => done.put(map, path, TreeEntry { key: key.as_str().into(), ..value }),
        (Step::List(items), key) => {
            // A negative index counts from behind the new item.
            let at = if key == "-" { Some(items.len()) } else { index(&key, items.len() + 1) };
            let at = at.filter(|it| *it <= items.len()).ok_or_else(|| Failure::Missing(path.to_owned()))?;
            done.insert(items, path, at, value.value);
        }
    }
    Ok(())
}

fn replace(tree: &mut Tree, path: &str, value: TreeEntry, done: &mut Done) -> Result<(), Failure> {
    if path.is_empty() {
        if value.value.scalar().is_some() {
            return Err(Failure::Other("the whole object cannot be replaced by a single value".to_owned()));
        }
        done.replace(tree, value.value);
        return Ok(());
    }
    match parent(tree, path)? {
        // A key that is not there yet is no failure.
        (Step::Map(map), key) => done.put(map, path, TreeEntry { key: key.as_str().into(), ..value }),
        (Step::List(items), key) => {
            let at = index(&key, items.len()).filter(|it| *it < items.len());
            done.set(items, path, at.ok_or_else(|| Failure::Missing(path.to_owned()))?, value.value);
        }
    }
    Ok(())
}

fn remove(tree: &mut Tree, path: &str, done: &mut Done) -> Result<(), Failure> {
    let is_there = match parent(tree, path)? {
        (Step::Map(map), key) => done.take(map, path, &key),
        (Step::List(items), key) => {
            let at = index(&key, items.len()).filter(|it| *it < items.len());
            at.map(|at| done.remove(items, path, at)).is_some()
        }
    };
    if is_there { Ok(()) } else { Err(Failure::Missing(path.to_owned())) }
}

fn test(tree: &mut Tree, path: &str, value: &Tree) -> Result<(), Failure> {
    let there = if path.is_empty() { Some(&*tree) } else { get(tree, path)? };
    let is_right = match there {
        Some(there) if there.scalar() == Some(UNKNOWN) => return Err(Failure::Unknown),
        Some(there) => is_equal(there, value),
        None => value.is_null(),
    };
    let message = || format!("the value at {path} is not the one that the patch tests for");
    if is_right { Ok(()) } else { Err(Failure::Other(message())) }
}

/// Whether two values are the same, wherever they stand and however they are quoted.
pub(super) fn is_equal(one: &Tree, other: &Tree) -> bool {
    match (&one.content, &other.content) {
        (Content::List(one), Content::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Content::Map(entries), Content::Map(others)) => {
            let same = |it: &TreeEntry| other.get(&it.key).is_some_and(|value| is_equal(&it.value, value));
            entries.len() == others.len() && entries.iter().all(same)
        }
        (Content::List(_) | Content::Map(_), _) | (_, Content::List(_) | Content::Map(_)) => false,
        _ => one.typed() == other.typed(),
    }
}

/// Quotes texts as they are quoted when JSON becomes YAML again: a later patch keeps a quoted value a text.
fn requote(tree: &mut Tree) {
    match &mut tree.content {
        Content::Text(text) if !needs_quotes(text) => tree.content = Content::Plain(std::mem::take(text)),
        // A null is spelt out in JSON.
        Content::Plain(text) if resolve(text) == Scalar::Null => tree.content = Content::Plain("null".into()),
        Content::Plain(text) => {
            if let Some(time) = timestamp(text) {
                tree.content = Content::Text(time.into());
            }
        }
        Content::Text(_) => {}
        Content::List(items) => items.iter_mut().for_each(requote),
        Content::Map(entries) => entries.iter_mut().for_each(|it| requote(&mut it.value)),
    }
}

fn needs_quotes(text: &str) -> bool {
    let is_odd = |it: char| it.is_control() || it == '\u{feff}';
    !matches!(resolve(text), Scalar::Str(_))
        || timestamp(text).is_some()
        || text.is_empty()
        || text.starts_with(|it: char| it.is_whitespace() || "-?:,[]{}#&*!|>'\"%@`=".contains(it))
        || text.ends_with(|it: char| it.is_whitespace() || it == ':')
        || text.contains(": ")
        || text.contains(" #")
        || text.contains(is_odd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::yaml::{json, parse};
    use std::sync::Arc;

    fn tree(text: &str) -> Tree {
        let text: Arc<str> = text.into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        Tree::of(document.root()).expect("small")
    }

    fn patched(object: &str, patch: &str) -> String {
        let mut object = tree(object);
        let before = object.clone();
        let mut done = Done::default();
        match apply(&mut object, &tree(patch), &mut Copies { spent: 0, most: 1_000 }, &mut done) {
            Ok(()) => json::to_string(object.freeze(SourceId(0), Vec::new()).root()),
            Err(refusal) => {
                done.undo(&mut object);
                assert_eq!(object, before, "{patch}");
                refusal.message
            }
        }
    }

    #[test]
    fn operations_do_what_the_standard_says() {
        let object = "{a: {b: 1}, l: [1, 2]}";
        let cases = [
            ("{op: add, path: /a/c~1d, value: x}", r#"{"a":{"b":1,"c/d":"x"},"l":[1,2]}"#),
            ("{op: add, path: /l/-, value: 3}", r#"{"a":{"b":1},"l":[1,2,3]}"#),
            ("{op: add, path: /l/0, value: 0}", r#"{"a":{"b":1},"l":[0,1,2]}"#),
            ("{op: replace, path: /a/b, value: [7]}", r#"{"a":{"b":[7]},"l":[1,2]}"#),
            ("{op: replace, path: /l/1, value: 9}", r#"{"a":{"b":1},"l":[1,9]}"#),
            ("{op: remove, path: /l/0}", r#"{"a":{"b":1},"l":[2]}"#),
            ("{op: move, from: /a/b, path: /z}", r#"{"a":{},"l":[1,2],"z":1}"#),
            ("{op: copy, from: /l, path: /a/l}", r#"{"a":{"b":1,"l":[1,2]},"l":[1,2]}"#),
            ("{op: test, path: /a, value: {b: 1}}", r#"{"a":{"b":1},"l":[1,2]}"#),
            ("{op: test, path: /a/b, value: 2}", "the value at /a/b is not the one that the patch tests for"),
            ("{op: replace, path: /x, value: 1}", r#"{"a":{"b":1},"l":[1,2],"x":1}"#),
            ("{op: replace, path: /x/y, value: 1}", "the object has nothing at /x/y"),
            ("{op: remove, path: /x}", "the object has nothing at /x"),
            ("{op: add, path: /l/-1, value: 3}", r#"{"a":{"b":1},"l":[1,2,3]}"#),
            ("{op: replace, path: /l/-1, value: 3}", r#"{"a":{"b":1},"l":[1,3]}"#),
            ("{op: test, path: /x, value: null}", r#"{"a":{"b":1},"l":[1,2]}"#),
            ("{op: add, path: /x/y, value: 1}", "the object has nothing at /x/y"),
            ("{op: remove, path: /l/5}", "the object has nothing at /l/5"),
            ("{op: bend, path: /l}", "`bend` is no operation of a JSON patch"),
        ];
        for (operation, expected) in cases {
            assert_eq!(patched(object, &format!("[{operation}]")), expected, "{operation}");
            let fails = format!("[{operation}, {{op: move, from: /a, path: /l/0}}, {{op: add, path: /q/r, value: 1}}]");
            assert!(!patched(object, &fails).starts_with('{'), "{operation}");
        }
    }
}
