//! `edms-lint rules`: the table of rules, and `edms-lint schema`, which names them all.

use super::args::{Color, RulesArguments, TableFormat};
use super::{MISTAKE, complain, shell, terminal};
use crate::config::schema::{self, RuleKeys};
use crate::config::{Level, Profile};
use crate::finding::{Confidence, Severity};
use crate::index::Role;
use crate::render::Look;
use crate::rule::{Entry, Page};
use crate::rules;
use crate::suggest;
use anstyle::Style;
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn run(wanted: &RulesArguments, color: Color) -> u8 {
    let mut components: Vec<&str> = rules::all().map(Entry::component).collect();
    components.sort_unstable();
    components.dedup();
    if let Some(unknown) = wanted.component.iter().find(|it| !components.contains(&it.as_str())) {
        let near = suggest::nearest(unknown, components.iter().copied());
        let hint =
            near.map_or_else(|| format!("; there are {}", components.join(", ")), |it| format!(": did you mean {it}?"));
        complain(format_args!("no component {unknown:?}{hint}"));
        return MISTAKE;
    }
    let pages: Vec<&Page> = rules::all().map(Entry::page).filter(|it| fits(it, wanted)).collect();
    if pages.is_empty() {
        complain("no rule fits");
    }
    let text = match wanted.format {
        TableFormat::Text => table(&pages, wanted.profile.into(), terminal::stdout_look(color)),
        TableFormat::Json => listing(&pages),
    };
    shell::print(text.as_bytes())
}

/// Whether a rule has the component, the level and all the words that are asked for.
fn fits(page: &Page, wanted: &RulesArguments) -> bool {
    let level = page.levels.of(wanted.profile.into());
    let has_level = wanted.level.is_empty() || wanted.level.iter().any(|it| Level::from(*it) == level);
    let has_component = wanted.component.is_empty() || wanted.component.iter().any(|it| it == page.component);
    let checks = page.section("What it checks").unwrap_or_default();
    let text = format!("{} {} {checks}", page.id, page.title).to_lowercase();
    has_level && has_component && wanted.words.iter().all(|it| text.contains(&it.to_lowercase()))
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
fn table(pages: &[&Page], profile: Profile, look: Look) -> String {
    let width = pages.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for page in pages {
        let level = page.levels.of(profile);
        let style = level.map_or_else(|| Style::new().dimmed(), Look::severity);
        let level = look.paint(style, &format!("{:7}", word(level)));
        let id = look.link_to_rule(page.id.as_str(), &look.paint(Style::new().bold(), page.id.as_str()));
        let room = width - page.id.len();
        _ = writeln!(text, "{id}{:room$}  {level}  {}", "", look.plain(page.title));
    }
    text
}

fn listing(pages: &[&Page]) -> String {
    let list: Vec<serde_json::Value> = pages.iter().map(|it| entry(it)).collect();
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
