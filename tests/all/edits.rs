//! Edits at places of all fixtures: each is what was meant, or is refused by name.

use crate::common::{files_below, root};
use edms_lint::source::{Source, SourceId, Sources};
use edms_lint::yaml::edit::{At, Edited, Editor, Refusal};
use edms_lint::yaml::{Document, Kind, NodeRef, Value, stream};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How many nodes of one file are tried with each change where other manifests are asked for, too.
const MOST: usize = 8;
/// Larger files are tried nowhere: they say nothing more.
const LARGEST: usize = 64 * 1024;

type Change = fn(&mut Editor<'_>, NodeRef<'_>, NodeRef<'_>) -> Result<(), Refusal>;

fn object() -> Value {
    let inner = Value::map([("name", "on".into()), ("ports", Value::list([1.into(), "a: b".into()]))]);
    Value::map([("text", "one\ntwo".into()), ("items", Value::list([inner, Value::map([("empty", Value::list([]))])]))])
}

/// What is tried at each node, of which the document's root is given too.
const CHANGES: [(&str, Change); 9] = [
    ("set a number", |editor, node, _| editor.set(node, &7919.into())),
    ("set a text", |editor, node, _| editor.set(node, &"no".into())),
    ("set an object", |editor, node, _| editor.set(node, &object())),
    ("insert last", |editor, node, _| editor.insert(node, "new", &object(), At::Last)),
    ("insert first", |editor, node, _| editor.insert(node, "new", &7919.into(), At::First)),
    ("push", |editor, node, _| editor.push(node, &object())),
    ("remove", |editor, node, _| editor.remove(node)),
    ("rename", |editor, node, _| editor.rename(node, "new")),
    ("append", |editor, _, root| editor.append_document(root, &[object()])),
];

#[test]
fn edits_of_fixtures_are_right_or_refused() {
    let (mut counts, mut faults) = (BTreeMap::new(), Vec::new());
    let folders = [Some(root().join("fixtures")), std::env::var_os("EDMS_LINT_MANIFESTS").map(PathBuf::from)];
    for folder in folders.into_iter().flatten() {
        for file in files_below(&folder) {
            let is_manifest = file.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
            let text = is_manifest.then(|| std::fs::read_to_string(&file).ok()).flatten();
            if let Some(text) = text.filter(|it| it.len() < LARGEST) {
                try_all(&file.to_string_lossy(), &text, &mut counts, &mut faults);
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    let made = counts.get("made").copied().unwrap_or_default();
    assert!(made > 5_000, "{counts:?}");
}

/// Tries every change at some nodes of a text.
fn try_all(name: &str, text: &str, counts: &mut BTreeMap<String, usize>, faults: &mut Vec<String>) {
    let mut sources = Sources::default();
    let source = sources.add(Source::new(name, text));
    let documents: Vec<Document> = stream::read(source, &text.into()).into_iter().filter_map(Result::ok).collect();
    let mut editor = Editor::new(&sources);
    for (label, change) in CHANGES {
        for (document, node) in nodes(&documents, label) {
            let place = || format!("{label} at {name}:{:?}", sources.start(node.span()));
            let mut made = Ok(());
            // Whatever comes of it, the next change begins from the text as it was.
            _ = editor.attempt(|editor| {
                made = change(editor, node, document.root());
                let found = match editor.finish() {
                    Err(defect) => Some(defect.to_string()),
                    Ok(edited) if made.is_err() => edited.first().map(|_| "refused and made".to_owned()),
                    Ok(edited) => edited.first().and_then(|it| fault(text, it)).map(str::to_owned),
                };
                faults.extend(found.map(|it| format!("{it}: {}", place())));
                Err::<(), _>(Refusal::InvalidUtf8)
            });
            let outcome = made.map_or_else(|it| it.name().to_owned(), |()| "made".to_owned());
            *counts.entry(outcome).or_default() += 1;
        }
    }
    assert_eq!(editor.finish().map(|it| it.len()), Ok(0), "{name}: all was undone");
}

/// Some nodes that a change is about, spread over the documents.
fn nodes<'d>(documents: &'d [Document], label: &str) -> Vec<(&'d Document, NodeRef<'d>)> {
    let is_meant = |it: &NodeRef<'_>| match label {
        "push" => it.kind() == Kind::Seq,
        "insert last" | "insert first" => it.kind() == Kind::Map,
        _ => true,
    };
    let mut all = Vec::new();
    for document in documents {
        if label == "append" {
            all.push((document, document.root()));
            continue;
        }
        let mut open = vec![document.root()];
        while let Some(node) = open.pop() {
            if is_meant(&node) {
                all.push((document, node));
            }
            let keys = label == "rename";
            open.extend(
                node.written_entries().flat_map(|it| if keys { vec![it.key, it.value] } else { vec![it.value] }),
            );
            open.extend(node.items());
            if all.len() > 2_000 {
                break;
            }
        }
    }
    let most = if std::env::var_os("EDMS_LINT_MANIFESTS").is_some() { MOST } else { 1 };
    // Not always the first: the length of the name of a change is as good as chance.
    let step = all.len().div_ceil(most).max(1);
    let first = (label.len() * 7 + all.len() * 3) % step;
    all.into_iter().skip(first).step_by(step).collect()
}

/// What is wrong with an edited text: all that is not edited has to stand there as before, and lines to end as they did.
fn fault(text: &str, edited: &Edited) -> Option<&'static str> {
    let is_crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    let (mut old, mut new) = (0, 0);
    for edit in &edited.edits {
        let kept = &text[old..edit.range.start];
        if edited.text.get(new..new + kept.len()) != Some(kept) {
            return Some("other bytes are changed");
        }
        old = edit.range.end;
        new += kept.len() + edit.text.len();
        if edit.text.contains('\r') != edit.text.contains('\n') && is_crlf || edit.text.contains('\r') && !is_crlf {
            return Some("lines end otherwise");
        }
        let lines = edit.text.replace('\r', "");
        if lines.contains(" \n") || lines.contains("\t\n") {
            return Some("a line ends in blanks");
        }
    }
    let is_whole = edited.text[new..] == text[old..];
    let is_read = stream::read(SourceId(0), &edited.text).iter().all(Result::is_ok);
    (!is_whole || !is_read).then_some("the rest is changed, or cannot be read")
}
