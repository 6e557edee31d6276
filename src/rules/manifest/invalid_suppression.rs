//! `invalid-suppression`. The engine notices it when it reads the suppressions of an environment.

use crate::rule::{CaseName, Context, Rule as _, rule};

/// A suppression that counted until a day in the past.
pub(crate) const EXPIRED: CaseName = CaseName::of_page(InvalidSuppression::PAGE, "expired");

rule!(InvalidSuppression, "manifest/invalid-suppression.md", |walk| walk.environment(Context::tell_notices));
