//! Texts in every layout, made of one tree: what the property test edits.

use crate::value::Value;

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) line_break: &'static str,
    pub(super) has_final_break: bool,
    pub(super) step: usize,
    /// How far dashes stand to the right of their key.
    pub(super) list: usize,
    pub(super) form: Form,
    pub(super) quote: &'static str,
    pub(super) comments: Comments,
}

/// Blocks, brackets or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Block,
    /// Blocks, with brackets on one line from the second level on.
    Brackets,
    /// The same with each member on a line of its own.
    TallBrackets,
    Json,
    TallJson,
}

/// Where comments stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    None,
    Behind,
    Above,
    Below,
}

impl Layout {
    /// All layouts; JSON has no comments and quotes of its own, and knows no lists to indent.
    pub(super) fn all() -> Vec<Layout> {
        let mut all = Vec::new();
        let comments = [Comments::None, Comments::Behind, Comments::Above, Comments::Below];
        for form in [Form::Block, Form::Brackets, Form::TallBrackets, Form::Json, Form::TallJson] {
            let is_json = matches!(form, Form::Json | Form::TallJson);
            for line_break in ["\n", "\r\n"] {
                for has_final_break in [true, false] {
                    for step in [2, 4] {
                        for list in if is_json { vec![0] } else { vec![0, step] } {
                            for quote in if is_json { vec!["\""] } else { vec!["", "\"", "'"] } {
                                for comments in if is_json { &comments[..1] } else { &comments } {
                                    let comments = *comments;
                                    all.push(Layout { line_break, has_final_break, step, list, form, quote, comments });
                                }
                            }
                        }
                    }
                }
            }
        }
        all
    }

    /// The text of a tree in this layout.
    pub(super) fn write(&self, value: &Value) -> String {
        let lines = match self.form {
            Form::Json => vec![self.bracketed(value, 0, false)],
            Form::TallJson => self.bracketed(value, 0, true).split('\n').map(str::to_owned).collect(),
            _ => self.block(value, 0),
        };
        let text = lines.join(self.line_break).trim_end().to_owned();
        if self.has_final_break { text + self.line_break } else { text }
    }

    fn is_json(&self) -> bool {
        matches!(self.form, Form::Json | Form::TallJson)
    }

    fn scalar(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => format!("{0}{text}{0}", self.quote),
            Value::Plain(text) => text.clone(),
            _ => unreachable!("a scalar"),
        }
    }

    fn key(&self, key: &str) -> String {
        if self.is_json() { format!("\"{key}\"") } else { key.to_owned() }
    }

    /// Lines at a level. Members of maps have comments, as the layout says.
    fn block(&self, value: &Value, level: usize) -> Vec<String> {
        let mut lines = Vec::new();
        match value {
            Value::Map(entries) => {
                for (key, value) in entries {
                    if self.comments == Comments::Above {
                        lines.push(format!("# above {key}"));
                    }
                    lines.extend(self.entry(key, value, level));
                }
            }
            Value::List(items) => {
                for item in items {
                    let inner = self.block(item, level + 1);
                    // A comment cannot stand behind a dash and before the item.
                    let skipped = inner.iter().take_while(|it| it.starts_with('#')).count();
                    lines.extend(inner[..skipped].iter().map(|it| format!("{it} of an item")));
                    lines.push(format!("- {}", inner[skipped]));
                    lines.extend(inner[skipped + 1..].iter().map(|it| indented(it, 2)));
                }
            }
            _ => lines.push(self.scalar(value)),
        }
        lines
    }

    fn entry(&self, key: &str, value: &Value, level: usize) -> Vec<String> {
        let behind = if self.comments == Comments::Behind { format!(" # behind {key}") } else { String::new() };
        let is_bracketed = self.form != Form::Block && level > 0;
        let (step, inner) = match value {
            Value::List(items) if !items.is_empty() && !is_bracketed => (self.list, self.block(value, level + 1)),
            Value::Map(entries) if !entries.is_empty() && !is_bracketed => (self.step, self.block(value, level + 1)),
            _ => {
                let text = self.bracketed(value, 0, self.form == Form::TallBrackets);
                let gap = if text.is_empty() { "" } else { " " };
                return format!("{key}:{gap}{text}{behind}").split('\n').map(str::to_owned).collect();
            }
        };
        let mut lines = vec![format!("{key}:{behind}")];
        lines.extend(inner.iter().map(|it| indented(it, step)));
        if self.comments == Comments::Below {
            lines.push(format!("{}# below {key}", " ".repeat(self.step)));
            lines.push(String::new());
        }
        lines
    }

    /// In brackets, on one line or on several.
    fn bracketed(&self, value: &Value, level: usize, is_tall: bool) -> String {
        let (open, close, members): (_, _, Vec<String>) = match value {
            Value::Map(entries) => {
                let entry = |it: &(String, Value)| {
                    format!("{}: {}", self.key(&it.0), self.bracketed(&it.1, level + 1, is_tall))
                };
                ("{", "}", entries.iter().map(entry).collect())
            }
            Value::List(items) => ("[", "]", items.iter().map(|it| self.bracketed(it, level + 1, is_tall)).collect()),
            _ => return self.scalar(value),
        };
        if !is_tall || members.is_empty() {
            return format!("{open}{}{close}", members.join(", "));
        }
        // Brackets stand further in than the key before them, whatever its column.
        let outer = " ".repeat(self.step * (level + usize::from(!self.is_json())));
        let inner = format!("{outer}{}", " ".repeat(self.step));
        format!("{open}\n{inner}{}\n{outer}{close}", members.join(&format!(",\n{inner}")))
    }
}

fn indented(line: &str, columns: usize) -> String {
    if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(columns)) }
}
