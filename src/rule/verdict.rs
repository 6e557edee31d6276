//! What a rule decides about one subject.

use std::borrow::Cow;

/// What a rule decides about a subject that it was shown: every way out of its function says which of these it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is right.
    Pass,
    /// It is wrong, and a draft says where and why.
    Fail,
    /// The manifests cannot tell; the reason says what would.
    NotVerifiable(Cow<'static, str>),
    /// The rule is about something else.
    NotApplicable,
}

impl Verdict {
    /// The manifests cannot tell.
    pub fn open(reason: impl Into<Cow<'static, str>>) -> Verdict {
        Verdict::NotVerifiable(reason.into())
    }
}
