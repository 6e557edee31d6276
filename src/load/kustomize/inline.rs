//! Patches that stand as text inside a kustomization: parsed with their places in that file.

use crate::source::{SourceId, Span};
use crate::yaml::split::{Piece, split};
use crate::yaml::tree::Tree;
use crate::yaml::{NodeRef, ParseError, parse};
use std::ops::Range;
use std::sync::Arc;

/// The documents of an inline text. The first that cannot be read ends it.
pub(super) fn parse_inline(node: NodeRef<'_>, source_text: &str) -> Result<Vec<Tree>, ParseError> {
    let text: Arc<str> = node.text().into();
    let outer = Outer::new(node, source_text);
    let mut trees = Vec::new();
    for piece in split(&text) {
        let Piece::Document(range) = piece else { continue };
        let parsed = parse(SourceId(u32::MAX), &text, range)
            .map_err(|error| ParseError { span: outer.place(error.span), message: error.message })?;
        let Some(mut tree) = parsed.and_then(|it| Tree::of(it.root())) else { continue };
        tree.move_to(&|span| outer.place(span));
        trees.push(tree);
    }
    Ok(trees)
}

/// Where the lines of an inline text stand in its file.
struct Outer {
    /// The whole text.
    whole: Span,
    /// For each line: its range in the text, and where it begins in the file. Empty if the text is written
    /// in a way that has no such order, folded or with escapes.
    lines: Vec<(Range<usize>, usize)>,
}

impl Outer {
    fn new(node: NodeRef<'_>, source_text: &str) -> Outer {
        let whole = node.first_line();
        let span = node.resolved().span();
        let lines = lines(node.text(), source_text, span.range()).unwrap_or_default();
        Outer { whole, lines }
    }

    /// The place in the file of a place in the text; the whole text where there is no telling.
    fn place(&self, span: Span) -> Span {
        let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        let find = |at: usize| {
            let line = self.lines.partition_point(|it| it.0.start <= at).checked_sub(1)?;
            let (range, start) = &self.lines[line];
            Some(offset(start + (at - range.start).min(range.len())))
        };
        match (find(span.start as usize), find(span.end as usize)) {
            (Some(start), Some(end)) if start <= end => Span { source: self.whole.source, start, end },
            _ => self.whole,
        }
    }
}

/// The lines of a text that is written line by line as it is, or on one line without escapes.
fn lines(text: &str, source_text: &str, written: Range<usize>) -> Option<Vec<(Range<usize>, usize)>> {
    let raw = source_text.get(written.clone())?;
    if let Some(at) = raw.find(text)
        && !text.contains('\n')
    {
        return Some(vec![(0..text.len(), written.start + at)]);
    }
    let mut from = raw.find('\n')? + 1;
    let mut at = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let rest = raw.get(from..)?;
        let raw_line = rest.split_inclusive('\n').next().unwrap_or_default();
        let indent = raw_line.trim_end_matches(['\n', '\r']).strip_suffix(content).map(str::len);
        // A blank line may be shorter than the indentation.
        let indent = if content.is_empty() { 0 } else { indent? };
        lines.push((at..at + content.len(), written.start + from + indent));
        at += line.len();
        from += raw_line.len();
    }
    Some(lines)
}
