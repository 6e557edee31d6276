//! Edited texts as Kubernetes' own reader reads them: values that need quotes, in every form.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all edited` writes the texts anew; `tests/oracle/answers.sh` judges them.

use crate::common::root;
use edms_lint::source::{Source, SourceId, Sources};
use edms_lint::yaml::edit::{At, Editor, Refusal};
use edms_lint::yaml::{Document, Value, json, stream};
use serde_json::Value as Json;

/// Texts with a map `m`, a list `l` and a value `v`, in the forms that people use.
const FORMS: [&str; 8] = [
    "v: 1\nm:\n  a: 1\nl:\n- 1\n",
    "v: 'x' # why\nm:\n    a: 'y'\nl:\n    - 'z'\n",
    "v: \"x\"\r\nm:\r\n  a: \"y\"\r\nl:\r\n  - \"z\"",
    "v:\nm:\nl:\n",
    "v: ~\nm: {}\nl: []\n",
    "{v: 1, m: {a: 1}, l: [1]}\n",
    "{\"v\": 1, \"m\": {\"a\": 1}, \"l\": [1]}\n",
    "{\n  \"v\": 1,\n  \"m\": {\n    \"a\": 1\n  },\n  \"l\": [\n    1\n  ]\n}\n",
];

/// Words that a reader may take for something else.
const WORDS: &[&str] = &[
    "",
    " ",
    " a",
    "a ",
    "y",
    "N",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "0",
    "-1",
    "+1",
    "007",
    "08",
    "0o17",
    "0x1F",
    "0b11",
    "1_000",
    "1.5",
    ".5",
    "5.",
    "1e3",
    "1e999",
    ".inf",
    "-.INF",
    ".nan",
    "190:20:30",
    "1:2",
    "2001-12-14",
    "2001-12-14T21:59:43Z",
    "100m",
    "25%",
    "1.5Gi",
    "10.0.0.1",
    "v1.2",
    "-",
    "- a",
    "-a",
    "--a",
    "---",
    "...",
    "--- a",
    "?",
    "? a",
    "?a",
    ":",
    ": a",
    ":a",
    "a:",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#a",
    ",",
    "a,b",
    "[a",
    "a]",
    "{a",
    "a}",
    "{{ a }}",
    "&a",
    "*a",
    "!a",
    "|",
    ">",
    "|a",
    "'",
    "'a'",
    "it's",
    "\"",
    "\"a\"",
    "a\"b",
    "\\",
    "a\\nb",
    "%a",
    "@a",
    "`a",
    "=",
    "<<",
    "a\tb",
    "\ta",
    "a\nb",
    "a\nb\n",
    "a\n\nb",
    "a\n",
    "\na",
    "a\n b",
    " a\nb",
    "a\r\nb",
    "a\n\tb",
    "a\u{7f}",
    "a\u{85}b",
    "a\u{a0}b",
    "a\u{2028}b",
    "\u{feff}a",
    "\u{e9}",
    "\u{1f680}",
    "\u{0}",
    "\u{1b}",
    "a\\/b",
    "# a\nb",
    "- a\n- b",
    "a: 1\nb: 2\n",
    "a \nb",
    "sum(rate(x[5m])) > 0",
];

type Change = fn(&mut Editor<'_>, &Document, &str) -> Result<(), Refusal>;

const CHANGES: [Change; 4] = [
    |editor, document, word| editor.set(document.root().get("v").expect("is there"), &word.into()),
    |editor, document, word| editor.insert(document.root().get("m").expect("is there"), word, &word.into(), At::Last),
    |editor, document, word| {
        let item = Value::map([("k", word.into()), ("n", Value::list([word.into(), 1.into()]))]);
        editor.push(document.root().get("l").expect("is there"), &item)
    },
    |editor, document, word| {
        let object =
            Value::map([("kind", word.into()), ("spec", Value::map([(word, Value::map([("k", word.into())]))]))]);
        editor.append_document(document.root(), &[object])
    },
];

/// A sample of all words in all forms, made by all changes.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for (nth, word) in WORDS.iter().enumerate() {
        for (at, form) in FORMS.iter().enumerate() {
            // Each word meets half of the forms, and each form each change.
            if (nth + at) % 2 == 0 {
                texts.push(edited(form, word, CHANGES[(nth / 2 + at / 2) % CHANGES.len()]));
            }
        }
    }
    texts
}

fn edited(form: &str, word: &str, change: Change) -> String {
    let mut sources = Sources::default();
    let source = sources.add(Source::new("a.yaml", form));
    let document = stream::read(source, &form.into()).swap_remove(0).expect("is right");
    let mut editor = Editor::new(&sources);
    change(&mut editor, &document, word).unwrap_or_else(|it| panic!("{word:?} in {form:?}: {it}"));
    let edited = editor.finish().unwrap_or_else(|it| panic!("{word:?} in {form:?}: {it}"));
    edited.first().map_or_else(|| form.to_owned(), |it| it.text.to_string())
}

fn read(text: &str) -> Vec<Option<Json>> {
    let json = |it: Document| serde_json::from_str(&json::to_string(it.root())).expect("our JSON is JSON");
    stream::read(SourceId(0), &text.into()).into_iter().map(|it| it.ok().map(json)).collect()
}

#[test]
fn edited_texts_are_read_as_kubernetes_reads_them() {
    let path = root().join("tests/data/edited.jsonl");
    let texts = texts();
    if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
        let lines: Vec<String> = texts.iter().map(|it| serde_json::json!({ "text": it }).to_string()).collect();
        let lines = lines.join("\n") + "\n";
        return std::fs::write(&path, lines).expect("can be written");
    }
    let judged = std::fs::read_to_string(&path).expect("is committed");
    let judged: Vec<Json> = judged.lines().map(|it| serde_json::from_str(it).expect("a line is JSON")).collect();
    let judged_texts: Vec<&str> = judged.iter().filter_map(|it| it["text"].as_str()).collect();
    assert!(texts == judged_texts, "what is edited has changed: run the test with EDMS_LINT_UPDATE=1 and answers.sh");
    assert!(judged.len() > 400, "{} texts", judged.len());
    for line in &judged {
        let text = line["text"].as_str().unwrap_or_default();
        let documents = line["documents"].as_array().expect("answers.sh judged it");
        let expected: Vec<Option<Json>> = documents.iter().map(|it| it.get("value").cloned()).collect();
        assert!(expected.iter().all(Option::is_some), "Kubernetes refuses {text:?}");
        assert_eq!(read(text), expected, "{text:?}");
    }
}
