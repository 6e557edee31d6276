//! Text in GitHub's Markdown.

use super::text::escape;

/// Text in which nothing is markup, and `@` mentions nobody.
pub(super) fn plain(text: &str) -> String {
    let text = escape(text);
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '&' => shown.push_str("&amp;"),
            '@' => shown.push_str("&#64;"),
            '#' => shown.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' => {
                shown.push('\\');
                shown.push(character);
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Text in code; what would end it, or a cell, is replaced.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", escape(text).replace('`', "'").replace('|', "\\|"))
}
