//! Kustomizations against kustomize itself.
//!
//! `tests/data/kustomize.jsonl` holds kustomizations and what kustomize builds of them; `tests/kustomize-judge`
//! makes it. Where `EDMS_LINT_KUSTOMIZATIONS` names another file of the same form, that one is tested too, and
//! `EDMS_LINT_KUSTOMIZED_FOLDERS` names one with the answers for folders on this machine.

use crate::common::root;
use edms_lint::load::{BuiltObjects, BuiltRoot, built, built_texts};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// How many contradictions a failure shows, unless `EDMS_LINT_SHOWN` says how many.
const SHOWN: usize = 20;
/// Contradictions that are left among the committed answers. It may only become smaller.
const LEFT: usize = 0;

#[test]
fn kustomizations_are_built_as_kustomize_builds_them() {
    let tally = compare(&root().join("tests/data/kustomize.jsonl"), of_texts);
    tally.expect_at_most(LEFT);
    // So that no condition below swallows what is to be compared.
    assert!(tally.roots >= 800 && tally.equal >= 200 && tally.refused >= 50, "{tally:?}");
}

#[test]
fn other_kustomizations_are_built_too() {
    if let Some(more) = std::env::var_os("EDMS_LINT_KUSTOMIZATIONS") {
        compare(Path::new(&more), of_texts).expect_at_most(0);
    }
}

#[test]
fn folders_on_this_machine_are_built_too() {
    if let Some(folders) = std::env::var_os("EDMS_LINT_KUSTOMIZED_FOLDERS") {
        compare(Path::new(&folders), of_folder).expect_at_most(0);
    }
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    roots: usize,
    /// The same objects.
    equal: usize,
    /// The same objects but for fields that are not known, which kustomize knows.
    unknown: usize,
    /// Refused by both.
    refused: usize,
    /// What needs programs or servers, and components, which are not built by themselves.
    left_out: usize,
    contradictions: Vec<String>,
}

impl Tally {
    #[expect(clippy::print_stdout, reason = "the figures, for those who run with --nocapture")]
    fn expect_at_most(&self, contradictions: usize) {
        let Tally { roots, equal, unknown, refused, left_out, .. } = self;
        let wrong = self.contradictions.len();
        let figures = format!(
            "{roots} roots: {equal} equal, {unknown} with something unknown, {refused} refused by both, \
             {left_out} left out, {wrong} contradictions"
        );
        let most = std::env::var("EDMS_LINT_SHOWN").ok().and_then(|it| it.parse().ok()).unwrap_or(SHOWN);
        let shown = self.contradictions.iter().take(most).cloned().collect::<Vec<_>>().join("\n");
        println!("{figures}");
        assert!(wrong <= contradictions, "{figures}\n{shown}");
        assert!(unknown * 20 <= *roots, "{figures}");
    }
}

/// Compares every answer of a file with what `build` makes of its line.
fn compare(file: &Path, build: fn(&Value) -> Option<BuiltRoot>) -> Tally {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut tally = Tally::default();
    for (at, line) in text.lines().enumerate() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        tally.roots += 1;
        if case.get("leftOut").is_some() {
            tally.left_out += 1;
            continue;
        }
        match judge(&case, build(&case).map(|it| it.outcome)) {
            Ok(Verdict::Equal) => tally.equal += 1,
            Ok(Verdict::Unknown) => tally.unknown += 1,
            Ok(Verdict::Refused) => tally.refused += 1,
            Err(difference) => tally.contradictions.push(format!("line {}: {difference}", at + 1)),
        }
    }
    tally
}

/// A root of texts that are in the line.
fn of_texts(case: &Value) -> Option<BuiltRoot> {
    let files = case["files"].as_object().expect("a case has files");
    let texts: Vec<(&str, &str)> =
        files.iter().map(|it| (it.0.as_str(), it.1.as_str().expect("a file has a text"))).collect();
    let root = case["root"].as_str().filter(|it| !it.is_empty()).unwrap_or(".");
    built_texts(&texts).expect("the texts are small").into_iter().find(|it| it.root == root)
}

/// A root in a folder on this machine.
fn of_folder(case: &Value) -> Option<BuiltRoot> {
    let root = Path::new(case["root"].as_str().expect("a case has a root"));
    let is_root = |it: &BuiltRoot| Path::new(&it.root).canonicalize().is_ok_and(|it| it == root);
    built(root).ok()?.into_iter().find(is_root)
}

/// How a root compares where nothing is wrong.
enum Verdict {
    Equal,
    Unknown,
    Refused,
}

fn judge(case: &Value, ours: Option<Result<BuiltObjects, String>>) -> Result<Verdict, String> {
    let ours = ours.ok_or("not found as a root")?;
    match (case.get("error"), ours) {
        (Some(_), Err(_)) => Ok(Verdict::Refused),
        (Some(error), Ok(_)) => Err(format!("built, but kustomize says: {}", error.as_str().unwrap_or_default())),
        (None, Err(error)) => Err(format!("refused, but kustomize builds it: {error}")),
        (None, Ok(built)) => {
            let theirs = case["objects"].as_array().map(Vec::as_slice).unwrap_or_default();
            compare_objects(&built, theirs)
        }
    }
}

fn compare_objects(built: &BuiltObjects, theirs: &[Value]) -> Result<Verdict, String> {
    let mut left: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for object in theirs {
        left.entry(key(object)).or_default().push(object);
    }
    let mut differences = Vec::new();
    let ours = built.objects.iter().map(|it| serde_json::from_str(it).expect("an object is printed as JSON"));
    let name_is_unknown = |it: &(usize, Value)| built.unknown.contains(&format!("/{}/metadata/name", it.0));
    // An object of an unknown name is one of those of its kind that the others leave.
    let (nameless, named): (Vec<(usize, Value)>, Vec<_>) = ours.enumerate().partition(name_is_unknown);
    let named = named.into_iter().map(|it| (it, false)).chain(nameless.into_iter().map(|it| (it, true)));
    for ((at, ours), is_nameless) in named {
        let mut own = key(&ours);
        if is_nameless {
            let is_of_kind = |it: &&String| it.rsplit_once('/').map(|it| it.0) == own.rsplit_once('/').map(|it| it.0);
            let mut left = left.iter().filter(|it| !it.1.is_empty()).map(|it| it.0);
            own = left.find(is_of_kind).cloned().unwrap_or(own);
        }
        match left.get_mut(&own).and_then(Vec::pop) {
            Some(theirs) => difference(&ours, theirs, &format!("/{at}"), &built.unknown, &mut differences),
            None => differences.push(format!("{} is only here", key(&ours))),
        }
    }
    differences.extend(left.iter().filter(|it| !it.1.is_empty()).map(|it| format!("{} is missing", it.0)));
    if differences.is_empty() {
        return Ok(if built.unknown.is_empty() { Verdict::Equal } else { Verdict::Unknown });
    }
    Err(differences.join("; "))
}

/// What tells an object from others.
fn key(object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let namespace = text("/metadata/namespace");
    format!("{} {} {namespace}/{}", text("/apiVersion"), text("/kind"), text("/metadata/name"))
}

/// Adds where two values differ, unless that place is unknown.
fn difference(ours: &Value, theirs: &Value, pointer: &str, unknown: &[String], found: &mut Vec<String>) {
    if ours == theirs || unknown.iter().any(|it| it == pointer) {
        return;
    }
    let below = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (ours, theirs) {
        (Value::Object(one), Value::Object(other)) => {
            let has = |map: &Map<String, Value>, key: &str| map.get(key).cloned();
            for key in one.keys().chain(other.keys().filter(|it| !one.contains_key(*it))) {
                let nothing = Value::from("<nothing>");
                let ours = has(one, key).unwrap_or_else(|| nothing.clone());
                let theirs = has(other, key).unwrap_or(nothing);
                difference(&ours, &theirs, &below(key), unknown, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (ours, theirs)) in one.iter().zip(other).enumerate() {
                difference(ours, theirs, &below(&at.to_string()), unknown, found);
            }
        }
        _ => found.push(format!("{pointer} is {ours}, but kustomize has {theirs}")),
    }
}
