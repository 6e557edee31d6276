//! What hangs on a file: the environments that read it, all of which an edit changes, and the live objects that it holds.

use crate::model::{Environment, Object};
use crate::source::{SourceId, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The environments of each file, by their positions in the run.
pub(super) struct Reach<'e> {
    environments: &'e [Environment],
    readers: BTreeMap<SourceId, BTreeSet<usize>>,
    /// Objects that were read from a cluster, by file and place.
    live: BTreeMap<SourceId, BTreeMap<u32, &'e Object>>,
}

impl<'e> Reach<'e> {
    pub(super) fn new(environments: &'e [Environment]) -> Reach<'e> {
        let mut readers: BTreeMap<SourceId, BTreeSet<usize>> = BTreeMap::new();
        for (at, environment) in environments.iter().enumerate() {
            for document in environment.documents.iter() {
                readers.entry(document.span.source).or_default().insert(at);
            }
        }
        let mut live: BTreeMap<SourceId, BTreeMap<u32, &'e Object>> = BTreeMap::new();
        for object in environments.iter().flat_map(|it| &it.objects).filter(|it| it.is_live()) {
            let span = object.node().span();
            live.entry(span.source).or_default().insert(span.start, object);
        }
        Reach { environments, readers, live }
    }

    /// The live object around a place.
    pub(super) fn live(&self, place: Span) -> Option<&'e Object> {
        let (_, object) = self.live.get(&place.source)?.range(..=place.start).next_back()?;
        (place.end <= object.node().span().end).then_some(*object)
    }

    /// An environment that reads a file and is none of these.
    pub(super) fn another(&self, file: SourceId, named: &[String]) -> Option<&'e str> {
        let names = self.readers.get(&file)?.iter().map(|it| self.environments[*it].name.as_str());
        names.into_iter().find(|it| !named.iter().any(|named| named == it))
    }
}
