//! One line of a snippet: escaped, cut to what its marks need, with the marks moved along.

use crate::render::text;
use crate::source::{Source, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// Characters kept on each side of a mark in a line that is too long to be shown whole.
const MARGIN: usize = 24;

/// A place to show.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Where; only its first line is shown.
    pub(super) span: Span,
    /// What is there, escaped.
    pub(super) text: Option<String>,
    /// Whether it is the finding's own place.
    pub(super) primary: bool,
}

/// A line of a source with the marks on it.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    source: &'a Source,
    range: Range<usize>,
    /// By first byte: a second mark at the same byte joins the first.
    marks: BTreeMap<usize, (Range<usize>, Option<String>, bool)>,
}

/// A line as it is shown.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) marks: Vec<Marked>,
}

/// A mark in a shown line.
pub(super) struct Marked {
    /// Bytes of the shown line.
    pub(super) range: Range<usize>,
    /// The column in the real line, in characters from 1.
    pub(super) column: usize,
    pub(super) text: Option<String>,
    pub(super) primary: bool,
}

/// Adds a mark's line, and those before and after it as context, by number from 1.
pub(super) fn collect<'a>(lines: &mut BTreeMap<usize, Lines<'a>>, mark: &Mark, source: &'a Source) {
    let whole = source.text();
    let number = source.line_column(mark.span.start).line;
    let range = source.line_range(mark.span.start);
    let empty = |range| Lines { source, range, marks: BTreeMap::new() };
    if let Some(before) = range.start.checked_sub(1) {
        lines.entry(number - 1).or_insert_with(|| empty(line_at(source, before)));
    }
    let next = range.end + if whole[range.end..].starts_with("\r\n") { 2 } else { 1 };
    if next < whole.len() {
        lines.entry(number + 1).or_insert_with(|| empty(line_at(source, next)));
    }
    let clip = |offset: u32| whole.floor_char_boundary((offset as usize).clamp(range.start, range.end));
    let (start, end) = (clip(mark.span.start), clip(mark.span.end.max(mark.span.start)));
    let line = lines.entry(number).or_insert_with(|| empty(range.clone()));
    line.mark(start..end, mark);
}

fn line_at(source: &Source, offset: usize) -> Range<usize> {
    source.line_range(u32::try_from(offset).unwrap_or(u32::MAX))
}

impl Lines<'_> {
    fn mark(&mut self, range: Range<usize>, mark: &Mark) {
        let (kept, text, primary) =
            self.marks.entry(range.start).or_insert_with(|| (range.clone(), None, mark.primary));
        kept.end = kept.end.max(range.end);
        *primary |= mark.primary;
        *text = match (text.take(), mark.text.clone()) {
            (Some(one), Some(other)) => Some(format!("{one}\n{other}")),
            (one, other) => one.or(other),
        };
    }

    /// The line in at most about this many columns; long ones keep what is near their marks.
    pub(super) fn show(self, width: usize, dots: &str) -> Shown {
        let pieces = self.pieces(width);
        let whole = self.source.text();
        let mut text = String::new();
        // Where each kept character went, and where each piece ended.
        let mut moved: Vec<(usize, usize)> = Vec::new();
        let mut last = self.content_start();
        for piece in pieces {
            if piece.start > last {
                text.push_str(dots);
            }
            for (at, character) in whole[piece.clone()].char_indices() {
                moved.push((piece.start + at, text.len()));
                match character {
                    _ if self.source.is_hidden(piece.start + at) => text.push('*'),
                    // miette turns tabs into spaces.
                    '\t' => text.push('\t'),
                    _ => text::push(&mut text, character),
                }
            }
            moved.push((piece.end, text.len()));
            last = piece.end;
        }
        if last < self.range.end {
            text.push_str(dots);
        }
        let place = |offset: usize| {
            let at = moved.partition_point(|it| it.0 < offset);
            moved.get(at).map_or(text.len(), |it| it.1)
        };
        let marks = self.marks(place);
        Shown { text, marks }
    }

    /// The marks where they are shown. Where two overlap the first ends early, so that each begins where
    /// it should: miette would move the second.
    fn marks(&self, place: impl Fn(usize) -> usize) -> Vec<Marked> {
        let starts: Vec<usize> = self.marks.keys().copied().skip(1).chain([usize::MAX]).collect();
        let many = self.marks.len() > 1;
        let mut marks = Vec::new();
        for ((range, text, primary), next) in self.marks.values().zip(starts) {
            let start = u32::try_from(range.start).unwrap_or(u32::MAX);
            let shown = place(range.start)..place(range.end.min(next));
            marks.push(Marked {
                range: shown.start..shown.end.max(shown.start),
                column: self.source.line_column(start).column,
                // Without a word of its own, the finding's place would hang a line on its neighbour's.
                text: text.clone().or_else(|| many.then(|| "here".to_owned())),
                primary: *primary,
            });
        }
        marks
    }

    /// The line's first byte that is shown: a byte-order mark is not.
    fn content_start(&self) -> usize {
        let bom = self.range.start == 0 && self.source.text().starts_with('\u{feff}');
        if bom { '\u{feff}'.len_utf8() } else { self.range.start }
    }

    /// The byte ranges of the line that are shown, in order and apart.
    fn pieces(&self, width: usize) -> Vec<Range<usize>> {
        let whole = self.source.text();
        let line = self.content_start()..self.range.end.max(self.content_start());
        if line.len() <= width {
            return vec![line];
        }
        let forth = |from: usize, count: usize| {
            whole[from..line.end].char_indices().nth(count).map_or(line.end, |(at, _)| from + at)
        };
        if self.marks.is_empty() {
            let head = line.start..forth(line.start, width);
            return vec![head];
        }
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for (range, ..) in self.marks.values() {
            let from = range.start.max(line.start);
            let before = whole[line.start..from].char_indices().rev().nth(MARGIN - 1);
            let start = before.map_or(line.start, |(at, _)| line.start + at);
            let end = forth(range.end.max(from).min(forth(from, width / 2)), MARGIN);
            match pieces.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => pieces.push(start..end),
            }
        }
        pieces
    }
}
