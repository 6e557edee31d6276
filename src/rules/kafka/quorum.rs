//! What an even number of voters means, the same for ZooKeeper and for controllers.

use crate::finding::RuleId;
use crate::index::KafkaCluster;
use crate::model::Place;
use crate::rule::{Context, Verdict};

/// Judges a number of voters; `merge_target` is the rule that reports too few, and the word for one of them.
pub(super) fn judge_quorum(
    cluster: &KafkaCluster<'_>,
    voters: Option<i64>,
    place: Place,
    (merge_target, noun): (RuleId, &str),
    cx: &mut Context<'_>,
) -> Verdict {
    let object = cluster.object;
    let Some(voters) = voters else {
        return Verdict::open(format!("the number of {noun}s is a template placeholder"));
    };
    if voters < 2 || voters % 2 == 1 {
        return Verdict::Pass;
    }
    let tolerated = (voters - 1) / 2;
    let text = match tolerated {
        0 => format!("{voters} {noun}s, which survive the loss of none"),
        _ => format!("{voters} {noun}s, which survive the loss of {tolerated}, as {} do", voters - 1),
    };
    let message = format!("{} has {text}: a majority of {voters} is {}", object.title(), voters / 2 + 1);
    let span = place.span;
    let draft = cx
        .fail(object, place, message)
        .evidence("voters", voters)
        .evidence("tolerated", tolerated)
        .help(format!("run {} of them; the number of controllers cannot be changed later (KAFKA-16538)", voters + 1));
    if voters == 2 {
        return draft.merged_into(merge_target, object, span, text).verdict();
    }
    draft.verdict()
}
