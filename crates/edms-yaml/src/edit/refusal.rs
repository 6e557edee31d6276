//! Why a place is not edited.

use crate::source::Span;
use std::fmt;

/// Why a place is not edited. What would be written there is shown instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The value is a reference to this anchored one, which has other users.
    Alias(Span),
    /// The place stands inside this anchored value, to which others refer.
    Anchored(Span),
    /// The place stands below a merge key `<<`, or what is merged there would come in its stead.
    Merged(Span),
    /// What Kubernetes gets is put together of several texts, and none holds it as it stands.
    Composed(Span),
    /// A program writes this text: what says so.
    Generated(String),
    /// The value is filled in later.
    Template(Span),
    /// A tag decides what the value is.
    Tagged(Span),
    /// The text stands in lines of its own, whose layout belongs to it.
    BlockScalar(Span),
    /// Tabs indent the line.
    TabIndent(Span),
    /// A comment would go that has to stay.
    Comment,
    /// The file holds bytes that are no text.
    InvalidUtf8,
    /// Another change is made at this place.
    Overlap(Span),
    /// A part of the file cannot be read.
    Unreadable(Span),
    /// The key stands in the map already.
    Exists(Span),
    /// The key stands twice in its map.
    Duplicate(Span),
    /// Lines end otherwise than with LF or CR LF.
    LineBreaks,
    /// The place is written in a way that nothing is known to do with.
    Layout(Span),
}

impl Refusal {
    /// A short name, as it is counted in reports.
    pub fn name(&self) -> &'static str {
        match self {
            Refusal::Alias(_) => "alias",
            Refusal::Anchored(_) => "anchored",
            Refusal::Merged(_) => "merged",
            Refusal::Composed(_) => "composed",
            Refusal::Generated(_) => "generated",
            Refusal::Template(_) => "template",
            Refusal::Tagged(_) => "tagged",
            Refusal::BlockScalar(_) => "block-scalar",
            Refusal::TabIndent(_) => "tab-indent",
            Refusal::Comment => "comment",
            Refusal::InvalidUtf8 => "invalid-utf8",
            Refusal::Overlap(_) => "overlap",
            Refusal::Unreadable(_) => "unreadable",
            Refusal::Exists(_) => "exists",
            Refusal::Duplicate(_) => "duplicate",
            Refusal::LineBreaks => "line-breaks",
            Refusal::Layout(_) => "layout",
        }
    }

    /// The place to show beside the message.
    pub fn span(&self) -> Option<Span> {
        match self {
            Refusal::Generated(_) | Refusal::Comment | Refusal::InvalidUtf8 | Refusal::LineBreaks => None,
            Refusal::Alias(span)
            | Refusal::Anchored(span)
            | Refusal::Merged(span)
            | Refusal::Composed(span)
            | Refusal::Template(span)
            | Refusal::Tagged(span)
            | Refusal::BlockScalar(span)
            | Refusal::TabIndent(span)
            | Refusal::Overlap(span)
            | Refusal::Unreadable(span)
            | Refusal::Exists(span)
            | Refusal::Duplicate(span)
            | Refusal::Layout(span) => Some(*span),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Refusal::Alias(_) => "the value is an alias: edit its anchor, which others use too",
            Refusal::Anchored(_) => "the value is anchored and used elsewhere by alias: an edit would change both",
            Refusal::Merged(_) => "the value takes part in a merge `<<`: edit what is merged",
            Refusal::Composed(_) => "the value is put together from several files, so no single place can be edited",
            Refusal::Generated(by) => return write!(f, "the file is generated ({by}): edit what generates it"),
            Refusal::Template(_) => "the value is filled in later: edit what fills it in",
            Refusal::Tagged(_) => "the value has a YAML tag",
            Refusal::BlockScalar(_) => "the text is a block of lines, which is edited by hand",
            Refusal::TabIndent(_) => "the line is indented with tabs",
            Refusal::Comment => "a comment would go with it",
            Refusal::InvalidUtf8 => "the file is not UTF-8 text",
            Refusal::Overlap(_) => "another change is made at the same place",
            Refusal::Unreadable(_) => "a part of the file cannot be parsed: correct that first",
            Refusal::Exists(_) => "the key is there already, with another value",
            Refusal::Duplicate(_) => "the key stands twice in its map: remove one first",
            Refusal::LineBreaks => "the file has line breaks other than LF and CR LF",
            Refusal::Layout(_) => "the place is written in a form that is edited by hand",
        };
        f.write_str(text)
    }
}

impl std::error::Error for Refusal {}
