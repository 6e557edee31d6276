//! Where findings are, as tools that look files up in a repository want it.

use crate::finding::Finding;
use crate::source::{SourceId, Sources, Span};
use std::borrow::Cow;

/// The texts of a run, with the paths by which a repository knows them.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// The texts.
    pub sources: &'a Sources,
    /// A source's path relative to the repository's root; none where it is no file of it.
    pub path: &'a dyn Fn(SourceId) -> Option<String>,
}

/// A place: lines and columns from 1, columns in characters, the end exclusive.
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) column: usize,
    /// The column after the last character, where the place has a width and ends in its line.
    pub(super) end_column: Option<usize>,
}

impl Files<'_> {
    /// The path of a text: that of the template where the text is no file and was rendered from one, else its name.
    pub(super) fn path_at(&self, span: Span) -> Cow<'_, str> {
        if let Some(path) = (self.path)(span.source) {
            return Cow::Owned(path);
        }
        match self.sources.origin(span) {
            Some(origin) => Cow::Borrowed(origin.template.as_str()),
            None => Cow::Borrowed(plain(self.sources.get(span.source).name())),
        }
    }

    /// Where a span begins and, within its first line, ends. Of a template that stands for what was piped in, only its
    /// beginning is known.
    pub(super) fn spot(&self, span: Span) -> Spot {
        let path = self.path_at(span).into_owned();
        if self.is_stand_in(span) {
            return Spot { path, line: 1, column: 1, end_column: None };
        }
        let (start, end) = (self.sources.start(span), super::end(self.sources, span));
        let has_width = start.line == end.line && start.column < end.column;
        Spot { path, line: start.line, column: start.column, end_column: has_width.then_some(end.column) }
    }

    /// The message, and that its line is not exact, if so.
    pub(super) fn message<'f>(&self, finding: &'f Finding) -> Cow<'f, str> {
        let rendered = || format!("rendered at {}", self.sources.start(finding.span).line);
        let note = super::searched(finding, self.sources).or_else(|| self.is_stand_in(finding.span).then(rendered));
        match note {
            Some(note) => Cow::Owned(format!("{} ({note})", finding.message)),
            None => Cow::Borrowed(&finding.message),
        }
    }

    fn is_stand_in(&self, span: Span) -> bool {
        (self.path)(span.source).is_none() && self.sources.origin(span).is_some()
    }
}

/// A path without `./` before it.
fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest;
    }
    path
}
