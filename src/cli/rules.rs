//! `edms-lint rules`: the table of rules, and `edms-lint schema`, which names them all.

use super::args::TableFormat;
use super::shell;
use crate::config::schema::{self, RuleKeys};
use crate::config::{Level, Profile};
use crate::finding::{Confidence, Severity};
use crate::index::Role;
use crate::rule::Page;
use crate::rules;
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn run(format: TableFormat) -> u8 {
    let text = match format {
        TableFormat::Text => table(),
        TableFormat::Json => listing(),
    };
    shell::print(text.as_bytes())
}

/// `edms-lint schema`: the JSON Schema of the configuration.
pub(super) fn schema() -> u8 {
    let rules: Vec<RuleKeys<'_>> = rules::all().map(|it| keys(it.page())).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|it| it.1).collect();
    shell::print(format!("{:#}\n", schema::schema(&rules, &roles)).as_bytes())
}

fn keys(page: &Page) -> RuleKeys<'_> {
    let parameters = page.parameters.iter().map(|(name, it)| {
        let default = serde_json::to_value(&it.default).unwrap_or_default();
        (name.as_str(), default, it.help.as_str())
    });
    RuleKeys { id: &page.id, title: page.title, parameters: parameters.collect() }
}

fn word(level: Level) -> &'static str {
    level.map_or("off", Severity::name)
}

/// Id, level and title, aligned.
fn table() -> String {
    let width = rules::all().map(|it| it.id().len()).max().unwrap_or(0);
    let mut text = String::new();
    for rule in rules::all() {
        let page = rule.page();
        _ = writeln!(text, "{:width$}  {:7}  {}", page.id, word(page.levels.of(Profile::Default)), page.title);
    }
    text
}

fn listing() -> String {
    let list: Vec<serde_json::Value> = rules::all().map(|it| entry(it.page())).collect();
    format!("{:#}\n", json!({ "version": 1, "rules": list }))
}

fn entry(page: &Page) -> serde_json::Value {
    let levels: serde_json::Map<String, serde_json::Value> =
        Profile::ALL.into_iter().map(|it| (it.name().to_owned(), word(page.levels.of(it)).into())).collect();
    let parameters: serde_json::Map<String, serde_json::Value> = page
        .parameters
        .iter()
        .map(|(name, it)| {
            let default = serde_json::to_value(&it.default).unwrap_or_default();
            (name.clone(), json!({ "default": default, "help": it.help }))
        })
        .collect();
    json!({
        "id": page.id,
        "title": page.title,
        "component": page.component,
        "guideline": page.guideline,
        "since": page.since,
        "kinds": page.kinds,
        "levels": levels,
        "confidence": if page.confidence == Confidence::Certain { "certain" } else { "heuristic" },
        "parameters": parameters,
        "fix": fix(page),
    })
}

/// The class, and what there is to say of a fix.
fn fix(page: &Page) -> serde_json::Value {
    match &page.remedy {
        None => json!({ "class": "none" }),
        Some(it) => json!({ "class": it.class.name(), "title": it.title, "why": it.why, "uncovers": it.uncovers }),
    }
}
