//! `invalid-suppression`. The engine notices it when it reads the suppressions of an environment.

use crate::rule::{CaseName, Context, NoParams, Rule, Walk};

pub(crate) struct InvalidSuppression;

/// A suppression that counted until a day in the past.
pub(crate) const EXPIRED: CaseName = CaseName::of_page(InvalidSuppression::PAGE, "expired");

impl Rule for InvalidSuppression {
    const PAGE: &'static str = include_str!("../../../rules/manifest/invalid-suppression.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(Context::tell_notices);
    }
}
