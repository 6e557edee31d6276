//! Charts with their releases and values: of Flux, Argo CD and the controller of k3s.

use crate::index::Index;
use crate::model::{Object, Place};
use crate::yaml::{Document, NodeRef, parse};
use std::sync::Arc;

/// A chart that the manifests install.
#[derive(Debug)]
pub struct Chart<'a> {
    /// What installs it.
    pub object: &'a Object,
    /// Its name, without that of its repository.
    pub name: &'a str,
    /// The name of the release.
    pub release: String,
    /// The namespace that it goes to.
    pub namespace: Option<&'a str>,
    /// Its values; later ones win.
    pub values: Vec<Values<'a>>,
    /// Whether more values come from elsewhere.
    pub has_more: bool,
}

/// Values of a chart.
#[derive(Debug)]
pub enum Values<'a> {
    /// A map of the object.
    Tree(NodeRef<'a>),
    /// A text that was parsed, with the keys under which it stands.
    Text(Arc<Document>, &'static [&'static str]),
}

impl Values<'_> {
    /// Their root.
    pub fn root(&self) -> NodeRef<'_> {
        match self {
            Values::Tree(node) => *node,
            Values::Text(document, _) => document.root(),
        }
    }

    /// The place that stands for every place in them, if they are a text.
    pub(super) fn place(&self, object: &Object) -> Option<Place> {
        match self {
            Values::Tree(_) => None,
            Values::Text(_, keys) => Some(object.place(keys)),
        }
    }
}

impl Chart<'_> {
    /// The value at the end of these keys; an empty map counts as absent, as in the charts' own conditions.
    pub fn at(&self, keys: &[&str]) -> Option<NodeRef<'_>> {
        let found = self.values.iter().rev().find_map(|it| it.root().at(keys))?;
        let is_empty = found.is_map() && found.entries().next().is_none();
        (!is_empty).then_some(found)
    }

    /// Whether a switch is off.
    pub fn is_off(&self, keys: &[&str]) -> bool {
        self.at(keys).and_then(NodeRef::as_bool) == Some(false)
    }

    /// The place of a value, or of what installs the chart.
    pub fn place(&self, keys: &[&str]) -> Place {
        for values in self.values.iter().rev() {
            if values.root().at(keys).is_some() {
                return values.place(self.object).unwrap_or_else(|| self.object.place_in(values.root(), keys));
            }
        }
        self.object.name_place()
    }
}

/// All charts of an environment, in order.
pub(super) fn read<'a>(index: &Index<'a>) -> Vec<Chart<'a>> {
    let mut charts: Vec<Chart<'a>> =
        index.of_kind("helm.toolkit.fluxcd.io", "HelmRelease").filter_map(|it| of_flux(index, it)).collect();
    for object in index.of_kind("argoproj.io", "Application") {
        let spec = object.node();
        let sources = spec.at(&["spec", "source"]).into_iter().chain(spec.items_at(&["spec", "sources"]));
        charts.extend(sources.filter_map(|it| of_argo(object, it)));
    }
    charts.extend(index.of_kind("helm.cattle.io", "HelmChart").filter_map(of_k3s));
    charts
}

fn base(name: &str) -> &str {
    name.trim_end_matches('/').rsplit('/').next().unwrap_or(name)
}

fn of_flux<'a>(index: &Index<'a>, object: &'a Object) -> Option<Chart<'a>> {
    let spec = object.node().get("spec")?;
    let name = spec.str_at(&["chart", "spec", "chart"]).or_else(|| {
        let (kind, name) = (spec.str_at(&["chartRef", "kind"])?, spec.str_at(&["chartRef", "name"])?);
        let source = index.find(object, "source.toolkit.fluxcd.io", kind, name)?.node();
        source.str_at(&["spec", "chart"]).or_else(|| source.str_at(&["spec", "url"]))
    })?;
    let target = spec.str_at(&["targetNamespace"]);
    let release = match (spec.str_at(&["releaseName"]), target) {
        (Some(release), _) => release.to_owned(),
        (None, Some(target)) => format!("{target}-{}", object.name()),
        (None, None) => object.name().to_owned(),
    };
    let values = spec.get("values").map(Values::Tree).into_iter().collect();
    let has_more = spec.at(&["valuesFrom"]).is_some();
    Some(Chart { object, name: base(name), release, namespace: target.or(object.namespace()), values, has_more })
}

fn of_argo<'a>(object: &'a Object, source: NodeRef<'a>) -> Option<Chart<'a>> {
    let name = base(source.str_at(&["chart"])?);
    let helm = source.at(&["helm"]);
    let text = |key: &str| helm.and_then(|it| it.str_at(&[key]));
    let mut values = Vec::new();
    values.extend(text("values").and_then(|it| parsed(object, it, &["spec", "source"])));
    values.extend(helm.and_then(|it| it.at(&["valuesObject"])).map(Values::Tree));
    let has_more =
        ["valueFiles", "parameters", "fileParameters"].iter().any(|key| helm.is_some_and(|it| it.at(&[key]).is_some()));
    let release = text("releaseName").unwrap_or(object.name()).to_owned();
    let namespace = object.node().str_at(&["spec", "destination", "namespace"]);
    Some(Chart { object, name, release, namespace, values, has_more })
}

fn of_k3s(object: &Object) -> Option<Chart<'_>> {
    let spec = object.node().get("spec")?;
    let name = base(spec.str_at(&["chart"])?);
    let text = spec.str_at(&["valuesContent"]);
    let values = text.and_then(|it| parsed(object, it, &["spec", "valuesContent"])).into_iter().collect();
    let namespace = spec.str_at(&["targetNamespace"]).or(object.namespace());
    let has_more = ["set", "valuesSecrets"].iter().any(|it| spec.at(&[it]).is_some());
    Some(Chart { object, name, release: object.name().to_owned(), namespace, values, has_more })
}

fn parsed<'a>(object: &Object, text: &str, keys: &'static [&'static str]) -> Option<Values<'a>> {
    let text: Arc<str> = text.into();
    let document = parse(object.document().source(), &text, 0..text.len()).ok()??;
    Some(Values::Text(Arc::new(document), keys))
}
