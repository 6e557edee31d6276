//! Which environments read a file: an edit of it changes all of them.

use crate::model::Environment;
use crate::source::SourceId;
use std::collections::{BTreeMap, BTreeSet};

/// The environments of each file, by their positions in the run.
pub(super) struct Reach<'e> {
    environments: &'e [Environment],
    readers: BTreeMap<SourceId, BTreeSet<usize>>,
}

impl<'e> Reach<'e> {
    pub(super) fn new(environments: &'e [Environment]) -> Reach<'e> {
        let mut readers: BTreeMap<SourceId, BTreeSet<usize>> = BTreeMap::new();
        for (at, environment) in environments.iter().enumerate() {
            for document in environment.documents.iter() {
                readers.entry(document.span.source).or_default().insert(at);
            }
        }
        Reach { environments, readers }
    }

    /// An environment that reads a file and is none of these.
    pub(super) fn another(&self, file: SourceId, named: &[String]) -> Option<&'e str> {
        let names = self.readers.get(&file)?.iter().map(|it| self.environments[*it].name.as_str());
        names.into_iter().find(|it| !named.iter().any(|named| named == it))
    }
}
