//! placeholder
use std::io; use std::path::Path;
/// Writes.
pub fn write(path: &Path, before: &[u8], text: &[u8]) -> io::Result<()> {
    if std::fs::read(path)? != before { return Err(io::Error::other("it has changed since it was read")); }
    std::fs::write(path, text)
}
