//! Values as text: blocks, brackets and JSON, in the style of the file that they are written into.

mod quote;

pub use quote::Quote;
pub(crate) use quote::{is_literal, key, quoted, text};

use super::scalar::{self, Scalar};
use super::value::Value;

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// How many columns a map stands to the right of its key.
    pub step: usize,
    /// How many columns the dash of an item stands to the right of its list's key.
    pub list: usize,
    /// How many columns an item stands to the right of its dash.
    pub dash: usize,
    /// The quotes of texts that need some.
    pub quote: Quote,
}

impl Default for Style {
    fn default() -> Style {
        Style { step: 2, list: 0, dash: 2, quote: Quote::Double }
    }
}

/// How JSON is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonStyle {
    /// The indentation of one level; none for all on one line.
    pub unit: Option<String>,
    /// What stands between a key and its value.
    pub colon: &'static str,
    /// What stands between two values on one line.
    pub comma: &'static str,
    /// The line break.
    pub line_break: &'static str,
}

/// Lines of a block, beginning in the first column.
pub type Lines = Vec<String>;

/// The lines of a value that begins a line, or stands behind a dash.
pub fn block(value: &Value, style: &Style) -> Lines {
    match value {
        Value::Map(entries) if !entries.is_empty() => {
            entries.iter().flat_map(|(key, value)| entry(key, value, style)).collect()
        }
        Value::List(items) if !items.is_empty() => items.iter().flat_map(|it| item(it, style)).collect(),
        Value::Text(text) if is_literal(text) => literal(text, style.step),
        _ => vec![flow(value, style)],
    }
}

/// The lines of an entry of a map.
pub fn entry(name: &str, value: &Value, style: &Style) -> Lines {
    let mut lines = vec![format!("{}:", key(name, style.quote, false))];
    match value {
        Value::Map(_) if value.is_filled() => lines.extend(indented(block(value, style), style.step)),
        Value::List(_) if value.is_filled() => lines.extend(indented(block(value, style), style.list)),
        _ => {
            let mut rest = block(value, style).into_iter();
            lines[0].push(' ');
            lines[0].push_str(&rest.next().unwrap_or_default());
            lines.extend(rest);
        }
    }
    lines
}

/// The lines of an item of a list, with its dash.
pub fn item(value: &Value, style: &Style) -> Lines {
    let mut lines = indented(block(value, style), style.dash);
    if let Some(first) = lines.first_mut() {
        first.replace_range(..1, "-");
    }
    lines
}

/// A text of several lines as it is, below its header.
fn literal(text: &str, step: usize) -> Lines {
    let (header, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    let lines = body.split('\n').map(str::to_owned).collect();
    std::iter::once(header.to_owned()).chain(indented(lines, step)).collect()
}

/// Lines further to the right; empty ones stay empty.
pub(crate) fn indented(mut lines: Lines, columns: usize) -> Lines {
    for line in lines.iter_mut().filter(|it| !it.is_empty()) {
        line.insert_str(0, &" ".repeat(columns));
    }
    lines
}

/// A value on one line, in brackets.
pub fn flow(value: &Value, style: &Style) -> String {
    flow_in(value, style, false)
}

fn flow_in(value: &Value, style: &Style, is_inside: bool) -> String {
    match value {
        Value::Map(entries) => {
            let entries: Vec<_> = entries.iter().map(|(key, value)| flow_entry(key, value, style)).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|it| flow_item(it, style)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Text(it) => text(it, style.quote, is_inside),
        Value::Plain(it) => plain(it, style.quote, is_inside),
    }
}

/// An entry of a map in brackets.
pub(crate) fn flow_entry(name: &str, value: &Value, style: &Style) -> String {
    format!("{}: {}", key(name, style.quote, true), flow_item(value, style))
}

/// An item of a list in brackets.
pub(crate) fn flow_item(value: &Value, style: &Style) -> String {
    flow_in(value, style, true)
}

/// A number, a truth value or null. Anything else is text.
fn plain(it: &str, quote: Quote, is_inside: bool) -> String {
    match scalar::resolve(it) {
        Scalar::Str(it) => text(it, quote, is_inside),
        Scalar::Null => "null".to_owned(),
        _ => it.to_owned(),
    }
}

/// A value as JSON whose first line stands behind `prefix`, the blanks before the line's first character.
pub fn json(value: &Value, style: &JsonStyle, prefix: &str) -> String {
    let (open, close, members): (_, _, Vec<String>) = match value {
        Value::Map(entries) => {
            let prefix = deeper(style, prefix);
            ('{', '}', entries.iter().map(|(key, value)| json_entry(key, value, style, &prefix)).collect())
        }
        Value::List(items) => {
            let prefix = deeper(style, prefix);
            ('[', ']', items.iter().map(|it| json(it, style, &prefix)).collect())
        }
        Value::Text(text) => return quote::double(text),
        Value::Plain(text) => return json_plain(text),
    };
    match &style.unit {
        Some(_) if !members.is_empty() => {
            let line = format!("{}{}", style.line_break, deeper(style, prefix));
            let members = members.join(&format!(",{line}"));
            format!("{open}{line}{members}{}{prefix}{close}", style.line_break)
        }
        _ => format!("{open}{}{close}", members.join(style.comma)),
    }
}

/// An entry of a map in JSON.
pub(crate) fn json_entry(key: &str, value: &Value, style: &JsonStyle, prefix: &str) -> String {
    format!("{}{}{}", quote::double(key), style.colon, json(value, style, prefix))
}

fn deeper(style: &JsonStyle, prefix: &str) -> String {
    format!("{prefix}{}", style.unit.as_deref().unwrap_or_default())
}

/// A number, a truth value or null in the words of JSON.
fn json_plain(text: &str) -> String {
    match scalar::resolve(text) {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::UInt(value) => value.to_string(),
        Scalar::Float(value) if value.is_finite() => value.to_string(),
        Scalar::Float(_) | Scalar::Str(_) => quote::double(text),
    }
}
