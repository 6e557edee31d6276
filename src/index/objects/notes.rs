//! What people write beside a value for those who come after them.

use crate::index::Objects;
use crate::model::Object;

/// Words by which a comment beside `replicas` forbids another number.
const FORBIDDING: &[&str] = &[
    "do not scale",
    "don't scale",
    "dont scale",
    "not be scaled",
    "never scale",
    "cannot scale",
    "can't scale",
    "cannot be scaled",
    "can't be scaled",
    "not scalable",
    "do not increase",
    "don't increase",
    "do not run more than",
    "don't run more than",
    "never run more than",
    "not run more than",
    "can't run more than",
    "cannot run more than",
    "cannot run multiple",
    "can't run multiple",
    "not safe to scale",
    "unsafe to scale",
    "does not scale",
    "doesn't scale",
    "does not support scaling",
    "doesn't support scaling",
    "does not support multiple",
    "doesn't support multiple",
    "does not support more than",
    "doesn't support more than",
    "no more than one",
    "only one replica",
    "only one instance",
    "only one pod",
    "single replica only",
    "single instance only",
    "exactly one",
    "must run only once",
    "must not run twice",
    "must be 1",
    "must stay 1",
    "must stay at 1",
    "must be one",
    "keep at 1",
    "leave at 1",
    "keep it at 1",
    "leave it at 1",
    "keep this at 1",
    "leave this at 1",
    "singleton",
];

impl<'a> Objects<'a> {
    /// The comment beside `spec.replicas` of an object that forbids to scale it, without its `#`.
    pub(in crate::index) fn forbids_scaling(&self, object: &Object) -> Option<&'a str> {
        let replicas = object.node().at(&["spec", "replicas"])?;
        let forbids = |it: &&str| {
            let lower = it.to_lowercase();
            FORBIDDING.iter().any(|words| lower.contains(words))
        };
        self.comments_beside(object, replicas.span()).into_iter().find(forbids)
    }

    /// The comment on the line of a place, and those on lines of their own directly above it, without their `#`.
    fn comments_beside(&self, object: &Object, place: crate::source::Span) -> Vec<&'a str> {
        // Few manifests hold comments at all, and a made object may hold values of several files.
        let comments = object.document().comments().iter().filter(|it| it.span.source == place.source);
        let mut comments: Vec<_> = comments.collect();
        comments.sort_unstable_by_key(|it| it.span.start);
        if comments.is_empty() {
            return Vec::new();
        }
        let source = self.sources.get(place.source);
        let text = source.text();
        let mut line = source.line_range(place.start);
        let end = line.end;
        let mut found = Vec::new();
        for comment in comments.iter().rev().filter(|it| (it.span.start as usize) < end) {
            let start = comment.span.start as usize;
            let own_line = source.line_range(comment.span.start);
            let is_beside = start >= line.start;
            let is_above = own_line.end + 1 >= line.start && text[own_line.start..start].trim().is_empty();
            if !is_beside && !is_above {
                break;
            }
            found.push(text[comment.span.range()].trim_start_matches('#').trim());
            line = own_line;
        }
        found
    }
}
