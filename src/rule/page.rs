//! A rule's page: front matter and words, read from the Markdown that is compiled in.

use crate::config::{Level, Profile};
use crate::finding::{Confidence, Impact, RuleId, Severity};
use crate::source::SourceId;
use crate::yaml::{self, Document, NodeRef, de::from_node};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Levels in the three profiles; `None` where the rule is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    #[serde(deserialize_with = "level")]
    relaxed: Level,
    #[serde(deserialize_with = "level")]
    default: Level,
    #[serde(deserialize_with = "level")]
    production: Level,
}

impl Levels {
    /// The level in a profile.
    pub fn of(self, profile: Profile) -> Level {
        match profile {
            Profile::Relaxed => self.relaxed,
            Profile::Default => self.default,
            Profile::Production => self.production,
        }
    }
}

/// Reads `off`, `note`, `warning` or `error`.
fn level<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Level, D::Error> {
    struct Word;
    impl serde::de::Visitor<'_> for Word {
        type Value = Level;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("off, note, warning or error")
        }

        fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Level, E> {
            parse_level(word).ok_or_else(|| E::custom(format!("no level: {word}")))
        }

        /// YAML 1.1 reads the word `off` as false.
        fn visit_bool<E: serde::de::Error>(self, is_on: bool) -> Result<Level, E> {
            if is_on { Err(E::custom("no level: true")) } else { Ok(None) }
        }
    }
    deserializer.deserialize_any(Word)
}

/// The level with this word.
pub fn parse_level(word: &str) -> Option<Level> {
    match word {
        "off" => Some(None),
        "note" => Some(Some(Severity::Note)),
        "warning" => Some(Some(Severity::Warning)),
        "error" => Some(Some(Severity::Error)),
        _ => None,
    }
}

/// A named case of a rule with levels of its own.
pub type Case = Levels;

/// Whether a rule can mend what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixKind {
    /// It cannot.
    None,
    /// With `--fix`.
    Safe,
    /// With `--unsafe-fixes`.
    Unsafe,
}

/// A parameter of a rule.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The value without configuration.
    pub default: yaml_serde::Value,
    /// What it means, with its unit.
    pub help: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: String,
    title: String,
    component: String,
    guideline: Vec<String>,
    since: String,
    kinds: Vec<String>,
    #[serde(default)]
    absence: Vec<String>,
    levels: Levels,
    #[serde(default)]
    impact: Impact,
    #[serde(default)]
    cases: BTreeMap<String, Case>,
    confidence: String,
    fix: FixKind,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
}

/// A rule's page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The id, as in `pdb-blocks-drain`.
    pub id: RuleId,
    /// What is wrong, in a few words.
    pub title: String,
    /// The folder.
    pub component: String,
    /// Sections of the guideline that ask for it.
    pub guideline: Vec<String>,
    /// The release that brought it.
    pub since: String,
    /// The kinds that it reads.
    pub kinds: Vec<String>,
    /// The kinds from whose absence it concludes, as `Kind.group`: where a run may not see all objects of one of
    /// them, its findings are not verifiable.
    pub absence: Vec<String>,
    /// The levels.
    pub levels: Levels,
    /// What it costs if nothing is done: what comes first within a level.
    pub impact: Impact,
    /// Cases with levels of their own.
    pub cases: BTreeMap<String, Case>,
    /// How sure it is.
    pub confidence: Confidence,
    /// Whether it can mend what it finds.
    pub fix: FixKind,
    /// The parameters.
    pub parameters: BTreeMap<String, Parameter>,
    /// The front matter, of which rules read the defaults of their parameters.
    front: Arc<Document>,
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
        // Our own reader takes a fifth of the time of the general one, and each run begins with all pages.
        let front: Arc<str> = front.into();
        let document = yaml::parse(SourceId(0), &front, 0..front.len()).map_err(|error| error.message)?;
        let document = document.ok_or("the front matter is empty")?;
        let front: FrontMatter = from_node(document.root()).map_err(|error| error.message)?;
        let id = RuleId::of_page(text);
        if front.id != id.as_str() {
            return Err(format!("the first line is not id: {}", front.id));
        }
        let confidence = match front.confidence.as_str() {
            "certain" => Confidence::Certain,
            "heuristic" => Confidence::Heuristic,
            other => return Err(format!("no confidence: {other}")),
        };
        Ok(Page {
            id,
            title: front.title,
            component: front.component,
            guideline: front.guideline,
            since: front.since,
            kinds: front.kinds,
            absence: front.absence,
            levels: front.levels,
            impact: front.impact,
            cases: front.cases,
            confidence,
            fix: front.fix,
            parameters: front.parameters,
            front: Arc::new(document),
            body: body.trim_start(),
        })
    }

    /// The values of the parameters without configuration.
    pub fn defaults(&self) -> Vec<(&str, NodeRef<'_>)> {
        let default = |name: &'_ str| self.front.root().at(&["parameters", name, "default"]);
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
