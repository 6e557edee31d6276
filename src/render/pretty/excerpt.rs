//! The lines that a finding shows, of any number of files, as one source for miette.
//!
//! miette labels one source in one diagnostic. This source holds short, escaped copies of the lines that
//! matter, file after file, and answers miette's questions with each file's own name and line numbers. So
//! all places of a finding show in one block, hostile characters and lines of a megabyte never reach the
//! terminal, and the columns still point at what they mean.

pub(super) use super::line::Mark;
use super::line::{self, Marked};
use crate::render::Look;
use crate::render::text::escape;
use crate::source::{LineColumn, Sources};
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::collections::BTreeMap;
use std::ops::Range;

/// Lines of one file that follow each other.
#[derive(Debug)]
struct Chunk {
    name: String,
    /// The number of the first line, from 0.
    first: usize,
    lines: usize,
    range: Range<usize>,
}

/// The source for miette, with its labels in order.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    chunks: Vec<Chunk>,
    /// Where each label really stands.
    places: BTreeMap<usize, LineColumn>,
    labels: Vec<(LabeledSpan, bool)>,
}

impl Excerpt {
    /// An excerpt that shows the marks, the first one's file first, in lines of at most this width.
    pub(super) fn new(marks: &[Mark], sources: &Sources, width: usize, look: Look) -> Excerpt {
        let mut excerpt = Excerpt::default();
        let mut files = Vec::new();
        for mark in marks {
            if !files.contains(&mark.span.source) {
                files.push(mark.span.source);
            }
        }
        for file in files {
            let mut lines: BTreeMap<usize, line::Lines<'_>> = BTreeMap::new();
            for mark in marks.iter().filter(|it| it.span.source == file) {
                line::collect(&mut lines, mark, sources.get(file));
            }
            let mut last = None;
            for (number, line) in lines {
                // The first line of a chunk opens it; the numbers of its lines leave no gap.
                if last.is_none_or(|it| it + 1 != number) {
                    excerpt.open(sources.get(file).name(), number, look);
                }
                last = Some(number);
                excerpt.add(line.show(width, look.dots()), number);
            }
        }
        excerpt
    }

    /// The labels in the order of the text, and whether each is the finding's own place.
    pub(super) fn labels(&self) -> &[(LabeledSpan, bool)] {
        &self.labels
    }

    fn open(&mut self, name: &str, number: usize, look: Look) {
        let at = self.text.len();
        self.chunks.push(Chunk { name: look.link_to(name, &escape(name)), first: number - 1, lines: 0, range: at..at });
    }

    fn add(&mut self, line: line::Shown, number: usize) {
        let start = self.text.len();
        self.text.push_str(&line.text);
        self.text.push('\n');
        for Marked { range, column, text, primary } in line.marks {
            let span = (start + range.start, range.len());
            self.places.insert(span.0, LineColumn { line: number, column });
            let label = if primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            };
            self.labels.push((label, primary));
        }
        let chunk = self.chunks.last_mut().expect("a chunk is opened before its lines come");
        chunk.lines += 1;
        chunk.range.end = self.text.len();
    }
}

impl SourceCode for Excerpt {
    /// The whole chunk around a label; for no lines of context, the label's own place. A span over two
    /// chunks is out of bounds, which keeps miette from joining them.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let holds = |it: &&Chunk| it.range.start <= span.offset() && end <= it.range.end;
        let chunk = self.chunks.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let (range, line, column) = match self.places.get(&span.offset()) {
            Some(place) if before == 0 => (span.offset()..end, place.line - 1, place.column - 1),
            _ => (chunk.range.clone(), chunk.first, 0),
        };
        let data = &self.text.as_bytes()[range.clone()];
        let span = (range.start, range.len()).into();
        Ok(Box::new(MietteSpanContents::new_named(chunk.name.clone(), data, span, line, column, chunk.lines)))
    }
}
