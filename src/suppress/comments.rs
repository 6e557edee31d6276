//! Finds comments with orders, and how far each of them reaches.
//!
//! Comments come from the YAML scanner, so text in a string never counts.

use super::files::{MARK, MarkedFiles};
use crate::model::{Environment, Object};
use crate::source::{SourceId, Sources, Span};
use crate::yaml::{Document, NodeRef};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// A comment that may hold an order.
pub(super) struct Comment {
    pub(super) span: Span,
    /// The bytes that it speaks of.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The object that it stands in or above, by position.
    pub(super) object: usize,
    /// Whether it speaks of that whole object.
    pub(super) is_whole: bool,
}

/// The comments of all documents that hold objects, and those between documents.
pub(super) fn find(environment: &Environment, files: &mut MarkedFiles<'_>) -> Vec<Comment> {
    let sources = files.sources;
    let mut objects = None;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut last = None;
    for (position, object) in environment.objects.iter().enumerate() {
        let document = object.document();
        if !files.may_hold_orders(document) {
            continue;
        }
        if last.replace(Arc::as_ptr(document)) == Some(Arc::as_ptr(document)) {
            continue;
        }
        let spans = document.comments().iter().map(|it| it.span);
        for span in spans.chain(comments_above(document.root().span(), sources)) {
            if !sources.get(span.source).slice(span).contains(MARK) || !seen.insert(span) {
                continue;
            }
            let objects = objects.get_or_insert_with(|| Objects::new(environment));
            let reach = reach(span, document, objects, sources);
            let object = reach.object.or_else(|| objects.holding(span)).unwrap_or(position);
            let is_whole = reach.object.is_some();
            found.push(Comment { span, start: reach.start, end: reach.end, object, is_whole });
        }
    }
    found
}

/// Where objects begin, with where they end and their positions.
struct Objects(BTreeMap<(SourceId, u32), (u32, usize)>);

impl Objects {
    fn new(environment: &Environment) -> Self {
        let spans = environment.objects.iter().map(|it: &Object| it.node().span()).enumerate();
        Objects(spans.map(|(at, it)| ((it.source, it.start), (it.end, at))).collect())
    }

    /// End and position of the object that begins in a range of bytes.
    fn first_in(&self, source: SourceId, range: &Range<usize>) -> Option<(u32, usize)> {
        let bounds = (source, offset(range.start))..(source, offset(range.end));
        self.0.range(bounds).next().map(|it| *it.1)
    }

    /// The position of the object around a place.
    fn holding(&self, span: Span) -> Option<usize> {
        let ((source, _), (end, at)) = self.0.range(..=(span.source, span.start)).next_back()?;
        (*source == span.source && span.start < *end).then_some(*at)
    }
}

fn offset(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

/// The comments above a document, before the `---` that introduces it or behind it: they stand in a piece
/// of the file of their own, or in that of the document before, and speak of this one all the same.
fn comments_above(root: Span, sources: &Sources) -> Vec<Span> {
    let text = sources.get(root.source).text();
    let first_line = text[..root.start as usize].rfind('\n').map_or(0, |it| it + 1);
    let mut end = first_line;
    let mut found = Vec::new();
    let mut is_above_separator = false;
    while end > 0 {
        let start = text[..end - 1].rfind('\n').map_or(0, |it| it + 1);
        let line = text[start..end].trim_end();
        if is_separator(line) {
            is_above_separator = true;
        } else if line.starts_with('#') && is_above_separator {
            // At the margin no scalar of an object can hold it.
            found.push(Span { source: root.source, start: offset(start), end: offset(start + line.len()) });
        } else if !line.starts_with('#') && !line.is_empty() {
            break;
        }
        end = start;
    }
    found
}

/// Whether a line separates documents.
fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty() || rest.trim().starts_with('#'))
}

/// The bytes that a comment speaks of, and the object if it is a whole one.
struct Reach {
    start: u32,
    end: u32,
    object: Option<usize>,
}

fn reach(comment: Span, document: &Document, objects: &Objects, sources: &Sources) -> Reach {
    let source = sources.get(comment.source);
    let line = source.line_range(comment.start);
    let stands_alone = source.text()[line.start..comment.start as usize].trim().is_empty();
    if !stands_alone {
        return Reach { start: offset(line.start), end: offset(line.end + 1), object: None };
    }
    // Further comments, and the separator, between this one and the line that it speaks of do not part them.
    let mut next = line.end;
    let mut content = line.clone();
    while next < source.text().len() {
        let skip = if source.text()[next..].starts_with("\r\n") { 2 } else { 1 };
        content = source.line_range(offset(next + skip));
        next = content.end;
        let text = source.text()[content.clone()].trim();
        if !text.starts_with('#') && !is_separator(text) {
            break;
        }
    }
    let start = offset(content.start);
    if let Some((end, object)) = objects.first_in(comment.source, &content) {
        return Reach { start, end: end.max(offset(content.end)), object: Some(object) };
    }
    // A document put together from several files has no lines of its own.
    let block = if document.is_composed() { None } else { end_of_block(document.root(), &content) };
    Reach { start, end: block.unwrap_or(0).max(offset(content.end + 1)), object: None }
}

/// The end of the key with its value, or of the list item, that begins on a line.
fn end_of_block(root: NodeRef<'_>, line: &Range<usize>) -> Option<u32> {
    let begins = |it: Span| line.contains(&(it.start as usize));
    let holds = |it: Span| it.range().contains(&line.start);
    let mut node = root;
    loop {
        let mut inner = None;
        if node.is_map() {
            for entry in node.written_entries() {
                if begins(entry.key.span()) {
                    return Some(entry.value.span().end.max(entry.key.span().end));
                }
                inner = inner.or(holds(entry.value.span()).then_some(entry.value));
            }
        } else {
            for item in node.items() {
                if begins(item.span()) {
                    return Some(item.span().end);
                }
                inner = inner.or(holds(item.span()).then_some(item));
            }
        }
        node = inner?;
    }
}
