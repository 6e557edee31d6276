//! Comments: what they say, and whether they are there.

use super::change::{Change, What};
use super::file::File;
use super::refusal::Refusal;
use super::{Editor, TextEdit, marks};
use crate::source::Span;

impl Editor<'_> {
    /// Has a comment say something else, from its `#` on. An empty text takes it out, with its line if nothing else
    /// stands there. Whoever asks for that knows what the comment says, so that it is none of the lost ones.
    pub fn set_comment(&mut self, comment: Span, text: &str) -> Result<(), Refusal> {
        let source = self.sources.get(comment.source);
        if source.is_template() {
            return Err(Refusal::Template(comment));
        }
        let file = self.file(comment.source)?;
        let holder =
            file.documents.iter().find(|it| it.document.root().span().range().contains(&comment.range().start));
        let mark = || holder.and_then(|it| marks::of_node(self.sources, source, it, it.document.root()));
        if let Some(by) = file.mark.clone().or_else(mark) {
            return Err(Refusal::Generated(by));
        }
        let is_comment = |it: &str| it.starts_with('#') && !it.contains(char::is_control);
        let is_read = file.documents.iter().any(|it| it.document.comments().iter().any(|it| it.span == comment));
        let is_between = || holder.is_none() && file.lines().is_first(comment.range().start);
        let is_there = file.text.get(comment.range()).is_some_and(is_comment) && (is_read || is_between());
        if !is_there || !(text.is_empty() || is_comment(text)) {
            return Err(Refusal::Layout(comment));
        }
        let edit = edit(&file, comment, text);
        let lost = Some(comment).filter(|_| is_read && text.is_empty()).into_iter().collect();
        let attempt = self.attempt.unwrap_or_else(|| self.begin());
        let change = Change { attempt, what: What::Comment, edits: vec![edit], lost, depth: 0 };
        self.changes_of(&file).add(change, comment)?;
        self.recent.insert(file.source);
        Ok(())
    }
}

fn edit(file: &File, comment: Span, text: &str) -> TextEdit {
    let (lines, range) = (file.lines(), comment.range());
    if !text.is_empty() {
        return TextEdit { range, text: text.to_owned() };
    }
    let range = if lines.is_first(range.start) {
        lines.line_start(range.start)..lines.next_line(range.start)
    } else {
        range.start - lines.blanks_before(range.start).len()..range.end
    };
    TextEdit { range, text: String::new() }
}
