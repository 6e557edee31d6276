//! Finds comments with orders, and how far each of them reaches.
//!
//! Comments come from the YAML scanner, so text in a string never counts.

use super::files::{MARK, MarkedFiles};
use crate::model::{COMPLETE, Environment, Instructions};
use crate::source::{Source, SourceId, Sources, Span};
use crate::yaml::{Document, NodeRef};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// A comment that may hold an order.
pub(super) struct Comment {
    pub(super) span: Span,
    /// The bytes that it covers.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The object that it stands in or above, by position; none where it stands at what builds objects.
    pub(super) object: Option<usize>,
    /// The objects that it covers as a whole.
    pub(super) whole: Vec<usize>,
    /// The files that it covers as a whole: patches that are named where it stands.
    pub(super) files: Vec<SourceId>,
}

/// The kustomizations with comments, by their files.
type Named<'a> = BTreeMap<SourceId, &'a Instructions>;

/// The comments of all documents that hold objects, those between documents, and those of kustomizations.
pub(super) fn find(environment: &Environment, files: &MarkedFiles<'_>) -> Vec<Comment> {
    let sources = files.sources;
    let named: Named<'_> = environment.instructions.iter().map(|it| (it.document.source(), it)).collect();
    let mut objects = None;
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut last = None;
    for (position, object) in environment.objects.iter().enumerate() {
        let document = object.document();
        if !files.may_hold_orders(document) {
            continue;
        }
        if last.replace(document.id()) == Some(document.id()) {
            continue;
        }
        let spans = document.comments().iter().map(|it| it.span);
        let patches = object.written.iter().flat_map(|it| &it.changes).filter(|it| it.is_object).map(|it| it.span);
        let beginnings = std::iter::once(document.root().span()).chain(patches);
        for span in spans.chain(beginnings.flat_map(|it| comments_above(it, sources))) {
            let text = sources.get(span.source).slice(span);
            // The last line of a dump gives no order.
            if !text.contains(MARK) || text.starts_with(COMPLETE) || !seen.insert(span) {
                continue;
            }
            let objects = objects.get_or_insert_with(|| Objects::new(environment));
            let reach = reach(span, document, objects, sources);
            let object = reach.whole.first().copied().or_else(|| objects.holding(span)).unwrap_or(position);
            found.push(reach.comment(span, Some(object), &named));
        }
    }
    for instructions in &environment.instructions {
        for span in instructions.document.comments().iter().map(|it| it.span) {
            if !sources.get(span.source).slice(span).contains(MARK) || !seen.insert(span) {
                continue;
            }
            let objects = objects.get_or_insert_with(|| Objects::new(environment));
            let reach = reach(span, &instructions.document, objects, sources);
            let object = reach.whole.first().copied();
            found.push(reach.comment(span, object, &named));
        }
    }
    found
}

/// Where objects begin, and what patched them.
struct Objects {
    /// With where they end and their positions. A patch may cover several.
    begin: BTreeMap<(SourceId, u32), (u32, Vec<usize>)>,
    /// Where operations of JSON patches begin, with where they end.
    operations: BTreeMap<(SourceId, u32), u32>,
    /// Where comments were followed last, and the line below them.
    followed: Option<(SourceId, Range<usize>, Range<usize>)>,
}

impl Objects {
    fn new(environment: &Environment) -> Self {
        let mut objects = Objects { begin: BTreeMap::new(), operations: BTreeMap::new(), followed: None };
        for (at, object) in environment.objects.iter().enumerate() {
            objects.add(object.node().span(), at);
            for change in object.written.iter().flat_map(|it| &it.changes) {
                if change.is_object {
                    objects.add(change.span, at);
                } else {
                    objects.operations.insert((change.span.source, change.span.start), change.span.end);
                }
            }
        }
        objects
    }

    fn add(&mut self, span: Span, at: usize) {
        self.begin.entry((span.source, span.start)).or_insert_with(|| (span.end, Vec::new())).1.push(at);
    }

    /// End and positions of the objects that begin in a range of bytes.
    fn first_in(&self, source: SourceId, range: &Range<usize>) -> Option<(u32, &[usize])> {
        let bounds = (source, offset(range.start))..(source, offset(range.end));
        self.begin.range(bounds).next().map(|(_, (end, objects))| (*end, objects.as_slice()))
    }

    /// The line that a comment on a line of its own covers. Further comments, and the separator, between the two do not part
    /// them; what is below many is looked for once.
    fn line_below(&mut self, id: SourceId, line: &Range<usize>, source: &Source) -> Range<usize> {
        let known = |start: usize| {
            let followed = self.followed.as_ref().filter(|it| it.0 == id && it.1.contains(&start));
            followed.map(|it| it.2.clone())
        };
        if let Some(content) = known(line.start) {
            return content;
        }
        let mut content = line.clone();
        while let Some(next) = line_after(&content, source) {
            // Comments above a document are met from below.
            if let Some(known) = known(next.start) {
                content = known;
                break;
            }
            content = next;
            let text = source.text()[content.clone()].trim();
            if !text.starts_with('#') && !is_separator(text) {
                break;
            }
        }
        self.followed = Some((id, line.start..content.start, content.clone()));
        content
    }

    /// The position of the object around a place.
    fn holding(&self, span: Span) -> Option<usize> {
        let ((source, _), (end, objects)) = self.begin.range(..=(span.source, span.start)).next_back()?;
        (*source == span.source && span.start < *end).then(|| objects.first().copied()).flatten()
    }

    /// The operation of a JSON patch to which a line belongs, and not to a value inside it.
    fn operation(&self, id: SourceId, line: &Range<usize>, source: &Source) -> Option<(u32, u32)> {
        let ((found, start), end) = self.operations.range(..(id, offset(line.end))).next_back()?;
        let text = &source.text()[line.clone()];
        let indent = text.len() - text.trim_start_matches([' ', '-']).len();
        let first = source.line_range(*start);
        let is_own = *found == id && *end >= offset(line.start) && *start as usize - first.start == indent;
        is_own.then_some((offset(first.start), *end))
    }
}

fn offset(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

/// The comments above a document, before the `---` that introduces it or behind it: they stand in a piece
/// of the file of their own, or in that of the document before, and cover this one all the same.
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

/// The bytes that a comment covers, and the objects if they are whole ones.
struct Reach {
    start: u32,
    end: u32,
    whole: Vec<usize>,
}

impl Reach {
    /// A comment that reaches this far, and into the patches that are named there.
    fn comment(self, span: Span, object: Option<usize>, named: &Named<'_>) -> Comment {
        let Reach { start, mut end, whole } = self;
        let Some(here) = named.get(&span.source) else {
            return Comment { span, start, end, object, whole, files: Vec::new() };
        };
        let root = here.document.root().span();
        if span.start < root.start && start <= root.start {
            // Above the first line it covers the whole kustomization.
            end = u32::MAX;
        }
        let is_meant = |it: &&(Span, SourceId)| (start..end).contains(&it.0.start);
        let files = here.patches.iter().filter(is_meant).map(|it| it.1).collect();
        Comment { span, start, end, object, whole, files }
    }
}

fn reach(comment: Span, document: &Document, objects: &mut Objects, sources: &Sources) -> Reach {
    let source = sources.get(comment.source);
    let line = source.line_range(comment.start);
    let stands_alone = source.text()[line.start..comment.start as usize].trim().is_empty();
    if let Some((start, end)) = objects.operation(comment.source, &line, source) {
        return Reach { start, end: end.max(offset(line.end + 1)), whole: Vec::new() };
    }
    if !stands_alone {
        return Reach { start: offset(line.start), end: offset(line.end + 1), whole: Vec::new() };
    }
    let content = objects.line_below(comment.source, &line, source);
    let start = offset(content.start);
    if let Some((end, whole)) = objects.first_in(comment.source, &content) {
        return Reach { start, end: end.max(offset(content.end)), whole: whole.to_vec() };
    }
    // A document put together from several files has no lines of its own.
    let block = if document.is_composed() {
        Some(end_of_lines(&content, source))
    } else {
        end_of_block(document.root(), &content)
    };
    Reach { start, end: block.unwrap_or(0).max(offset(content.end + 1)), whole: Vec::new() }
}

/// The line behind one, if the text goes on.
fn line_after(line: &Range<usize>, source: &Source) -> Option<Range<usize>> {
    let rest = source.text().get(line.end..).filter(|it| !it.is_empty())?;
    let skip = if rest.starts_with("\r\n") { 2 } else { 1 };
    Some(source.line_range(offset(line.end + skip)))
}

/// The end of the key with its value, or of the list item, that begins on a line: by the indentation of what follows.
fn end_of_lines(line: &Range<usize>, source: &Source) -> u32 {
    let indent = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let is_item = |text: &str| text.trim_start().starts_with("- ") || text.trim() == "-";
    let first = &source.text()[line.clone()];
    let (mut at, mut end) = (line.clone(), line.end);
    while let Some(next) = line_after(&at, source) {
        at = next;
        let text = &source.text()[at.clone()];
        let is_inside = indent(text) > indent(first)
            // The items of a list may stand no further to the right than its key.
            || (indent(text) == indent(first) && is_item(text) && !is_item(first));
        if text.trim().is_empty() || text.trim_start().starts_with('#') {
            continue;
        }
        if !is_inside || is_separator(text) {
            break;
        }
        end = at.end;
    }
    offset(end)
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
