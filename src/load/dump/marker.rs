//! The last line of a dump that `edms-lint dump-command` asked for: what is not in it is not in the cluster.

use super::sources_of;
use crate::model::{COMPLETE, Environment};
use crate::source::Sources;
use std::collections::BTreeSet;

/// What the markers of a dump say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marker {
    /// Resources as the API names them.
    pub(super) resources: BTreeSet<String>,
    /// The namespaces that were asked; all of them if none is named.
    pub(super) namespaces: BTreeSet<String>,
}

impl Marker {
    /// The marker of an environment of live objects. It counts as the last line of a text, and where that could be
    /// read to its end.
    pub(super) fn of(environment: &mut Environment, sources: &Sources) -> Option<Marker> {
        let mut found: Option<Marker> = None;
        for source in sources_of(environment) {
            let source = sources.get(source);
            if !source.text().contains(COMPLETE) {
                continue;
            }
            let Some(marker) = last_line(source.text()).and_then(Marker::read) else {
                environment.remarks.push(format!(
                    "{}: `{}…` counts only as the last line of a dump",
                    source.name(),
                    COMPLETE.trim_end()
                ));
                continue;
            };
            found = Some(match found {
                None => marker,
                Some(other) => other.and(marker),
            });
        }
        found.filter(|_| environment.problems.is_empty())
    }

    /// Whether it names any resource of a group.
    pub(super) fn names_group(&self, group: &str) -> bool {
        self.resources.iter().any(|it| it.split_once('.').is_some_and(|it| it.1 == group))
    }

    fn read(line: &str) -> Option<Marker> {
        let rest = line.strip_prefix(COMPLETE)?.trim();
        let (resources, namespaces) = rest.split_once(" in namespaces ").unwrap_or((rest, ""));
        let words = |it: &str| it.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Some(Marker { resources: words(resources), namespaces: words(namespaces) })
    }

    /// What two dumps that are read together say of both: only what both asked for was asked everywhere.
    fn and(self, other: Marker) -> Marker {
        if self.namespaces.is_empty() {
            return if other.namespaces.is_empty() { self.with(other) } else { self };
        }
        if other.namespaces.is_empty() { other } else { self.with(other) }
    }

    fn with(mut self, other: Marker) -> Marker {
        self.resources.extend(other.resources);
        self.namespaces.extend(other.namespaces);
        self
    }
}

/// The last line that is not blank.
fn last_line(text: &str) -> Option<&str> {
    text.trim_end().lines().next_back()
}

/// Says of manifests that a marker in them counts for nothing.
pub(super) fn tell_ignored(environment: &mut Environment, sources: &Sources) {
    for source in sources_of(environment) {
        let source = sources.get(source);
        if source.text().contains(COMPLETE) {
            let marker = COMPLETE.trim_end();
            environment.remarks.push(format!("{}: `{marker}…` counts only in a dump of a cluster", source.name()));
        }
    }
}
