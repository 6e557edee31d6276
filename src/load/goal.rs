//! What Helm is asked for, and what becomes of its answer.

use std::path::{Path, PathBuf};

/// What becomes of a text that Helm made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// An environment of its own.
    Environment,
    /// What the entry of this number of `helmCharts` makes, in the kustomization of this folder.
    Kustomization(PathBuf, usize),
}

/// One run of `helm template`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendering {
    /// What it is called in messages.
    pub name: String,
    /// What becomes of it.
    pub goal: Goal,
    /// The chart's folder.
    pub chart: PathBuf,
    /// The name of the release.
    pub release: String,
    /// Arguments besides the values, none of which begins a new one.
    pub arguments: Vec<String>,
    /// Values, later ones over earlier.
    pub values: Vec<Values>,
    /// Why it cannot be rendered here.
    pub obstacle: Option<String>,
    /// The environment and the title of what installs it so.
    pub installed_by: Option<(String, String)>,
}

/// Values for a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// A file.
    File(PathBuf),
    /// A text, of which a rendering has one at most.
    Text(String),
}

/// Where the text stands that an entry of `helmCharts` makes: a path that no file has.
pub(super) fn place(folder: &Path, entry: usize) -> PathBuf {
    folder.join(format!("<helmCharts {entry}>"))
}
