//! The charts that the manifests install: by Flux, Argo CD or the controller of k3s.

use super::Index;

impl<'a> Index<'a> {
    /// The names of all charts, in order.
    pub fn charts(&self) -> impl Iterator<Item = &'a str> {
        let releases = self.of_kind("helm.toolkit.fluxcd.io", "HelmRelease");
        let of_flux = releases.filter_map(|it| it.node().str_at(&["spec", "chart", "spec", "chart"]));
        let sources = self.of_kind("argoproj.io", "Application").flat_map(|it| {
            let spec = it.node();
            spec.at(&["spec", "source"]).into_iter().chain(spec.items_at(&["spec", "sources"]))
        });
        let of_argo = sources.filter_map(|it| it.str_at(&["chart"]));
        let of_k3s = self.of_kind("helm.cattle.io", "HelmChart").filter_map(|it| it.node().str_at(&["spec", "chart"]));
        // A chart may be named with its repository: `prometheus-community/prometheus-kafka-exporter`.
        of_flux.chain(of_argo).chain(of_k3s).map(|it| it.rsplit('/').next().unwrap_or(it))
    }
}
