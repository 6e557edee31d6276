//! What stands between clients and a PostgreSQL without an operator.

use crate::index::{Services, Unclassified};
use crate::model::products::is_pooler_image;
use crate::model::{Container, Object};

impl<'a> Services<'a> {
    /// The workloads that pass connections on to the primary of a database.
    pub fn postgres_poolers(&self) -> Vec<&'a Object> {
        let is_pooler = |it: &&std::sync::Arc<Unclassified<'_>>| {
            // Stolon's proxy runs from the image of its servers.
            it.containers().map(Container::image_name).any(|it| is_pooler_image(it) || it.contains("stolon"))
        };
        self.workloads().iter().filter(is_pooler).map(|it| it.object).collect()
    }

    /// Whether a Service is there for monitoring only.
    pub fn is_monitoring_service(&self, service: &Object) -> bool {
        self.is_for_monitoring(service)
    }
}
