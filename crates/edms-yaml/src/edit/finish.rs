//! The edited texts, after they were checked.

use super::change::Change;
use super::file::{Read, documents};
use super::{Editor, TextEdit, check};
use crate::Document;
use crate::source::SourceId;
use std::cmp::Reverse;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text with the edits that were made to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// Which text.
    pub source: SourceId,
    /// What was edited, in order; at one offset what is inserted first comes first.
    pub edits: Vec<TextEdit>,
    /// The text with the edits.
    pub text: Arc<str>,
}

/// A document of an edited text, as it was read to check it.
#[derive(Debug)]
pub struct Reread {
    /// The piece of the edited text.
    pub range: Range<usize>,
    /// What was parsed from it.
    pub document: Arc<Document>,
}

/// An edited text that is not what it should be. Nothing may be written then: the fault is in this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Which text.
    pub source: SourceId,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Defect {}

impl Editor<'_> {
    /// The texts that change, in order, each with its edits.
    ///
    /// # Errors
    /// Where an edited text cannot be read, or says something else than it should.
    pub fn finish(&self) -> Result<Vec<Edited>, Defect> {
        // Read once more and not kept: files may be large.
        self.changed().into_iter().map(|it| self.finish_text(it, |_| {})).collect()
    }

    /// The texts that change, in order.
    pub fn changed(&self) -> Vec<SourceId> {
        let changed = self.changes.iter().filter(|it| it.1.iter().any(|it| !it.edits.is_empty()));
        changed.map(|it| *it.0).collect()
    }

    /// One of the texts that change, with its edits. What it is read to is shown on the way, before it is known to be right.
    ///
    /// # Errors
    /// Where the edited text cannot be read, or says something else than it should.
    pub fn finish_text(&self, source: SourceId, mut show: impl FnMut(Reread)) -> Result<Edited, Defect> {
        let defect = |message: &str| Defect { source, message: message.to_owned() };
        let (Some(Ok(old)), Some(changes)) = (self.files.get(&source), self.changes.get(&source)) else {
            return Err(defect("the file was never read"));
        };
        let edits = in_order(changes.iter());
        let text: Arc<str> = apply(&old.text, &edits).ok_or_else(|| defect("two edits overlap"))?.into();
        let unreadable = |it| defect(&format!("the edited file cannot be read: {it}"));
        let new = documents(source, &text, &|_, _| None).map_err(unreadable)?;
        let new = new.inspect(|it| {
            if let Ok(Read { range, document, .. }) = it {
                show(Reread { range: range.clone(), document: Arc::clone(document) });
            }
        });
        match check::defect(old, new, changes.iter()).map_err(unreadable)? {
            Some(message) => Err(defect(message)),
            None => Ok(Edited { source, edits, text }),
        }
    }
}

/// All edits by offset. Where several insert, the innermost collection comes first, and then the earlier change; of
/// documents the later one.
pub(super) fn in_order<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<TextEdit> {
    let mut edits: Vec<_> = changes.flat_map(|it| it.edits.iter().map(move |edit| (it, edit))).collect();
    edits.sort_by_key(|(change, edit)| (edit.range.start, edit.range.end, Reverse(change.depth), change.rank()));
    edits.into_iter().map(|it| it.1.clone()).collect()
}

/// The text with edits that are in order; none where they overlap.
fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.range.start)?);
        out.push_str(&edit.text);
        at = edit.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
