//! Numbers with their nouns.

use crate::drill::caps::Bounds;

/// `1 pod`, `2 pods`, `2 standbys`.
pub(super) fn count(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// `1`, `1 to 3`.
pub(super) fn range(it: Bounds) -> String {
    if it.least == it.most { it.least.to_string() } else { format!("{} to {}", it.least, it.most) }
}
