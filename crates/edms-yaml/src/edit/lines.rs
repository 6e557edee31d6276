//! Lines of a text that stands in lines of its own below a `|`.

use super::change::What;
use super::place::Place;
use super::refusal::Refusal;
use super::session::Whole;
use super::{Editor, TextEdit};
use crate::NodeRef;
use crate::value::Value;
use std::ops::Range;

/// A change of one line of a text. Lines count from 0, as they were before all changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineEdit {
    /// This stands in place of the line.
    Set(usize, String),
    /// This comes before the line, or behind the last.
    Insert(usize, String),
}

/// A text in lines, with the place of each.
struct Block {
    /// Without line breaks.
    lines: Vec<Range<usize>>,
    /// What the lines begin with that is not of the text.
    indent: String,
    line_break: &'static str,
}

impl Editor<'_> {
    /// Changes lines of a text that stands below a `|`, each with its indentation. A text in any other form is left.
    pub fn edit_lines(&mut self, text: NodeRef<'_>, changes: &[LineEdit]) -> Result<(), Refusal> {
        let (file, site) = self.site(text, Whole::Yes)?;
        let place = Place::new(&file, site);
        place.check_value()?;
        let block = Block::of(place).ok_or(Refusal::BlockScalar(place.node.span()))?;
        let is_line = |it: &LineEdit| {
            let (LineEdit::Set(_, text) | LineEdit::Insert(_, text)) = it;
            !text.starts_with([' ', '\t']) && !text.chars().any(char::is_control) && text.trim_end() == text
        };
        if !changes.iter().all(is_line) {
            return Err(place.layout());
        }
        let edits = changes.iter().map(|it| block.edit(it)).collect::<Option<Vec<_>>>().ok_or(place.layout())?;
        let value = Value::Text(changed(place.node.text(), changes));
        self.add(place, What::Set(site, place.node.next(), value), edits)
    }
}

impl Block {
    fn of(place: Place<'_>) -> Option<Block> {
        let (text, lines) = (&place.file.text, place.file.lines());
        let header = place.block_header().filter(|it| text[*it..].starts_with('|'))?;
        let mut block = Block { lines: Vec::new(), indent: String::new(), line_break: lines.line_break(header) };
        let mut at = lines.next_line(header);
        for line in place.node.text().lines() {
            let range = at..lines.line_end(at);
            let written = text.get(range.clone())?;
            if !line.is_empty() && block.indent.is_empty() {
                written.strip_suffix(line)?.clone_into(&mut block.indent);
            }
            block.lines.push(range);
            at = lines.next_line(at);
        }
        let is_indent = |it: char| it == ' ';
        (!block.indent.is_empty() && block.indent.chars().all(is_indent)).then_some(block)
    }

    fn edit(&self, change: &LineEdit) -> Option<TextEdit> {
        let written = |text: &str| if text.is_empty() { String::new() } else { format!("{}{text}", self.indent) };
        match change {
            LineEdit::Set(line, text) => Some(TextEdit { range: self.lines.get(*line)?.clone(), text: written(text) }),
            LineEdit::Insert(line, text) => {
                let (at, text) = if let Some(next) = self.lines.get(*line) {
                    (next.start, format!("{}{}", written(text), self.line_break))
                } else {
                    (self.lines.last()?.end, format!("{}{}", self.line_break, written(text)))
                };
                Some(TextEdit { range: at..at, text })
            }
        }
    }
}

/// The text with changed lines.
fn changed(text: &str, changes: &[LineEdit]) -> String {
    let old: Vec<&str> = text.lines().collect();
    let count = old.len();
    let mut lines = Vec::new();
    for at in 0..=count {
        let inserted = changes.iter().filter_map(|it| match it {
            LineEdit::Insert(before, line) if (*before).min(count) == at => Some(line.as_str()),
            _ => None,
        });
        lines.extend(inserted);
        let set = changes.iter().rev().find_map(|it| match it {
            LineEdit::Set(line, text) if *line == at => Some(text.as_str()),
            _ => None,
        });
        lines.extend(set.or_else(|| old.get(at).copied()).filter(|_| at < count));
    }
    let end = if text.ends_with('\n') { "\n" } else { "" };
    format!("{}{end}", lines.join("\n"))
}
