//! Charts that a kustomization installs: what they hide, and the files with their values.

use super::Target;
use super::build::{Builder, Known, Use};
use super::resources::Resources;
use crate::index::charts::hidden_by_name;
use crate::model::{INFLATED, Object};
use crate::yaml::NodeRef;
use crate::yaml::tree::{Tree, TreeEntry};
use std::sync::Arc;

impl Builder<'_> {
    /// Adds what Helm made of the charts of a kustomization.
    pub(super) fn rendered(&mut self, at: usize, root: NodeRef<'_>, resources: &mut Resources) {
        let dir = self.graph.kustomizations[at].dir;
        for (entry, chart) in root.items_at(&["helmCharts"]).enumerate() {
            if let Some(file) = self.graph.rendered(dir, entry) {
                self.file(file, chart.first_line(), resources, &mut Known::default());
            }
        }
    }

    /// Says what the charts of a kustomization hide, and keeps what is written of their values.
    pub(super) fn charts(&mut self, at: usize, root: NodeRef<'_>) {
        let namespace = root.str_at(&["namespace"]);
        let lists = [("helmCharts", "name", "repo"), ("helmChartInflationGenerator", "chartName", "chartRepoUrl")];
        let mut names = Vec::new();
        for (list, name, repository) in lists {
            for (entry, chart) in root.items_at(&[list]).enumerate() {
                if list == "helmCharts" && self.graph.rendered(self.graph.kustomizations[at].dir, entry).is_some() {
                    continue;
                }
                let own = chart.str_at(&["namespace"]).or(namespace);
                let known = chart.str_at(&[name]);
                let name = known.unwrap_or("a chart without a name");
                let reason = format!("the chart {name} of a kustomization is not rendered here");
                self.built.unseen.push(hidden_by_name(name, chart.str_at(&[repository]), own, reason));
                names.push(name.to_owned());
                if known.is_some() {
                    self.inflate(at, chart, own);
                }
            }
        }
        if !names.is_empty() {
            self.has_unseen = true;
            self.remark(at, &format!("what its helmCharts make is not seen: {}", names.join(", ")));
            // It is no problem of the files: the command line allows it.
            self.built.refusal.get_or_insert_with(|| "its helmCharts need --enable-helm".to_owned());
        }
    }

    /// Keeps an entry as an object of its own, with the files that it names.
    fn inflate(&mut self, at: usize, chart: NodeRef<'_>, namespace: Option<&str>) {
        let span = chart.first_line();
        let text = |key: &str, text: &str| TreeEntry::made(key, Tree::text(text, span));
        let Some(mut spec) = Tree::of(chart) else { return };
        for (old, new) in OLD_NAMES {
            if let Some(entry) = spec.remove(old) {
                spec.put(entry.named(new));
            }
        }
        let name = spec.text_at(&["releaseName"]).or_else(|| spec.text_at(&["name"])).unwrap_or_default();
        let mut metadata = Tree::map(span);
        metadata.put(text("name", name));
        if let Some(namespace) = namespace {
            metadata.put(text("namespace", namespace));
        }
        let mut tree = Tree::map(span);
        tree.put(text("apiVersion", &format!("{INFLATED}/v1beta1")));
        tree.put(text("kind", "HelmChart"));
        tree.put(TreeEntry::made("metadata", metadata));
        tree.put(TreeEntry::made("spec", spec));
        let document = Arc::new(tree.freeze(span.source, Vec::new()));
        let Some(object) = Object::read(&document, document.root()) else { return };
        let files = object.node().at(&["spec", "valuesFile"]).into_iter();
        for file in files.chain(object.node().items_at(&["spec", "additionalValuesFiles"])) {
            self.values_file(at, file);
        }
        self.built.charts.inflated.push(object);
    }

    /// Reads a file with values, where it is here. What is not, kustomize may find where it builds.
    fn values_file(&mut self, at: usize, name: NodeRef<'_>) {
        let kustomization = &self.graph.kustomizations[at];
        let Target::File(file) = self.graph.resolve(kustomization.dir, name.text()) else { return };
        let read = &self.graph.files[file];
        let documents: Vec<_> = read.documents.iter().filter_map(|it| it.document.clone()).collect();
        let is_one = documents.len() < 2 && documents.iter().all(|it| it.root().is_map());
        if is_one && read.problems.is_empty() && !read.documents.iter().any(|it| it.is_broken) {
            self.built.charts.values.insert(name.span(), documents);
        }
        self.built.uses.entry(file).or_insert(Use::Configuration(kustomization.file));
    }
}

/// The fields of `helmChartInflationGenerator` that `helmCharts` calls otherwise
/// (kubernetes-sigs/kustomize, `api/types/helmchartargs.go`).
const OLD_NAMES: [(&str, &str); 5] = [
    ("chartName", "name"),
    ("chartVersion", "version"),
    ("chartRepoUrl", "repo"),
    ("values", "valuesFile"),
    ("valuesLocal", "valuesInline"),
];
