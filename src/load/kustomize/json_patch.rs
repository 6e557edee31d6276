//! JSON patches (RFC 6902), as evanphx/json-patch applies them.

use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// Why an operation cannot be done, and which.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) span: Span,
}

/// Applies the operations of a patch in order; the first that cannot be done ends it.
pub(super) fn apply(tree: &mut Tree, patch: &Tree) -> Result<(), Refusal> {
    for operation in patch.items() {
        let refuse = |message: String| Refusal { message, span: place(operation) };
        let text = |key: &str| operation.text_at(&[key]);
        let Some(path) = text("path") else { return Err(refuse("an operation without a path".to_owned())) };
        let missing = |path: &str| refuse(format!("the object has nothing at {path}"));
        let value = operation.entries().iter().find(|it| &*it.key == "value");
        match (text("op").unwrap_or_default(), value) {
            ("add", Some(value)) => add(tree, path, value).ok_or_else(|| missing(path))?,
            ("replace", Some(value)) => replace(tree, path, value).ok_or_else(|| missing(path))?,
            ("remove", _) => drop(remove(tree, path).ok_or_else(|| missing(path))?),
            ("test", Some(value)) => {
                let there = find(tree, path).ok_or_else(|| missing(path))?;
                if !is_equal(there, &value.value) {
                    return Err(refuse(format!("the value at {path} is not the one that the patch tests for")));
                }
            }
            (op @ ("move" | "copy"), _) => {
                let from = text("from").unwrap_or_default();
                let entry = if op == "move" { remove(tree, from) } else { copy(tree, from) };
                add(tree, path, &entry.ok_or_else(|| missing(from))?).ok_or_else(|| missing(path))?;
            }
            (op, _) => return Err(refuse(format!("`{op}` is no operation of a JSON patch with what is given"))),
        }
    }
    Ok(())
}

/// Where to point for an operation: at its path, which is on one line.
fn place(operation: &Tree) -> Span {
    operation.get("path").map_or(operation.span, |it| it.span)
}

/// The steps of a JSON pointer.
fn steps(path: &str) -> Option<Vec<String>> {
    if path.is_empty() {
        return Some(Vec::new());
    }
    let steps = path.strip_prefix('/')?.split('/');
    Some(steps.map(|it| it.replace("~1", "/").replace("~0", "~")).collect())
}

fn index(step: &str, length: usize) -> Option<usize> {
    // evanphx/json-patch counts negative numbers from the end.
    let number: i64 = step.parse().ok()?;
    let number = if number < 0 { number + i64::try_from(length).ok()? } else { number };
    usize::try_from(number).ok()
}

fn walk<'a>(tree: &'a mut Tree, steps: &[String]) -> Option<&'a mut Tree> {
    steps.iter().try_fold(tree, |node, step| {
        if matches!(node.content, Content::List(_)) {
            let at = index(step, node.items().len())?;
            return node.items_mut().get_mut(at);
        }
        node.get_mut(step)
    })
}

fn find<'a>(tree: &'a mut Tree, path: &str) -> Option<&'a Tree> {
    walk(tree, &steps(path)?).map(|it| &*it)
}

/// Puts a value at a path whose parent is there. The entry keeps the place of the patch's `value`.
fn add(tree: &mut Tree, path: &str, value: &TreeEntry) -> Option<()> {
    let steps = steps(path)?;
    let Some((last, above)) = steps.split_last() else {
        *tree = value.value.clone();
        return Some(());
    };
    let parent = walk(tree, above)?;
    match &mut parent.content {
        Content::Map(_) => parent.put(TreeEntry { key: last.as_str().into(), ..value.clone() }),
        Content::List(items) => {
            let at = if last == "-" { items.len() } else { index(last, items.len())? };
            if at > items.len() {
                return None;
            }
            items.insert(at, value.value.clone());
        }
        Content::Plain(_) | Content::Text(_) => return None,
    }
    Some(())
}

fn replace(tree: &mut Tree, path: &str, value: &TreeEntry) -> Option<()> {
    let steps = steps(path)?;
    let there = walk(tree, &steps)?;
    let Some((last, above)) = steps.split_last() else {
        *there = value.value.clone();
        return Some(());
    };
    let parent = walk(tree, above)?;
    match &mut parent.content {
        Content::List(items) => {
            let at = index(last, items.len())?;
            items[at] = value.value.clone();
        }
        _ => parent.put(TreeEntry { key: last.as_str().into(), ..value.clone() }),
    }
    Some(())
}

fn remove(tree: &mut Tree, path: &str) -> Option<TreeEntry> {
    let steps = steps(path)?;
    let (last, above) = steps.split_last()?;
    let parent = walk(tree, above)?;
    match &mut parent.content {
        Content::List(items) => {
            let at = index(last, items.len()).filter(|it| *it < items.len())?;
            Some(TreeEntry::made(last, items.remove(at)))
        }
        _ => parent.remove(last),
    }
}

fn copy(tree: &mut Tree, path: &str) -> Option<TreeEntry> {
    let steps = steps(path)?;
    let value = walk(tree, &steps)?.clone();
    Some(TreeEntry::made(steps.last()?, value))
}

/// Whether two values are the same, wherever they stand and however they are quoted.
fn is_equal(one: &Tree, other: &Tree) -> bool {
    match (&one.content, &other.content) {
        (Content::List(one), Content::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Content::Map(entries), Content::Map(others)) => {
            let same = |it: &TreeEntry| other.get(&it.key).is_some_and(|value| is_equal(&it.value, value));
            entries.len() == others.len() && entries.iter().all(same)
        }
        (Content::Plain(one), Content::Plain(other)) | (Content::Text(one), Content::Text(other)) => one == other,
        _ => false,
    }
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
        match apply(&mut object, &tree(patch)) {
            Ok(()) => json::to_string(object.freeze(SourceId(0), Vec::new()).root()),
            Err(refusal) => refusal.message,
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
            ("{op: replace, path: /x, value: 1}", "the object has nothing at /x"),
            ("{op: add, path: /x/y, value: 1}", "the object has nothing at /x/y"),
            ("{op: remove, path: /l/5}", "the object has nothing at /l/5"),
            ("{op: bend, path: /l}", "`bend` is no operation of a JSON patch with what is given"),
        ];
        for (operation, expected) in cases {
            assert_eq!(patched(object, &format!("[{operation}]")), expected, "{operation}");
        }
    }
}
