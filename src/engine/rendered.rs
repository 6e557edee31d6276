//! Moves what was found in rendered objects to the templates of their chart: the line is searched there.

use crate::finding::{Finding, Report, Suppressed};
use crate::source::{Origin, SourceId, Sources, Span};
use crate::yaml::outline::{Down, Outline, outlines};
use crate::yaml::{Path, Step};
use std::collections::HashMap;
use std::ops::Range;

/// Keys and items of a document in which a line is still searched; of a larger one the first line stands for all.
const MOST_NODES: usize = 20_000;

/// Moves every place of the report whose template was found.
pub(super) fn move_to_templates(report: &mut Report, sources: &Sources) {
    if !sources.has_origins() {
        return;
    }
    let mut search = Search { sources, rendered: HashMap::new(), templates: HashMap::new() };
    let suppressed = report.suppressed.iter_mut().map(|it| &mut it.finding);
    for finding in report.findings.iter_mut().map(|it| &mut **it).chain(suppressed) {
        search.move_finding(finding);
    }
    for Suppressed { by, .. } in &mut report.suppressed {
        search.move_span(by);
    }
    for outcome in &mut report.single_outcomes {
        if let crate::finding::Undecided::Blocked { label, .. } = &mut outcome.undecided {
            search.move_span(&mut label.span);
        }
    }
}

struct Search<'s> {
    sources: &'s Sources,
    /// Rendered documents by text and first byte.
    rendered: HashMap<(SourceId, u32), Outline<'s>>,
    templates: HashMap<SourceId, Vec<Outline<'s>>>,
}

impl Search<'_> {
    fn move_finding(&mut self, finding: &mut Finding) {
        let before = finding.span;
        if let Some(after) = self.moved(before, Some(&finding.path)) {
            finding.span = after;
            finding.rendered = Some(before);
        } else if self.sources.origin(before).is_some() {
            finding.rendered = Some(before);
        }
        for label in &mut finding.labels {
            self.move_span(&mut label.span);
        }
    }

    fn move_span(&mut self, span: &mut Span) {
        if let Some(moved) = self.moved(*span, None) {
            *span = moved;
        }
    }

    /// The place in the template, by the key at the place in the stream, or by the field if that leads deeper.
    fn moved(&mut self, span: Span, path: Option<&Path>) -> Option<Span> {
        let sources = self.sources;
        let origin = sources.origin(span)?;
        let file = origin.file?;
        self.read(span.source, origin, file);
        let rendered = &self.rendered[&(span.source, origin.range.start)];
        let template = document_of(rendered, &self.templates[&file]);
        let Some(template) = template else { return Some(first_line(sources, file)) };
        let start = (span.start - origin.range.start) as usize;
        let by_place = rendered.way_to(start);
        let mut best = template.find(&by_place);
        if let Some(path) = path {
            let by_field = template.find(&way_of(path, &by_place));
            if by_field.0 >= best.0 {
                best = by_field;
            }
        }
        Some(to_span(file, &best.1))
    }

    /// Reads the outlines, if they are not.
    fn read(&mut self, source: SourceId, origin: &Origin, file: SourceId) {
        let sources = self.sources;
        self.rendered.entry((source, origin.range.start)).or_insert_with(|| {
            let range = origin.range.start as usize..origin.range.end as usize;
            let text = sources.get(source).text().get(range).unwrap_or_default();
            outlines(text).into_iter().next().filter(|it| it.size() <= MOST_NODES).unwrap_or_default()
        });
        self.templates.entry(file).or_insert_with(|| {
            outlines(sources.get(file).text()).into_iter().filter(|it| it.size() <= MOST_NODES).collect()
        });
    }
}

/// The document of a template that an object was rendered from: one of its kind, and the one whose name fits.
fn document_of<'o, 't>(rendered: &Outline<'_>, templates: &'o [Outline<'t>]) -> Option<&'o Outline<'t>> {
    let kind = rendered.text_at(&["kind"])?;
    let name = rendered.text_at(&["metadata", "name"]).unwrap_or_default();
    let is_it = |it: &&Outline<'_>| it.text_at(&["kind"]).is_some_and(|it| it == kind || it.contains("{{"));
    let mut best: Option<(usize, &Outline<'t>)> = None;
    for template in templates.iter().filter(is_it) {
        let pattern = template.text_at(&["metadata", "name"]).unwrap_or_default();
        let score = likeness(pattern, name);
        if best.is_none_or(|it| it.0 < score) {
            best = Some((score, template));
        }
    }
    best.map(|it| it.1)
}

/// How many letters of a template's text stand in what it was rendered to; one more than that if it fits, else 0.
fn likeness(template: &str, text: &str) -> usize {
    let (mut rest, mut count) = (text, 0);
    let mut template = template;
    while !template.is_empty() {
        let literal = template.split("{{").next().unwrap_or_default();
        let Some(at) = rest.find(literal) else { return 0 };
        count += literal.len();
        rest = &rest[at + literal.len()..];
        template = template.split_once("}}").map_or("", |it| it.1);
    }
    count + 1
}

/// A field as steps down. The positions of items are those on the way to the place in the stream.
fn way_of<'p>(path: &'p Path, by_place: &[Down<'p>]) -> Vec<Down<'p>> {
    let step = |(at, step): (usize, &'p Step)| match step {
        Step::Key(key) => Down::Key(key),
        Step::Index(index) => Down::Item { name: None, index: Some(*index) },
        Step::Name(name) => {
            let index = match by_place.get(at) {
                Some(Down::Item { index, .. }) => *index,
                _ => None,
            };
            Down::Item { name: Some(name), index }
        }
    };
    path.0.iter().enumerate().map(step).collect()
}

/// The first line of a template that says something.
fn first_line(sources: &Sources, file: SourceId) -> Span {
    let text = sources.get(file).text();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with('#') {
            let start = at + line.find(content).unwrap_or(0);
            return to_span(file, &(start..start + content.len()));
        }
        at += line.len();
    }
    to_span(file, &(0..0))
}

fn to_span(source: SourceId, range: &Range<usize>) -> Span {
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    Span { source, start: offset(range.start), end: offset(range.end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_templates_are_likened() {
        for (template, text, score) in [
            ("{{ include \"x\" . }}-worker", "release-x-worker", 8),
            ("{{ include \"x\" . }}", "release-x-worker", 1),
            ("{{ .a }}-api", "release-x-worker", 0),
            ("worker", "worker", 7),
            ("{{ broken", "a", 1),
            ("", "a", 1),
        ] {
            assert_eq!(likeness(template, text), score, "{template}");
        }
    }
}
