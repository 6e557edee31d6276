//! Regular expressions that manifests bring: compiled up to a stated size, so that none of them stops a run.

use regex::{Regex, RegexBuilder};

/// Bytes of a compiled expression. Those that people write have some thousands; `(.{1000}){1000}` has billions.
pub const MOST_BYTES: usize = 1 << 20;

/// Compiles an expression.
///
/// # Errors
/// If it is none, or larger than [`MOST_BYTES`] when compiled.
pub fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(MOST_BYTES).dfa_size_limit(MOST_BYTES).build()
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_would_fill_the_memory_is_refused() {
        assert!(pattern("^(?:shop-(a|b)-[0-9]{1,3})$").is_ok());
        assert!(pattern("(.{1000}){1000}").is_err());
        assert!(pattern("(").is_err());
    }
}
