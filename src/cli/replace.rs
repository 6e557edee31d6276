//! A file in place of another, if that is still what was read.

use std::io;
use std::path::Path;

/// Writes a text over another. What changed meanwhile stays.
pub(super) fn replace(path: &Path, before: &[u8], text: &[u8]) -> io::Result<()> {
    if std::fs::read(path)? != before {
        return Err(io::Error::other("it has changed since it was read"));
    }
    super::output::replace_file(path, text)
}
