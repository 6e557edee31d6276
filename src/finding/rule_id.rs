//! Names that rules' pages declare.

use super::front_line::{front_line, has_key};
use std::fmt;

/// The id of a rule, as in `pdb-blocks-drain`. There is none without a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    /// The id in the front matter of a page.
    ///
    /// # Panics
    /// If there is none: as the pages are known when the program is compiled, it does not compile then.
    pub const fn of_page(page: &'static str) -> RuleId {
        match front_line(page, "id: ") {
            Some(id) => RuleId(id),
            None => panic!("the page has no id"),
        }
    }

    /// The text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl std::ops::Deref for RuleId {
    type Target = str;

    fn deref(&self) -> &str {
        self.0
    }
}

impl std::borrow::Borrow<str> for RuleId {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for RuleId {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<RuleId> for String {
    fn eq(&self, other: &RuleId) -> bool {
        self == other.0
    }
}

impl PartialEq<RuleId> for str {
    fn eq(&self, other: &RuleId) -> bool {
        self == other.0
    }
}

impl From<RuleId> for String {
    fn from(id: RuleId) -> String {
        id.0.to_owned()
    }
}

impl serde::Serialize for RuleId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// The name of a case of a rule, which has levels of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseName(&'static str);

impl CaseName {
    /// The case of this name that a page declares.
    ///
    /// # Panics
    /// If the page declares none: as a constant, it does not compile then.
    pub const fn of_page(page: &'static str, name: &'static str) -> CaseName {
        assert!(has_key(page, "  ", name), "the page declares no such case");
        CaseName(name)
    }

    /// The text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}
