//! Which parts of a text were rendered from a template of a chart, and from which.

use super::{SourceId, Sources, Span};
use std::ops::Range;

/// A document that a template was rendered to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its bytes in the text.
    pub range: Range<u32>,
    /// The template as the comment `# Source:` names it: `orders/templates/deployment.yaml`.
    pub template: String,
    /// The template itself, if it was found.
    pub file: Option<SourceId>,
}

impl Sources {
    /// Remembers what documents of a text were rendered from.
    pub fn add_origins(&mut self, id: SourceId, mut origins: Vec<Origin>) {
        origins.sort_by_key(|it| it.range.start);
        self.origins.insert(id, origins);
    }

    /// Whether templates of a chart of this name were rendered that are in this folder, as shown, or that are not found.
    pub fn renders(&self, chart: &str, folder: &str) -> bool {
        let is_inside = |file: SourceId| {
            folder == "." || self.get(file).name().strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
        };
        let is_it = |it: &Origin| it.template.split('/').next() == Some(chart) && it.file.is_none_or(is_inside);
        self.origins.values().flatten().any(is_it)
    }

    /// Whether anything was rendered.
    pub fn has_origins(&self) -> bool {
        !self.origins.is_empty()
    }

    /// What the document at a place was rendered from.
    pub fn origin(&self, span: Span) -> Option<&Origin> {
        let origins = self.origins.get(&span.source)?;
        let after = origins.partition_point(|it| it.range.start <= span.start);
        origins[..after].last().filter(|it| span.start < it.range.end)
    }
}
