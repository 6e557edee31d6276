//! `unused-suppression`. The engine notices it when all other rules have run in all environments.

use crate::rule::{CaseName, Context, Rule as _, rule};

/// An entry of the baseline that matches nothing any more.
pub(crate) const BASELINE: CaseName = CaseName::of_page(UnusedSuppression::PAGE, "baseline");

rule!(UnusedSuppression, "manifest/unused-suppression.md", |walk| walk.environment(Context::tell_notices));
