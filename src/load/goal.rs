//! What becomes of a text that Helm made.

use std::path::{Path, PathBuf};

/// What becomes of a text that Helm made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goal {
    /// An environment of its own.
    Environment,
    /// What the entry of this number of `helmCharts` makes, in the kustomization of this folder.
    Kustomization(PathBuf, usize),
}

/// Where the text stands that an entry of `helmCharts` makes: a path that no file has.
pub(super) fn place(folder: &Path, entry: usize) -> PathBuf {
    folder.join(format!("<helmCharts {entry}>"))
}
