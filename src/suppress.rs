//! Comments that take findings away: `# edms-lint: ignore[rule]: reason`.
//!
//! A comment speaks of its own line, of the line below it, or, above the first line of an object, of the
//! whole object. Comments come from the YAML scanner, so text in a string never counts.

use crate::finding::{Finding, Suppressed};
use crate::model::Environment;
use crate::rules;
use crate::source::{SourceId, Sources, Span};
use std::collections::BTreeMap;

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
    /// Reads the comments of all documents that hold objects.
    pub fn read(environment: &Environment, sources: &Sources) -> Comments {
        let mut comments = Comments::default();
        let mut last = None;
        for object in &environment.objects {
            let document = object.document();
            if last == Some(std::sync::Arc::as_ptr(document)) {
                continue;
            }
            last = Some(std::sync::Arc::as_ptr(document));
            for comment in document.comments() {
                let text = sources.get(comment.span.source).slice(comment.span);
                let Some(order) = text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
                match parse(order) {
                    Ok((rules, reason)) => {
                        let (start, end) = reach(comment.span, environment, sources);
                        let ignore = Ignore { rules, reason, span: comment.span, start, end };
                        comments.by_source.entry(comment.span.source).or_default().push(ignore);
                    }
                    Err(reason) => comments.refused.push((comment.span, reason)),
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

/// The bytes that a comment speaks of.
fn reach(comment: Span, environment: &Environment, sources: &Sources) -> (u32, u32) {
    let source = sources.get(comment.source);
    let line = source.line_range(comment.start);
    let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let stands_alone = source.text()[line.start..comment.start as usize].trim().is_empty();
    if !stands_alone {
        return (offset(line.start), offset(line.end + 1));
    }
    // Further comments between this one and the line that it speaks of do not part them.
    let mut next = line.end;
    let mut content = line.clone();
    while next < source.text().len() {
        let skip = if source.text()[next..].starts_with("\r\n") { 2 } else { 1 };
        content = source.line_range(offset(next + skip));
        next = content.end;
        let text = source.text()[content.clone()].trim();
        if !text.starts_with('#') {
            break;
        }
    }
    let is_first_line = |span: Span| span.source == comment.source && content.contains(&(span.start as usize));
    let object = environment.objects.iter().find(|it| is_first_line(it.node().span()));
    match object {
        Some(object) => (offset(content.start), object.node().span().end.max(offset(content.end))),
        None => (offset(content.start), offset(content.end + 1)),
    }
}
