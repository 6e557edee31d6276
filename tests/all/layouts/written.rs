//! Manifests in every layout that people and programs use, made of what they say.

use edms_lint::yaml::Value;
use edms_lint::yaml::emit::{Style, flow};

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    line_break: &'static str,
    has_final_break: bool,
    step: usize,
    /// How far dashes stand to the right of their key.
    list: usize,
    form: Form,
    quotes: Quotes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Block,
    /// Blocks, with brackets on one line from the second level on.
    Brackets,
    Json,
    /// JSON with each member on a line of its own.
    TallJson,
}

/// The quotes of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// Where they are needed.
    Few,
    Double,
    Single,
}

impl Layout {
    /// All layouts, the plainest first. JSON has quotes of its own, and knows no lists to indent.
    pub(super) fn all() -> Vec<Layout> {
        let mut all = Vec::new();
        for form in [Form::Block, Form::Brackets, Form::Json, Form::TallJson] {
            let is_json = matches!(form, Form::Json | Form::TallJson);
            for quotes in [Quotes::Few, Quotes::Double, Quotes::Single] {
                for step in [2, 4] {
                    for list in [0, step] {
                        for line_break in ["\n", "\r\n"] {
                            for has_final_break in [true, false] {
                                let layout = Layout { line_break, has_final_break, step, list, form, quotes };
                                all.push(layout);
                            }
                        }
                    }
                }
            }
            if is_json {
                all.retain(|it| it.form != form || (it.quotes == Quotes::Double && it.list == 0));
            }
        }
        all
    }

    /// The text of a file with these documents.
    pub(super) fn write(&self, documents: &[Value]) -> String {
        let documents: Vec<String> = documents.iter().map(|it| self.document(it)).collect();
        let text = documents.join(&format!("{0}---{0}", self.line_break));
        if self.has_final_break { text + self.line_break } else { text }
    }

    /// Whether the lines of a text end as they do in this layout. The last one may end where it did not.
    pub(super) fn is_kept_by(&self, text: &str) -> bool {
        let (long, any) = (text.matches("\r\n").count(), text.matches('\n').count());
        let ends_alike = if self.line_break == "\n" { long == 0 } else { long == any };
        ends_alike && (!self.has_final_break || text.ends_with('\n'))
    }

    fn document(&self, value: &Value) -> String {
        let lines = match self.form {
            Form::Json => vec![json(value)],
            Form::TallJson => self.tall(value),
            Form::Block | Form::Brackets => self.block(value, 0),
        };
        lines.join(self.line_break).trim_end().to_owned()
    }

    fn tall(&self, value: &Value) -> Vec<String> {
        let (open, close, members): (_, _, Vec<Vec<String>>) = match value {
            Value::Map(entries) if !entries.is_empty() => {
                let entry = |(key, value): &(String, Value)| {
                    let mut lines = self.tall(value);
                    lines[0].insert_str(0, &format!("{}: ", quoted(key)));
                    lines
                };
                ("{", "}", entries.iter().map(entry).collect())
            }
            Value::List(items) if !items.is_empty() => ("[", "]", items.iter().map(|it| self.tall(it)).collect()),
            _ => return vec![json(value)],
        };
        let mut lines = vec![open.to_owned()];
        let last = members.len() - 1;
        for (at, member) in members.into_iter().enumerate() {
            lines.extend(member.iter().map(|it| format!("{}{it}", " ".repeat(self.step))));
            if at < last {
                lines.last_mut().expect("a member has a line").push(',');
            }
        }
        lines.push(close.to_owned());
        lines
    }

    fn block(&self, value: &Value, level: usize) -> Vec<String> {
        match value {
            Value::Map(entries) => entries.iter().flat_map(|(key, value)| self.entry(key, value, level)).collect(),
            Value::List(items) => items.iter().flat_map(|it| self.item(it, level)).collect(),
            _ => vec![self.scalar(value)],
        }
    }

    fn item(&self, item: &Value, level: usize) -> Vec<String> {
        let is_bracketed = self.form == Form::Brackets || !is_filled(item);
        let lines = if is_bracketed { vec![self.bracketed(item)] } else { self.block(item, level + 1) };
        let dash = |(at, line): (usize, &String)| format!("{} {line}", if at == 0 { "-" } else { " " });
        lines.iter().enumerate().map(dash).collect()
    }

    fn entry(&self, name: &str, value: &Value, level: usize) -> Vec<String> {
        let name = key(name);
        if let (Value::Text(text), Quotes::Few) = (value, self.quotes)
            && is_literal(text)
        {
            let header = if text.ends_with('\n') { "|" } else { "|-" };
            let lines = text.strip_suffix('\n').unwrap_or(text).split('\n');
            let lines = lines.map(|it| if it.is_empty() { String::new() } else { " ".repeat(self.step) + it });
            return std::iter::once(format!("{name}: {header}")).chain(lines).collect();
        }
        if !is_filled(value) || (self.form == Form::Brackets && level > 0) {
            return vec![format!("{name}: {}", self.bracketed(value)).trim_end().to_owned()];
        }
        let step = if matches!(value, Value::List(_)) { self.list } else { self.step };
        let inner = self.block(value, level + 1);
        let inner = inner.iter().map(|it| if it.is_empty() { String::new() } else { " ".repeat(step) + it });
        std::iter::once(format!("{name}:")).chain(inner).collect()
    }

    fn bracketed(&self, value: &Value) -> String {
        match value {
            Value::Map(entries) => {
                let entry = |it: &(String, Value)| format!("{}: {}", key(&it.0), self.bracketed(&it.1));
                format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Value::List(items) => {
                format!("[{}]", items.iter().map(|it| self.bracketed(it)).collect::<Vec<_>>().join(", "))
            }
            _ => self.scalar(value),
        }
    }

    /// A number, a truth value or a text, on one line.
    fn scalar(&self, value: &Value) -> String {
        match value {
            Value::Text(text) if text.contains('\n') || self.quotes == Quotes::Double => quoted(text),
            Value::Text(text) if self.quotes == Quotes::Single => format!("'{}'", text.replace('\'', "''")),
            // In brackets more has to be quoted, and may be anywhere.
            Value::Text(_) => {
                flow(&Value::list([value.clone()]), &Style::default())[1..].trim_end_matches(']').to_owned()
            }
            Value::Plain(text) if text.is_empty() => "null".to_owned(),
            Value::Plain(text) => text.clone(),
            _ => unreachable!("a scalar"),
        }
    }
}

/// JSON on one line.
fn json(value: &Value) -> String {
    match value {
        Value::Map(entries) => {
            let entry = |it: &(String, Value)| format!("{}: {}", quoted(&it.0), json(&it.1));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", "))
        }
        Value::Text(text) => quoted(text),
        Value::Plain(text) if text.is_empty() || text == "~" => "null".to_owned(),
        Value::Plain(text) => text.to_lowercase(),
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Map(entries) => !entries.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => false,
    }
}

/// Whether a text of several lines can stand below its key as it is.
fn is_literal(text: &str) -> bool {
    let is_plain = |it: char| it == '\n' || !(it.is_control() || it == '\u{feff}');
    text.contains('\n') && text.chars().all(is_plain) && !text.starts_with([' ', '\n']) && !text.ends_with("\n\n")
}

/// In the quotes of JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// A key without quotes, where it is a word that is read as one.
fn key(name: &str) -> String {
    let is_word = |it: &u8| it.is_ascii_alphanumeric() || b"-._/".contains(it);
    let is_plain = name.len() > 3 && name.bytes().all(|it| is_word(&it)) && name.as_bytes()[0].is_ascii_alphabetic();
    let is_read_otherwise = ["true", "false", "null"].iter().any(|it| name.eq_ignore_ascii_case(it));
    if is_plain && !is_read_otherwise { name.to_owned() } else { quoted(name) }
}
