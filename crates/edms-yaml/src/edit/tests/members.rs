//! Members that come and go: in blocks, in brackets, and in JSON.

use super::*;

fn insert(editor: &mut Editor<'_>, documents: &[Document], at: At<'_>) -> Result<(), Refusal> {
    editor.insert(find(documents, "a"), "new", &Value::from(1), at)
}

#[test]
fn entries_come_into_brackets() {
    let last: Change = |editor, documents| insert(editor, documents, At::Last);
    for (before, after) in [
        ("a: {b: 1}\n", "a: {b: 1, new: 1}\n"),
        ("a: { b: 1, } # x\n", "a: { b: 1, new: 1, } # x\n"),
        ("a: {b: 1, c}\n", "a: {b: 1, c, new: 1}\n"),
        ("a: {b: 1, c: }\n", "a: {b: 1, c:, new: 1 }\n"),
        ("a: {b: 1,\n  c: 2}\n", "a: {b: 1,\n  c: 2, new: 1}\n"),
        ("a: {\n  b: 1,\n  c: 2 # x\n}\n", "a: {\n  b: 1,\n  c: 2, # x\n  new: 1\n}\n"),
        ("a: {\n  b: 1,\n  c: 2, # x\n}\n", "a: {\n  b: 1,\n  c: 2, # x\n  new: 1,\n}\n"),
        ("a: {\"b\": 1}\n", "a: {\"b\": 1, \"new\": 1}\n"),
        ("{\"a\":{\"b\":1}}\n", "{\"a\":{\"b\":1,\"new\":1}}\n"),
        ("{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n", "{\n\t\"a\": {\n\t\t\"b\": 1,\n\t\t\"new\": 1\n\t}\n}\n"),
    ] {
        assert_change(before, last, after);
    }
    let first: Change = |editor, documents| insert(editor, documents, At::First);
    assert_change("a: {b: 1}\n", first, "a: {new: 1, b: 1}\n");
    assert_change("a: { # x\n  b: 1\n}\n", first, "a: { # x\n  new: 1,\n  b: 1\n}\n");
    let after: Change = |editor, documents| insert(editor, documents, At::Ordered(&["b"]));
    assert_change("a: {b: 1, c: 2}\n", after, "a: {b: 1, new: 1, c: 2}\n");
    assert_change("a: {\n  b: 1, # x\n  c: 2\n}\n", after, "a: {\n  b: 1, # x\n  new: 1,\n  c: 2\n}\n");
}

#[test]
fn values_in_json_are_json() {
    let value = || Value::map([("x", Value::list(["yes".into(), 1.into()])), ("w", Value::plain("0o17"))]);
    let set: Change = |editor, documents| {
        let value = Value::map([("x", Value::list(["yes".into(), 1.into()])), ("w", Value::plain("0o17"))]);
        editor.set(find(documents, "a"), &value)
    };
    assert!(!value().is_said_by(documents("{}")[0].root()));
    for (before, after) in [
        ("{\"a\": null}\n", "{\"a\": {\"x\": [\"yes\", 1], \"w\": 15}}\n"),
        (
            "{\n  \"a\": \"z\",\n  \"b\": 1\n}\n",
            "{\n  \"a\": {\n    \"x\": [\n      \"yes\",\n      1\n    ],\n    \"w\": 15\n  },\n  \"b\": 1\n}\n",
        ),
        ("a: {}\n", "a: {x: [\"yes\", 1], w: 0o17}\n"),
        ("b: {\"a\": 1}\n", "b: {\"a\": {\"x\": [\"yes\", 1], \"w\": 15}}\n"),
    ] {
        let set: Change = if before.starts_with('b') {
            |editor, documents| {
                let value = Value::map([("x", Value::list(["yes".into(), 1.into()])), ("w", Value::plain("0o17"))]);
                editor.set(find(documents, "b.a"), &value)
            }
        } else {
            set
        };
        assert_change(before, set, after);
    }
}

#[test]
fn items_come_last() {
    let push: Change = |editor, documents| {
        editor.push(find(documents, "a"), &Value::map([("x", "a, b".into()), ("z", Value::list(["c".into()]))]))
    };
    for (before, after) in [
        ("a:\n- b # y\n\nc: 1\n", "a:\n- b # y\n- x: a, b\n  z:\n  - c\n\nc: 1\n"),
        ("a:\n    -   b: 1\nc: 1\n", "a:\n    -   b: 1\n    -   x: a, b\n        z:\n            -   c\nc: 1\n"),
        ("a:\n- b\n# y\nc: 1\n", "a:\n- b\n- x: a, b\n  z:\n  - c\n# y\nc: 1\n"),
        ("a: [b]\n", "a: [b, {x: \"a, b\", z: [c]}]\n"),
        ("a: [\n  b,\n]\n", "a: [\n  b,\n  {x: \"a, b\", z: [c]},\n]\n"),
        ("{\"a\": [1]}\n", "{\"a\": [1, {\"x\": \"a, b\", \"z\": [\"c\"]}]}\n"),
        ("a:\n- - b\n  - c\nd: 1\n", "a:\n- - b\n  - c\n- x: a, b\n  z:\n  - c\nd: 1\n"),
        ("a:\n-\nd: 1\n", "a:\n-\n- x: a, b\n  z:\n  - c\nd: 1\n"),
        ("a:\n-\n  b: 1\nd: 1\n", "a:\n-\n  b: 1\n- x: a, b\n  z:\n  - c\nd: 1\n"),
    ] {
        assert_change(before, push, after);
    }
}

#[test]
fn entries_go_with_their_lines() {
    let remove: Change = |editor, documents| editor.remove(find(documents, "a.b"));
    for (before, after) in [
        ("a:\n  b: 1\n  c: 2\n", "a:\n  c: 2\n"),
        ("a:\n  c: 2\n  # x\n  b: 1 # y\nd: 1\n", "a:\n  c: 2\nd: 1\n"),
        ("a:\n  c: 2\n\n  # x\n  # y\n  b:\n    z: 1\n    # t\n\n  # d\n  d: 1\n", "a:\n  c: 2\n\n\n  # d\n  d: 1\n"),
        ("a:\n  c: 2\n  b: |\n    x\n\n    y\nd: 1\n", "a:\n  c: 2\nd: 1\n"),
        ("a:\n  c: 2\n  b:\n  - x\n", "a:\n  c: 2\n"),
        ("a:\n  b: 1\nd: 1\n", "d: 1\n"),
        ("d: 1\na:\n  b: 1\n", "d: 1\n"),
        ("a: {b: 1, c: 2}\n", "a: {c: 2}\n"),
        ("a: {c: 2, b: 1}\n", "a: {c: 2}\n"),
        ("a: {c: 2, b: 1,}\n", "a: {c: 2,}\n"),
        ("a: {\n  c: 2, # x\n  b: 1 # y\n}\n", "a: {\n  c: 2 # x\n}\n"),
        ("a: {\n  b: 1, # y\n  c: 2\n}\n", "a: {\n  c: 2\n}\n"),
        ("a: {\n  c: 2,\n  b: 1,\n}\n", "a: {\n  c: 2,\n}\n"),
        ("{\"a\": {\"b\": 1}, \"c\": 2}\n", "{\"c\": 2}\n"),
        ("{\n  \"a\": {\n    \"c\": 2,\n    \"b\": 1\n  }\n}\n", "{\n  \"a\": {\n    \"c\": 2\n  }\n}\n"),
    ] {
        assert_change(before, remove, after);
    }
    let remove: Change = |editor, documents| editor.remove_from(find(documents, "a.b"));
    assert_change("a:\n  b: 1\nd: 1\n", remove, "a: {}\nd: 1\n");
    assert_change("a: {b: 1}\nd: 1\n", remove, "a: {}\nd: 1\n");
}

#[test]
fn items_go_and_what_stands_behind_a_dash_stays_there() {
    let remove: Change = |editor, documents| editor.remove(find(documents, "a[0]"));
    for (before, after) in [
        ("a:\n- b\n- c\n", "a:\n- c\n"),
        ("a:\n  - b: 1\n    c: 2\n  # x\n  - d\n", "a:\n  # x\n  - d\n"),
        ("a:\n- b\nc: 1\n", "c: 1\n"),
        ("a: [b, c]\n", "a: [c]\n"),
        ("c: 1\na: [b]\n", "c: 1\n"),
    ] {
        assert_change(before, remove, after);
    }
    let remove: Change = |editor, documents| editor.remove(find(documents, "a[0].b"));
    assert_change("a:\n- b: 1\n  c: 2\n- d\n", remove, "a:\n- c: 2\n- d\n");
    assert_change("a:\n- b: 1\n- d\n", remove, "a:\n- d\n");
    let remove: Change = |editor, documents| {
        editor.attempt(|editor| {
            editor.remove(find(documents, "a[0].b"))?;
            editor.insert(find(documents, "a[0]"), "new", &1.into(), At::First)
        })
    };
    assert_change("a:\n- b: 1\n  c: 2\n- d\n", remove, "a:\n- new: 1\n  c: 2\n- d\n");
}

#[test]
fn keys_get_other_names() {
    let rename: Change = |editor, documents| {
        let entry = documents[0].root().written_entries().next().expect("there is one");
        editor.rename(entry.key, "on")
    };
    for (before, after) in [
        ("a: 1 # x\n", "\"on\": 1 # x\n"),
        ("'a':\n  b: 1\n", "'on':\n  b: 1\n"),
        ("{a: 1}\n", "{\"on\": 1}\n"),
        ("{\"a\": 1}\n", "{\"on\": 1}\n"),
        ("a: &x 1\n", "\"on\": &x 1\n"),
    ] {
        assert_change(before, rename, after);
    }
    assert_refused("a: 1\n'on': 2\n", rename, "exists");
}

#[test]
fn documents_come_behind_others() {
    let append: Change = |editor, documents| {
        let object = Value::map([("kind", "B".into()), ("spec", Value::map([("l", Value::list([1.into()]))]))]);
        editor.append_document(find(documents, "kind").document().root(), &[object])
    };
    let new = "kind: B\nspec:\n  l:\n  - 1\n";
    for (before, after) in [
        ("kind: A\n".to_owned(), format!("kind: A\n---\n{new}")),
        ("kind: A\n\n# x\n---\nb: 1\n".to_owned(), format!("kind: A\n---\n{new}\n# x\n---\nb: 1\n")),
        ("kind: A\n  # x\n...\n---\nb: 1\n".to_owned(), format!("kind: A\n  # x\n...\n---\n{new}---\nb: 1\n")),
        ("a:\n  - 1\nkind: A\n".to_owned(), format!("a:\n  - 1\nkind: A\n---\n{}", new.replace("  - 1", "    - 1"))),
        ("{\"kind\":\"A\"}\n".to_owned(), "{\"kind\":\"A\"}\n---\n{\"kind\":\"B\",\"spec\":{\"l\":[1]}}\n".to_owned()),
        (
            "{\"kind\":\"A\"}\n{\"x\":1}\n".to_owned(),
            "{\"kind\":\"A\"}\n{\"kind\":\"B\",\"spec\":{\"l\":[1]}}\n{\"x\":1}\n".to_owned(),
        ),
    ] {
        assert_eq!(changed(&before, append), Ok(after.clone()));
        let (before, after) = (before.replace('\n', "\r\n"), after.replace('\n', "\r\n"));
        assert_eq!(changed(&before, append), Ok(after));
    }
    assert_eq!(changed("kind: A", append), Ok(format!("kind: A\n---\n{new}")));
    let append: Change =
        |editor, documents| editor.append_document(find(documents, "items[0]"), &[Value::map([("kind", "B".into())])]);
    assert_change(
        "items:\n- kind: A\n  b: 1\n- kind: C\n",
        append,
        "items:\n- kind: A\n  b: 1\n- kind: B\n- kind: C\n",
    );
    assert_change(
        "{\n  \"items\": [\n    {\n      \"kind\": \"A\"\n    }\n  ]\n}\n",
        append,
        "{\n  \"items\": [\n    {\n      \"kind\": \"A\"\n    },\n    {\n      \"kind\": \"B\"\n    }\n  ]\n}\n",
    );
}

#[test]
fn blank_lines_at_the_end_go_unless_they_are_text() {
    let remove: Change = |editor, documents| editor.remove(find(documents, "b"));
    assert_change("a: 1\n\n# x\nb: 1\n", remove, "a: 1\n");
    assert_eq!(changed("a: |+\n  x\n\nb: 1\n", remove).as_deref(), Ok("a: |+\n  x\n\n"));
    assert_change("a: 1\n\nb: 1\n---\nc: 1\n", remove, "a: 1\n\n---\nc: 1\n");
}
