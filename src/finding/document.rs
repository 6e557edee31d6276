//! What became of the documents of a run.

use super::TypeName;
use crate::source::Span;
use crate::yaml::Document;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// What became of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentStatus {
    /// An object of a kind that rules know.
    Checked,
    /// An object of a kind that no rule knows.
    Unknown,
    /// Not an object, or not deployed; the reason.
    Skipped(String),
}

impl DocumentStatus {
    /// Why it was skipped, without what concerns this one document alone; nothing if it was not.
    pub fn class(&self) -> Option<&str> {
        let DocumentStatus::Skipped(reason) = self else { return None };
        let class = reason.split_once(": ").map_or(reason.as_str(), |it| it.0);
        Some(match class {
            _ if class.starts_with("a patch of ") => "a patch",
            _ if class.starts_with("made by ") => "made by controllers and operators",
            _ => class,
        })
    }
}

/// Files of one kind that were found and not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Why, as what they are: `in folders of packages`.
    pub reason: &'static str,
    /// How many files, where that is known.
    pub files: usize,
    /// The folders and files, as shown, sorted.
    pub places: Vec<String>,
}

/// What a document is called.
#[derive(Clone, Debug)]
pub enum Title {
    /// `kustomization`, `a list`.
    Text(&'static str),
    /// `Deployment backend`, without a text of its own because there are many of them.
    Object {
        /// The document.
        document: Arc<Document>,
        /// Its kind.
        type_name: Arc<TypeName>,
        /// The node of the name, if it has one.
        name: Option<NonZeroU32>,
    },
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Title::Text(text) => f.write_str(text),
            Title::Object { document, type_name, name } => {
                f.write_str(type_name.kind())?;
                name.map_or(Ok(()), |it| write!(f, " {}", document.node(it.get()).text()))
            }
        }
    }
}

impl PartialEq for Title {
    fn eq(&self, other: &Title) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Title {}

impl Ord for Title {
    fn cmp(&self, other: &Title) -> std::cmp::Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for Title {
    fn partial_cmp(&self, other: &Title) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// One document of the input and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentOutcome {
    /// Where it begins; its length is that of its first line.
    pub span: Span,
    /// What it is.
    pub title: Title,
    /// What became of it.
    pub fate: DocumentStatus,
}
