//! A key with its value, and where the two stand.

use super::node::NodeRef;
use super::packed::ONE_LINE;
use crate::source::Span;

/// A key and its value.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The key.
    pub key: NodeRef<'a>,
    /// The value.
    pub value: NodeRef<'a>,
}

impl<'a> Entry<'a> {
    /// The key's text.
    pub fn name(self) -> &'a str {
        self.key.text()
    }

    /// From the key to the end of the value, where that is on one line; else the key alone.
    pub fn line_span(self) -> Span {
        let (key, value) = (self.key.span(), self.value.span());
        if key.source != value.source || value.end < key.start {
            return key;
        }
        let whole = Span { source: key.source, start: key.start, end: value.end.max(key.end) };
        let is_one_line = if self.key.doc.is_composed() {
            self.key.node().has(ONE_LINE)
        } else {
            !self.key.doc.text.get(whole.range()).unwrap_or_default().contains(['\n', '\r'])
        };
        if is_one_line { whole } else { key }
    }
}
