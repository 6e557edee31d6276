//! Every change at every place of a tree, in every layout: the text is read, says exactly what was meant, and is as it
//! was everywhere else.

use super::written::{Comments, Layout};
use super::*;
use crate::edit::Edited;
use serde_json::{Map, Value as Json, json};

/// What is edited.
fn tree() -> Value {
    let container = Value::map([
        ("name", "main".into()),
        ("ports", Value::list([80.into(), 81.into()])),
        ("on", Value::map([("a", "x".into()), ("b", true.into())])),
    ]);
    let other = Value::map([("name", "side".into())]);
    let spec = Value::map([
        ("replicas", 1.into()),
        ("none", Value::plain("null")),
        ("empty", Value::Map(Vec::new())),
        ("single", Value::map([("only", "one".into())])),
        ("containers", Value::list([container, other])),
        ("args", Value::list(["first".into(), "second".into()])),
        ("last", "end".into()),
    ]);
    Value::map([("kind", "Thing".into()), ("spec", spec), ("tail", Value::map([("t", "u".into())]))])
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    SetNumber,
    SetText,
    SetMap,
    InsertLast,
    InsertFirst,
    InsertAfter,
    Push,
    Remove,
    Rename,
    Append,
}

const OPERATIONS: [Operation; 10] = [
    Operation::SetNumber,
    Operation::SetText,
    Operation::SetMap,
    Operation::InsertLast,
    Operation::InsertFirst,
    Operation::InsertAfter,
    Operation::Push,
    Operation::Remove,
    Operation::Rename,
    Operation::Append,
];

fn new_map() -> Value {
    let inner = Value::map([("port", 8080.into()), ("yes", "no".into())]);
    Value::map([("list", Value::list([inner, "a, b".into()])), ("empty", Value::list([]))])
}

fn json_of(value: &Value) -> Json {
    match value {
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), json_of(value))).collect::<Map<_, _>>().into()
        }
        Value::List(items) => items.iter().map(json_of).collect(),
        Value::Text(text) => text.as_str().into(),
        Value::Plain(text) => serde_json::from_str(text).expect("a plain value of the test is JSON"),
    }
}

impl Operation {
    /// Makes the change at a path, or says that it has nothing to do there.
    fn make(self, editor: &mut Editor<'_>, documents: &[Document], path: &str) -> Option<Result<(), Refusal>> {
        let node = follow(documents[0].root(), path)?;
        Some(match self {
            Operation::SetNumber => editor.set(node, &7.into()),
            Operation::SetText => editor.set(node, &"on".into()),
            Operation::SetMap => editor.set(node, &new_map()),
            Operation::InsertLast if node.is_map() => editor.insert(node, "new", &new_map(), At::Last),
            Operation::InsertFirst if node.is_map() => editor.insert(node, "new", &7.into(), At::First),
            Operation::InsertAfter if node.is_map() => {
                editor.insert(node, "new", &"x: y".into(), At::Ordered(&["replicas"]))
            }
            Operation::Push if node.is_seq() => editor.push(node, &new_map()),
            Operation::Remove => editor.remove(node),
            Operation::Rename => {
                let (map, name) = path.rsplit_once('.').unwrap_or(("", path));
                let map = follow(documents[0].root(), map)?;
                let entry = map.written_entries().find(|it| it.name() == name)?;
                editor.rename(entry.key, "another")
            }
            Operation::Append if path == "kind" => editor.append_document(documents[0].root(), &[new_map()]),
            _ => return None,
        })
    }

    /// What the documents say after it.
    fn expected(self, mut json: Json, pointer: &str) -> Vec<Json> {
        let (parent, name) = pointer.rsplit_once('/').expect("no change is made to the root");
        let node = json.pointer_mut(pointer).expect("the path is right");
        match self {
            Operation::SetNumber => *node = json!(7),
            Operation::SetText => *node = json!("on"),
            Operation::SetMap => *node = json_of(&new_map()),
            Operation::InsertLast => {
                _ = node.as_object_mut().expect("a map").insert("new".to_owned(), json_of(&new_map()));
            }
            Operation::InsertFirst => _ = node.as_object_mut().expect("a map").insert("new".to_owned(), json!(7)),
            Operation::InsertAfter => _ = node.as_object_mut().expect("a map").insert("new".to_owned(), json!("x: y")),
            Operation::Push => node.as_array_mut().expect("a list").push(json_of(&new_map())),
            Operation::Remove => remove(&mut json, pointer),
            Operation::Rename => {
                let map = json.pointer_mut(parent).and_then(Json::as_object_mut).expect("a map");
                let value = map.remove(name).expect("is there");
                map.insert("another".to_owned(), value);
            }
            Operation::Append => return vec![json, json_of(&new_map())],
        }
        vec![json]
    }
}

/// Takes out a member, and what holds nothing then.
fn remove(json: &mut Json, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("no root is removed");
    let is_empty = match json.pointer_mut(parent).expect("is there") {
        Json::Object(map) => {
            map.remove(name);
            map.is_empty()
        }
        Json::Array(items) => {
            items.remove(name.parse().expect("a position"));
            items.is_empty()
        }
        _ => unreachable!("a collection"),
    };
    if is_empty {
        remove(json, parent);
    }
}

/// Every path of a value but the root, as the tests write it and as JSON does.
fn paths(value: &Value, path: &str, pointer: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::Map(entries) => {
            for (key, value) in entries {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let pointer = format!("{pointer}/{key}");
                into.push((path.clone(), pointer.clone()));
                paths(value, &path, &pointer, into);
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                let (path, pointer) = (format!("{path}[{at}]"), format!("{pointer}/{at}"));
                into.push((path.clone(), pointer.clone()));
                paths(item, &path, &pointer, into);
            }
        }
        _ => {}
    }
}

fn said(text: &str) -> Vec<Json> {
    let json = |it: &Document| serde_json::from_str(&crate::json::to_string(it.root())).expect("our JSON is JSON");
    documents(text).iter().map(json).collect()
}

/// The text after a change, and how many comments went.
fn edit(text: &str, operation: Operation, path: &str) -> Option<(String, Vec<Edited>, usize)> {
    let mut sources = Sources::default();
    sources.add(Source::new("a.yaml", text));
    let documents = documents(text);
    let mut editor = Editor::new(&sources);
    let made = operation.make(&mut editor, &documents, path)?;
    made.unwrap_or_else(|it| panic!("{operation:?} {path}: {it}\n{text}"));
    let edited = editor.finish().unwrap_or_else(|it| panic!("{operation:?} {path}: {it}\n{text}"));
    for it in &edited {
        assert_eq!(editor.check_text(it.source), Ok(()), "{operation:?} {path}\n{text}");
    }
    let new = edited.first().map_or_else(|| text.to_owned(), |it| it.text.to_string());
    Some((new, edited, editor.lost_comments().len()))
}

#[test]
fn changes_are_right_in_every_layout() {
    let tree = tree();
    let mut all = Vec::new();
    paths(&tree, "", "", &mut all);
    let layouts = Layout::all();
    let mut made = 0;
    for (nth, layout) in layouts.iter().enumerate() {
        let text = layout.write(&tree);
        let old = said(&text);
        assert_eq!(old.len(), 1, "{layout:?}\n{text}");
        // Every layout meets every change at some places, and every place every change in some layouts.
        for (at, (path, pointer)) in all.iter().enumerate() {
            for (kind, operation) in OPERATIONS.into_iter().enumerate() {
                if (nth + at + kind) % 3 == 0 {
                    made += usize::from(is_right(layout, &text, operation, path, || {
                        operation.expected(old[0].clone(), pointer)
                    }));
                }
            }
        }
    }
    assert!(made > 10_000, "{made}");
}

/// Checks one change; whether there was something to change.
fn is_right(
    layout: &Layout,
    text: &str,
    operation: Operation,
    path: &str,
    expected: impl FnOnce() -> Vec<Json>,
) -> bool {
    let Some((new, edited, lost)) = edit(text, operation, path) else { return false };
    let place = || format!("{operation:?} {path} {layout:?}\n{text}\n=>\n{new}");
    assert_eq!(said(&new), expected(), "{}", place());
    let (mut from, mut to) = (0, 0);
    for edit in edited.iter().flat_map(|it| &it.edits) {
        let kept = &text[from..edit.range.start];
        assert_eq!(&new[to..to + kept.len()], kept, "{}", place());
        from = edit.range.end;
        to += kept.len() + edit.text.len();
    }
    assert_eq!(&new[to..], &text[from..], "{}", place());
    assert!(new.lines().all(|it| it.trim_end() == it), "{}", place());
    let breaks = |it: &str| (it.matches("\r\n").count(), it.matches('\n').count());
    let (long, any) = breaks(&new);
    let is_short = layout.line_break == "\n" || !text.contains('\n');
    assert!(if is_short { long == 0 } else { long == any }, "{}", place());
    let ends = new.ends_with('\n') == (layout.has_final_break || matches!(operation, Operation::Append));
    assert!(ends, "{}", place());
    let comments = |it: &str| it.matches('#').count();
    assert_eq!(comments(text), comments(&new) + lost, "{}", place());
    let keeps = !matches!(operation, Operation::Remove | Operation::SetMap | Operation::SetNumber | Operation::SetText);
    assert!(!keeps || lost == 0, "{}", place());
    assert!(layout.comments != Comments::None || lost == 0, "{}", place());
    // What was changed already is not changed again.
    let again = matches!(operation, Operation::Push | Operation::Append | Operation::Remove | Operation::Rename);
    if !again {
        let (twice, ..) = edit(&new, operation, path).expect("the place is still there");
        assert_eq!(twice, new, "{}", place());
    }
    true
}
