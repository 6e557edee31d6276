//! Whose pods are placed: some are no application's, so that their spread is their maker's affair.

use crate::index::Role;
use crate::model::Object;
use crate::rule::Context;

/// Whether the pods are those of a tool, a controller, another store or the platform.
pub(super) fn runs_beside_the_system(object: &Object, cx: &Context<'_>) -> bool {
    cx.index().workload_of(object).is_some_and(|it| {
        matches!(it.role, Role::Tool | Role::Platform | Role::Controller | Role::Datastore | Role::Ignored)
    })
}

/// Whether the configuration says that a workload is not judged.
pub(super) fn is_ignored(object: &Object, cx: &Context<'_>) -> bool {
    cx.index().workload_of(object).is_some_and(|it| it.role == Role::Ignored)
}
