//! `unused-suppression`. The engine notices it when all other rules have run in all environments.

use crate::rule::{CaseName, Context, NoParams, Rule, Walk};

pub(crate) struct UnusedSuppression;

/// An entry of the baseline that matches nothing any more.
pub(crate) const BASELINE: CaseName = CaseName::of_page(UnusedSuppression::PAGE, "baseline");

impl Rule for UnusedSuppression {
    const PAGE: &'static str = include_str!("../../../rules/manifest/unused-suppression.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(Context::tell_notices);
    }
}
