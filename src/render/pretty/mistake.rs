//! Mistakes in files that are not manifests, such as the configuration, each with its snippet.

use super::excerpt::{Excerpt, Mark};
use super::{Shown, theme};
use crate::finding::Severity;
use crate::render::Look;
use crate::render::text::{self, escape};
use crate::source::{Sources, Span};
use anstyle::Style;
use miette::GraphicalReportHandler;
use textwrap::WordSplitter;

/// A mistake at a place.
#[derive(Clone, Copy, Debug)]
pub struct Mistake<'m> {
    /// What is wrong, without a full stop.
    pub message: &'m str,
    /// Where.
    pub span: Span,
    /// What to do.
    pub help: Option<&'m str>,
}

/// More mistakes than these are counted: nobody mends thousands one by one.
const MOST: usize = 100;

/// The mistakes as text, in the order in which they are given.
pub fn mistakes(mistakes: &[Mistake<'_>], sources: &Sources, look: Look) -> String {
    let mut text = String::new();
    for mistake in mistakes.iter().take(MOST) {
        let width = look.columns();
        let mark = Mark { span: mistake.span, text: None, primary: true };
        let excerpt = Excerpt::new(&[mark], sources, width.saturating_sub(10), look);
        let message = escape(mistake.message).into_owned();
        let shown = Shown { message, severity: Severity::Error, excerpt };
        let handler = GraphicalReportHandler::new_themed(theme("error", &shown, look))
            .with_width(width)
            .with_links(false)
            .with_word_splitter(WordSplitter::NoHyphenation)
            .with_break_words(false)
            .without_syntax_highlighting();
        // A writer to memory does not fail.
        _ = handler.render_report(&mut text, &shown);
        if let Some(help) = mistake.help {
            let lines = text::wrap(&escape(help), width - 11).replace('\n', &format!("\n{:11}", ""));
            text.push_str(&format!("   = {} {lines}\n", look.paint(Style::new().bold(), "help:")));
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    if mistakes.len() > MOST {
        text.push_str(&format!("\n\nand {} more", mistakes.len() - MOST));
    }
    text
}
