//! Fixes: from changes of trees to bytes of files, pass after pass, until nothing is left to mend.

mod apply;
mod harm;
mod new_files;
mod passes;
mod reach;
mod work_out;

pub use apply::Request;
pub use passes::{Outcome, Stuck, run};
pub use work_out::{weigh, work_out};

use crate::finding::{Change, Finding, Fix};
use crate::source::Span;
use crate::yaml::edit::{Editor, Refusal};

/// Makes the changes of a fix, all or none.
fn make(fix: &Fix, editor: &mut Editor<'_>) -> Result<(), Refusal> {
    editor.attempt(|editor| fix.changes.iter().try_for_each(|it| change(it, editor)))
}

fn change(change: &Change, editor: &mut Editor<'_>) -> Result<(), Refusal> {
    match change {
        Change::Set(at, value) => editor.set(at.node(), value),
        Change::Insert(at, key, value, place) => editor.insert(at.node(), key, value, *place),
        Change::Push(at, value) => editor.push(at.node(), value),
        Change::Remove(at) => editor.remove(at.node()),
        Change::Rename(key, name) => editor.rename(key.node(), name),
        Change::Append(at, objects) => editor.append_document(at.node(), objects),
        Change::Lines(at, lines) => editor.edit_lines(at.node(), lines),
        Change::Comment(span, text) => editor.set_comment(*span, text),
    }
}

/// Where a change is made.
fn place(change: &Change) -> Span {
    match change {
        Change::Set(at, _)
        | Change::Insert(at, ..)
        | Change::Push(at, _)
        | Change::Remove(at)
        | Change::Rename(at, _)
        | Change::Append(at, _)
        | Change::Lines(at, _) => at.node().span(),
        Change::Comment(span, _) => *span,
    }
}

/// The order in which fixes are made: what is safe first, then what others build on, then by place.
fn order(finding: &Finding, fix: &Fix) -> impl Ord + use<> {
    (std::cmp::Reverse(fix.safety), fix.stage, finding.span, finding.rule)
}
