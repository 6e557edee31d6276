//! Topics that only repeat what is wrong with their cluster, told with the cluster's finding.

use crate::finding::RuleId;
use crate::index::KafkaCluster;
use crate::model::Object;
use crate::rule::{Draft, Verdict};
use std::collections::HashMap;

/// As many topics are named; the others are alike.
const NAMED: usize = 5;

/// Makes the finding about a topic a label of the cluster's; from the sixth on one label stands for the rest.
pub(super) fn tell_with_cluster<'a>(
    draft: Draft<'_>,
    by: RuleId,
    cluster: &KafkaCluster<'a>,
    topic: &Object,
    text: &str,
    told: &mut HashMap<&'a str, usize>,
) -> Verdict {
    let already = told.entry(cluster.object.name()).or_default();
    *already += 1;
    if *already <= NAMED {
        draft.merged_into(by, cluster.object, topic.place(&["spec", "replicas"]).span, text)
    } else {
        draft.merged_into(by, cluster.object, cluster.object.name_span(), "more topics ask for as few")
    }
    .verdict()
}
