//! A rule's page: front matter and words, read from the Markdown that is compiled in.

use super::front_matter::FrontMatter;
use super::levels::Levels;
use super::remedy::Remedy;
use crate::finding::{Confidence, Impact, RuleId};
use crate::source::SourceId;
use crate::yaml::{self, Document, NodeRef, de::from_node};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A named case of a rule with levels of its own.
pub type Case = Levels;

/// A parameter of a rule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The value without configuration.
    pub default: yaml_serde::Value,
    /// What it means, with its unit.
    pub help: String,
}

/// A rule's page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The id, as in `pdb-blocks-drain`.
    pub id: RuleId,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// The folder.
    pub component: &'static str,
    /// Sections of the guideline that ask for it.
    pub guideline: Vec<&'static str>,
    /// The release that brought it.
    pub since: &'static str,
    /// The kinds that it reads.
    pub kinds: Vec<&'static str>,
    /// The kinds from whose absence it concludes, as `Kind.group`: where a run may not see all objects of one of
    /// them, its findings are not verifiable.
    pub absence: Vec<&'static str>,
    /// The levels.
    pub levels: Levels,
    /// What it costs if nothing is done: what comes first within a level.
    pub impact: Impact,
    /// Cases with levels of their own.
    pub cases: BTreeMap<&'static str, Case>,
    /// How sure it is.
    pub confidence: Confidence,
    /// How it mends what it finds, if it can.
    pub remedy: Option<Remedy>,
    /// The parameters.
    pub parameters: BTreeMap<String, Parameter>,
    /// The parameters as they are written, of which rules read the defaults.
    written: Option<Arc<Document>>,
    /// The Markdown below the front matter.
    pub body: &'static str,
}

/// What an example of a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExampleKind {
    /// Findings on exactly the lines marked `# <- finding`.
    Bad,
    /// No finding.
    Good,
    /// What the fix makes of the bad example before it.
    Fixed,
}

/// An example of a page: files with their texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub kind: ExampleKind,
    /// The files, in order.
    pub files: Vec<(String, String)>,
}

impl Page {
    /// Reads a page.
    ///
    /// # Errors
    /// What is wrong with the front matter.
    pub fn read(text: &'static str) -> Result<Page, String> {
        let rest = text.strip_prefix("---\n").ok_or("the page does not begin with ---")?;
        let (front, body) = rest.split_once("\n---\n").ok_or("the front matter does not end")?;
        let front = FrontMatter::read(front)?;
        let id = RuleId::of_page(text);
        if front.id != id.as_str() {
            return Err(format!("the first line is not id: {}", front.id));
        }
        let (written, parameters) = parameters(front.parameters)?;
        Ok(Page {
            id,
            title: front.title,
            component: front.component,
            guideline: front.guideline,
            since: front.since,
            kinds: front.kinds,
            absence: front.absence,
            levels: front.levels.ok_or("no levels")?,
            impact: front.impact,
            cases: front.cases,
            confidence: front.confidence.ok_or("no confidence")?,
            remedy: Remedy::read(front.fix, front.why)?,
            parameters,
            written,
            body: body.trim_start(),
        })
    }

    /// The values of the parameters without configuration.
    pub fn defaults(&self) -> Vec<(&str, NodeRef<'_>)> {
        let Some(written) = &self.written else { return Vec::new() };
        let default = |name: &'_ str| written.root().at(&[name, "default"]);
        self.parameters.keys().filter_map(|it| Some((it.as_str(), default(it)?))).collect()
    }

    /// The text of a section, by its heading.
    pub fn section(&self, heading: &str) -> Option<&'static str> {
        let start = self.body.find(&format!("## {heading}\n"))? + heading.len() + "## \n".len();
        let rest = &self.body[start..];
        Some(rest.find("\n## ").map_or(rest, |it| &rest[..it]).trim())
    }

    /// The examples, in order.
    #[cfg_attr(whole, expect(dead_code, reason = "for tests"))]
    pub fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut lines = self.body.lines();
        while let Some(line) = lines.next() {
            let kind = match line.trim() {
                "```yaml bad" => ExampleKind::Bad,
                "```yaml good" => ExampleKind::Good,
                "```yaml fixed" => ExampleKind::Fixed,
                _ => continue,
            };
            let body: Vec<&str> = lines.by_ref().take_while(|it| it.trim() != "```").collect();
            examples.push(Example { kind, files: split_files(&body) });
        }
        examples
    }
}

/// Reads the map of parameters, with the tree of it; few pages have one.
fn parameters(lines: &str) -> Result<(Option<Arc<Document>>, BTreeMap<String, Parameter>), String> {
    if lines.is_empty() {
        return Ok((None, BTreeMap::new()));
    }
    let lines: Arc<str> = lines.into();
    let document = yaml::parse(SourceId(0), &lines, 0..lines.len()).map_err(|error| error.message)?;
    let Some(document) = document else { return Ok((None, BTreeMap::new())) };
    let parameters = from_node(document.root()).map_err(|error| error.message)?;
    Ok((Some(Arc::new(document)), parameters))
}

/// Splits an example at lines `# file: name`.
fn split_files(lines: &[&str]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in lines {
        if let Some(name) = line.strip_prefix("# file: ") {
            files.push((name.trim().to_owned(), String::new()));
            continue;
        }
        if files.is_empty() {
            files.push(("example.yaml".to_owned(), String::new()));
        }
        let text = &mut files.last_mut().expect("one was added").1;
        text.push_str(line);
        text.push('\n');
    }
    files
}
