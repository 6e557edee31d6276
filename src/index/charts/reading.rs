//! Where to look for what a release names.

use crate::index::charts::{FindText, Values};
use crate::model::{ChartFiles, Object};
use crate::yaml::NodeRef;

/// Where to look for what a release names.
#[derive(Clone, Copy)]
pub struct Reading<'f, 'a> {
    /// Finds a source of Flux, or a ConfigMap, by kind and name.
    pub find: &'f dyn Fn(&str, &str) -> Option<&'a Object>,
    /// The texts of files, where places in values matter.
    pub text: &'f FindText<'f>,
    /// What was read of files that releases name.
    pub files: &'a ChartFiles,
}

impl<'a> Reading<'_, 'a> {
    /// Adds what a file with values says that a text names. Nothing if it was not read.
    pub(super) fn add_file(
        &self,
        name: NodeRef<'_>,
        keys: &'static [&'static str],
        values: &mut Vec<Values<'a>>,
    ) -> Option<()> {
        let documents = self.files.values.get(&name.span())?;
        values.extend(documents.iter().map(|it| Values::of_file(it, keys)));
        Some(())
    }
}

/// The name of a chart without that of its repository.
pub(super) fn base(name: &str) -> &str {
    name.trim_end_matches('/').rsplit('/').next().unwrap_or(name)
}
