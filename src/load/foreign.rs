//! Folders whose manifests are not those of this system: packages of others, and data of tests.

use std::path::Path;

/// Folders that hold packages of others or data of tests wherever they stand.
const NAMES: &[&str] = &[
    "node_modules",
    "bower_components",
    "site-packages",
    "vendor",
    "third_party",
    "third-party",
    "thirdparty",
    "testdata",
    "test-data",
    "test_data",
    "testfiles",
    "test-files",
    "test_files",
    "testfixtures",
    "test-fixtures",
    "test_fixtures",
    "fixtures",
    "__fixtures__",
    "__mocks__",
    "__snapshots__",
    "__tests__",
    // Suites of these test tools hold parts of objects that are compared with what a cluster has.
    "kuttl",
    "chainsaw",
];
/// Folders of tests; they may also be environments.
const TESTS: &[&str] = &["test", "tests", "e2e", "spec"];
/// What folders of tests hold their data in.
const DATA: &[&str] =
    &["data", "files", "resources", "assets", "golden", "goldens", "input", "inputs", "expected", "testcases"];

/// Whether the folder holds what is not of this system, by its name and that of the folder around it.
pub(super) fn is_foreign(folder: &Path) -> bool {
    let name = |it: &Path| it.file_name().map(|it| it.to_string_lossy().to_lowercase()).unwrap_or_default();
    let own = name(folder);
    let is_of_tests = || folder.parent().is_some_and(|it| TESTS.contains(&name(it).as_str()));
    NAMES.contains(&own.as_str()) || (DATA.contains(&own.as_str()) && is_of_tests())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_by_their_names() {
        for folder in
            ["/a/vendor", "/a/web/node_modules", "/a/pkg/testdata", "/a/tests/data", "/src/test/resources", "/a/kuttl"]
        {
            assert!(is_foreign(Path::new(folder)), "{folder}");
        }
        for folder in ["/a/test", "/k8s/test/apps", "/data", "/a/resources", "/vendors", "/k8s/staging", "/"] {
            assert!(!is_foreign(Path::new(folder)), "{folder}");
        }
    }
}
