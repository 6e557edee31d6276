//! Numbers with their nouns.

/// `1 pod`, `2 pods`, `2 standbys`.
pub(super) fn count(number: i64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
