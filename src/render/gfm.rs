//! Text in GitHub's Markdown.

use super::text::escape;

/// Text in which nothing is markup or an address to follow, and `@` mentions nobody.
pub(super) fn plain(text: &str) -> String {
    let text = escape(text);
    let mut shown = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            // GitHub makes links of bare addresses (GitHub Flavored Markdown, "Autolinks (extension)").
            ':' if text[at..].starts_with("://") => shown.push_str("&#58;"),
            '.' if text[..at].ends_with("www") => shown.push_str("&#46;"),
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

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn bare_addresses_are_no_links() {
        assert_eq!(plain("in https://live.example.com:6443"), "in https&#58;//live.example.com:6443");
        assert_eq!(plain("www.example.com"), "www&#46;example.com");
        assert_eq!(plain("backend.yaml:76:3"), "backend.yaml:76:3");
    }
}
