//! At which of its scales a workload is judged.

use crate::drill::options::AtScale;
use crate::index::{ScaledBy, Workload};
use crate::yaml::NodeRef;

/// How many pods a workload has at a scale.
pub(super) fn pods_at(workload: &Workload<'_>, at: AtScale) -> Option<i64> {
    match at {
        AtScale::Least => workload.scale.floor,
        AtScale::Most => workload.scale.ceiling,
        AtScale::Written => {
            let written = workload.object.node().at(&["spec", "replicas"]);
            written.map_or(workload.scale.floor, NodeRef::as_int)
        }
    }
}

/// Whether an autoscaler moves a workload.
pub(super) fn is_scaled(workload: &Workload<'_>) -> bool {
    matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_)) && workload.scale.floor != workload.scale.ceiling
}
