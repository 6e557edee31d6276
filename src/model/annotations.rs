//! The annotations by which a manifest speaks to this tool. Suppressions have their own, one for each rule.

/// What their names begin with.
pub const DOMAIN: &str = "edms-lint.dev";

/// Names the part that a workload plays.
pub const ROLE_ANNOTATION: &str = "edms-lint.dev/role";

/// Says with `true` that a budget is meant to allow nothing.
pub const ZERO_DISRUPTION_ANNOTATION: &str = "edms-lint.dev/allow-zero-disruption";
