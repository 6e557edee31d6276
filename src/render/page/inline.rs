//! Words of a paragraph: code, links, and how they are broken into lines.

use crate::render::Look;
use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthChar as _;

/// A paragraph's words, each as it is shown.
pub(super) struct Words(Vec<String>);

impl Words {
    /// Columns of all in one line.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|it| width(it)).sum::<usize>() + self.0.len().saturating_sub(1)
    }
}

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Code,
    Link,
}

/// The words of a text: code in its colour, or in backticks where there is none; a link's words, with its address behind
/// them where the terminal shows no links.
pub(super) fn words(text: &str, look: Look) -> Words {
    let mut words = vec![String::new()];
    for (kind, run, target) in runs(text) {
        let run = look.plain(run);
        let run = if kind == Kind::Code && !look.color { format!("`{run}`") } else { run.into_owned() };
        for (number, part) in run.split(' ').enumerate() {
            if number > 0 {
                words.push(String::new());
            }
            let shown = match kind {
                Kind::Code => look.paint(AnsiColor::Cyan.on_default(), part),
                Kind::Link => look.link(target, &look.paint(Style::new().underline(), part)),
                Kind::Text => part.to_owned(),
            };
            if let Some(last) = words.last_mut() {
                last.push_str(&shown);
            }
        }
        if kind == Kind::Link && look.links.is_none() {
            words.push(format!("({target})"));
        }
    }
    words.retain(|it| !it.is_empty());
    Words(words)
}

/// The text in runs of one kind, a link with its address.
fn runs(text: &str) -> Vec<(Kind, &str, &str)> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[']) {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let found = if rest[at..].starts_with('`') {
            after.split_once('`').map(|(code, behind)| (Kind::Code, code, "", behind))
        } else {
            let is_whole = |words: &str| !words.contains('[') && words.matches('`').count().is_multiple_of(2);
            let link = after.split_once("](").filter(|it| is_whole(it.0));
            let link = link.and_then(|(words, it)| Some((words, it.split_once(')')?)));
            // Of a rule's page beside this one its name says enough.
            link.map(|(words, (target, behind))| match words.strip_prefix('`').and_then(|it| it.strip_suffix('`')) {
                Some(code) if !target.contains("://") => (Kind::Code, code, "", behind),
                _ => (Kind::Link, words, target, behind),
            })
        };
        let Some((kind, words, target, behind)) = found else {
            runs.push((Kind::Text, &rest[..=at], ""));
            rest = after;
            continue;
        };
        runs.push((Kind::Text, before, ""));
        runs.push((kind, words, target));
        rest = behind;
    }
    runs.push((Kind::Text, rest, ""));
    runs
}

/// The words in lines of at most this width; a longer word has a line of its own.
pub(super) fn lay_out(words: &Words, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut column = 0;
    for word in &words.0 {
        let length = width(word);
        if let Some(line) = lines.last_mut().filter(|_| column + 1 + length <= most) {
            line.push(' ');
            line.push_str(word);
            column += 1 + length;
        } else {
            lines.push(word.clone());
            column = length;
        }
    }
    lines
}

/// Columns of a text, without what a terminal acts on: colours end with `m`, links with a backslash.
pub(super) fn width(text: &str) -> usize {
    let mut columns = 0;
    let mut characters = text.chars();
    while let Some(it) = characters.next() {
        if it != '\u{1b}' {
            columns += it.width().unwrap_or(0);
            continue;
        }
        let end = if characters.next() == Some(']') { '\\' } else { 'm' };
        characters.by_ref().find(|it| *it == end);
    }
    columns
}
