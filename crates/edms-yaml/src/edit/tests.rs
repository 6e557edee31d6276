//! Tests of edits by what they make of texts, through the functions that others call.

mod attempts;
mod comments;
mod layouts;
mod members;
mod places;
mod property;
mod refusals;
mod written;

use super::{At, Editor, LineEdit, Refusal};
use crate::source::{Source, SourceId, Sources};
use crate::value::Value;
use crate::{Document, NodeRef, stream};

/// The documents of a text.
fn documents(text: &str) -> Vec<Document> {
    let read = stream::read(SourceId(0), &text.into());
    read.into_iter().map(|it| it.unwrap_or_else(|error| panic!("{}\n{text}", error.message))).collect()
}

/// The node at a path of the first document that has it: `spec.containers[0].name`.
fn find<'d>(documents: &'d [Document], path: &str) -> NodeRef<'d> {
    let found = documents.iter().find_map(|it| follow(it.root(), path));
    found.unwrap_or_else(|| panic!("there is no {path}"))
}

fn follow<'d>(root: NodeRef<'d>, path: &str) -> Option<NodeRef<'d>> {
    let mut steps = path.split(['.', '[']).filter(|it| !it.is_empty());
    steps.try_fold(root, |node, step| match step.strip_suffix(']') {
        Some(index) => node.items().nth(index.parse().ok()?),
        None => node.written_entries().find(|it| it.name() == step).map(|it| it.value),
    })
}

/// The text after a change.
fn changed(
    text: &str,
    change: impl FnOnce(&mut Editor<'_>, &[Document]) -> Result<(), Refusal>,
) -> Result<String, Refusal> {
    let mut sources = Sources::default();
    sources.add(Source::new("a.yaml", text));
    let documents = documents(text);
    let mut editor = Editor::new(&sources);
    change(&mut editor, &documents)?;
    let edited = editor.finish().unwrap_or_else(|it| panic!("{it}:\n{text}"));
    Ok(edited.first().map_or_else(|| text.to_owned(), |it| it.text.to_string()))
}

type Change = fn(&mut Editor<'_>, &[Document]) -> Result<(), Refusal>;

/// Checks a change in texts with either line break, with and without a mark and a last break.
#[track_caller]
fn assert_change(before: &str, change: Change, after: &str) {
    let variants: [fn(&str) -> String; 5] = [
        str::to_owned,
        |it| it.replace('\n', "\r\n"),
        |it| format!("\u{feff}{it}"),
        |it| it.strip_suffix('\n').unwrap_or(it).to_owned(),
        |it| it.strip_suffix('\n').unwrap_or(it).replace('\n', "\r\n"),
    ];
    for vary in variants {
        let text = vary(before);
        let found = changed(&text, change).unwrap_or_else(|it| panic!("{it}:\n{text}"));
        assert_eq!(found, vary(after));
    }
}

#[track_caller]
fn assert_refused(before: &str, change: Change, name: &str) {
    let refusal = changed(before, change).expect_err(before);
    assert_eq!(refusal.name(), name, "{refusal}");
    let is_message = !refusal.to_string().ends_with('.') && refusal.to_string().len() < 160;
    assert!(is_message, "{refusal}");
}
