//! A reader of XML, as far as reports need it: strict, and small enough to be right.

use super::{Reports, of_level};
use std::collections::BTreeSet;

/// The elements that each may hold, and the attributes that it may have: those of `junit-10.xsd` and of Checkstyle.
const MODEL: &[(&str, &[&str], &[&str])] = &[
    ("testsuites", &["testsuite"], &["name", "tests", "failures", "errors"]),
    ("testsuite", &["testcase"], &["name", "tests", "failures", "errors", "skipped"]),
    ("testcase", &["failure", "skipped"], &["name", "classname"]),
    ("failure", &[], &["type", "message"]),
    ("skipped", &[], &["type", "message"]),
    ("checkstyle", &["file"], &["version"]),
    ("file", &["error"], &["name"]),
    ("error", &[], &["line", "column", "severity", "message", "source"]),
];

struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, key: &str) -> &str {
        self.attributes.iter().find(|it| it.0 == key).map_or("", |it| it.1.as_str())
    }
}

/// The elements in order. Panics where the text is not well-formed or an element is not where the model has it.
fn read(text: &str) -> Vec<Element> {
    let forbidden =
        |it: char| it.is_control() && !matches!(it, '\n' | '\t' | '\r') || matches!(it, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "XML 1.0 forbids a character");
    let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("says what it is");
    let (mut elements, mut open): (Vec<Element>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(at) = rest.find('<') {
        check_text(&rest[..at]);
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "tags are nested");
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |it| (it, true));
        let element = element(tag);
        let model = MODEL.iter().find(|it| it.0 == element.name).expect("the element is known");
        assert!(element.attributes.iter().all(|it| model.2.contains(&it.0.as_str())), "{tag}");
        if let Some(parent) = open.last() {
            let parent = MODEL.iter().find(|it| it.0 == *parent).expect("the parent is known");
            assert!(parent.1.contains(&element.name.as_str()), "{} in {}", element.name, parent.0);
        }
        if !is_empty {
            open.push(element.name.clone());
        }
        elements.push(element);
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    elements
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let (key, value) = rest.split_once("=\"").expect("an attribute has a value");
        let (value, after) = value.split_once('"').expect("a value ends");
        check_text(value);
        attributes.push((key.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    Element { name: name.to_owned(), attributes }
}

fn check_text(text: &str) {
    for reference in text.split('&').skip(1) {
        let name = reference.split(';').next().unwrap_or_default();
        assert!(["amp", "lt", "gt", "quot", "apos"].contains(&name), "&{name}");
    }
}

pub(super) fn check(reports: &Reports) {
    let findings = reports.findings();
    let style = read(&reports.text("checkstyle"));
    assert_eq!(style.iter().filter(|it| it.name == "error").count(), findings.len());
    let junit = read(&reports.text("junit"));
    let number = |name: &str| junit.iter().filter(|it| it.name == name).count();
    assert_eq!(
        (number("failure"), number("skipped")),
        (findings.len() - of_level(&findings, "note"), of_level(&findings, "note"))
    );
    let cases: Vec<_> =
        junit.iter().filter(|it| it.name == "testcase").map(|it| (it.get("classname"), it.get("name"))).collect();
    assert_eq!(cases.iter().collect::<BTreeSet<_>>().len(), cases.len(), "one of equal names is kept");
    assert_eq!(junit[0].get("tests"), cases.len().to_string());
    let clean = cases.iter().filter(|it| it.1 == "no findings").count();
    assert_eq!(cases.len(), findings.len() + clean);
}
