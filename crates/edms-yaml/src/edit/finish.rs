//! The edited texts, after they were checked.

use super::change::Change;
use super::file::{File, Read, documents};
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
        let show = |it: &Read| show(Reread { range: it.range.clone(), document: Arc::clone(&it.document) });
        self.finish_known(source, |_, _| Vec::new(), show)
    }

    /// Whether one of the texts that change comes out as it should: documents in which nothing changes are not read again.
    ///
    /// # Errors
    /// Where the edited text cannot be read, or says something else than it should.
    pub fn check_text(&self, source: SourceId) -> Result<(), Defect> {
        self.finish_known(source, unchanged, |_| {}).map(drop)
    }

    fn finish_known(
        &self,
        source: SourceId,
        known: impl Fn(&File, &[TextEdit]) -> Vec<(Range<usize>, Arc<Document>)>,
        mut show: impl FnMut(&Read),
    ) -> Result<Edited, Defect> {
        let defect = |message: &str| Defect { source, message: message.to_owned() };
        let (Some(Ok(old)), Some(changes)) = (self.files.get(&source), self.changes.get(&source)) else {
            return Err(defect("the file was never read"));
        };
        let edits = in_order(changes.iter());
        let text: Arc<str> = apply(&old.text, &edits).ok_or_else(|| defect("two edits overlap"))?.into();
        let unreadable = |it| defect(&format!("the edited file cannot be read: {it}"));
        let known = known(old, &edits);
        let known = |_, range: &Range<usize>| {
            let at = known.binary_search_by_key(&range.start, |it| it.0.start).ok()?;
            (known[at].0 == *range).then(|| Arc::clone(&known[at].1))
        };
        let new = documents(source, &text, &known).map_err(unreadable)?;
        let new = new.inspect(|it| _ = it.as_ref().map(&mut show));
        match check::defect(old, new, changes.iter()).map_err(unreadable)? {
            Some(message) => Err(defect(message)),
            None => Ok(Edited { source, edits, text }),
        }
    }
}

/// The documents that no edit touches, by their ranges in the edited text. Which objects of JSON begin a stream depends on
/// all before them, so that such a stream has none.
fn unchanged(old: &File, edits: &[TextEdit]) -> Vec<(Range<usize>, Arc<Document>)> {
    let mut found = Vec::new();
    let (mut before, mut added, mut removed) = (edits.iter().peekable(), 0, 0);
    for it in old.documents.iter().filter(|_| old.jsons == 0) {
        while let Some(edit) = before.next_if(|edit| edit.range.end < it.range.start) {
            added += edit.text.len();
            removed += edit.range.len();
        }
        if before.peek().is_none_or(|edit| edit.range.start > it.range.end) {
            let place = |at: usize| at + added - removed;
            found.push((place(it.range.start)..place(it.range.end), Arc::clone(&it.document)));
        }
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use crate::source::{Source, Sources};

    #[test]
    fn documents_that_no_edit_touches_are_those_of_equal_text() {
        let text = "a: 1\n---\nb: 2 # n\n---\nc: 3\n---\nd: 4\n";
        let mut sources = Sources::default();
        let source = sources.add(Source::new("a.yaml", text));
        let text = sources.get(source).text();
        let start = text.find("b:").expect("it is there");
        let document = parse(source, text, start..start + 9).expect("YAML").expect("not empty");
        let mut editor = Editor::new(&sources);
        editor.set(document.root().get("b").expect("it is there"), &20_000.into()).expect("a number");
        let edited = editor.finish_text(source, |_| {}).expect("right");
        let Some(Ok(old)) = editor.files.get(&source) else { panic!("it was read") };
        let known = unchanged(old, &edited.edits);
        let texts: Vec<&str> = known.iter().map(|it| edited.text[it.0.clone()].trim()).collect();
        assert_eq!(texts, ["a: 1", "c: 3", "d: 4"]);
        for (range, document) in &known {
            assert_eq!(&edited.text[range.clone()], &text[..][old_range(old, document)]);
        }
        assert_eq!(editor.check_text(source), Ok(()));
    }

    fn old_range(old: &File, document: &Arc<Document>) -> Range<usize> {
        old.documents.iter().find(|it| Arc::ptr_eq(&it.document, document)).expect("one of them").range.clone()
    }
}
