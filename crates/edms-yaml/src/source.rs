//! Texts and places in them: sources, byte spans, lines and columns.

mod origin;

pub use origin::Origin;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A text of the run, by its position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source.
///
/// Both ends lie on character boundaries. Lines and columns are computed where they are shown,
/// because each reader counts in another unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The range as `usize`, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A file or stream with its name as shown to the user.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
    /// After each step of a text with a long line: where it ends, and the characters and UTF-16 code units up to there.
    steps: OnceLock<Vec<(usize, usize, usize)>>,
    is_template: bool,
    /// What is never shown, in order and apart.
    hidden: Vec<Range<u32>>,
}

/// A place as people and most formats count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
}

impl Source {
    /// A source of this name (a path with `/`, or `<stdin>`) and text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let (lines, steps) = (OnceLock::new(), OnceLock::new());
        Source { name: name.into(), text: text.into(), lines, steps, is_template: false, hidden: Vec::new() }
    }

    /// A text that objects were rendered from: every place in it is searched, and so approximate.
    pub fn template(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Source { is_template: true, ..Source::new(name, text) }
    }

    /// Whether places in it are approximate.
    pub fn is_template(&self) -> bool {
        self.is_template
    }

    /// The name as shown to the user.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the character at this byte is never shown.
    pub fn is_hidden(&self, offset: usize) -> bool {
        let at = self.hidden.partition_point(|it| (it.end as usize) <= offset);
        self.hidden.get(at).is_some_and(|it| it.start as usize <= offset)
    }

    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The start of each line. A line ends at LF, at CR LF, or at a lone CR.
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for (at, byte) in bytes.iter().enumerate() {
                let ends = match byte {
                    b'\n' => true,
                    b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                    _ => false,
                };
                if ends {
                    starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
                }
            }
            starts
        })
    }

    /// The zero-based line that holds this byte.
    fn line_index(&self, offset: u32) -> usize {
        self.lines().partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Line and column of a byte, in characters.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let (line, before) = self.before(offset);
        LineColumn { line, column: self.letters(before).0 + 1 }
    }

    /// Line and column of a byte, both from 1, in UTF-16 code units as SARIF and editors count.
    pub fn line_column_utf16(&self, offset: u32) -> LineColumn {
        let (line, before) = self.before(offset);
        LineColumn { line, column: self.letters(before).1 + 1 }
    }

    /// The characters of a part of the text, and the UTF-16 code units that they take.
    fn letters(&self, part: Range<usize>) -> (usize, usize) {
        if part.len() <= STEP {
            return letters(&self.text[part]);
        }
        let (start, end) = (self.letters_before(part.start), self.letters_before(part.end));
        (end.0 - start.0, end.1 - start.1)
    }

    /// The same of all that stands before a byte. Long lines are counted once, in steps.
    fn letters_before(&self, offset: usize) -> (usize, usize) {
        let steps = self.steps.get_or_init(|| {
            let mut steps = vec![(0, 0, 0)];
            let (mut at, mut characters, mut units) = (0, 0, 0);
            while at < self.text.len() {
                let end = self.text.ceil_char_boundary(at + STEP);
                let own = letters(&self.text[at..end]);
                (at, characters, units) = (end, characters + own.0, units + own.1);
                steps.push((at, characters, units));
            }
            steps
        });
        let (at, characters, units) = steps[steps.partition_point(|it| it.0 <= offset) - 1];
        let rest = letters(&self.text[at..offset]);
        (characters + rest.0, units + rest.1)
    }

    /// The line number from 1, and the part of that line before the byte.
    fn before(&self, offset: u32) -> (usize, Range<usize>) {
        let line = self.line_index(offset);
        let start = self.lines()[line] as usize;
        let mut end = (offset as usize).clamp(start, self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        // A byte-order mark is not a column that anybody sees.
        let marks = if line == 0 { end - self.text[..end].trim_start_matches('\u{feff}').len() } else { 0 };
        (line + 1, start + marks..end)
    }

    /// The byte range of the line that holds this byte, without its line break.
    pub fn line_range(&self, offset: u32) -> Range<usize> {
        let line = self.line_index(offset);
        let start = self.lines()[line] as usize;
        let end = self.lines().get(line + 1).map_or(self.text.len(), |it| *it as usize);
        let text = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + text.len()
    }

    /// The text of a span, empty if the span is not of this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// So many bytes are counted at a time.
const STEP: usize = 4096;

/// The characters of a text, and the UTF-16 code units that they take.
fn letters(text: &str) -> (usize, usize) {
    text.chars().fold((0, 0), |(characters, units), it| (characters + 1, units + it.len_utf16()))
}

/// All texts of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    texts: Vec<Source>,
    /// What was rendered, by text, in order.
    origins: BTreeMap<SourceId, Vec<Origin>>,
}

impl Sources {
    /// Adds a text and tells its id.
    ///
    /// # Panics
    /// With more than four thousand million texts.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.texts.len()).expect("fewer than 2^32 sources"));
        self.texts.push(source);
        id
    }

    /// Keeps bytes of a text from being shown: values of Secrets.
    pub fn hide(&mut self, spans: &[Span]) {
        for span in spans {
            self.texts[span.source.0 as usize].hidden.push(span.start..span.end);
        }
        for text in &mut self.texts {
            text.hidden.sort_unstable_by_key(|it| (it.start, it.end));
            text.hidden.dedup_by(|next, kept| {
                let is_joined = next.start <= kept.end;
                kept.end = if is_joined { kept.end.max(next.end) } else { kept.end };
                is_joined
            });
        }
    }

    /// The text with this id.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.texts[id.0 as usize]
    }

    /// All texts with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.texts.iter().enumerate().map(|(at, it)| (SourceId(u32::try_from(at).unwrap_or(u32::MAX)), it))
    }

    /// Line and column, in characters, of a span's first byte.
    pub fn start(&self, span: Span) -> LineColumn {
        self.get(span.source).line_column(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let source = Source::new("a.yaml", "a: 1\r\nna\u{ef}ve \u{1f680}: x\n");
        let at = source.text().find('x').expect("is in the text");
        let at = u32::try_from(at).expect("small");
        assert_eq!(source.line_column(at), LineColumn { line: 2, column: 10 });
        assert_eq!(source.line_column_utf16(at), LineColumn { line: 2, column: 11 });
        assert_eq!(source.line_range(at), 6..20);
    }

    #[test]
    fn columns_of_long_lines_are_counted_as_those_of_short_ones() {
        let line = "a\u{ef}\u{1f680}".repeat(3_000);
        let source = Source::new("a.yaml", format!("\u{feff}{line}x\n{line}x\n"));
        for (at, _) in source.text().match_indices('x') {
            let at = u32::try_from(at).expect("small");
            assert_eq!(source.line_column(at).column, 9_001);
            assert_eq!(source.line_column_utf16(at).column, 12_001);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let source = Source::new("a.yaml", "\u{feff}a: 1");
        assert_eq!(source.line_column(6), LineColumn { line: 1, column: 4 });
    }
}
