//! What fixes of several rules have in common.

use crate::finding::Safety;
use crate::index::{NearMiss, Workload};
use crate::model::Object;
use crate::rule::Repair;
use crate::rules::words::count;
use crate::yaml::{NodeRef, Value};

/// What a change of a pod template does to the pods that run.
pub(in crate::rules) fn restarts(workload: &Workload<'_>) -> String {
    let title = workload.object.title();
    match workload.scale.floor {
        Some(1) => format!("restarts the 1 pod of {title}"),
        Some(pods) => format!("restarts the {} of {title}", count(pods, "pod")),
        None => format!("restarts the pods of {title}"),
    }
}

/// Another text in the place of one.
pub(in crate::rules) fn correct(object: &Object, written: NodeRef<'_>, meant: &str) -> Repair {
    Repair::new().replace(object, written, Value::text(meant))
}

/// The label that was meant in the place of the one that a selector has; `labels` is the map of labels in it.
pub(in crate::rules) fn correct_label(object: &Object, labels: Option<NodeRef<'_>>, miss: &NearMiss) -> Option<Repair> {
    let (key, value) = miss.label.split_once('=').filter(|_| miss.is_only)?;
    Some(correct(object, labels?.get(key)?, value).at_most(Safety::Unsafe))
}
