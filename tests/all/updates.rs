//! What the API server accepts in the place of an object, as its own validation answered.
//!
//! `tests/update-judge` makes the answers.

use crate::common::{files_below, root};
use serde_json::Value;
use std::collections::BTreeMap;

/// Lines of JSON in the data of tests.
fn lines(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(root().join("tests/data").join(name)).expect("the answers are there");
    text.lines().map(|it| serde_json::from_str(it).expect("a line is JSON")).collect()
}

fn text<'v>(answer: &'v Value, key: &str) -> &'v str {
    answer[key].as_str().unwrap_or_default()
}

#[test]
fn the_facts_that_fixes_rest_on_are_answered_as_their_names_say() {
    let answers = lines("update-facts.jsonl");
    let answers: BTreeMap<&str, &Value> = answers.iter().map(|it| (text(it, "fact"), it)).collect();
    let files = files_below(&root().join("tests/update-judge/facts"));
    let names: Vec<_> = files.iter().map(|it| it.file_stem().expect("it has a name").to_string_lossy()).collect();
    assert!(answers.keys().copied().eq(names.iter().map(AsRef::as_ref)), "run tests/update-judge/answers.sh");
    for (name, answer) in answers {
        assert_eq!(text(answer, "as"), "update", "{name}: the object before is refused itself");
        let is_refused = answer.get("refused").is_some();
        assert_eq!(is_refused, name.starts_with("refused-"), "{name}: {answer}");
        assert_ne!(is_refused, name.starts_with("accepted-"), "{name}: {answer}");
    }
}
