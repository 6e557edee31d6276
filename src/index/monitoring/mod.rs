//! What watches the applications: monitors and what they scrape, what Prometheus takes of them, alerting rules,
//! and where alerts go. Read when a rule first asks.

mod alertmanager;
mod alerts;
mod conditions;
mod coverage;
mod expression_limits;
mod expressions;
pub(in crate::index) mod monitors;
mod narrowing;
mod scrape_rights;
mod selection;
mod takers;
mod wanted;
mod watching;

pub use alertmanager::{Dispatch, Receivers};
pub use alerts::AlertRule;
pub use conditions::{Condition, Covered};
pub use coverage::{Watcher, Weak};
pub use expression_limits::TooLarge;
pub use expressions::{Expression, Result as AlertResult, Selection, Wanted};
pub use monitors::{Monitor, Target};
pub use narrowing::Narrowing;
pub use scrape_rights::ScrapeRights;
pub use selection::{Refusal, Taken};
pub(super) use wanted::Monitors;

use crate::index::{Budgets, PodSetId};
use crate::model::{Object, ObjectId};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The fourteenth stage: monitors and alerts. Nothing of it costs anything where there are no monitors, rules and
/// charts, and expressions are parsed when a rule first asks.
pub struct Monitoring<'a> {
    budgets: Budgets<'a>,
    monitors: Vec<Monitor<'a>>,
    /// The first monitor of each Service.
    by_service: HashMap<ObjectId, usize>,
    /// The first monitor of each set of pods that is selected directly.
    by_pods: HashMap<PodSetId, usize>,
    /// The last monitor that means a Service or workload and selects nothing.
    meant: HashMap<ObjectId, &'a Object>,
    rules: Vec<AlertRule<'a>>,
    takers: takers::Takers<'a>,
    probed: coverage::Probed<'a>,
    coverage: OnceLock<conditions::Coverage>,
    /// The position of a configuration file of Prometheus itself, if there is one.
    own_discovery: OnceLock<Option<ObjectId>>,
    /// The positions of workloads that export what PostgreSQL measures.
    postgres_exporters: OnceLock<Vec<usize>>,
}

crate::index::stands_on!(Monitoring, budgets: Budgets);

impl<'a> Monitoring<'a> {
    /// Reads monitors and alerts.
    pub(super) fn new(budgets: Budgets<'a>) -> Monitoring<'a> {
        let monitors = if monitors::has_any(&budgets) { monitors::read(&budgets) } else { Vec::new() };
        Monitoring {
            meant: watching::meant(&budgets, &monitors),
            by_service: watching::of_services(&budgets, &monitors),
            by_pods: watching::of_pods(&budgets, &monitors),
            monitors,
            rules: alerts::read(&budgets),
            takers: takers::Takers::read(&budgets),
            probed: coverage::read_probed(&budgets),
            coverage: OnceLock::new(),
            own_discovery: OnceLock::new(),
            postgres_exporters: OnceLock::new(),
            budgets,
        }
    }

    /// The monitor that means a Service or workload and selects nothing.
    pub fn monitor_meant_for(&self, object: &Object) -> Option<&'a Object> {
        self.meant.get(&object.id()).copied()
    }

    /// The monitors, in order.
    pub fn monitors(&self) -> &[Monitor<'a>] {
        &self.monitors
    }

    /// All rules of Prometheus, alerting and recording ones, in order.
    pub fn alert_rules(&self) -> &[AlertRule<'a>] {
        &self.rules
    }
}
