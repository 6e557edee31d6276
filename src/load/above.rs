//! Services that stand above a kustomization and lead to its pods: whoever deploys the one deploys the other.

use super::documents::ReadFile;
use super::kustomize::{Built, Graph, Use};
use crate::model::Object;
use crate::yaml::NodeRef;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Services in plain files, by their folders.
pub(super) struct Above<'a> {
    services: HashMap<&'a Path, Vec<&'a Object>>,
}

impl<'a> Above<'a> {
    /// Those of the files for which this holds.
    pub(super) fn new(files: &'a [ReadFile], is_plain: impl Fn(usize) -> bool) -> Above<'a> {
        let mut services: HashMap<&Path, Vec<&Object>> = HashMap::new();
        for (_, file) in files.iter().enumerate().filter(|it| is_plain(it.0)) {
            let own = file.items().filter_map(|it| it.content.as_ref().ok()).filter(|it| it.is("", "Service"));
            for service in own {
                services.entry(file.real.parent().unwrap_or(&file.real)).or_default().push(service);
            }
        }
        Above { services }
    }

    /// Those above the kustomizations of a root that lead to pods of it which no Service of its own leads to.
    pub(super) fn of(&self, graph: &Graph<'_>, built: &Built) -> Vec<Object> {
        if self.services.is_empty() {
            return Vec::new();
        }
        let instructions = built.uses.iter().filter(|it| *it.1 == Use::Instructions);
        let folders = instructions.filter_map(|it| graph.files[*it.0].real.parent());
        let above: BTreeSet<&Path> = folders.flat_map(Path::ancestors).collect();
        let found: Vec<&Object> = above.iter().filter_map(|it| self.services.get(it)).flatten().copied().collect();
        if found.is_empty() {
            return Vec::new();
        }
        let own: Vec<&Object> = built.objects.iter().filter(|it| it.is("", "Service")).collect();
        let is_served = |labels: NodeRef<'_>| own.iter().any(|it| leads_to(it, labels));
        let labels = built.objects.iter().filter_map(|it| it.node().at(&["spec", "template", "metadata", "labels"]));
        let unserved: Vec<NodeRef<'_>> = labels.filter(|it| !is_served(*it)).collect();
        found.into_iter().filter(|it| unserved.iter().any(|labels| leads_to(it, *labels))).cloned().collect()
    }
}

/// Whether a Service selects pods with these labels.
fn leads_to(service: &Object, labels: NodeRef<'_>) -> bool {
    let Some(selector) = service.node().at(&["spec", "selector"]).filter(|it| it.is_map()) else { return false };
    let mut entries = selector.entries().peekable();
    let is_there = |key: &str, value: &str| labels.get(key).is_some_and(|it| it.text() == value);
    entries.peek().is_some() && entries.all(|it| is_there(it.name(), it.value.text()))
}
