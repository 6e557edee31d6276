//! Charts as Flux and the controller of k3s name them, and where to look for what a release names.

use crate::index::Objects;
use crate::index::charts::argo::of_argo;
use crate::index::charts::kustomize::of_kustomize;
use crate::index::charts::reading::{Reading, base};
use crate::index::charts::{Chart, FindText, Values};
use crate::model::{INFLATED, Object, ObjectId, products};
use crate::source::SourceId;
use crate::yaml::NodeRef;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The charts of an environment, in order.
pub(in crate::index) type Charts<'a> = (Vec<Chart<'a>>, HashMap<ObjectId, Range<usize>>);

/// Reads all charts of the environment, each with the positions of those that an object installs.
pub(in crate::index) fn read<'a>(objects: &Objects<'a>) -> Charts<'a> {
    let of_flux = objects.of_kind(products::FLUX_HELM, "HelmRelease");
    let of_argo = objects.of_kind(products::ARGO, "Application");
    let of_k3s = objects.of_kind(products::K3S_HELM, "HelmChart");
    let text = |it: SourceId| Some(Arc::clone(objects.sources.get(it).text()));
    let (mut charts, mut by_object) = (Vec::new(), HashMap::new());
    let files = &objects.environment().charts;
    for object in of_flux.chain(of_argo).chain(of_k3s).chain(&files.inflated) {
        let find = |kind: &str, name: &str| {
            let group = if kind == CONFIG_MAP { "" } else { products::FLUX_SOURCE };
            objects.find(object, group, kind, name)
        };
        let start = charts.len();
        charts.extend(chart_of(object, &Reading { find: &find, text: &text, files }));
        by_object.insert(object.id(), start..charts.len());
    }
    (charts, by_object)
}

/// The charts that an object installs; several, where an Application has several sources.
pub fn chart_of<'a>(object: &'a Object, reading: &Reading<'_, 'a>) -> Vec<Chart<'a>> {
    match (object.group(), object.kind()) {
        (products::FLUX_HELM, "HelmRelease") => of_flux(object, reading).into_iter().collect(),
        (products::K3S_HELM, "HelmChart") => of_k3s(object, reading.text).into_iter().collect(),
        (products::ARGO, "Application") => of_argo(object, reading),
        (INFLATED, "HelmChart") => of_kustomize(object, reading).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// What may hold values for a release of Flux.
const CONFIG_MAP: &str = "ConfigMap";
/// Where a release of Flux names what holds its values.
const VALUES_FROM: &[&str] = &["spec", "valuesFrom"];
/// The key of a ConfigMap that holds values, unless another is named (fluxcd/pkg, `apis/meta/reference_types.go`).
const VALUES_KEY: &str = "values.yaml";

fn of_flux<'a>(object: &'a Object, reading: &Reading<'_, 'a>) -> Option<Chart<'a>> {
    let source = reading.find;
    let spec = object.node().get("spec")?;
    let of_reference = || {
        let (kind, name) = (spec.str_at(&["chartRef", "kind"])?, spec.str_at(&["chartRef", "name"])?);
        source(kind, name)?.node().get("spec")
    };
    // A template of a HelmChart, or the HelmChart itself, or the artifact of a registry.
    let chart = spec.at(&["chart", "spec"]).or_else(of_reference)?;
    let name = chart.str_at(&["chart"]).or_else(|| chart.str_at(&["url"]))?;
    let by = ["kind", "name"].map(|it| chart.str_at(&["sourceRef", it]));
    let of_source = match by {
        [Some(kind), Some(name)] => source(kind, name).and_then(|it| it.node().str_at(&["spec", "url"])),
        _ => None,
    };
    let version = ["version"].iter().find_map(|it| chart.str_at(&[it]));
    let version = version.or_else(|| chart.str_at(&["ref", "tag"])).or_else(|| chart.str_at(&["ref", "semver"]));
    let target = spec.str_at(&["targetNamespace"]);
    let release = match (spec.str_at(&["releaseName"]), target) {
        (Some(release), _) => release.to_owned(),
        (None, Some(target)) => format!("{target}-{}", object.name()),
        (None, None) => object.name().to_owned(),
    };
    // What is written in the release itself wins over what it names, and of that the last.
    let named: Vec<Option<Values<'a>>> = spec.items_at(&["valuesFrom"]).map(|it| values_from(it, reading)).collect();
    let has_unread = named.iter().any(Option::is_none);
    let values = named.into_iter().flatten().chain(spec.get("values").map(Values::Tree)).collect();
    Some(Chart {
        object,
        name: base(name),
        version,
        release,
        namespace: target.or(object.namespace()),
        values,
        parameters: Vec::new(),
        has_more: has_unread,
        has_unread,
        repository: [by[1], of_source, chart.str_at(&["url"])].into_iter().flatten().collect(),
    })
}

/// The values in a ConfigMap of this environment. A Secret is not read, nor a value that goes to a path of its own.
fn values_from<'a>(reference: NodeRef<'a>, reading: &Reading<'_, 'a>) -> Option<Values<'a>> {
    let is_read = reference.str_at(&["kind"]) == Some(CONFIG_MAP) && reference.get("targetPath").is_none();
    let map = (reading.find)(CONFIG_MAP, reference.str_at(&["name"]).filter(|_| is_read)?)?;
    let key = reference.str_at(&["valuesKey"]).unwrap_or(VALUES_KEY);
    Values::of_text(map.node().at(&["data", key])?, VALUES_FROM, reading.text)
}

fn of_k3s<'a>(object: &'a Object, text: &FindText<'_>) -> Option<Chart<'a>> {
    let spec = object.node().get("spec")?;
    let chart = spec.str_at(&["chart"])?;
    let content = spec.get("valuesContent");
    let read = content.and_then(|it| Values::of_text(it, &["spec", "valuesContent"], text));
    let is_broken = read.is_none() && content.and_then(NodeRef::as_str).is_some_and(|it| !it.trim().is_empty());
    let has_more = is_broken || ["set", "valuesSecrets"].iter().any(|it| spec.at(&[it]).is_some());
    Some(Chart {
        object,
        name: base(chart),
        version: spec.str_at(&["version"]),
        release: object.name().to_owned(),
        namespace: spec.str_at(&["targetNamespace"]).or(object.namespace()),
        values: read.into_iter().collect(),
        parameters: Vec::new(),
        has_more,
        has_unread: has_more,
        repository: spec.str_at(&["repo"]).into_iter().chain(chart.contains('/').then_some(chart)).collect(),
    })
}
