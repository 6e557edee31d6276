//! Many edits of one file take no longer each than few.

use edms_lint::source::{Source, Sources};
use edms_lint::yaml::edit::{At, Editor};
use edms_lint::yaml::{Document, NodeRef, Value, stream};
use std::time::{Duration, Instant};

/// The time that an edit of each of so many objects takes, checked once.
fn time(text: &str, objects: fn(&Document) -> Vec<NodeRef<'_>>) -> Duration {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.yaml", text));
    let read = stream::read(source, &text.into()).into_iter();
    let documents: Vec<Document> = read.map(|it| it.expect("is right")).collect();
    let mut editor = Editor::new(&sources);
    let start = Instant::now();
    for object in documents.iter().flat_map(objects) {
        let spec = object.get("spec").expect("each has one");
        let made = editor.attempt(|editor| {
            editor.set(spec.get("a").expect("each has one"), &2.into())?;
            editor.insert(spec, "new", &1.into(), At::Last)?;
            editor.append_document(object, &[Value::map([("kind", "B".into())])])
        });
        assert_eq!(made, Ok(()));
    }
    assert_eq!(editor.finish().map(|it| it.len()), Ok(1));
    start.elapsed()
}

fn items(document: &Document) -> Vec<NodeRef<'_>> {
    document.root().items_at(&["items"]).collect()
}

#[test]
fn edits_of_large_files_do_not_get_slower() {
    let list = |count: usize| format!("items:\n{}", "- kind: A\n  spec:\n    a: 1\n".repeat(count));
    let json = |count: usize| format!("{{\"items\": [{}]}}", ["{\"spec\": {\"a\": 1}}"].repeat(count).join(", "));
    let stream = |count: usize| "kind: A\nspec:\n  a: 1\n---\n".repeat(count);
    // A least time keeps what is lost to other programs from counting.
    let least = |text: &str, objects| (0..3).map(|_| time(text, objects)).min().unwrap_or_default();
    for (few, many, objects) in [
        (list(500), list(4000), items as fn(&Document) -> Vec<NodeRef<'_>>),
        (json(500), json(4000), items),
        (stream(500), stream(4000), |it| vec![it.root()]),
    ] {
        let (few, many) = (least(&few, objects), least(&many, objects));
        // Eight times as many take eight times as long, and not sixty-four times.
        assert!(many < few * 32 + Duration::from_millis(50), "{few:?} and then {many:?}");
    }
}
