//! The charts that the manifests install: by Flux, Argo CD or the controller of k3s.

use super::Index;
use crate::model::Object;
use crate::yaml::NodeRef;

impl<'a> Index<'a> {
    /// The names of all charts, in order.
    pub fn charts(&self) -> impl Iterator<Item = &'a str> {
        let of_flux = self.of_kind("helm.toolkit.fluxcd.io", "HelmRelease");
        let of_argo = self.of_kind("argoproj.io", "Application");
        let of_k3s = self.of_kind("helm.cattle.io", "HelmChart");
        of_flux.chain(of_argo).chain(of_k3s).flat_map(|it| self.charts_of(it))
    }

    /// The names of the charts that an object installs.
    pub fn charts_of<'o>(&self, object: &'o Object) -> impl Iterator<Item = &'o str> + use<'o> {
        let spec = object.node().get("spec");
        let node = |keys: &[&str]| spec.and_then(|it| it.at(keys));
        let of_flux = node(&["chart", "spec", "chart"]).filter(|_| object.kind() == "HelmRelease");
        let of_k3s = node(&["chart"]).filter(|_| object.kind() == "HelmChart");
        let sources = node(&["source"]).into_iter().chain(spec.into_iter().flat_map(|it| it.items_at(&["sources"])));
        let of_argo = sources.filter(|_| object.kind() == "Application").filter_map(|it| it.get("chart"));
        let named = of_flux.into_iter().chain(of_argo).chain(of_k3s).filter_map(NodeRef::as_str);
        // A chart may be named with its repository: `prometheus-community/prometheus-kafka-exporter`.
        named.map(|it| it.rsplit('/').next().unwrap_or(it))
    }
}
