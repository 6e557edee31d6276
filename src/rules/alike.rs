//! What many workloads lack alike: each is reported, and the engine makes one finding of many.

use crate::model::{Object, Place};
use crate::rule::{CaseName, Context, Similar, Verdict};

/// An object that lacks something.
pub(super) struct Lack<'a> {
    pub(super) object: &'a Object,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// The page's case; the page's own levels without one.
    pub(super) case: Option<CaseName>,
}

/// Reports it; `verdict` is what is said of many, as in `have no liveness probe`.
pub(super) fn lacks(lack: Lack<'_>, verdict: &'static str, cx: &mut Context<'_>) -> Verdict {
    let Lack { object, place, message, help, case } = lack;
    let alike = workloads(object, verdict, help);
    cx.fail(object, place, message).help(help).listed_with_similar(alike).maybe_case(case).verdict()
}

/// A workload among others of which the same is said.
pub(super) fn workloads(object: &Object, verdict: &'static str, help: &'static str) -> Similar {
    Similar { noun: "workloads", verdict, name: object.name().to_owned(), help }
}
