//! Comments that take findings away: `# edms-lint: ignore[rule]: reason`.
//!
//! A comment speaks of its own line, of the line below it, or, above the first line of an object, of the
//! whole object. Comments come from the YAML scanner, so text in a string never counts.

use crate::finding::{Finding, Suppressed};
use crate::model::Environment;
use crate::rules;
use crate::source::{SourceId, Sources, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// How such a comment begins.
const MARK: &str = "edms-lint:";

/// One comment that is heeded.
#[derive(Clone, Debug)]
struct Ignore {
    rules: Vec<String>,
    reason: String,
    span: Span,
    /// The bytes that it speaks of.
    start: u32,
    end: u32,
}

/// The comments of an environment.
#[derive(Debug, Default)]
pub struct Comments {
    by_source: BTreeMap<SourceId, Vec<Ignore>>,
    /// Comments that are not heeded, with the reason.
    refused: Vec<(Span, String)>,
}

impl Comments {
    /// Reads the comments of all documents that hold objects, and those between documents.
    pub fn read(environment: &Environment, sources: &Sources) -> Comments {
        let mut comments = Comments::default();
        let objects = Objects::new(environment);
        let mut last = None;
        for object in &environment.objects {
            let document = object.document();
            if last == Some(std::sync::Arc::as_ptr(document)) {
                continue;
            }
            last = Some(std::sync::Arc::as_ptr(document));
            let spans = document.comments().iter().map(|it| it.span);
            for span in spans.chain(comments_above(document.root().span(), sources)) {
                let text = sources.get(span.source).slice(span);
                let Some(order) = text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
                match parse(order) {
                    Ok((rules, reason)) => {
                        let (start, end) = reach(span, &objects, sources);
                        let ignore = Ignore { rules, reason, span, start, end };
                        comments.by_source.entry(span.source).or_default().push(ignore);
                    }
                    Err(reason) => comments.refused.push((span, reason)),
                }
            }
        }
        comments.refused.sort();
        comments.refused.dedup();
        comments
    }

    /// Takes away what the comments speak of.
    pub fn apply(&self, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
        let mut kept = Vec::with_capacity(findings.len());
        let mut suppressed = Vec::new();
        for finding in findings {
            let ignores = self.by_source.get(&finding.span.source).map_or(&[][..], Vec::as_slice);
            let speaks = |it: &&Ignore| {
                it.start <= finding.span.start
                    && finding.span.start < it.end
                    && it.rules.iter().any(|id| id == finding.rule)
            };
            match ignores.iter().find(speaks) {
                Some(it) => suppressed.push(Suppressed { finding, by: it.span, reason: it.reason.clone() }),
                None => kept.push(finding),
            }
        }
        (kept, suppressed)
    }

    /// One sentence for each comment that is not heeded.
    pub fn remarks(&self, sources: &Sources) -> Vec<String> {
        let remark = |(span, reason): &(Span, String)| {
            let source = sources.get(span.source);
            format!(
                "{}:{}: a comment of edms-lint is not heeded: {reason}",
                source.name(),
                source.line_column(span.start).line
            )
        };
        self.refused.iter().map(remark).collect()
    }
}

/// Reads `ignore[rule, rule]: reason`.
fn parse(order: &str) -> Result<(Vec<String>, String), String> {
    let form = "it reads `# edms-lint: ignore[rule]: reason`";
    let rest = order.trim().strip_prefix("ignore").map(str::trim_start).ok_or(form)?;
    let (names, rest) = rest.strip_prefix('[').and_then(|it| it.split_once(']')).ok_or(form)?;
    let reason = rest.trim_start().strip_prefix(':').unwrap_or_default().trim();
    if reason.is_empty() {
        return Err("it gives no reason".to_owned());
    }
    let names: Vec<String> = names.split(',').map(|it| it.trim().to_owned()).collect();
    match names.iter().find(|name| rules::find(name).is_none()) {
        Some(unknown) => Err(format!("there is no rule {unknown:?}")),
        None => Ok((names, reason.to_owned())),
    }
}

/// Where objects begin, with where they end.
struct Objects(BTreeMap<(SourceId, u32), u32>);

impl Objects {
    fn new(environment: &Environment) -> Self {
        let spans = environment.objects.iter().map(|it| it.node().span());
        Objects(spans.map(|it| ((it.source, it.start), it.end)).collect())
    }

    /// The end of the object that begins in a range of bytes.
    fn end_of_first_in(&self, source: SourceId, range: &Range<usize>) -> Option<u32> {
        let bounds = (source, offset(range.start))..(source, offset(range.end));
        self.0.range(bounds).next().map(|it| *it.1)
    }
}

fn offset(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

/// The comments above a document, before the `---` that introduces it or behind it: they stand in a piece
/// of the file of their own, or in that of the document before, and speak of this one all the same.
fn comments_above(root: Span, sources: &Sources) -> Vec<Span> {
    let text = sources.get(root.source).text();
    let first_line = text[..root.start as usize].rfind('\n').map_or(0, |it| it + 1);
    let mut end = first_line;
    let mut found = Vec::new();
    let mut is_above_separator = false;
    while end > 0 {
        let start = text[..end - 1].rfind('\n').map_or(0, |it| it + 1);
        let line = text[start..end].trim_end();
        if is_separator(line) {
            is_above_separator = true;
        } else if line.starts_with('#') && is_above_separator {
            // At the margin no scalar of an object can hold it.
            found.push(Span { source: root.source, start: offset(start), end: offset(start + line.len()) });
        } else if !line.starts_with('#') && !line.is_empty() {
            break;
        }
        end = start;
    }
    found
}

/// Whether a line separates documents.
fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty() || rest.trim().starts_with('#'))
}

/// The bytes that a comment speaks of.
fn reach(comment: Span, objects: &Objects, sources: &Sources) -> (u32, u32) {
    let source = sources.get(comment.source);
    let line = source.line_range(comment.start);
    let stands_alone = source.text()[line.start..comment.start as usize].trim().is_empty();
    if !stands_alone {
        return (offset(line.start), offset(line.end + 1));
    }
    // Further comments, and the separator, between this one and the line that it speaks of do not part them.
    let mut next = line.end;
    let mut content = line.clone();
    while next < source.text().len() {
        let skip = if source.text()[next..].starts_with("\r\n") { 2 } else { 1 };
        content = source.line_range(offset(next + skip));
        next = content.end;
        let text = source.text()[content.clone()].trim();
        if !text.starts_with('#') && !is_separator(text) {
            break;
        }
    }
    match objects.end_of_first_in(comment.source, &content) {
        Some(end) => (offset(content.start), end.max(offset(content.end))),
        None => (offset(content.start), offset(content.end + 1)),
    }
}
