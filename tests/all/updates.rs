//! What fixes make of objects, and what they rest on, as the API server's own validation answered.
//!
//! `tests/update-judge` makes the answers.

mod made;

use crate::common::{files_below, root};
use made::{Case, Made};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What to do about answers that are old.
const AGAIN: &str = "run tests/update-judge/answers.sh and read what changes";
/// Cases of objects that are refused before, and cannot even be read after. The list may only become shorter.
const REFUSED: &[&str] = &[];
/// How many cases in a hundred may be newer than the answers.
const MOST_UNJUDGED: usize = 10;

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
    assert!(answers.keys().copied().eq(names.iter().map(AsRef::as_ref)), "{AGAIN}");
    for (name, answer) in answers {
        assert_eq!(text(answer, "as"), "update", "{name}: the object before is refused itself");
        let is_refused = answer.get("refused").is_some();
        assert_eq!(is_refused, name.starts_with("refused-"), "{name}: {answer}");
        assert_ne!(is_refused, name.starts_with("accepted-"), "{name}: {answer}");
    }
}

/// A line of the input of the judge, for each object that fixes make; one for a case of which they make nothing.
fn questions(case: &Case) -> String {
    let texts = digest(case.files.iter().flat_map(|(name, text)| [name.as_str(), text]));
    let made = made::made(case);
    let mut lines = String::new();
    if made.is_empty() {
        lines = format!("{}\n", json!({"case": case.name, "texts": texts}));
    }
    for it in made {
        let result = result(&it);
        let name = json!({"case": case.name, "texts": texts, "object": it.object, "result": result}).to_string();
        let before = it.before.map(|it| format!(",\"before\":{it}")).unwrap_or_default();
        lines.push_str(&format!("{}{before},\"after\":{}}}\n", &name[..name.len() - 1], it.after));
    }
    lines
}

fn result(made: &Made) -> String {
    digest([made.before.as_deref().unwrap_or_default(), &made.after])
}

/// The FNV hash of texts.
fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let bytes = texts.into_iter().flat_map(|it| it.bytes().chain([0xff]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, it| (hash ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Writes what is to be judged into the file that `EDMS_LINT_CHANGES` names: of the folder that `EDMS_LINT_MANIFESTS`
/// names, or of all cases here.
#[test]
#[ignore = "tests/update-judge/answers.sh runs it"]
fn write_questions() {
    let file = std::env::var_os("EDMS_LINT_CHANGES").expect("EDMS_LINT_CHANGES names the file to write");
    let folder = std::env::var_os("EDMS_LINT_MANIFESTS").map(|it| vec![made::case(std::path::Path::new(&it))]);
    let cases = folder.unwrap_or_else(made::cases);
    let lines: Vec<String> = cases.par_iter().map(questions).collect();
    std::fs::write(file, lines.concat()).expect("the file can be written");
}

#[test]
fn what_fixes_make_is_accepted() {
    let answers = lines("updates.jsonl");
    let is_refused = |it: &&Value| it.get("refused").is_some() && !REFUSED.contains(&text(it, "case"));
    let refused: Vec<String> = answers.iter().filter(is_refused).map(Value::to_string).collect();
    assert!(refused.is_empty(), "{} are refused:\n{}", refused.len(), refused.join("\n"));
    let judged: BTreeSet<&str> = answers.iter().map(|it| text(it, "texts")).collect();
    let accepted: BTreeSet<&str> = answers.iter().map(|it| text(it, "result")).collect();
    let cases = made::cases();
    let texts = |case: &Case| digest(case.files.iter().flat_map(|(name, text)| [name.as_str(), text]));
    let (known, unknown): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|it| judged.contains(&*texts(it)));
    assert!(unknown.len() * 100 <= cases.len() * MOST_UNJUDGED, "{} cases are new: {AGAIN}", unknown.len());
    let new = known.par_iter().flat_map_iter(|case| {
        let new = made::made(case).into_iter().filter(|it| !accepted.contains(&*result(it)));
        new.map(|it| format!("{}: {}: {}", case.name, it.object, it.after)).collect::<Vec<_>>()
    });
    let new: Vec<String> = new.collect();
    assert!(new.is_empty(), "fixes make what nobody has judged: {AGAIN}\n{}", new.join("\n"));
}
