//! What we read is what Kubernetes reads: our values against the answers of its own reader.
//!
//! The answers for `fixtures/yaml` and for a sample of the other fixtures (`tests/data/reading-sample.txt`) are
//! committed (`tests/data/reading.jsonl`, made by `tests/oracle/answers.sh`).
//! Where Go is there and `EDMS_LINT_MANIFESTS` names a folder of manifests, all of those are compared too.

use crate::common::{files_below, root};
use edms_lint::source::SourceId;
use edms_lint::yaml::{Document, json, stream};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Fixtures that we read otherwise on purpose, with the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    ("fixtures/yaml/bad-separator.yaml", "we tell the error, and read the documents around it all the same"),
    ("fixtures/yaml/invalid-utf8.yaml", "we refuse the whole file, because a place in it means nothing"),
    ("fixtures/yaml/utf16-be.yaml", "we ask for UTF-8: Kubernetes reads only the first document of such a file"),
    ("fixtures/yaml/utf16-le.yaml", "we ask for UTF-8: Kubernetes reads only the first document of such a file"),
];

/// A document by file and number: its value, or `None` for an error.
type Answers = BTreeMap<(String, u64), Option<Value>>;

#[test]
fn fixtures_are_read_as_kubernetes_reads_them() {
    let mut expected = committed();
    let files = judged();
    // What was struck from the sample keeps its answers until they are made anew.
    expected.retain(|(name, _), _| files.contains(&root().join(name)));
    let ours = read_all(&files, &root());
    let (agree, differ) = compare(&ours, &expected);
    let unexpected: Vec<_> = differ.iter().filter(|it| !DIFFERENCES.iter().any(|known| known.0 == it.0)).collect();
    assert!(
        unexpected.is_empty(),
        "{agree} documents agree, but not {unexpected:?}; where a file changed, run tests/oracle/answers.sh or strike \
         it from tests/data/reading-sample.txt"
    );
    assert!(agree > 150, "only {agree} documents agree");
}

#[test]
fn differences_are_still_differences() {
    let mut expected = committed();
    expected.retain(|it, _| it.0.starts_with("fixtures/yaml/"));
    let ours = read_all(&manifests_below(&root().join("fixtures/yaml")), &root());
    let (_, differ) = compare(&ours, &expected);
    for (file, reason) in DIFFERENCES.iter().filter(|it| !it.0.ends_with("utf16-le.yaml")) {
        assert!(differ.iter().any(|it| it.0 == *file), "{file} agrees now: strike it ({reason})");
    }
}

/// Texts made by a program (`tests/oracle/cmd/texts`): tabs, line breaks of YAML 1.1, streams of JSON, directives.
#[test]
fn made_texts_are_read_as_kubernetes_reads_them() {
    let path = std::env::var_os("EDMS_LINT_TEXTS").map_or_else(|| root().join("tests/data/texts.jsonl"), PathBuf::from);
    let lines = std::fs::read_to_string(path).expect("is committed");
    let (mut agree, mut differ) = (0, Vec::new());
    for line in lines.lines() {
        let mut line: Value = serde_json::from_str(line).expect("a line is JSON");
        let text = line["text"].as_str().expect("has a text").to_owned();
        let expected: Vec<Option<Value>> = line["documents"]
            .as_array_mut()
            .expect("has documents")
            .iter_mut()
            .map(|it| it.get_mut("value").map(Value::take))
            .collect();
        let ours: Vec<Option<Value>> = documents(&text);
        if agrees(&ours, &expected) {
            agree += 1;
        } else {
            differ.push((text, ours, expected));
        }
    }
    let first = differ.first();
    assert!(differ.is_empty(), "{agree} texts agree, {} do not, such as {first:#?}", differ.len());
    assert!(agree >= 600, "there are only {agree} texts");
}

/// Whether the same documents are read up to the first error that stops kubectl; we may go on.
fn agrees(ours: &[Option<Value>], expected: &[Option<Value>]) -> bool {
    let stops = expected.last().is_some_and(Option::is_none);
    let is_same = |(one, other): (&Option<Value>, &Option<Value>)| match (one, other) {
        (Some(one), Some(other)) => equal(one, other),
        (one, other) => one.is_none() && other.is_none(),
    };
    let is_as_long = ours.len() == expected.len() || stops && ours.len() > expected.len();
    is_as_long && ours.iter().zip(expected).all(is_same)
}

#[test]
fn other_manifests_are_read_as_kubernetes_reads_them() {
    let Some(folder) = std::env::var_os("EDMS_LINT_MANIFESTS").map(PathBuf::from) else { return };
    if Command::new("go").arg("version").stdout(Stdio::null()).status().is_err() {
        return;
    }
    let files = manifests_below(&folder);
    let output = Command::new("go")
        .args(["run", "./cmd/read"])
        .args(&files)
        .current_dir(root().join("tests/oracle"))
        .output()
        .expect("go runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = parse_answers(&String::from_utf8_lossy(&output.stdout), &folder);
    let ours = read_all(&files, &folder);
    let (agree, differ) = compare(&ours, &expected);
    assert!(differ.is_empty(), "{agree} documents agree, but not {differ:?}");
    assert!(agree > 0, "there are no documents in {}", folder.display());
}

/// The committed answers of Kubernetes' reader.
fn committed() -> Answers {
    let text = std::fs::read_to_string(root().join("tests/data/reading.jsonl")).expect("is committed");
    parse_answers(&text, Path::new(""))
}

/// The files that have committed answers.
fn judged() -> Vec<PathBuf> {
    let sample = std::fs::read_to_string(root().join("tests/data/reading-sample.txt")).expect("is committed");
    let mut files = manifests_below(&root().join("fixtures/yaml"));
    files.extend(sample.lines().map(|it| root().join(it)));
    files
}

fn manifests_below(folder: &Path) -> Vec<PathBuf> {
    let is_manifest = |it: &PathBuf| it.extension().is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
    files_below(folder).into_iter().filter(is_manifest).collect()
}

/// Reads the files with our reader.
fn read_all(files: &[PathBuf], base: &Path) -> Answers {
    let mut answers = Answers::new();
    for file in files {
        let name = file.strip_prefix(base).expect("below the base").to_string_lossy().into_owned();
        let Ok(text) = String::from_utf8(std::fs::read(file).expect("can be read")) else {
            answers.insert((name, 1), None);
            continue;
        };
        for (value, number) in documents(&text).into_iter().zip(1..) {
            answers.insert((name.clone(), number), value);
        }
    }
    answers
}

/// The documents of a text as our reader reads them.
fn documents(text: &str) -> Vec<Option<Value>> {
    let value = |it: &Document| serde_json::from_str(&json::to_string(it.root())).expect("our JSON is JSON");
    stream::read(SourceId(0), &text.into()).into_iter().map(|it| it.ok().map(|it| value(&it))).collect()
}

fn parse_answers(text: &str, base: &Path) -> Answers {
    let mut answers = Answers::new();
    for line in text.lines() {
        let mut answer: Value = serde_json::from_str(line).expect("an answer is JSON");
        let file = answer["file"].as_str().expect("has a file");
        let file = Path::new(file).strip_prefix(base).expect("below the base").to_string_lossy().into_owned();
        let number = answer["document"].as_u64().expect("has a number");
        let value = answer.get_mut("value").map(Value::take);
        answers.insert((file, number), value);
    }
    answers
}

/// How many documents agree, and which do not. Two errors agree, whatever they say.
fn compare(ours: &Answers, expected: &Answers) -> (usize, Vec<(String, u64)>) {
    let mut keys: Vec<_> = ours.keys().chain(expected.keys()).collect();
    keys.sort();
    keys.dedup();
    let agrees = |key: &&(String, u64)| match (ours.get(key), expected.get(key)) {
        (Some(Some(one)), Some(Some(other))) => equal(one, other),
        (Some(None), Some(None)) => true,
        _ => false,
    };
    let (agree, differ): (Vec<_>, Vec<_>) = keys.into_iter().partition(agrees);
    (agree.len(), differ.into_iter().cloned().collect())
}

/// JSON equality in which `1` equals `1.0`.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(key, value)| other.get(key).is_some_and(|it| equal(value, it)))
        }
        _ => one == other,
    }
}
