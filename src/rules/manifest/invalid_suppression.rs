//! `invalid-suppression`. The engine notices it when it reads the suppressions of an environment.

use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct InvalidSuppression;

impl Rule for InvalidSuppression {
    const PAGE: &'static str = include_str!("../../../rules/manifest/invalid-suppression.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        cx.tell_notices();
    }
}
