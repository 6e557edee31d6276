//! `edms-lint explain RULE...`: rules' pages, for a terminal.

use super::args::Color;
use super::{CLEAN, MISTAKE, complain, output, terminal};
use crate::config::Profile;
use crate::finding::{Safety, Severity};
use crate::render::text::listed;
use crate::render::{Look, page as render};
use crate::rule::Page;
use crate::rules;
use crate::suggest;
use anstyle::Style;
use std::fmt::Write as _;

/// The page on the words and columns of `edms-lint drill`.
const DRILL: &str = include_str!("../../docs/drill.md");

pub(super) fn run(names: &[String], color: Color) -> u8 {
    let look = terminal::stdout_look(color);
    let mut texts = Vec::new();
    let mut code = CLEAN;
    for name in names {
        match rules::find(name) {
            Some(rule) => texts.push(text(rule.page(), look)),
            None if name == "drill" => texts.push(render::render(DRILL, look)),
            None => {
                complain(unknown(name));
                code = MISTAKE;
            }
        }
    }
    let line = if look.unicode { "\u{2500}" } else { "-" }.repeat(look.columns());
    match output::to_stdout(texts.join(&format!("\n{}\n\n", look.paint(Style::new().dimmed(), &line))).as_bytes()) {
        Ok(()) => code,
        Err(error) => {
            complain(error);
            MISTAKE
        }
    }
}

/// Rules that are named where a word is a part of their names.
const NAMED: usize = 5;

/// That there is no such rule, and which was meant.
fn unknown(name: &str) -> String {
    let known: Vec<&str> = rules::all().map(|it| it.id().as_str()).chain(["drill"]).collect();
    let word = name.to_lowercase();
    let with_word: Vec<&str> = known.iter().copied().filter(|it| it.split('-').any(|it| it == word)).collect();
    match suggest::nearest(name, known) {
        Some(near) => format!("no rule {name:?}: did you mean {near}?"),
        None if !with_word.is_empty() => {
            format!("no rule {name:?}; with this word there are {}", listed(&with_word, NAMED))
        }
        None => format!("no rule {name:?}; `edms-lint rules` lists them, `edms-lint rules WORD` those about something"),
    }
}

/// The page under its title, levels, fix and parameters.
fn text(page: &Page, look: Look) -> String {
    let mut text = String::new();
    let mut say = |line: &str| text.push_str(&render::render(line, look));
    let levels = Profile::ALL.map(|it| {
        let level = page.levels.of(it).map_or("off", Severity::name);
        format!("{level} ({})", it.name())
    });
    say(&format!("Level: {}", levels.join(", ")));
    fix(page).lines().for_each(&mut say);
    for (name, parameter) in &page.parameters {
        let default = yaml_serde::to_string(&parameter.default).unwrap_or_default();
        say(&format!("Parameter `{name}`: {} (default {})", parameter.help, default.trim()));
    }
    let title = look.plain(page.title).into_owned();
    let id = look.link_to_rule(page.id.as_str(), &look.paint(Style::new().bold(), page.id.as_str()));
    let head = format!("{id}: {title}\n\n");
    format!("{head}{text}\n{}", render::render(page.body.trim_start_matches('\n'), look))
}

/// What the rule's fixes do, by which flag, and why by that one.
fn fix(page: &Page) -> String {
    let Some(remedy) = &page.remedy else { return "Fix: none\n".to_owned() };
    let (flag, class) = match remedy.class {
        Safety::Safe => (" (--fix)", "Safe"),
        Safety::Unsafe => (" (--unsafe-fixes)", "Unsafe"),
        Safety::DisplayOnly => ("", "Only shown"),
    };
    let mut text = format!("Fix: {}{flag}\n{class}, because {}\n", remedy.title, remedy.why);
    if !remedy.uncovers.is_empty() {
        _ = writeln!(text, "Errors of these rules may come to light: {}", remedy.uncovers.join(", "));
    }
    text
}
