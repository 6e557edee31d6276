//! What watches the applications: monitors and what they scrape, what Prometheus takes of them, alerting rules,
//! and where alerts go. Read when a rule first asks.

mod alertmanager;
mod alerts;
mod conditions;
mod coverage;
mod expressions;
pub(in crate::index) mod monitors;
mod scrape_rights;
mod selection;
pub(in crate::index) mod services;
mod wanted;

pub use alertmanager::{Dispatch, Receivers};
pub use alerts::AlertRule;
pub use conditions::{Condition, Covered};
pub use coverage::{Watcher, Weak};
pub use expressions::{Expression, Result as AlertResult, Selection, Wanted};
pub use monitors::{Monitor, Target};
pub use scrape_rights::ScrapeRights;
pub use selection::{Refusal, Taken};

use super::{Address, Index, PodSetId, address};
use crate::model::Object;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The group of the Prometheus operator.
pub(super) const PROMETHEUS: &str = "monitoring.coreos.com";
/// The group of the operator of VictoriaMetrics.
pub(super) const VICTORIA: &str = "operator.victoriametrics.com";

/// What is read of an environment. Nothing of it costs anything where there are no monitors, rules and charts, and
/// expressions are parsed when a rule first asks.
#[derive(Debug, Default)]
pub struct Monitoring<'a> {
    monitors: Vec<Monitor<'a>>,
    /// The first monitor of each Service.
    by_service: HashMap<Address, usize>,
    /// The first monitor of each set of pods that is selected directly.
    by_pods: HashMap<PodSetId, usize>,
    /// The last monitor that means a Service, by the labels of its pods, and selects nothing.
    meant: HashMap<Address, &'a Object>,
    /// Made when somebody asks.
    services: OnceLock<services::ServiceLabels>,
    wanted: OnceLock<wanted::Wanted>,
    rules: Vec<AlertRule<'a>>,
    probed: coverage::Probed<'a>,
    coverage: OnceLock<conditions::Coverage>,
    /// The position of a configuration file of Prometheus itself, if there is one.
    own_discovery: OnceLock<Option<u32>>,
}

impl<'a> Index<'a> {
    pub(super) fn read_monitoring(&mut self) {
        self.monitoring.rules = alerts::read(self);
        self.monitoring.probed = self.read_probed();
        if monitors::has_any(self) {
            self.monitoring.monitors = self.read_monitors();
        }
        let monitoring = &mut self.monitoring;
        for (at, monitor) in monitoring.monitors.iter().enumerate() {
            for service in &monitor.services {
                monitoring.by_service.entry(address(service)).or_insert(at);
            }
            for pods in &monitor.pods {
                monitoring.by_pods.entry(*pods).or_insert(at);
            }
        }
        let missing = self.monitors().iter().filter(|it| it.target == Target::Services && it.is_empty());
        let meant = missing.flat_map(|it| {
            let services = self.services_of_labelled_pods(it).into_iter();
            services.map(|service| (address(service), it.object))
        });
        self.monitoring.meant = meant.collect();
    }

    /// The monitor that means a Service, by the labels of the Service's pods, and selects nothing.
    pub fn monitor_meant_for(&self, service: &Object) -> Option<&'a Object> {
        self.monitoring.meant.get(&address(service)).copied()
    }

    /// The monitors, in order.
    pub fn monitors(&self) -> &[Monitor<'a>] {
        &self.monitoring.monitors
    }

    /// All rules of Prometheus, alerting and recording ones, in order.
    pub fn alert_rules(&self) -> &[AlertRule<'a>] {
        &self.monitoring.rules
    }

    fn service_labels(&self) -> &services::ServiceLabels {
        self.monitoring.services.get_or_init(|| services::ServiceLabels::new(self))
    }
}
