//! What many workloads lack alike: each is reported, and the engine makes one finding of many.

use crate::model::{Object, Place};
use crate::rule::{CaseName, Context, Similar};

/// An object that lacks something.
pub(super) struct Lack<'a> {
    pub(super) object: &'a Object,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// The page's case; the page's own levels without one.
    pub(super) case: Option<CaseName>,
}

/// Reports each; `verdict` is what is said of many, as in `have no liveness probe`.
pub(super) fn report(lacks: Vec<Lack<'_>>, verdict: &'static str, cx: &mut Context<'_>) {
    for lack in lacks {
        let alike = Similar { noun: "workloads", verdict, name: lack.object.name().to_owned(), help: lack.help };
        let draft = cx.fail(lack.object, lack.place, lack.message).help(lack.help).listed_with_similar(alike);
        if let Some(case) = lack.case {
            draft.case(case);
        }
    }
}
