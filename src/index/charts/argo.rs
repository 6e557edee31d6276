//! Charts as Argo CD installs them: from a repository of charts, or from a folder of a repository of files.
//!
//! Facts: `argoproj/argo-cd`, `pkg/apis/application/v1alpha1/types.go` (files of values, then `values` and
//! `valuesObject`, then parameters; later ones win); `helm/helm`, `pkg/chart/dependency.go`.

use crate::index::charts::reading::{Reading, base};
use crate::index::charts::{Chart, Values};
use crate::model::{ChartFolder, Object};
use crate::yaml::NodeRef;

/// Where the values of an Application with one source stand.
const ONE: &[&str] = &["spec", "source", "helm", "values"];
/// Where it names files with more of them.
const FILES: &[&str] = &["spec", "source", "helm", "valueFiles"];
/// Where the values of one with several sources stand.
const SEVERAL: &[&str] = &["spec", "sources"];

/// The charts that an Application installs, source by source.
pub(super) fn of_argo<'a>(object: &'a Object, reading: &Reading<'_, 'a>) -> Vec<Chart<'a>> {
    let spec = object.node();
    let one = spec.at(&["spec", "source"]).map(|it| of_source(object, it, true, reading));
    let several = spec.items_at(&["spec", "sources"]).map(|it| of_source(object, it, false, reading));
    one.into_iter().chain(several).flatten().collect()
}

fn of_source<'a>(object: &'a Object, source: NodeRef<'a>, is_only: bool, reading: &Reading<'_, 'a>) -> Vec<Chart<'a>> {
    let folder = source.get("path").and_then(|it| reading.files.folders.get(&it.span()));
    let name = source.str_at(&["chart"]).or_else(|| folder?.chart.root().str_at(&["name"]));
    let Some(name) = name.map(base) else { return Vec::new() };
    let helm = source.get("helm");
    let of = |key: &str| helm.and_then(|it| it.get(key));
    let (inline, named) = if is_only { (ONE, FILES) } else { (SEVERAL, SEVERAL) };
    let mut has_unread = of("fileParameters").is_some();
    let mut values: Vec<Values<'a>> = Vec::new();
    values.extend(folder.and_then(|it| it.values.as_ref()).map(|it| Values::of_file(it, named)));
    for file in helm.into_iter().flat_map(|it| it.items_at(&["valueFiles"])) {
        has_unread |= reading.add_file(file, named, &mut values).is_none();
    }
    if let Some(node) = of("values") {
        match Values::of_text(node, inline, reading.text) {
            Some(read) => values.push(read),
            None => has_unread |= node.as_str().is_some_and(|it| !it.trim().is_empty()),
        }
    }
    values.extend(of("valuesObject").map(Values::Tree));
    let parameters = helm.into_iter().flat_map(|it| it.items_at(&["parameters"]));
    let parameters: Vec<_> = parameters.filter_map(|it| Some((it.str_at(&["name"])?, it))).collect();
    let mut chart = Chart {
        object,
        name,
        version: folder.map_or_else(|| source.str_at(&["targetRevision"]), |it| it.chart.root().str_at(&["version"])),
        release: of("releaseName").and_then(NodeRef::as_str).unwrap_or(object.name()).to_owned(),
        namespace: object.node().str_at(&["spec", "destination", "namespace"]),
        values,
        has_more: has_unread || !parameters.is_empty(),
        parameters,
        has_unread,
        repository: source.str_at(&["repoURL"]).into_iter().filter(|_| folder.is_none()).collect(),
    };
    if let Some(folder) = folder {
        chart.repository.extend(home(folder));
    }
    let dependencies = folder.map(|it| dependencies(&chart, it)).unwrap_or_default();
    std::iter::once(chart).chain(dependencies).collect()
}

/// Where a chart in a folder says that it comes from: one that says nothing is nobody's but its own.
fn home(folder: &ChartFolder) -> Vec<&str> {
    let root = folder.chart.root();
    let places = root.str_at(&["home"]).into_iter().chain(root.items_at(&["sources"]).filter_map(NodeRef::as_str));
    std::iter::once("file://").chain(places).collect()
}

/// The charts that a chart in a folder brings with it, each with its part of the values.
fn dependencies<'a>(whole: &Chart<'a>, folder: &'a ChartFolder) -> Vec<Chart<'a>> {
    let mut found = Vec::new();
    for dependency in folder.chart.root().items_at(&["dependencies"]) {
        let Some(name) = dependency.str_at(&["name"]) else { continue };
        let condition = dependency.str_at(&["condition"]).and_then(|it| it.split(',').next());
        if condition.is_some_and(|it| whole.switch(it.trim()).value() == Some(&false)) {
            continue;
        }
        let key = dependency.str_at(&["alias"]).unwrap_or(name);
        let parameters: Vec<_> = whole
            .parameters
            .iter()
            .filter_map(|(name, node)| Some((name.strip_prefix(key)?.strip_prefix('.')?, *node)))
            .collect();
        // A tag may switch it off, and so may a condition that nobody can read.
        let has_unread = whole.has_unread || dependency.get("tags").is_some();
        found.push(Chart {
            object: whole.object,
            name,
            version: dependency.str_at(&["version"]),
            release: whole.release.clone(),
            namespace: whole.namespace,
            values: whole.values.iter().filter_map(|it| it.within(key)).collect(),
            has_more: has_unread || !parameters.is_empty(),
            parameters,
            has_unread,
            repository: dependency.str_at(&["repository"]).into_iter().filter(|it| !it.is_empty()).collect(),
        });
    }
    found
}
