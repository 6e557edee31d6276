//! Patches that stand as text inside a kustomization: parsed with their places in that file.

use super::spelling::Spelling;
use crate::source::{SourceId, Span};
use crate::yaml::split::{Piece, split};
use crate::yaml::tree::{Content, Tree};
use crate::yaml::{Comment, NodeRef, ParseError, parse};
use std::sync::Arc;

/// The documents of an inline text, with the comments in it. The first that cannot be read ends it. `text` is
/// what kustomize takes of the node's text, from its beginning.
pub(super) fn parse_inline(
    node: NodeRef<'_>,
    text: &str,
    source_text: &str,
) -> Result<(Vec<Tree>, Vec<Comment>), ParseError> {
    let text: Arc<str> = text.into();
    let outer = Outer::new(node, source_text);
    let (mut trees, mut comments) = (Vec::new(), Vec::new());
    for piece in split(&text) {
        let (Piece::Document(range) | Piece::Json(range)) = piece else { continue };
        let parsed = parse(SourceId(u32::MAX), &text, range)
            .map_err(|error| ParseError { span: outer.place(error.span), message: error.message })?;
        let Some(document) = parsed else { continue };
        comments.extend(document.comments().iter().map(|it| Comment { span: outer.place(it.span) }));
        let Some(mut tree) = Tree::of(document.root()) else { continue };
        if !text.ends_with('\n') {
            cut_last_line(&mut tree, &text);
        }
        tree.move_to(&|span| outer.place(span));
        trees.push(tree);
    }
    Ok((trees, comments))
}

/// A block that ends with the text and not with a line has no line break at its end. `kubectl` ends every text
/// with one, and our reader as well; kustomize does not.
pub(super) fn cut_last_line(tree: &mut Tree, text: &str) {
    let is_block = text.get(tree.span.range()).is_some_and(|it| !it.starts_with(['\'', '"']));
    match &mut tree.content {
        Content::List(items) => items.last_mut().into_iter().for_each(|it| cut_last_line(it, text)),
        Content::Map(entries) => entries.last_mut().into_iter().for_each(|it| cut_last_line(&mut it.value, text)),
        Content::Text(value) if is_block && tree.span.range().end == text.len() => {
            *value = value.strip_suffix('\n').unwrap_or(value).into();
        }
        Content::Plain(_) | Content::Text(_) => {}
    }
}

/// Where an inline text stands in its file.
struct Outer {
    /// The whole text.
    whole: Span,
    /// Where its parts stand, if that can be told.
    spelling: Option<Spelling>,
}

impl Outer {
    fn new(node: NodeRef<'_>, source_text: &str) -> Outer {
        let spelling = Spelling::of(node.text(), source_text, node.resolved().span().range());
        Outer { whole: node.first_line(), spelling }
    }

    /// The place in the file of a place in the text; the whole text where there is no telling.
    fn place(&self, span: Span) -> Span {
        let found = self.spelling.as_ref().and_then(|it| it.place(span.range()));
        let Some(range) = found else { return self.whole };
        let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
        Span { source: self.whole.source, start: offset(range.start), end: offset(range.end) }
    }
}
