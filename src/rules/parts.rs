//! Objects that are right if all of their parts are.

use crate::model::Object;
use crate::rule::{Context, Verdict};

/// Judges an object by its parts: it is right if there is something to judge and all of that is. What is open is said
/// of each.
pub(super) fn judge_parts<'a, T>(
    object: &Object,
    parts: impl IntoIterator<Item = T>,
    cx: &mut Context<'a>,
    mut judge: impl FnMut(T, &mut Context<'a>) -> Verdict,
) -> Verdict {
    let mut all = Verdict::NotApplicable;
    for part in parts {
        match judge(part, cx) {
            Verdict::NotApplicable => {}
            Verdict::Pass if all == Verdict::NotApplicable => all = Verdict::Pass,
            Verdict::Pass => {}
            wrong_or_open => {
                cx.judge(object, wrong_or_open);
                all = Verdict::Fail;
            }
        }
    }
    all
}
