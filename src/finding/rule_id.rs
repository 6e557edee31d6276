//! Names that rules' pages declare.

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
        match line_with(page, "id: ", "") {
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
        assert!(line_with(page, "  ", name).is_some(), "the page declares no such case");
        CaseName(name)
    }

    /// The text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// The rest of the first line of the front matter that begins with `start`, and is a key of this name where one is
/// given.
const fn line_with(page: &'static str, start: &str, key: &str) -> Option<&'static str> {
    let (bytes, start, key) = (page.as_bytes(), start.as_bytes(), key.as_bytes());
    let mut at = "---\n".len();
    while at < bytes.len() && bytes[at] != b'-' {
        let mut end = at;
        while end < bytes.len() && bytes[end] != b'\n' {
            end += 1;
        }
        if has_at(bytes, at, start) {
            let name = at + start.len();
            if key.is_empty() || (has_at(bytes, name, key) && has_at(bytes, name + key.len(), b":")) {
                return Some(page.split_at(name).1.split_at(end - name).0);
            }
        }
        at = end + 1;
    }
    None
}

const fn has_at(bytes: &[u8], at: usize, part: &[u8]) -> bool {
    let mut count = 0;
    while count < part.len() {
        if at + count >= bytes.len() || bytes[at + count] != part[count] {
            return false;
        }
        count += 1;
    }
    true
}
