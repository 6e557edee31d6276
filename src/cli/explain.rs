//! `edms-lint explain RULE`: a rule's page.

use super::args::Color;
use super::{CLEAN, MISTAKE, complain, output, terminal};
use crate::finding::Safety;
use crate::rule::Page;
use crate::rules;
use crate::suggest;
use anstyle::Style;
use std::fmt::Write as _;

/// The page on the words and columns of `edms-lint drill`.
const DRILL: &str = include_str!("../../docs/drill.md");

pub(super) fn run(name: &str, color: Color) -> u8 {
    if name == "drill" {
        return print(&headed(DRILL, color));
    }
    let Some(rule) = rules::find(name) else {
        let known: Vec<&str> = rules::all().map(|it| it.id().as_str()).chain(["drill"]).collect();
        let hint =
            suggest::nearest(name, known.iter().copied()).map(|it| format!(": did you mean {it}?")).unwrap_or_default();
        complain(format_args!("no rule {name:?}{hint} `edms-lint rules` lists them"));
        return MISTAKE;
    };
    let page = rule.page();
    let mut text = format!("{}: {}\n\n", bold(&page.id, color), page.title);
    let levels = crate::config::Profile::ALL.map(|it| {
        let level = page.levels.of(it).map_or("off", crate::finding::Severity::name);
        format!("{level} ({})", it.name())
    });
    _ = writeln!(text, "Level: {}", levels.join(", "));
    text.push_str(&fix(page));
    for (name, parameter) in &page.parameters {
        let default = yaml_serde::to_string(&parameter.default).unwrap_or_default();
        _ = writeln!(text, "Parameter {name}: {} (default {})", parameter.help, default.trim());
    }
    text.push('\n');
    text.push_str(&headed(page.body, color));
    print(&text)
}

fn bold(text: &str, color: Color) -> String {
    let style = Style::new().bold();
    if terminal::stdout_look(color).color { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// A page with its headings in bold.
fn headed(page: &str, color: Color) -> String {
    let line = |line: &str| {
        let heading = line.strip_prefix("## ").or_else(|| line.strip_prefix("# "));
        heading.map_or_else(|| line.to_owned(), |it| bold(it, color))
    };
    let lines: Vec<String> = page.lines().map(line).collect();
    format!("{}\n", lines.join("\n"))
}

fn print(text: &str) -> u8 {
    match output::to_stdout(text.as_bytes()) {
        Ok(()) => CLEAN,
        Err(error) => {
            complain(error);
            MISTAKE
        }
    }
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
