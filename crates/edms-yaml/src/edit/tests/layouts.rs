//! Every way in which a place can be written, with what an edit makes of it.

use super::*;

fn nested() -> Value {
    Value::map([("k", Value::map([("l", Value::list([Value::map([("m", 1.into()), ("o", "on".into())])]))]))])
}

fn set_a(editor: &mut Editor<'_>, documents: &[Document], value: impl Into<Value>) -> Result<(), Refusal> {
    editor.set(find(documents, "a"), &value.into())
}

fn insert_in(editor: &mut Editor<'_>, documents: &[Document], path: &str, at: At<'_>) -> Result<(), Refusal> {
    editor.insert(find(documents, path), "new", &Value::from(1), at)
}

#[test]
fn scalars_are_replaced_in_their_quotes() {
    let set: Change = |editor, documents| set_a(editor, documents, 3);
    assert_change("a: 1 # why\nb: 2\n", set, "a: 3 # why\nb: 2\n");
    assert_change("b: 2\na:   '1'\n", set, "b: 2\na:   3\n");
    assert_change("a: \"1\n  2\"\n", set, "a: 3\n");
    assert_change("a: 1\n  2\nb: 1\n", set, "a: 3\nb: 1\n");
    let set: Change = |editor, documents| set_a(editor, documents, "x");
    assert_change("a: 'y' # why\n", set, "a: 'x' # why\n");
    assert_change("a: \"y\"\n", set, "a: \"x\"\n");
    assert_change("a: y\n", set, "a: x\n");
    let set: Change = |editor, documents| set_a(editor, documents, "off");
    assert_change("a: y\n", set, "a: \"off\"\n");
    assert_change("a: y\nb: 'x'\n", set, "a: 'off'\nb: 'x'\n");
    let set: Change = |editor, documents| set_a(editor, documents, "it's\tso");
    assert_change("a: 'y'\n", set, "a: \"it's\\tso\"\n");
    let set: Change = |editor, documents| set_a(editor, documents, "one\ntwo\n");
    assert_change("a: y # why\nb: 1\n", set, "a: | # why\n  one\n  two\nb: 1\n");
}

#[test]
fn nothing_gets_a_value() {
    let set: Change = |editor, documents| set_a(editor, documents, 3);
    for (before, after) in [
        ("a:\nb: 1\n", "a: 3\nb: 1\n"),
        ("a: # why\nb: 1\n", "a: 3 # why\nb: 1\n"),
        ("a: ~\n", "a: 3\n"),
        ("a: null # why\n", "a: 3 # why\n"),
        ("b: 1\na:\n", "b: 1\na: 3\n"),
        ("{a: , b: 1}\n", "{a: 3 , b: 1}\n"),
        ("{b: 1, a}\n", "{b: 1, a: 3}\n"),
        ("a: &x\nb: 1\n", "a: &x 3\nb: 1\n"),
    ] {
        assert_change(before, set, after);
    }
    let set: Change = |editor, documents| set_a(editor, documents, nested());
    for (before, after) in [
        ("a:\nb: 1\n", "a:\n  k:\n    l:\n    - m: 1\n      o: \"on\"\nb: 1\n"),
        ("a: ~ # why\nb: 1\n", "a: # why\n  k:\n    l:\n    - m: 1\n      o: \"on\"\nb: 1\n"),
        ("b:\n    c: 'x'\na:\n", "b:\n    c: 'x'\na:\n    k:\n        l:\n        - m: 1\n          o: 'on'\n"),
        ("b:\n  - c\na: null\n", "b:\n  - c\na:\n  k:\n    l:\n      - m: 1\n        o: \"on\"\n"),
    ] {
        assert_change(before, set, after);
    }
    let set: Change = |editor, documents| editor.set(find(documents, "a[1]"), &nested());
    assert_change("a:\n- x\n- # why\n- y\n", set, "a:\n- x\n- k: # why\n    l:\n    - m: 1\n      o: \"on\"\n- y\n");
}

#[test]
fn collections_take_the_place_of_others() {
    let set: Change = |editor, documents| set_a(editor, documents, 3);
    assert_change("a:\n  b: 1\n  # x\nc: 2\n", set, "a: 3\n  # x\nc: 2\n");
    assert_change(
        "c:\n- a:\n  - 1\nb: 2\n",
        |editor, documents| editor.set(find(documents, "c[0].a"), &3.into()),
        "c:\n- a: 3\nb: 2\n",
    );
    let set: Change = |editor, documents| set_a(editor, documents, Value::map([("x", 1.into()), ("w", 2.into())]));
    assert_change("a:\n    b: 1\n\n# x\nc: 2\n", set, "a:\n    x: 1\n    w: 2\n\n# x\nc: 2\n");
    assert_change("a: b # why\nc: 2\n", set, "a: # why\n  x: 1\n  w: 2\nc: 2\n");
    assert_change("a:\n- b\nc: 2\n", set, "a:\n  x: 1\n  w: 2\nc: 2\n");
    assert_change("a: {}\n", set, "a: {x: 1, w: 2}\n");
    let set: Change =
        |editor, documents| editor.set(find(documents, "a[0]"), &Value::map([("x", 1.into()), ("w", 2.into())]));
    assert_change("a:\n  - b: 1\n    c: 2\n  - d\n", set, "a:\n  - x: 1\n    w: 2\n  - d\n");
    assert_change("a:\n  - b # why\n  - d\n", set, "a:\n  - x: 1 # why\n    w: 2\n  - d\n");
}

#[test]
fn an_entry_comes_behind_another_with_its_comments() {
    let insert: Change = |editor, documents| insert_in(editor, documents, "a", At::Ordered(&["b"]));
    for (before, after) in [
        ("a:\n  b: 1 # why\n  c: 2\n", "a:\n  b: 1 # why\n  new: 1\n  c: 2\n"),
        (
            "a:\n    b:\n        x: 1\n        # y\n\n    # c\n    c: 2\n",
            "a:\n    b:\n        x: 1\n        # y\n    new: 1\n\n    # c\n    c: 2\n",
        ),
        ("a:\n  b:\n  - x\n  - y\n  c: 2\n", "a:\n  b:\n  - x\n  - y\n  new: 1\n  c: 2\n"),
        ("a:\n  b:\n    - x\n\n\nd: 1\n", "a:\n  b:\n    - x\n  new: 1\n\n\nd: 1\n"),
        ("a:\n  b: |\n    x\n\n  c: 2\n", "a:\n  b: |\n    x\n  new: 1\n\n  c: 2\n"),
        ("a:\n  b: |+\n    x\n\n  c: 2\n", "a:\n  b: |+\n    x\n\n  new: 1\n  c: 2\n"),
        ("a:\n  b: |\n    x\n     \n  c: 2\n", "a:\n  b: |\n    x\n     \n  new: 1\n  c: 2\n"),
        ("a:\n  b: >-\n    x\n    y\n  c: 2\n", "a:\n  b: >-\n    x\n    y\n  new: 1\n  c: 2\n"),
        ("a:\n  b:\n  c: 2\n", "a:\n  b:\n  new: 1\n  c: 2\n"),
        ("a:\n  b: &x # why\n  c: 2\n", "a:\n  b: &x # why\n  new: 1\n  c: 2\n"),
        ("a:\n  b: \"x\n    y\"\n  c: 2\n", "a:\n  b: \"x\n    y\"\n  new: 1\n  c: 2\n"),
        ("a:\n  b: [\n    x,\n  ]\n  c: 2\n", "a:\n  b: [\n    x,\n  ]\n  new: 1\n  c: 2\n"),
        ("a:\n  b: |\n  c: 2\n", "a:\n  b: |\n  new: 1\n  c: 2\n"),
        ("a:\n  x: &x {y: 1}\n  b: *x\n  c: 2\n", "a:\n  x: &x {y: 1}\n  b: *x\n  new: 1\n  c: 2\n"),
    ] {
        assert_change(before, insert, after);
    }
}

#[test]
fn an_entry_comes_last() {
    let insert: Change = |editor, documents| insert_in(editor, documents, "a", At::Last);
    for (before, after) in [
        ("a:\n  b: 1\n", "a:\n  b: 1\n  new: 1\n"),
        ("a:\n  b: 1\n  # x\n\n# y\nc: 1\n", "a:\n  b: 1\n  # x\n  new: 1\n\n# y\nc: 1\n"),
        ("a:\n  b: 1 # x\n# y\nc: 1\n", "a:\n  b: 1 # x\n  new: 1\n# y\nc: 1\n"),
        ("a:\n  b: 1\n---\nc: 1\n", "a:\n  b: 1\n  new: 1\n---\nc: 1\n"),
        ("a:\n  b:\n    - 1\n", "a:\n  b:\n    - 1\n  new: 1\n"),
    ] {
        assert_change(before, insert, after);
    }
    let insert: Change = |editor, documents| insert_in(editor, documents, "a", At::Ordered(&["none"]));
    assert_change("a:\n  b: 1\nc: 1\n", insert, "a:\n  b: 1\n  new: 1\nc: 1\n");
}

#[test]
fn an_entry_comes_first() {
    let insert: Change = |editor, documents| insert_in(editor, documents, "a", At::First);
    assert_change("a: # why\n  # b\n  b: 1\n", insert, "a: # why\n  new: 1\n  # b\n  b: 1\n");
    let insert: Change = |editor, documents| insert_in(editor, documents, "a[0]", At::First);
    assert_change("a:\n-\n  b: 1\n", insert, "a:\n-\n  new: 1\n  b: 1\n");
    assert_change("a:\n- b: 1\n  c: 1\n", insert, "a:\n- b: 1\n  new: 1\n  c: 1\n");
    assert_change("a:\n- b:\n    d: 1\n  c: 1\n", insert, "a:\n- b:\n    d: 1\n  new: 1\n  c: 1\n");
    let insert: Change = |editor, documents| editor.insert(documents[0].root(), "new", &1.into(), At::First);
    assert_change("# x\na: 1\n", insert, "# x\nnew: 1\na: 1\n");
}

#[test]
fn items_of_lists_get_entries_in_the_column_of_the_first() {
    let insert: Change = |editor, documents| insert_in(editor, documents, "a[0]", At::Ordered(&["name"]));
    for (before, after) in [
        ("a:\n- name: x\n  b: 1\n- name: y\n", "a:\n- name: x\n  new: 1\n  b: 1\n- name: y\n"),
        ("a:\n  - name: x # why\n  - name: y\n", "a:\n  - name: x # why\n    new: 1\n  - name: y\n"),
        ("a:\n  -   name: x\n", "a:\n  -   name: x\n      new: 1\n"),
        ("a:\n- # why\n  name: x\n", "a:\n- # why\n  name: x\n  new: 1\n"),
        ("a:\n- name: x\n", "a:\n- name: x\n  new: 1\n"),
    ] {
        assert_change(before, insert, after);
    }
    let set: Change = |editor, documents| editor.set(find(documents, "a[0].name"), &"z".into());
    assert_change("a:\n- name: x\n  b: 1\n", set, "a:\n- name: z\n  b: 1\n");
}

#[test]
fn an_empty_map_is_filled() {
    let insert: Change = |editor, documents| insert_in(editor, documents, "a", At::Last);
    for (before, after) in [
        ("a: {}\nb: 1\n", "a: {new: 1}\nb: 1\n"),
        ("a: { } # why\n", "a: {new: 1} # why\n"),
        ("a:\nb: 1\n", "a:\n  new: 1\nb: 1\n"),
        ("a: ~\nb: 1\n", "a:\n  new: 1\nb: 1\n"),
        ("{\"a\": {}}\n", "{\"a\": {\"new\": 1}}\n"),
        ("{\n    \"a\": {}\n}\n", "{\n    \"a\": {\n        \"new\": 1\n    }\n}\n"),
        ("a:\n  new:\n  c: 1\n", "a:\n  new: 1\n  c: 1\n"),
        ("a:\n  new: 1\n  c: 1\n", "a:\n  new: 1\n  c: 1\n"),
    ] {
        assert_change(before, insert, after);
    }
    let push: Change = |editor, documents| editor.push(find(documents, "a"), &"x".into());
    assert_change("a: []\n", push, "a: [x]\n");
    assert_change("a:\nb: 1\n", push, "a:\n- x\nb: 1\n");
}

#[test]
fn lines_of_a_block_of_text_are_edited_inside() {
    let change: Change = |editor, documents| {
        let edits = [
            LineEdit::Set(1, "listen_addresses = '*'".to_owned()),
            LineEdit::Insert(1, "# all".to_owned()),
            LineEdit::Insert(9, "last = 1".to_owned()),
        ];
        editor.edit_lines(find(documents, "a"), &edits)
    };
    for (before, after) in [
        (
            "a: | # why\n  x = 1\n  y = 2\n\n  # z\nb: 1\n",
            "a: | # why\n  x = 1\n  # all\n  listen_addresses = '*'\n\n  # z\n  last = 1\nb: 1\n",
        ),
        (
            "b:\n- 1\na: |-\n    x\n    y\n",
            "b:\n- 1\na: |-\n    x\n    # all\n    listen_addresses = '*'\n    last = 1\n",
        ),
        ("a: |2\n    x\n  y\nb: 1\n", "a: |2\n    x\n  # all\n  listen_addresses = '*'\n  last = 1\nb: 1\n"),
    ] {
        assert_change(before, change, after);
    }
    for text in ["a: >\n  x\n  y\n", "a: \"x\\ny\"\n", "a: x\n"] {
        assert_refused(text, change, "block-scalar");
    }
    assert_refused("a: |\n  x\n", change, "layout");
}
