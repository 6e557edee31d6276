//! What Helm has made for the run: of which chart, and what of the run it stands for.

use super::gitops::UNSEEN_CHART;
use super::paths::normalize;
use super::{Goal, Input, Loaded, Options};
use crate::finding::{DocumentOutcome, DocumentStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Why the environment of a chart's own files is one.
pub(super) const UNRENDERED: &str = "an unrendered Helm chart";
/// What becomes of the files of a chart that is rendered.
const RENDERED: &str = "a part of a chart that is rendered";

/// The renderings among the inputs.
pub(super) struct Made<'i> {
    /// The charts' folders, by the names of the renderings.
    charts: BTreeMap<&'i str, &'i Path>,
    /// The names of those that are environments.
    environments: BTreeSet<&'i str>,
}

impl<'i> Made<'i> {
    pub(super) fn of(inputs: &'i [Input]) -> Made<'i> {
        let mut made = Made { charts: BTreeMap::new(), environments: BTreeSet::new() };
        for input in inputs {
            let Input::Rendered { name, goal, chart, .. } = input else { continue };
            made.charts.insert(name, chart);
            if *goal == Goal::Environment {
                made.environments.insert(name);
            }
        }
        made
    }

    /// The folder of the chart that a text of this name was made of.
    pub(super) fn chart(&self, name: &str) -> Option<&'i Path> {
        self.charts.get(name).copied()
    }

    /// Takes charts that are rendered from those that are not, and their files to what was made of them; the
    /// environments and the titles of the releases that are rendered.
    pub(super) fn settle(&self, loaded: &mut Loaded, options: &Options<'_>) -> BTreeSet<(String, String)> {
        let working_dir = normalize(Path::new("/"), options.working_dir);
        let folder = |shown: &str| normalize(&working_dir, Path::new(shown));
        let names_of = |shown: &str| {
            let chart = folder(shown);
            self.environments.iter().copied().filter(move |it| self.charts.get(it).is_some_and(|it| **it == *chart))
        };
        loaded.unrendered.retain(|it| names_of(&it.folder).next().is_none());
        let mut moved: Vec<(String, Vec<DocumentOutcome>)> = Vec::new();
        loaded.environments.retain_mut(|it| {
            let Some(name) = names_of(&it.name).next().filter(|_| it.reason == UNRENDERED && it.problems.is_empty())
            else {
                return true;
            };
            let skipped = it.documents.iter().cloned().map(|document| match document.fate {
                DocumentStatus::Skipped(_) => document,
                _ => DocumentOutcome { fate: DocumentStatus::Skipped(RENDERED.to_owned()), ..document },
            });
            moved.push((name.to_owned(), skipped.collect()));
            false
        });
        for (name, documents) in moved {
            let home = loaded.environments.iter_mut().find(|it| it.name == name);
            let home = home.map(|it| Arc::make_mut(&mut it.documents));
            if let Some(home) = home {
                home.extend(documents);
                home.sort_unstable();
            }
        }
        self.tell(loaded)
    }

    /// Says of releases that are rendered where what they install is audited.
    fn tell(&self, loaded: &mut Loaded) -> BTreeSet<(String, String)> {
        let mut told = BTreeSet::new();
        for rendering in loaded.renderings.iter().filter(|it| self.environments.contains(&*it.name)) {
            let Some((environment, title)) = &rendering.installed_by else { continue };
            let home = loaded.environments.iter_mut().find(|it| it.name == *environment);
            if let Some(home) = home {
                let is_of_title = format!(": {title} deploys ");
                home.remarks.retain(|it| !(it.ends_with(UNSEEN_CHART) && it.contains(&is_of_title)));
                home.remarks.push(format!("what {title} installs is audited as {}", rendering.name));
            }
            told.insert((environment.clone(), title.clone()));
        }
        told
    }
}
