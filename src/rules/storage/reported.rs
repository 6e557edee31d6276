//! What is only worth a finding where somebody wants it: elsewhere it is listed as not verifiable.

use crate::config::Profile;
use crate::finding::RuleId;
use crate::rule::Context;

/// Whether a rule that is off by default is on: in profile production, or by the configuration.
pub(super) fn is_reported(rule: RuleId, cx: &Context<'_>) -> bool {
    let config = cx.index().config();
    let is_set = config.rules.get(rule.as_str()).is_some_and(|it| it.level.is_some());
    is_set || config.profile == Profile::Production
}
