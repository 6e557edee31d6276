//! Charts as kustomize installs them.
//!
//! Facts: `kubernetes-sigs/kustomize`, `api/types/helmchartargs.go` and
//! `api/internal/builtins/HelmChartInflationGenerator.go`: `valuesInline` goes over `valuesFile`, unless
//! `valuesMerge` says otherwise, and `additionalValuesFiles` go over both.

use crate::index::charts::reading::{Reading, base};
use crate::index::charts::{Chart, Values};
use crate::model::Object;
use crate::yaml::NodeRef;

const FILE: &[&str] = &["spec", "valuesFile"];
const MORE_FILES: &[&str] = &["spec", "additionalValuesFiles"];

/// The chart of an entry of `helmCharts`, which is the `spec` of the object.
pub(super) fn of_kustomize<'a>(object: &'a Object, reading: &Reading<'_, 'a>) -> Option<Chart<'a>> {
    let spec = object.node().get("spec")?;
    let name = base(spec.str_at(&["name"])?);
    let inline = spec.get("valuesInline").filter(|it| it.is_map());
    let merge = spec.str_at(&["valuesMerge"]).unwrap_or("override");
    let mut has_unread = !matches!(merge, "override" | "merge" | "replace");
    let mut values: Vec<Values<'a>> = Vec::new();
    if let Some(file) = spec.get("valuesFile").filter(|_| inline.is_none() || merge != "replace") {
        has_unread |= reading.add_file(file, FILE, &mut values).is_none();
    }
    if let Some(inline) = inline.map(Values::Tree) {
        if merge == "merge" { values.insert(0, inline) } else { values.push(inline) }
    }
    for file in spec.items_at(&["additionalValuesFiles"]) {
        has_unread |= reading.add_file(file, MORE_FILES, &mut values).is_none();
    }
    let release = spec.str_at(&["releaseName"]).unwrap_or(name);
    Some(Chart {
        object,
        name,
        version: spec.get("version").map(NodeRef::text),
        release: release.to_owned(),
        namespace: object.namespace(),
        values,
        parameters: Vec::new(),
        has_more: has_unread,
        has_unread,
        repository: spec.str_at(&["repo"]).into_iter().collect(),
    })
}
