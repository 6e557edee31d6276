//! What fixes write of copies into a Kafka resource.

use crate::model::Object;
use crate::rule::Repair;
use crate::yaml::NodeRef;

/// Raises a setting of the brokers that is below a number. Where it is not written, it is added if `is_needed`.
pub(super) fn raise(repair: Repair, kafka: &Object, key: &'static str, number: i64, is_needed: bool) -> Repair {
    let written = kafka.node().at(&["spec", "kafka", "config", key]);
    let is_enough =
        written.map_or(!is_needed, |it: NodeRef<'_>| it.text().parse::<i64>().map_or(true, |it| it >= number));
    if is_enough { repair } else { repair.set(kafka, &["spec", "kafka", "config", key], number) }
}
