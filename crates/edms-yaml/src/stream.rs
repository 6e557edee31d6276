//! A whole stream, document by document, numbered as Kubernetes' reader numbers them.

use super::split::{Piece, split};
use super::{Document, ParseError, parse, parse_json};
use crate::source::{SourceId, Span};
use std::ops::Range;
use std::sync::Arc;

/// What is said of text behind `---`.
pub const INVALID_SEPARATOR: &str = "text behind `---`: Kubernetes' reader refuses the stream here";
/// What is said of something else between objects of JSON.
pub const NOT_JSON: &str = "expected another JSON object: kubectl stops reading here";
/// What is said of a directive before `---`.
pub const DIRECTIVE: &str =
    "a directive before `---`: Kubernetes' reader cuts the stream between the two and refuses this piece";

/// Reads every document of a text; those that are empty or null are left out.
pub fn read(source: SourceId, text: &Arc<str>) -> Vec<Result<Document, ParseError>> {
    let refuse = |range: Range<usize>, message: &str| {
        let offset = |it| u32::try_from(it).unwrap_or(u32::MAX);
        let span = Span { source, start: offset(range.start), end: offset(range.end) };
        Some(Err(ParseError { message: message.to_owned(), span }))
    };
    let not_null = |document: Option<Document>| document.filter(|it| !it.root().is_null());
    let documents = split(text).into_iter().filter_map(|piece| match piece {
        Piece::Document(range) => parse(source, text, range).map(not_null).transpose(),
        Piece::Json(range) => parse_json(source, text, range).map(not_null).transpose(),
        Piece::InvalidSeparator(range) => refuse(range, INVALID_SEPARATOR),
        Piece::NotJson(range) => refuse(range, NOT_JSON),
        Piece::Directive(range) => refuse(range, DIRECTIVE),
    });
    documents.collect()
}
