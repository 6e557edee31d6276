//! Several changes: of one fix together, of two apart.

use super::*;

#[test]
fn changes_of_one_attempt_may_meet() {
    let change: Change = |editor, documents| {
        editor.attempt(|editor| {
            editor.insert(find(documents, "a"), "x", &1.into(), At::Last)?;
            editor.insert(find(documents, "a.b"), "z", &2.into(), At::Last)?;
            editor.insert(find(documents, "a"), "v", &3.into(), At::Last)?;
            editor.push(find(documents, "a.b.c"), &4.into())?;
            editor.append_document(documents[0].root(), &[Value::map([("d", 5.into())])])
        })
    };
    let after = "a:\n  b:\n    c:\n    - 1\n    - 4\n    z: 2\n  x: 1\n  v: 3\n---\nd: 5\n";
    assert_eq!(changed("a:\n  b:\n    c:\n    - 1\n", change).as_deref(), Ok(after));
    assert_eq!(changed("a:\n  b:\n    c:\n    - 1", change).as_deref(), Ok(after));
    let change: Change = |editor, documents| {
        editor.attempt(|editor| {
            for (path, key) in [("a", "x"), ("a", "v")] {
                editor.insert(find(documents, path), key, &1.into(), At::Last)?;
            }
            editor.remove(find(documents, "a.b"))
        })
    };
    assert_change("a: {b: 1, c: 2}\n", change, "a: {c: 2, x: 1, v: 1}\n");
    assert_change("a: {c: 2, b: 1}\n", change, "a: {c: 2, x: 1, v: 1}\n");
    assert_change("a: {\n  c: 2,\n  b: 1\n}\n", change, "a: {\n  c: 2,\n  x: 1,\n  v: 1\n}\n");
    assert_change("a: {b: 1}\n", change, "a: {x: 1, v: 1}\n");
    assert_change(
        "a: {}\nz: {b: 1}\n",
        |editor, documents| {
            editor.attempt(|editor| {
                editor.insert(find(documents, "a"), "x", &1.into(), At::Last)?;
                editor.insert(find(documents, "a"), "v", &1.into(), At::Last)
            })
        },
        "a: {x: 1, v: 1}\nz: {b: 1}\n",
    );
    assert_change("a:\n  c: 2\n  # y\n  b: 1\nd: 1\n", change, "a:\n  c: 2\n  x: 1\n  v: 1\nd: 1\n");
    assert_change("a:\n  b: 1\nd: 1\n", change, "a:\n  x: 1\n  v: 1\nd: 1\n");
}

#[test]
fn what_an_attempt_inserts_at_one_place_is_in_order() {
    let text = "a:\n- b: 1\n";
    let mut sources = Sources::default();
    sources.add(Source::new("a.yaml", text));
    let documents = documents(text);
    let mut editor = Editor::new(&sources);
    let attempt = editor.attempt(|editor| {
        editor.push(find(&documents, "a"), &Value::map([("e", 3.into())]))?;
        editor.insert(find(&documents, "a[0]"), "c", &2.into(), At::Last)
    });
    attempt.expect("both go in");
    let inserted: String = editor.last_attempt().into_iter().map(|it| it.1.text).collect();
    assert_eq!(inserted, "  c: 2\n- e: 3\n");
    assert_eq!(*editor.finish().expect("it is read again")[0].text, *format!("{text}{inserted}"));
}

#[test]
fn lines_may_come_where_others_go() {
    let change: Change = |editor, documents| {
        editor.attempt(|editor| {
            editor.append_document(documents[0].root(), &[Value::map([("d", 5.into())])])?;
            editor.remove(find(documents, "a.b.c"))?;
            editor.insert(find(documents, "a"), "x", &1.into(), At::Last)?;
            editor.insert(documents[0].root(), "z", &2.into(), At::Last)?;
            editor.set(find(documents, "a.m"), &Value::map([("o", 3.into())]))?;
            editor.insert(find(documents, "a"), "p", &4.into(), At::Ordered(&["m"]))
        })
    };
    for end in ["", "\n"] {
        let text = format!("a:\n  m:\n  b:\n    e: 1\n    c: 2{end}");
        let after = "a:\n  m:\n    o: 3\n  p: 4\n  b:\n    e: 1\n  x: 1\nz: 2\n---\nd: 5\n";
        assert_eq!(changed(&text, change).as_deref(), Ok(after));
    }
}

#[test]
fn a_map_that_is_emptied_goes_step_by_step() {
    let change: Change = |editor, documents| {
        editor.attempt(|editor| {
            editor.remove(find(documents, "a.b"))?;
            editor.remove(find(documents, "a.c"))
        })
    };
    assert_change("a:\n  b: 1\n  c: 2\nd: 1\n", change, "d: 1\n");
    assert_change("a: {b: 1, c: 2}\nd: 1\n", change, "d: 1\n");
    assert_change("a: {b: 1, c: 2, e: 3}\nd: 1\n", change, "a: {e: 3}\nd: 1\n");
    assert_change("a:\n  e: 1\n  b: 1\n  c: 2\n", change, "a:\n  e: 1\n");
}

#[test]
fn of_two_fixes_at_one_place_the_second_waits() {
    let second: [Change; 6] = [
        |editor, documents| editor.set(find(documents, "a.b"), &4.into()),
        |editor, documents| editor.remove(find(documents, "a.b")),
        |editor, documents| editor.remove(find(documents, "a.c")),
        |editor, documents| editor.set(find(documents, "a"), &4.into()),
        |editor, documents| editor.insert(find(documents, "a"), "new", &1.into(), At::Last),
        |editor, documents| editor.remove(find(documents, "a")),
    ];
    for text in ["a:\n  b: 1\n  c: 2\nd: 1\n", "a: {b: 1, c: 2}\nd: 1\n"] {
        for (at, second) in second.iter().enumerate() {
            let refusal = changed(text, |editor, documents| {
                editor.set(find(documents, "a.b"), &3.into())?;
                editor.remove(find(documents, "a.c"))?;
                let refused = second(editor, documents).expect_err("both are at one place");
                assert_eq!(editor.finish().expect("is right").len(), 1);
                Err(refused)
            });
            assert_eq!(refusal.expect_err("it is handed on").name(), "overlap", "{at}: {text}");
        }
    }
}

#[test]
fn of_two_fixes_with_one_key_the_second_waits() {
    let found = changed("a:\n  b: 1\n  c: 2\n", |editor, documents| {
        let a = find(documents, "a");
        editor.insert(a, "new", &3.into(), At::Ordered(&["b"]))?;
        assert_eq!(editor.insert(a, "new", &3.into(), At::Last).map_err(|it| it.name()), Err("overlap"));
        editor.insert(a, "other", &3.into(), At::Last)
    });
    assert_eq!(found.as_deref(), Ok("a:\n  b: 1\n  new: 3\n  c: 2\n  other: 3\n"));
}

#[test]
fn whole_lines_of_two_fixes_come_together_as_one_after_the_other() {
    const ORDER: &[&str] = &["b", "c", "d", "e"];
    type Step = fn(&mut Editor<'_>, &[Document]) -> Result<(), Refusal>;
    let steps: [Step; 5] = [
        |editor, documents| editor.insert(find(documents, "a"), "e", &1.into(), At::Ordered(ORDER)),
        |editor, documents| editor.insert(find(documents, "a"), "z", &2.into(), At::Last),
        |editor, documents| editor.insert(find(documents, "a"), "c", &3.into(), At::Ordered(ORDER)),
        |editor, documents| editor.append_document(documents[0].root(), &[Value::map([("m", 4.into())])]),
        |editor, documents| editor.append_document(documents[0].root(), &[Value::map([("n", 5.into())])]),
    ];
    for text in ["a:\n  b: 1\n", "a:\n  b: 1\n---\nx: 1\n", "a:\r\n  b: 1\r\n"] {
        for (first, second) in (0..25).filter(|it| it / 5 != it % 5).map(|it| (steps[it / 5], steps[it % 5])) {
            let both = changed(text, |editor, documents| {
                editor.attempt(|editor| first(editor, documents))?;
                editor.attempt(|editor| second(editor, documents))
            });
            let one = changed(text, first).expect("is made");
            assert_eq!(both, changed(&one, second), "{text}");
        }
    }
    // Without a last break there is no line of its own to come to.
    let refused = changed("a:\n  b: 1", |editor, documents| {
        editor.attempt(|editor| steps[3](editor, documents))?;
        editor.attempt(|editor| steps[4](editor, documents))
    });
    assert_eq!(refused.map_err(|it| it.name()), Err("overlap"));
}

#[test]
fn what_is_refused_undoes_its_attempt() {
    let text = "a:\n  # x\n  b: 1\n  c: |\n    t\nd:\n- 1\n";
    let found = changed(text, |editor, documents| {
        editor.set(find(documents, "d[0]"), &2.into())?;
        let failed = editor.attempt(|editor| {
            editor.push(find(documents, "d"), &3.into())?;
            editor.remove(find(documents, "a.b"))?;
            assert_eq!(editor.lost_comments().len(), 1);
            editor.set(find(documents, "a.c"), &3.into())
        });
        assert_eq!(failed.map_err(|it| it.name()), Err("block-scalar"));
        assert!(editor.lost_comments().is_empty());
        editor.attempt(|editor| editor.insert(find(documents, "a"), "new", &1.into(), At::Ordered(&["b"])))
    });
    assert_eq!(found.as_deref(), Ok("a:\n  # x\n  b: 1\n  new: 1\n  c: |\n    t\nd:\n- 2\n"));
}

#[test]
fn a_refused_change_leaves_what_its_attempt_did_before() {
    let found = changed("a:\n  b: 1\nc: 1\n", |editor, documents| {
        editor.set(find(documents, "c"), &2.into())?;
        editor.attempt(|editor| {
            editor.insert(find(documents, "a"), "new", &1.into(), At::Last)?;
            let refused = editor.remove(find(documents, "c"));
            assert_eq!(refused.map_err(|it| it.name()), Err("overlap"));
            Ok(())
        })
    });
    assert_eq!(found.as_deref(), Ok("a:\n  b: 1\n  new: 1\nc: 2\n"));
}
