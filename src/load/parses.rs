//! What files were parsed to, for whoever reads them again with some edited.

use super::item::Classified;
use crate::source::SourceId;
use crate::yaml::edit::Reread;
use crate::yaml::{Document, ParseError};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// What parsing a piece of a text came to.
#[derive(Clone, Debug)]
pub(super) struct Parsed {
    pub(super) range: Range<usize>,
    pub(super) result: Result<Option<(Arc<Document>, Classified)>, ParseError>,
    /// Whether it stands in a list of kubectl's, where nothing is a template.
    pub(super) is_item: bool,
}

/// What the files of a run were parsed to. Fixes are made in passes, each of which audits everything anew: most files
/// stand as they stood.
#[derive(Debug, Default)]
pub struct Parses {
    before: HashMap<SourceId, FileParse>,
    now: HashMap<SourceId, FileParse>,
    /// Edited texts that are to be read, with their documents.
    edited: HashMap<SourceId, (Arc<str>, Vec<Reread>)>,
}

/// A file, with what decides how it is parsed.
#[derive(Debug)]
struct FileParse {
    name: String,
    text: Arc<str>,
    is_plain: bool,
    parsed: Vec<Parsed>,
}

impl Parses {
    /// What a file was parsed to before, if it is the same in all that matters. Spans name their source.
    pub(super) fn of(&self, source: SourceId, name: &str, text: &str, is_plain: bool) -> Option<&[Parsed]> {
        let known = self.before.get(&source)?;
        (known.name == name && known.is_plain == is_plain && *known.text == *text).then_some(&*known.parsed)
    }

    /// The document that was parsed from a piece of a text, if nothing was taken out of it.
    pub fn document(&self, source: SourceId, range: &Range<usize>) -> Option<Arc<Document>> {
        let parsed = &self.before.get(&source)?.parsed;
        let found = &parsed[parsed.partition_point(|it| it.range.start < range.start)..];
        let found = found.first().filter(|it| it.range == *range && !it.is_item)?;
        let document = &found.result.as_ref().ok()?.as_ref()?.0;
        (!document.is_pruned()).then(|| Arc::clone(document))
    }

    /// Takes in what an edited text was parsed to. Spans name the source, which has to be the same when it is read.
    pub fn learn(&mut self, source: SourceId, text: Arc<str>, documents: Vec<Reread>) {
        self.edited.insert(source, (text, documents));
    }

    /// The documents of an edited text, each once.
    pub(super) fn take_edited(&mut self, source: SourceId, text: &str) -> Vec<Reread> {
        self.edited.remove(&source).filter(|it| *it.0 == *text).map(|it| it.1).unwrap_or_default()
    }

    /// Keeps what a piece of a file was parsed to.
    pub(super) fn keep(&mut self, source: SourceId, name: &str, text: &Arc<str>, is_plain: bool, parsed: Parsed) {
        let new = || FileParse { name: name.to_owned(), text: Arc::clone(text), is_plain, parsed: Vec::new() };
        self.now.entry(source).or_insert_with(new).parsed.push(parsed);
    }

    /// Forgets what was there before: files that are gone or have changed.
    pub(super) fn end_round(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.edited.clear();
    }
}
