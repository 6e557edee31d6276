//! Tests of places, keys, bounds and ends.

use super::*;
use crate::NodeRef;

fn document(text: &str) -> Document {
    let text: Arc<str> = text.into();
    let length = text.len();
    parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document")
}

fn error(text: &str) -> ParseError {
    let text: Arc<str> = text.into();
    let length = text.len();
    parse(SourceId(0), &text, 0..length).expect_err("is refused")
}

#[test]
fn keys_and_values_know_their_places() {
    let text = "a:\n  - name: x # why\n    b: \"q\"\n  - c\nd: {e: 1}\n";
    let document = document(text);
    let at = |node: NodeRef<'_>| &text[node.span().range()];
    let a = document.root().entry("a").expect("there");
    assert_eq!(at(a.key), "a");
    assert_eq!(at(a.value), "- name: x # why\n    b: \"q\"\n  - c");
    let first = a.value.items().next().expect("there");
    assert_eq!(at(first), "name: x # why\n    b: \"q\"");
    assert_eq!(first.str_at(&["b"]), Some("q"));
    assert_eq!(&text[first.place(&["name"]).range()], "name: x");
    let d = document.root().get("d").expect("there");
    assert_eq!(at(d), "{e: 1}");
    assert_eq!(&text[document.comments()[0].span.range()], "# why");
    let b = first.get("b").expect("there");
    assert_eq!(document.root().path_to(b).to_string(), "a[x].b");
}

#[test]
fn merge_keys_and_duplicates_count_as_kubernetes_counts_them() {
    let document = document("x: &x {a: 1, b: 2}\nw: {<<: *x, b: 3}\nz: {b: 3, <<: *x}\nz2: {a: 1, a: 2}\n");
    let root = document.root();
    assert_eq!(root.int_at(&["w", "b"]), Some(3));
    assert_eq!(root.int_at(&["w", "a"]), Some(1));
    assert_eq!(root.int_at(&["z", "b"]), Some(2));
    assert_eq!(root.int_at(&["z2", "a"]), Some(2));
    assert_eq!(document.duplicates().len(), 1);
}

#[test]
fn keys_become_text() {
    let document = document("on: 1\n0x10: 2\n\"on\": 3\n");
    let names: Vec<_> = document.root().written_entries().map(Entry::name).collect();
    assert_eq!(names, ["true", "16", "on"]);
}

use super::super::Entry;

#[test]
fn bombs_and_loops_end() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (one, next) in ["a", "b", "c", "d", "e", "f", "g"].iter().zip(["b", "c", "d", "e", "f", "g", "h"]) {
        bomb.push_str(&format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 10].join(", ")));
    }
    assert!(error(&bomb).message.contains("aliases expand"));
    assert!(error("a: &a [*a]\n").message.contains("contains itself"));
    assert!(error(&"[".repeat(20_000)).message.contains("1000 levels"));
    assert!(error("a: \u{0}\n").message.contains("U+0000"));
}

#[test]
fn text_behind_the_end_marker_is_told() {
    let document = document("a: 1\n...\n# note\nb: 2\n");
    let dropped = document.dropped().expect("b is not read");
    assert_eq!((dropped.start, dropped.end), (16, 20));
}
