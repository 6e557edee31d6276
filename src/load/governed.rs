//! What kustomizations govern.

use super::files::Origin;
use super::item::is_kustomization_name;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folders that kustomizations of the run govern: what lies there is a manifest, whatever else it carries.
pub(super) struct Governed(BTreeSet<PathBuf>);

impl Governed {
    pub(super) fn of<'p>(files: impl Iterator<Item = &'p Path>) -> Governed {
        let is_kustomization =
            |it: &&Path| it.file_name().and_then(|it| it.to_str()).is_some_and(is_kustomization_name);
        Governed(files.filter(is_kustomization).filter_map(Path::parent).map(Path::to_owned).collect())
    }

    /// Whether a file may be part of a kustomization.
    pub(super) fn holds(&self, path: &Path, origin: Origin) -> bool {
        let is_below = || path.ancestors().skip(1).any(|it| self.0.contains(it));
        let is_made = matches!(origin, Origin::Stream | Origin::Rendered);
        origin == Origin::Reached || (!is_made && !self.0.is_empty() && is_below())
    }
}
