//! `unused-suppression`. The engine notices it when all other rules have run in all environments.

use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct UnusedSuppression;

impl Rule for UnusedSuppression {
    const PAGE: &'static str = include_str!("../../../rules/manifest/unused-suppression.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        cx.tell_notices();
    }
}
