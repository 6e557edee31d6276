//! Who registers itself as the server of external metrics: only one can.
//!
//! Sources: kedacore/charts `keda/templates/metrics-server/apiservice.yaml`; DataDog/helm-charts
//! `charts/datadog/values.yaml` (`clusterAgent.metricsProvider`); DataDog/datadog-operator
//! `docs/configuration.v2alpha1.md` (`externalMetricsServer`); prometheus-community/helm-charts
//! `charts/prometheus-adapter/templates/external-metrics-apiservice.yaml`.

use super::{Budgets, Chart};
use crate::model::{Object, Place};
use crate::yaml::NodeRef;

/// The name of the APIService of external metrics.
pub const EXTERNAL_METRICS: &str = "v1beta1.external.metrics.k8s.io";

/// What registers itself for external metrics.
#[derive(Clone, Debug)]
pub struct MetricsProvider<'a> {
    /// The product, or the Service that answers.
    pub product: String,
    /// The object that says so.
    pub object: &'a Object,
    /// Where.
    pub place: Place,
}

/// Products by a word in the name of the Service that answers.
const PRODUCTS: &[(&str, &str)] =
    &[("keda", "KEDA"), ("datadog", "Datadog"), ("prometheus-adapter", "prometheus-adapter")];

impl<'a> Budgets<'a> {
    /// All that registers itself for external metrics, in order.
    pub fn external_metrics_providers(&self) -> Vec<MetricsProvider<'a>> {
        let services = self.of_kind("apiregistration.k8s.io", "APIService").filter(|it| it.name() == EXTERNAL_METRICS);
        let mut found: Vec<MetricsProvider<'a>> = services.filter_map(of_service).collect();
        found.extend(self.chart_releases().iter().filter_map(of_chart));
        for agent in self.of_kind("datadoghq.com", "DatadogAgent") {
            let keys = ["spec", "features", "externalMetricsServer", "enabled"];
            let registers = agent.node().at(&["spec", "features", "externalMetricsServer", "registerAPIService"]);
            if agent.node().bool_at(&keys) == Some(true) && registers.and_then(NodeRef::as_bool) != Some(false) {
                found.push(MetricsProvider { product: "Datadog".to_owned(), object: agent, place: agent.place(&keys) });
            }
        }
        found
    }
}

fn of_service(object: &Object) -> Option<MetricsProvider<'_>> {
    let service = object.node().at(&["spec", "service"])?;
    let (name, namespace) = (service.str_at(&["name"])?, service.str_at(&["namespace"]).unwrap_or_default());
    let known = PRODUCTS.iter().find(|it| name.contains(it.0));
    let product = known.map_or_else(|| format!("Service {name} in {namespace}"), |it| it.1.to_owned());
    Some(MetricsProvider { product, object, place: object.place(&["spec", "service"]) })
}

fn of_chart<'a>(chart: &Chart<'a>) -> Option<MetricsProvider<'a>> {
    let is_on = |keys: &[&str]| chart.at(keys).and_then(NodeRef::as_bool) == Some(true);
    let (product, place) = match chart.name {
        "keda" => ("KEDA", chart.object.name_place()),
        "datadog" => {
            let keys = ["clusterAgent", "metricsProvider", "enabled"];
            let is_off = chart.is_off(&["clusterAgent", "enabled"])
                || chart.is_off(&["clusterAgent", "metricsProvider", "registerAPIService"]);
            if !is_on(&keys) || is_off {
                return None;
            }
            ("Datadog", chart.place(&keys))
        }
        "prometheus-adapter" => {
            let rules = chart.at(&["rules", "external"])?;
            rules.items().next()?;
            ("prometheus-adapter", chart.place(&["rules", "external"]))
        }
        _ => return None,
    };
    Some(MetricsProvider { product: product.to_owned(), object: chart.object, place })
}
