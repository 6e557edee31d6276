//! What comments and annotations cover, by rule: a finding meets the orders around it, and none beside it.

use super::comments::Comment;
use crate::finding::{RuleId, Subject};
use crate::model::Environment;
use crate::source::{SourceId, Span};
use std::collections::{BTreeMap, HashMap};

/// An order, and the number of the rule in it.
pub(super) type At = (usize, usize);

/// What orders cover.
#[derive(Debug, Default)]
pub(super) struct Covered {
    by_place: BTreeMap<(SourceId, RuleId), Vec<Stretch>>,
    by_subject: HashMap<Subject, BTreeMap<RuleId, At>>,
}

/// The bytes of a file that an order covers.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    start: u32,
    end: u32,
    at: At,
    /// The nearest stretch before it that ends later: whatever lies between ends before this one does.
    around: Option<u32>,
}

impl Covered {
    /// An order covers a part of a file for a rule. [`Covered::finish`] has to follow.
    pub(super) fn add_place(&mut self, source: SourceId, rule: RuleId, (start, end): (u32, u32), at: At) {
        self.by_place.entry((source, rule)).or_default().push(Stretch { start, end, at, around: None });
    }

    /// A comment covers what it reaches for a rule.
    pub(super) fn add_comment(&mut self, comment: &Comment, rule: RuleId, at: At, environment: &Environment) {
        self.add_place(comment.span.source, rule, (comment.start, comment.end), at);
        for file in &comment.files {
            self.add_place(*file, rule, (0, u32::MAX), at);
        }
        for object in &comment.whole {
            // What another file says of the object is meant too: the patch, or the object itself.
            self.add_subject(environment.objects[*object].subject(), rule, at);
        }
    }

    /// An order covers an object for a rule, if no earlier one does.
    pub(super) fn add_subject(&mut self, subject: Subject, rule: RuleId, at: At) {
        self.by_subject.entry(subject).or_default().entry(rule).or_insert(at);
    }

    /// Puts what covers parts of files in order.
    pub(super) fn finish(&mut self) {
        for stretches in self.by_place.values_mut() {
            // Of two that begin at one place the wider one first, so that the narrower is met first from behind.
            stretches.sort_by_key(|it| (it.start, u32::MAX - it.end));
            let mut open: Vec<u32> = Vec::new();
            for number in 0..stretches.len() {
                let end = stretches[number].end;
                while open.last().is_some_and(|it| stretches[*it as usize].end <= end) {
                    open.pop();
                }
                stretches[number].around = open.last().copied();
                open.extend(u32::try_from(number));
            }
        }
    }

    /// The order around a place.
    pub(super) fn by_place(&self, rule: RuleId, span: Option<Span>) -> Option<At> {
        let Span { source, start, .. } = span?;
        let stretches = self.by_place.get(&(source, rule))?;
        let behind = stretches.partition_point(|it| it.start <= start);
        let mut next = behind.checked_sub(1);
        while let Some(number) = next {
            let stretch = stretches[number];
            if start < stretch.end {
                return Some(stretch.at);
            }
            next = stretch.around.map(|it| it as usize);
        }
        None
    }

    /// The order at an object.
    pub(super) fn by_subject(&self, rule: RuleId, subject: &Subject) -> Option<At> {
        self.by_subject.get(subject)?.get(&rule).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppress::{INVALID, UNUSED};

    #[test]
    fn the_narrowest_stretch_around_a_place_is_found() {
        let source = SourceId(0);
        let mut covered = Covered::default();
        // One around all, a thousand beside each other in it, each with one inside.
        covered.add_place(source, INVALID, (0, 100_000), (0, 0));
        for number in 0..1_000 {
            let start = number * 100;
            covered.add_place(source, INVALID, (start, start + 50), (number as usize + 1, 0));
            covered.add_place(source, INVALID, (start + 10, start + 20), (number as usize + 1, 1));
        }
        covered.finish();
        let at = |start| covered.by_place(INVALID, Some(Span { source, start, end: start + 1 }));
        assert_eq!(at(70_015), Some((701, 1)));
        assert_eq!(at(70_020), Some((701, 0)));
        assert_eq!(at(70_099), Some((0, 0)));
        assert_eq!(at(100_000), None);
        assert_eq!(covered.by_place(UNUSED, Some(Span { source, start: 70_015, end: 70_016 })), None);
    }
}
