//! A reader of the format `agent`, from its grammar alone.

use super::Reports;
use serde_json::Value;
use std::collections::BTreeSet;

type Place = (String, u64, u64, String, String);

/// Path, line, column, rule and severity of each finding.
fn read(text: &str) -> BTreeSet<Place> {
    let mut file = String::new();
    let mut places = BTreeSet::new();
    for line in text.lines().take_while(|it| !it.is_empty()) {
        match finding(line) {
            Some((line, column, rule, severity)) => _ = places.insert((file.clone(), line, column, rule, severity)),
            None => file = unescape(line.strip_prefix("./").unwrap_or(line)),
        }
    }
    places
}

fn finding(line: &str) -> Option<(u64, u64, String, String)> {
    let mut words = line.split(' ');
    let (line, column) = words.next()?.split_once(':')?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    Some((line, column, words.next()?.to_owned(), words.next()?.to_owned()))
}

fn unescape(text: &str) -> String {
    let mut whole = String::new();
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        if it != '\\' {
            whole.push(it);
            continue;
        }
        match rest.next() {
            Some('n') => whole.push('\n'),
            Some('r') => whole.push('\r'),
            Some('t') => whole.push('\t'),
            Some('u') => {
                let code: String = rest.by_ref().skip(1).take_while(|it| *it != '}').collect();
                whole.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            other => whole.extend(other),
        }
    }
    whole
}

pub(super) fn check(reports: &Reports) {
    let text = reports.text("agent");
    let word = |it: &Value, key: &str| it[key].as_str().expect("is a text").to_owned();
    let number = |it: &Value, key: &str| it[key].as_u64().expect("is a number");
    let places = reports.findings();
    let places: BTreeSet<Place> = places
        .iter()
        .map(|it| (word(it, "file"), number(it, "line"), number(it, "column"), word(it, "rule"), word(it, "severity")))
        .collect();
    if places.is_empty() {
        return;
    }
    assert_eq!(read(&text), places);
    for line in text.lines().filter(|it| finding(it).is_some()) {
        assert!(line.matches(" -> ").count() <= 1 && line.matches("[fix: ").count() <= 1, "{line}");
    }
    // Small, which is what it is for.
    assert!(text.len() * 10 <= reports.text("json").len() * 4);
}
