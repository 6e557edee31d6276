//! A rule's page for a terminal: its Markdown with headings, lists, tables and examples laid out.
//!
//! Only what pages use is known: headings, paragraphs, lists of one level, tables, code, and links.

mod inline;

use super::Look;
use anstyle::{AnsiColor, Style};
use inline::{Words, lay_out, words};

/// Columns that code stands in from the left.
const INDENT: &str = "    ";
/// Columns that a column of a table keeps when there is too little room.
const LEAST: usize = 14;

/// The page as text, each line ended.
pub fn render(markdown: &str, look: Look) -> String {
    let mut text = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let code = std::iter::from_fn(|| lines.next().filter(|it| it.trim() != "```"));
            example(code, language, look, &mut text);
        } else if let Some(heading) = line.strip_prefix('#') {
            let heading = look.plain(heading.trim_start_matches('#').trim());
            text.push_str(&look.paint(Style::new().bold().underline(), &heading));
            text.push('\n');
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|it| it.starts_with('|')) {
                rows.push(cells(line));
            }
            table(rows, look, &mut text);
        } else if line.trim().is_empty() {
            text.push('\n');
        } else {
            let (bullet, first) = match line.strip_prefix("* ") {
                Some(item) => (if look.unicode { "  \u{2022} " } else { "  * " }, item),
                None => ("", line),
            };
            let mut whole = first.to_owned();
            while let Some(more) = lines.next_if(|it| goes_on(it)) {
                whole.push(' ');
                whole.push_str(more.trim());
            }
            let width = look.columns() - bullet.len();
            for (number, line) in lay_out(&words(&whole, look), width).into_iter().enumerate() {
                let bullet = if number == 0 { bullet } else { &"    "[..bullet.chars().count()] };
                text.push_str(&format!("{bullet}{line}\n"));
            }
        }
    }
    text
}

/// Whether a line belongs to the paragraph above it.
fn goes_on(line: &str) -> bool {
    let starts = ["* ", "#", "|", "```"].iter().any(|it| line.trim_start().starts_with(it));
    !line.trim().is_empty() && !starts
}

/// The lines of an example; the one that is wrong stands out.
fn example<'a>(code: impl Iterator<Item = &'a str>, language: &str, look: Look, text: &mut String) {
    let is_bad = language.ends_with("bad");
    for line in code {
        let line = look.plain(line);
        let shown = if is_bad && line.contains("# <-") {
            look.paint(AnsiColor::Red.on_default().bold(), &line)
        } else {
            look.paint(Style::new().dimmed(), &line)
        };
        let shown = if line.is_empty() { String::new() } else { format!("{INDENT}{shown}") };
        text.push_str(&shown);
        text.push('\n');
    }
}

/// The cells of a row; a bar behind a backslash is none between them.
fn cells(row: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_escaped = false;
    for character in row.trim().trim_start_matches('|').chars() {
        match character {
            '|' if !is_escaped => cells.push(String::new()),
            '\\' if !is_escaped => {}
            _ => {
                if let Some(last) = cells.last_mut() {
                    last.push(character);
                }
            }
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    if cells.last().is_some_and(|it| it.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|it| it.trim().to_owned()).collect()
}

/// Rows with their cells below each other, wrapped where they are too wide.
fn table(rows: Vec<Vec<String>>, look: Look, text: &mut String) {
    let is_rule =
        |row: &Vec<String>| row.iter().all(|it| !it.is_empty() && it.chars().all(|it| matches!(it, '-' | ':')));
    let rows: Vec<Vec<Words>> =
        rows.iter().filter(|it| !is_rule(it)).map(|row| row.iter().map(|it| words(it, look)).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let natural = |at: usize| rows.iter().filter_map(|it| it.get(at)).map(Words::width).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(natural).collect();
    let room = look.columns().saturating_sub(2 + 2 * columns.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|it| **it > LEAST) else { break };
        *widest -= 1;
    }
    for (number, row) in rows.iter().enumerate() {
        let cells: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| lay_out(cell, *width)).collect();
        for at in 0..cells.iter().map(Vec::len).max().unwrap_or(0) {
            let mut line = String::from("  ");
            for (cell, width) in cells.iter().zip(&widths) {
                let shown = cell.get(at).map_or("", String::as_str);
                line.push_str(shown);
                let missing = (width + 2).saturating_sub(inline::width(shown));
                line.extend(std::iter::repeat_n(' ', missing));
            }
            text.push_str(&if number == 0 {
                look.paint(Style::new().bold(), line.trim_end())
            } else {
                line.trim_end().to_owned()
            });
            text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Look = Look { color: false, unicode: true, width: 60, links: None };

    #[test]
    fn pages_are_laid_out() {
        let page = "## What it checks\n\nA `replicas: 1` that is far too long for the line that a narrow terminal has.\n\n\
                    * one\n* two, see [the docs](https://k8s.example/a)\n  and more\n\n| field | allowed |\n| --- | --- |\n\
                    | `a \\| b` | min(k, N) |\n\n```yaml bad\nkind: X # <- finding\n```\n";
        let shown = "What it checks\n\nA `replicas: 1` that is far too long for the line that a\nnarrow terminal has.\n\n\
                     \x20 \u{2022} one\n  \u{2022} two, see the docs (https://k8s.example/a) and more\n\n\
                     \x20 field    allowed\n  `a | b`  min(k, N)\n\n    kind: X # <- finding\n";
        assert_eq!(render(page, PLAIN), shown);
        let ascii = render("* 1 \u{2212} \u{2308}x\u{2309}", Look { unicode: false, ..PLAIN });
        assert_eq!(ascii, "  * 1 - ceil(x)\n");
        let color = render("a `b`", Look { color: true, ..PLAIN });
        assert!(color.contains("\u{1b}[") && !color.contains('`'), "{color:?}");
    }
}
