//! What stands between clients and a PostgreSQL without an operator.

use crate::index::{Services, Unclassified};
use crate::model::Object;

/// Parts of the names of images that pass connections on to the primary.
const POOLERS: &[&str] = &["pgpool", "pgbouncer", "haproxy", "odyssey", "pgcat", "stolon"];

impl<'a> Services<'a> {
    /// The workloads that pass connections on to the primary of a database.
    pub fn postgres_poolers(&self) -> Vec<&'a Object> {
        let is_pooler = |it: &&std::sync::Arc<Unclassified<'_>>| {
            it.containers().any(|container| POOLERS.iter().any(|word| container.image_name().contains(word)))
        };
        self.workloads().iter().filter(is_pooler).map(|it| it.object).collect()
    }

    /// Whether a Service is there for monitoring only.
    pub fn is_monitoring_service(&self, service: &Object) -> bool {
        self.is_for_monitoring(service)
    }
}
