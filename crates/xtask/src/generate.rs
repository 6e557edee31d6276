//! Makes everything that is generated, with the tests that compare it.

use std::path::Path;

/// Runs the tests that write what they compare, then all that read it.
///
/// # Errors
/// When a test fails even so: then something is wrong that no generator mends.
pub(crate) fn all(root: &Path) -> Result<(), String> {
    let status = crate::cargo(root)
        .args(["test", "--test", "all"])
        // Tables, schemas and documents.
        .env("EDMS_LINT_UPDATE", "1")
        // Goldens.
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .status()
        .map_err(|it| format!("cargo does not start: {it}"))?;
    if status.success() { Ok(()) } else { Err("a test fails that nothing generated mends: see above".to_owned()) }
}
