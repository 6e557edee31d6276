//! SARIF 2.1.0 for code scanning: only what the service reads, in the form in which it reads it.
//!
//! The rules are listed that results name, with their help. Results are findings and nothing else: the service
//! opens an alert for whatever is there, suppressed or not, and closes it when it is gone.

mod fingerprint;
mod model;
mod place;

use super::{RuleInfo, address, stable_hash, worst_first};
use crate::finding::{Edit, Finding, Fix, Report, Severity, Suppressed, SuppressedBy};
use crate::source::{SourceId, Sources, Span};
use fingerprint::LineHashes;
use model::{Location, Outcome, Text};
pub(crate) use place::uri;
use std::collections::BTreeMap;
use std::io;

/// What stands for the repository's root.
const ROOT: &str = "%SRCROOT%";
/// Results that an upload may have.
const RESULTS: usize = 25_000;
/// Related places of a result; 1,000 would refuse the upload.
const RELATED: usize = 100;
/// Related places that the message links to.
const LINKED: usize = 10;
/// Findings whose words a merged result repeats.
const MERGED: usize = 20;
/// Tags of a rule that are shown.
const TAGS: usize = 10;
/// Characters of a description.
const DESCRIPTION: usize = 1024;
/// Characters of a rule's name.
const NAME: usize = 255;

/// What SARIF says besides the report.
pub struct Options<'a> {
    /// The rules to list: those that results name.
    pub rules: &'a [RuleInfo],
    /// Tells apart several uploads of one commit. Without it, the uploader's own setting holds.
    pub category: Option<&'a str>,
    /// A source's path relative to the repository's root; the source's name where it is not known.
    pub path: &'a dyn Fn(SourceId) -> Option<String>,
    /// Whether to write what was taken away, marked as such. The code scanning service opens alerts for it.
    pub shows_suppressed: bool,
}

/// Writes the report as one SARIF log.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, sources: &Sources, options: &Options<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let mut merged = merge(report, sources, options);
    let left_out = merged.len().saturating_sub(RESULTS);
    merged.truncate(RESULTS);
    let mut writer = Writer::new(sources, options);
    let mut results = writer.results(&merged);
    if options.shows_suppressed {
        let mut suppressed: Vec<&Suppressed> = report.suppressed.iter().collect();
        suppressed.sort_by(|a, b| super::by_place(&a.finding, &b.finding, sources).then(a.by.cmp(&b.by)));
        results.extend(suppressed.into_iter().filter_map(|it| writer.suppressed(it)));
        results.truncate(RESULTS);
    }
    let root = model::BaseId { description: text("The root of the repository.") };
    let run = model::Run {
        tool: model::Tool {
            driver: model::Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: address::project(),
                rules: options.rules.iter().map(rule).collect(),
            },
        },
        automation_details: options.category.map(automation_details),
        original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
        column_kind: "utf16CodeUnits",
        // The service drops the whole upload of a run that says it failed.
        invocations: [model::Invocation {
            execution_successful: true,
            tool_execution_notifications: notifications(left_out),
        }],
        results,
    };
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    serde_json::to_writer_pretty(&mut *out, &model::Log { schema, version: "2.1.0", runs: [run] })?;
    writeln!(out)
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

/// The category is what stands before the last slash.
fn automation_details(category: &str) -> model::AutomationDetails {
    model::AutomationDetails { id: format!("{}/", category.trim_end_matches('/')) }
}

fn notifications(left_out: usize) -> Vec<model::Notification> {
    if left_out == 0 {
        return Vec::new();
    }
    let words = format!("{left_out} results are left out: an upload may have {RESULTS}. The worst are here.");
    vec![model::Notification { level: "warning", message: text(words) }]
}

fn level(severity: Severity) -> &'static str {
    // SARIF has the same three words.
    severity.name()
}

fn rule(it: &RuleInfo) -> model::Rule<'_> {
    let or_id = |text: &str, limit| clip(if text.is_empty() { &it.id } else { text }, limit);
    let mut tags: Vec<&str> = Vec::new();
    for tag in &it.tags {
        if !tags.contains(&tag.as_str()) && tags.len() < TAGS {
            tags.push(tag);
        }
    }
    model::Rule {
        id: &it.id,
        name: pascal_case(&it.id),
        short_description: text(or_id(&it.title, DESCRIPTION)),
        full_description: text(or_id(&it.summary, DESCRIPTION)),
        help_uri: it.tags.first().and_then(|component| address::page(component, &it.id)),
        help: model::Help { text: if it.text.is_empty() { &it.id } else { &it.text }, markdown: &it.markdown },
        default_configuration: model::Configuration {
            enabled: it.level.is_none().then_some(false),
            level: it.level.map(level),
        },
        properties: model::RuleProperties {
            tags,
            precision: if it.heuristic { "medium" } else { "high" },
            problem_severity: match it.level {
                Some(Severity::Error) => "error",
                Some(Severity::Warning) => "warning",
                Some(Severity::Note) | None => "recommendation",
            },
        },
    }
}

/// `PdbBlocksDrain`: the form that the standard wants for a name.
fn pascal_case(id: &str) -> String {
    let mut name = String::new();
    for word in id.split(['-', '_', '/', ' ']) {
        let mut characters = word.chars();
        name.extend(characters.next().map(|it| it.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    clip(&name, NAME)
}

fn clip(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['\u{2026}']).collect()
}

/// Findings in order, those of one rule on one line together: the service takes them for one alert.
fn merge<'a>(report: &'a Report, sources: &Sources, options: &Options<'_>) -> Vec<Vec<&'a Finding>> {
    let mut merged: Vec<Vec<&Finding>> = Vec::new();
    let mut lines = BTreeMap::new();
    for finding in worst_first(report.shown(), sources) {
        let source = sources.get(finding.span.source);
        let line = place::region(finding.span, source).start_line;
        let at =
            *lines.entry((finding.rule, path(finding.span.source, sources, options), line)).or_insert(merged.len());
        match merged.get_mut(at) {
            Some(group) => group.push(finding),
            None => merged.push(vec![finding]),
        }
    }
    merged
}

fn path(id: SourceId, sources: &Sources, options: &Options<'_>) -> String {
    (options.path)(id).unwrap_or_else(|| sources.get(id).name().to_owned())
}

/// Writes results, and remembers what it computed of rules and files.
struct Writer<'a> {
    sources: &'a Sources,
    options: &'a Options<'a>,
    indices: BTreeMap<&'a str, usize>,
    hashes: BTreeMap<SourceId, LineHashes>,
}

impl<'a> Writer<'a> {
    fn new(sources: &'a Sources, options: &'a Options<'a>) -> Writer<'a> {
        let indices = options.rules.iter().enumerate().map(|(at, it)| (it.id.as_str(), at)).collect();
        Writer { sources, options, indices, hashes: BTreeMap::new() }
    }

    fn results(&mut self, merged: &[Vec<&'a Finding>]) -> Vec<Outcome<'a>> {
        merged.iter().filter_map(|it| self.result(it)).collect()
    }

    /// A finding that was taken away, with what did it.
    fn suppressed(&mut self, it: &'a Suppressed) -> Option<Outcome<'a>> {
        let mut outcome = self.result(&[&it.finding])?;
        let is_in_source = matches!(it.kind, SuppressedBy::Comment | SuppressedBy::Annotation);
        outcome.suppressions = Some([model::Suppression {
            kind: if is_in_source { "inSource" } else { "external" },
            status: "accepted",
            justification: Some(it.reason.as_str()).filter(|it| !it.is_empty()),
            location: self.location(it.by),
        }]);
        Some(outcome)
    }

    fn result(&mut self, group: &[&'a Finding]) -> Option<Outcome<'a>> {
        let first = *group.first()?;
        let related = self.related(group);
        let location = self.location(first.span);
        let line = place::region(first.span, self.sources.get(first.span.source)).start_line;
        let rendered = first.rendered.filter(|it| self.is_approximate(first.span, *it));
        let rendered_line = rendered.map(|it| self.sources.start(it).line);
        let mut fingerprints = BTreeMap::from([("edmsLint/v1", stable_hash(&first.fingerprint()))]);
        let (id, sources) = (first.span.source, self.sources);
        let hashes = self.hashes.entry(id).or_insert_with(|| LineHashes::of(sources.get(id).text()));
        fingerprints.extend(hashes.line(line).map(|it| ("primaryLocationLineHash", it)));
        let mut environments: Vec<&str> = group.iter().flat_map(|it| &it.environments).map(String::as_str).collect();
        environments.sort_unstable();
        environments.dedup();
        Some(Outcome {
            rule_id: first.rule.as_str(),
            rule_index: self.indices.get(first.rule.as_str()).copied(),
            level: level(first.severity),
            message: text(message(group, rendered_line, &related)),
            locations: [location],
            related_locations: related,
            partial_fingerprints: fingerprints,
            suppressions: None,
            fixes: group.iter().filter_map(|it| self.fix(it.fix.as_deref()?)).collect(),
            properties: (!environments.is_empty() || rendered.is_some()).then_some(model::OutcomeProperties {
                environments,
                approximate: rendered.is_some(),
                rendered_line,
            }),
        })
    }

    /// The edits of a fix, file by file. A text that is no file cannot be edited by whoever reads this.
    fn fix(&self, fix: &'a Fix) -> Option<model::Repair<'a>> {
        if !fix.is_applicable() {
            return None;
        }
        let mut changes: BTreeMap<SourceId, Vec<model::Replacement<'_>>> = BTreeMap::new();
        for Edit { span, text } in &fix.edits {
            let deleted_region = place::replaced(*span, self.sources.get(span.source));
            let inserted_content = model::Inserted { text };
            changes.entry(span.source).or_default().push(model::Replacement { deleted_region, inserted_content });
        }
        let change = |(source, replacements)| {
            let path = (self.options.path)(source)?;
            Some(model::ArtifactChange { artifact_location: place::artifact(&path), replacements })
        };
        let artifact_changes: Vec<_> = changes.into_iter().map(change).collect::<Option<_>>()?;
        let properties = model::RepairProperties { safety: fix.safety.name() };
        Some(model::Repair { description: text(sentence(&fix.title)), artifact_changes, properties })
    }

    fn location(&self, span: Span) -> Location {
        if let Some(template) = self.stand_in(span) {
            return Location { id: None, physical: place::whole_file(template), message: None };
        }
        let path = path(span.source, self.sources, self.options);
        let physical = place::physical(span, self.sources.get(span.source), &path);
        Location { id: None, physical, message: None }
    }

    /// Whether the line is not that of the object: it was searched in the template, or only the template is known.
    fn is_approximate(&self, span: Span, rendered: Span) -> bool {
        self.sources.get(span.source).is_template() || self.stand_in(rendered).is_some()
    }

    /// The template that stands for a text which is no file of the repository, such as standard input.
    fn stand_in(&self, span: Span) -> Option<&'a str> {
        let origin = self.sources.origin(span)?;
        (self.options.path)(span.source).is_none().then_some(origin.template.as_str())
    }

    /// The labels of all findings, numbered from 1 so that the message can link to them.
    fn related(&self, group: &[&Finding]) -> Vec<Location> {
        let labels = group.iter().flat_map(|it| &it.labels).take(RELATED);
        let location = |(at, label): (usize, &crate::finding::Label)| Location {
            id: Some(at + 1),
            message: Some(text(&*label.text)),
            ..self.location(label.span)
        };
        labels.enumerate().map(location).collect()
    }
}

/// The findings' messages as sentences, then links to the related places: the service shows those only
/// where a message links to them.
fn message(group: &[&Finding], rendered_line: Option<usize>, related: &[Location]) -> String {
    let mut words: Vec<String> = Vec::new();
    for finding in group.iter().take(MERGED) {
        let sentence = sentence(&finding.message);
        if !words.contains(&sentence) {
            words.push(sentence);
        }
    }
    if let Some(line) = rendered_line {
        words.push(format!(
            "The line is approximate, searched in the template; the rendered text has it at line {line}."
        ));
    }
    let link = |it: &Location| {
        let words = it.message.as_ref()?.text.replace('[', "(").replace(']', ")");
        Some(format!("[{}]({})", if words.is_empty() { "here" } else { &words }, it.id?))
    };
    let links: Vec<String> = related.iter().take(LINKED).filter_map(link).collect();
    if !links.is_empty() {
        words.push(format!("See: {}.", links.join("; ")));
    }
    words.join(" ")
}

/// A message as a sentence in which nothing that a manifest says becomes a link.
fn sentence(message: &str) -> String {
    let message = message.replace("](", "] (");
    if message.ends_with(['.', '!', '?']) { message } else { format!("{message}.") }
}
