//! How text for people looks.

use super::{address, uri};
use crate::finding::Severity;
use anstyle::{AnsiColor, Style};
use std::borrow::Cow;

/// How text for people looks. The caller asks the terminal and the environment; a renderer only obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether to write colours.
    pub color: bool,
    /// Whether to draw with more than ASCII.
    pub unicode: bool,
    /// Columns; less than 60 counts as 60, more than 120 as 120.
    pub width: usize,
    /// Where the names of files begin, as `file:///srv/`, if the terminal shows links.
    pub links: Option<&'static str>,
}

/// Characters of pages and messages, with what stands for them in ASCII.
const ASCII: &[(char, &str)] = &[
    ('\u{2212}', "-"),
    ('\u{b7}', "*"),
    ('\u{d7}', "x"),
    ('\u{2264}', "<="),
    ('\u{2265}', ">="),
    ('\u{2308}', "ceil("),
    ('\u{2309}', ")"),
    ('\u{2026}', "..."),
    ('\u{2192}', "->"),
    ('\u{2013}', "-"),
    ('\u{2014}', "-"),
    ('\u{2018}', "'"),
    ('\u{2019}', "'"),
    ('\u{201c}', "\""),
    ('\u{201d}', "\""),
];

impl Look {
    /// The width within the bounds in which reports read well.
    pub(crate) fn columns(self) -> usize {
        self.width.clamp(60, 120)
    }

    /// What stands for something left out.
    pub(crate) fn dots(self) -> &'static str {
        if self.unicode { "\u{2026}" } else { "..." }
    }

    /// The text in this style, if there are colours.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The style of a severity.
    pub(crate) fn severity(severity: Severity) -> Style {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Note => AnsiColor::Cyan,
        };
        color.on_default().bold()
    }

    /// Our own words in ASCII, where that is all there is.
    pub(crate) fn plain(self, text: &str) -> Cow<'_, str> {
        if self.unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let stand_in = |it: char| ASCII.iter().find(|(known, _)| *known == it).map(|it| it.1.to_owned());
        Cow::Owned(text.chars().map(|it| stand_in(it).unwrap_or_else(|| it.to_string())).collect())
    }

    /// The text as a link, where the terminal shows links (OSC 8).
    pub(crate) fn link(self, target: &str, text: &str) -> String {
        match self.links {
            Some(_) if !text.is_empty() => format!("\u{1b}]8;;{target}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"),
            _ => text.to_owned(),
        }
    }

    /// The text as a link to the page of a rule, where the project has an address.
    pub(crate) fn link_to_rule(self, id: &str, text: &str) -> String {
        match self.links.and_then(|_| address::of_rule(id)) {
            Some(page) => self.link(&page, text),
            None => text.to_owned(),
        }
    }

    /// The text as a link to the file of this name. A stream is none.
    pub(crate) fn link_to(self, name: &str, text: &str) -> String {
        match self.links {
            Some(folder) if !name.starts_with('<') => {
                let uri = uri(name);
                self.link(&if uri.starts_with("file:") { uri } else { format!("{folder}{uri}") }, text)
            }
            _ => text.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_files_and_nowhere_else() {
        let look = Look { color: false, unicode: true, width: 80, links: Some("file:///srv/") };
        assert_eq!(
            look.link_to("k8s/a b.yaml", "x"),
            "\u{1b}]8;;file:///srv/k8s/a%20b.yaml\u{1b}\\x\u{1b}]8;;\u{1b}\\"
        );
        assert_eq!(look.link_to("/etc/a.yaml", "x"), "\u{1b}]8;;file:///etc/a.yaml\u{1b}\\x\u{1b}]8;;\u{1b}\\");
        assert!(!look.link_to("\u{1b}]8;;evil", "x").contains("evil\u{1b}]8;;evil"));
        assert_eq!(look.link_to("<stdin>", "x"), "x");
        assert_eq!(Look { links: None, ..look }.link_to("a.yaml", "x"), "x");
    }

    #[test]
    fn our_words_can_be_ascii() {
        let look = Look { color: false, unicode: false, width: 80, links: None };
        assert_eq!(look.plain("N \u{2212} \u{2308}p\u{2309} \u{2264} 2"), "N - ceil(p) <= 2");
    }
}
