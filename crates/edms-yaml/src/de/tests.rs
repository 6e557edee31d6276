//! What fits a type is read, and what does not is pointed at.

use super::*;
use crate::source::{Source, SourceId};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Params {
    name: String,
    min_replicas: u32,
    #[serde(default)]
    share: Option<f64>,
    #[serde(default)]
    level: Level,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    more: Vec<Params>,
}

#[derive(Debug, Default, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    #[default]
    Low,
    High,
}

fn read(text: &str) -> Result<Params, ReadError> {
    read_without(text, &[])
}

fn read_without(text: &str, skipped: &[&str]) -> Result<Params, ReadError> {
    let text: Arc<str> = text.into();
    let document = crate::parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("is there");
    from_node_without(document.root(), skipped)
}

/// Line, column, path, message and help of the error.
fn error(text: &str) -> (usize, usize, String, String, Option<String>) {
    let error = read(text).expect_err("is refused");
    let place = Source::new("a.yaml", text).line_column(error.span.start);
    (place.line, place.column, error.path.to_string(), error.message, error.help)
}

#[test]
fn values_are_read_through_aliases_and_merge_keys() {
    let text = "x-base: &base {name: a, min-replicas: 2}\n<<: *base\nname: b\nshare: 1\nlevel: high\nmore: [*base]\n";
    let read = read_without(text, &["x-base"]).expect("fits");
    let inner = Params {
        name: "a".into(),
        min_replicas: 2,
        share: None,
        level: Level::Low,
        labels: BTreeMap::new(),
        more: vec![],
    };
    let expected = Params {
        name: "b".into(),
        min_replicas: 2,
        share: Some(1.0),
        level: Level::High,
        labels: BTreeMap::new(),
        more: vec![inner],
    };
    assert_eq!(read, expected);
}

#[test]
fn a_value_of_another_type_is_pointed_at() {
    let (line, column, path, message, help) = error("name: x\nmin-replicas: \"2\"\n");
    assert_eq!((line, column, path.as_str()), (2, 15, "min-replicas"));
    assert_eq!(message, "expected a whole number from 0 to 4294967295, found the string \"2\"");
    assert_eq!(help.as_deref(), Some("remove the quotes"));

    let (line, column, path, message, help) = error("min-replicas: 2\nname: x\nlabels:\n  tier: 1\n");
    assert_eq!((line, column, path.as_str()), (4, 9, "labels.tier"));
    assert_eq!(message, "expected a string, found the number 1");
    assert_eq!(help.as_deref(), Some("quote it: \"1\""));

    let (line, column, path, message, _) = error("min-replicas: -1\nname: x\n");
    assert_eq!((line, column, path.as_str()), (1, 15, "min-replicas"));
    assert_eq!(message, "expected a whole number from 0 to 4294967295, found the number -1");

    let (line, column, path, message, _) = error("name:\nmin-replicas: 1\n");
    assert_eq!((line, column, path.as_str()), (1, 1, "name"));
    assert_eq!(message, "expected a string, found nothing");

    let (line, column, path, message, _) = error("name:\n  - a\n  - b\nmin-replicas: 1\n");
    assert_eq!((line, column, path.as_str()), (2, 3, "name"));
    assert_eq!(message, "expected a string, found a list");
}

#[test]
fn keys_that_are_missing_have_their_defaults() {
    let document = |text: &str| {
        let text: Arc<str> = text.into();
        crate::parse(SourceId(0), &text, 0..text.len()).expect("it is YAML").expect("it is not empty")
    };
    let (written, page) = (document("{name: own}"), document("{name: page, min-replicas: 3}"));
    let defaults: Vec<(&str, NodeRef<'_>)> = page.root().entries().map(|it| (it.name(), it.value)).collect();
    let read: Params = from_node_with_defaults(written.root(), &[], &defaults).expect("nothing is missing");
    assert_eq!((read.name.as_str(), read.min_replicas), ("own", 3));
}

#[test]
fn an_unknown_key_is_pointed_at_itself() {
    let (line, column, path, message, help) = error("name: x\nmin-replica: 2\n");
    assert_eq!((line, column, path.as_str()), (2, 1, "min-replica"));
    assert_eq!(message, "unknown key `min-replica`");
    assert_eq!(help.as_deref(), Some("did you mean `min-replicas`?"));

    let (line, column, _, message, help) = error("name: x\nmin-replicas: 2\nlevel: hihg\n");
    assert_eq!((line, column), (3, 8));
    assert_eq!(message, "unknown value `hihg`");
    assert_eq!(help.as_deref(), Some("did you mean `high`?"));
}

#[test]
fn a_missing_key_is_pointed_at_where_its_map_is_named() {
    let (line, column, path, message, _) = error("name: x\nmin-replicas: 1\nmore:\n  - name: z\n");
    assert_eq!((line, column, path.as_str()), (4, 5, "more[z]"));
    assert_eq!(message, "`min-replicas` is missing");
    let (line, column, path, _, _) = error("min-replicas: 1\n");
    assert_eq!((line, column, path.as_str()), (1, 1, ""));
}
