//! Pages are read as a reader of all of YAML reads them.

use crate::common::root;
use edms_lint::config::{Level, Profile};
use edms_lint::finding::{Confidence, Impact, Safety, Stage};
use edms_lint::rule::{Levels, Page, Remedy, parse_level};
use edms_lint::rules;
use std::collections::BTreeMap;
use yaml_serde::Value;

/// The front matter of a page, by that reader.
fn front_matter(page: &Page) -> Value {
    let file = root().join(format!("rules/{}/{}.md", page.component, page.id));
    let text = std::fs::read_to_string(file).expect("the page is where its component says");
    let front = text.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n")).expect("it has front matter").0;
    yaml_serde::from_str(front).expect("it is YAML")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn levels(value: &Value) -> [Level; 3] {
    assert_eq!(value.as_mapping().map(yaml_serde::Mapping::len), Some(3));
    ["relaxed", "default", "production"].map(|profile| match value.get(profile) {
        // The word `off` is a boolean to some readers.
        Some(Value::Bool(false)) => None,
        Some(word) => parse_level(word.as_str().expect("a word")).expect("a level"),
        None => panic!("no level in {profile}"),
    })
}

fn read_levels(levels: Levels) -> [Level; 3] {
    [Profile::Relaxed, Profile::Default, Profile::Production].map(|it| levels.of(it))
}

fn impact(word: &str) -> Impact {
    match word {
        "data-loss" => Impact::DataLoss,
        "outage" => Impact::Outage,
        "single-point" => Impact::SinglePoint,
        "degraded" => Impact::Degraded,
        "upkeep" => Impact::Upkeep,
        other => panic!("no impact: {other}"),
    }
}

fn remedy(front: &Value) -> Option<Remedy> {
    let value = &front["fix"];
    let text = |key: &str| value.get(key).and_then(Value::as_str).expect("a text");
    let class = match text("class") {
        "none" => return None,
        "display" => Safety::DisplayOnly,
        "unsafe" => Safety::Unsafe,
        "safe" => Safety::Safe,
        other => panic!("no class: {other}"),
    };
    let stage = Stage::ALL.into_iter().find(|it| it.name() == text("stage")).expect("a stage");
    // Pages live as long as the program.
    let leaked = |it: &str| -> &'static str { it.to_owned().leak() };
    let uncovers = texts(value.get("uncovers")).into_iter().map(leaked).collect();
    let why = leaked(front.get("why").and_then(Value::as_str).expect("a sentence"));
    Some(Remedy { class, stage, title: leaked(text("title")), why, uncovers })
}

#[test]
fn pages_are_read_as_yaml() {
    for page in rules::all().map(edms_lint::rule::Entry::page) {
        let front = front_matter(page);
        let text = |key: &str| front.get(key).and_then(Value::as_str);
        let id = page.id.as_str();
        let known = [
            "id",
            "title",
            "component",
            "guideline",
            "since",
            "kinds",
            "absence",
            "levels",
            "impact",
            "cases",
            "confidence",
            "fix",
            "why",
            "parameters",
        ];
        for key in front.as_mapping().expect("a map").keys() {
            assert!(key.as_str().is_some_and(|it| known.contains(&it)), "{id}: {key:?}");
        }
        assert_eq!(text("id"), Some(id));
        assert_eq!(text("title"), Some(page.title), "{id}");
        assert_eq!(text("component"), Some(page.component), "{id}");
        assert_eq!(text("since"), Some(page.since), "{id}");
        assert_eq!(texts(front.get("guideline")), page.guideline, "{id}");
        assert_eq!(texts(front.get("kinds")), page.kinds, "{id}");
        assert_eq!(texts(front.get("absence")), page.absence, "{id}");
        assert_eq!(levels(&front["levels"]), read_levels(page.levels), "{id}");
        assert_eq!(text("impact").map_or(Impact::default(), impact), page.impact, "{id}");
        let confidence = if page.confidence == Confidence::Certain { "certain" } else { "heuristic" };
        assert_eq!(text("confidence"), Some(confidence), "{id}");
        assert_eq!(remedy(&front), page.remedy, "{id}");
        let cases = front.get("cases").and_then(Value::as_mapping).into_iter().flatten();
        let cases: BTreeMap<&str, [Level; 3]> =
            cases.map(|(name, value)| (name.as_str().expect("a name"), levels(value))).collect();
        let read: BTreeMap<&str, [Level; 3]> = page.cases.iter().map(|it| (*it.0, read_levels(*it.1))).collect();
        assert_eq!(cases, read, "{id}");
        assert_eq!(parameters(&front), read_parameters(page), "{id}");
    }
}

fn parameters(front: &Value) -> BTreeMap<&str, (&Value, &str)> {
    let parameters = front.get("parameters").and_then(Value::as_mapping).into_iter().flatten();
    parameters.map(|(name, it)| (text(name), (&it["default"], text(&it["help"])))).collect()
}

fn read_parameters(page: &Page) -> BTreeMap<&str, (&Value, &str)> {
    page.parameters.iter().map(|(name, it)| (name.as_str(), (&it.default, it.help.as_str()))).collect()
}
