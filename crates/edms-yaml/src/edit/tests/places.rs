//! Places where one step to the side would still be YAML: where a change begins and ends, what it meets, and what is not
//! what it should be.

use super::*;
use crate::edit::check;
use crate::edit::file::{File, documents as pieces};
use std::sync::Arc;

fn insert(editor: &mut Editor<'_>, documents: &[Document], path: &str, at: At<'_>) -> Result<(), Refusal> {
    editor.insert(find(documents, path), "new", &Value::from(1), at)
}

#[test]
fn documents_come_behind_others_in_the_form_of_the_text() {
    let append: Change = |editor, documents| {
        editor.append_document(find(documents, "kind").document().root(), &[Value::map([("kind", "B".into())])])
    };
    let appended = changed("---\n{\"kind\": \"A\"}\n", append);
    assert_eq!(appended.as_deref(), Ok("---\n{\"kind\": \"A\"}\n---\n{\"kind\": \"B\"}\n"));
    let refused = changed("{\"kind\":\"A\"} {\"x\":1}\n", append);
    assert_eq!(refused.map_err(|it| it.name()), Err("layout"));
}

#[test]
fn what_stands_before_the_first_entry_stays_before_it() {
    let in_item: Change = |editor, documents| insert(editor, documents, "a[0]", At::Last);
    assert_refused("a:\n- &x b: 1\n", in_item, "layout");
    let first: Change = |editor, documents| insert(editor, documents, "a", At::First);
    assert_change("a:\n  &x\n  b: 1\n", first, "a:\n  &x\n  new: 1\n  b: 1\n");
    let among: Change = |editor, documents| insert(editor, documents, "a", At::Ordered(&["new", "b"]));
    assert_change("a:\n  b: 1\n  c: 2\n", among, "a:\n  new: 1\n  b: 1\n  c: 2\n");
    let behind: Change = |editor, documents| editor.insert(documents[0].root(), "new", &1.into(), At::Ordered(&["a"]));
    assert_change("a: |\nb: 1\n", behind, "a: |\nnew: 1\nb: 1\n");
}

#[test]
fn comments_of_others_stay() {
    let remove: Change = |editor, documents| editor.remove(find(documents, "a.b"));
    for (before, after) in [
        ("a:\n  c: 2\n  b: 1\n  # stays\nd: 1\n", "a:\n  c: 2\n  # stays\nd: 1\n"),
        ("a:\n# stays\n  b: 1\n  c: 2\n", "a:\n# stays\n  c: 2\n"),
        ("a: {\n  c: 2,\n  # goes\n  b: 1\n}\n", "a: {\n  c: 2\n}\n"),
    ] {
        assert_change(before, remove, after);
    }
    let set: Change = |editor, documents| editor.set(find(documents, "a"), &Value::map([("x", 1.into())]));
    assert_change("a:\n  b: 1\n    # goes\nc: 2\n", set, "a:\n  x: 1\nc: 2\n");
}

#[test]
fn brackets_stay_as_tall_as_they_are() {
    let last: Change = |editor, documents| insert(editor, documents, "a", At::Last);
    assert_change("a: {\n  b: 1,\n  c: 2 }\n", last, "a: {\n  b: 1,\n  c: 2, new: 1 }\n");
    let map: Change =
        |editor, documents| editor.insert(find(documents, "a"), "new", &Value::map([("x", 1.into())]), At::Last);
    let (before, after) = ("{\n  \"a\": {\"b\": 1}\n}\n", "{\n  \"a\": {\"b\": 1, \"new\": {\"x\": 1}}\n}\n");
    assert_change(before, map, after);
    let replaced: Change = |editor, documents| {
        editor.attempt(|editor| {
            editor.remove(find(documents, "a.b"))?;
            insert(editor, documents, "a", At::Last)
        })
    };
    assert_change("a: {\n  c: 2,\n  b: 1,\n}\n", replaced, "a: {\n  c: 2,\n  new: 1,\n}\n");
    let item: Change = |editor, documents| editor.set(find(documents, "a[0]"), &"x, y".into());
    assert_change("a: [b, c]\n", item, "a: [\"x, y\", c]\n");
}

#[test]
fn values_take_the_place_of_others_of_another_form() {
    let text: Change = |editor, documents| editor.set(find(documents, "a"), &"one\ntwo\n".into());
    assert_change("a: 'y'\nb: 1\n", text, "a: |\n  one\n  two\nb: 1\n");
    let map: Change = |editor, documents| editor.set(find(documents, "a[0]"), &Value::map([("x", 1.into())]));
    assert_change("a:\n-\n    - b\nc: 1\n", map, "a:\n-\n    x: 1\nc: 1\n");
}

#[test]
fn what_is_added_looks_like_the_rest_of_the_file() {
    let value = || Value::map([("k", Value::list([Value::map([("m", 1.into()), ("o", "on".into())])]))]);
    let set = move |editor: &mut Editor<'_>, documents: &[Document]| editor.set(find(documents, "a"), &value());
    // What the document itself does not tell, the others do; of two ways as common the narrower is taken.
    for (before, after) in [
        (
            "a:\n---\nb:\n    c:\n        -   d: 'x'\n",
            "a:\n    k:\n        -   m: 1\n            o: 'on'\n---\nb:\n    c:\n        -   d: 'x'\n",
        ),
        ("b:\n  x: 1\nc:\n    y: 1\na:\n", "b:\n  x: 1\nc:\n    y: 1\na:\n  k:\n  - m: 1\n    o: \"on\"\n"),
    ] {
        assert_eq!(changed(before, set).as_deref(), Ok(after));
    }
}

#[test]
fn lines_of_a_text_are_lines() {
    let line = |text: &'static str| {
        move |editor: &mut Editor<'_>, documents: &[Document]| {
            editor.edit_lines(find(documents, "a"), &[LineEdit::Insert(1, text.to_owned())])
        }
    };
    for text in [" x", "x ", "x\ny"] {
        let refused = changed("a: |\n  b\n", line(text));
        assert_eq!(refused.map_err(|it| it.name()), Err("layout"), "{text:?}");
    }
    assert_eq!(changed("a: |\n  b\n  c\n", line("")).as_deref(), Ok("a: |\n  b\n\n  c\n"));
}

#[test]
fn what_changes_as_a_whole_is_changed_once() {
    type Step = fn(&mut Editor<'_>, &[Document]) -> Result<(), Refusal>;
    const TEXT: &str = "a:\n  b:\n    x: 1\n    z: 2\n  c: 1\n  d: 2\ne: 1\n";
    let insert_b: Step = |editor, documents| insert(editor, documents, "a.b", At::Last);
    let remove_b: Step = |editor, documents| editor.remove(find(documents, "a.b"));
    let set_b: Step = |editor, documents| editor.set(find(documents, "a.b"), &4.into());
    let remove_x: Step = |editor, documents| editor.remove(find(documents, "a.b.x"));
    let remove_z: Step = |editor, documents| editor.remove(find(documents, "a.b.z"));
    let insert_a: Step = |editor, documents| insert(editor, documents, "a", At::Last);
    let rename_d: Step = |editor, documents| {
        let entry = find(documents, "a").written_entries().last().expect("there is one");
        editor.rename(entry.key, "f")
    };
    for (name, first, second) in [
        ("into what goes", insert_b, remove_b),
        ("of what went", remove_b, insert_b),
        ("into what is replaced", insert_b, set_b),
        ("of what was replaced", set_b, insert_b),
        ("out of what is replaced", remove_z, set_b),
        ("out of what was replaced", set_b, remove_x),
        ("out of what goes", remove_z, remove_b),
        ("out of what went", remove_b, remove_x),
        ("beside one that went", remove_b, insert_a),
        ("beside one that came", insert_a, remove_b),
        ("beside one that has another name", rename_d, insert_a),
    ] {
        let refused = changed(TEXT, |editor, documents| {
            editor.attempt(|editor| first(editor, documents))?;
            editor.attempt(|editor| second(editor, documents))
        });
        assert_eq!(refused.map_err(|it| it.name()), Err("overlap"), "{name}");
    }
}

#[test]
fn only_whole_lines_of_two_fixes_meet() {
    for text in ["a: {b: 1}\n", "a: [b]\n", "a:\n- b\n"] {
        let refused = changed(text, |editor, documents| {
            let a = find(documents, "a");
            let mut add = |name: &str| {
                editor.attempt(|editor| {
                    if a.is_map() { editor.insert(a, name, &1.into(), At::Last) } else { editor.push(a, &name.into()) }
                })
            };
            add("x")?;
            add("y")
        });
        assert_eq!(refused.map_err(|it| it.name()), Err("overlap"), "{text}");
    }
}

#[test]
fn an_edited_text_that_says_something_else_is_told() {
    let fault = |before: &str, after: &str| {
        let known = |_: SourceId, _: &std::ops::Range<usize>| None;
        let (before, after): (Arc<str>, Arc<str>) = (before.into(), after.into());
        let old = File::read(SourceId(0), &before, &known).expect("can be read");
        let new = pieces(SourceId(0), &after, &known).expect("can be read");
        check::defect(&old, new, [].iter()).expect("can be read")
    };
    assert_eq!(fault("a: 1 # x\nb: [1]\n", "a:  1 # x\nb: [1]\n"), None);
    assert_eq!(fault("a: 1 # x\n", "a: 1\n"), Some("the edited file has lost a comment"));
    for (before, after) in [
        ("a: 1\n", "a: 2\n"),
        ("a: 1\n", "b: 1\n"),
        ("a: 1\n", "a: 1\nb: 2\n"),
        ("a: 1\nb: 2\n", "a: 1\n"),
        ("a: [1, 2]\n", "a: [1]\n"),
        ("a: [1]\n", "a: [1, 2]\n"),
        ("a: {b: 1}\n", "a: {b: 2}\n"),
        ("a: 1\n", "a: 1\n---\nb: 1\n"),
        ("a: 1\n---\nb: 1\n", "a: 1\n"),
        ("a: 1\n", "a: '1'\n"),
    ] {
        assert_eq!(fault(before, after), Some("the edited file does not say what it should"), "{before:?} {after:?}");
    }
}

#[test]
fn keys_that_take_part_in_more_are_left() {
    let rename: Change = |editor, documents| {
        let entry = find(documents, "a").written_entries().last().expect("there is one");
        editor.rename(entry.key, "new")
    };
    assert_refused("b: &x {k: 1}\na:\n  <<: *x\n  k: 2\n", rename, "merged");
    assert_refused("a:\n  k: 1\n  k: 2\n", rename, "duplicate");
}

#[test]
fn what_a_program_says_of_itself_is_one_of_two_marks() {
    let set: Change = |editor, documents| editor.set(find(documents, "a"), &3.into());
    assert_refused("# Code generated by x.\na: 1\n", set, "generated");
    assert_refused("# do not edit\na: 1\n", set, "generated");
}
