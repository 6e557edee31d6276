//! What goes to the crate registry: all that the program is compiled from, and not what only tests it.

use crate::common::{files_below, root};
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

/// What the registry takes at most, in bytes; packed it is a quarter.
const MOST: u64 = 10_000_000;

/// The files of the package.
fn packed() -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["package", "--list", "--allow-dirty", "--offline", "--package", "edms-lint"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("names are text").lines().map(|it| it.replace('\\', "/")).collect()
}

/// A path without `..`.
fn plain(path: &Path) -> String {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain.to_string_lossy().replace('\\', "/")
}

/// Whether a file is a module that is compiled for tests alone.
fn is_of_tests(file: &Path) -> bool {
    let (Some(folder), Some(name)) = (file.parent(), file.file_stem()) else { return false };
    let declared = format!("#[cfg(test)]\nmod {};", name.to_string_lossy());
    let parents = [folder.join("mod.rs"), folder.with_extension("rs")];
    parents.iter().any(|it| std::fs::read_to_string(it).is_ok_and(|it| it.contains(&declared)))
}

/// The files that the sources take in as text.
fn included() -> BTreeSet<String> {
    let mut included = BTreeSet::new();
    let is_rust = |it: &&PathBuf| it.extension().is_some_and(|it| it == "rs");
    for file in files_below(&root().join("src")).iter().filter(is_rust).filter(|it| !is_of_tests(it)) {
        let text = std::fs::read_to_string(file).expect("sources are text");
        for (before, after) in
            text.match_indices("include_str!(\"").map(|(at, it)| (&text[..at], &text[at + it.len()..]))
        {
            // What tests take in is at home beside them.
            let Some(name) = after.split('"').next().filter(|_| !before.contains("#[cfg(test)]")) else { continue };
            let folder = file.parent().expect("a file lies in a folder");
            let folder = folder.strip_prefix(root()).expect("it lies in the repository");
            included.insert(plain(&folder.join(name)));
        }
    }
    included
}

#[test]
fn all_that_the_program_is_made_of_is_in_the_package_and_no_test_is() {
    let packed = packed();
    let included = included();
    assert!(included.len() > 10, "{included:?}");
    let missing: Vec<&String> = included.iter().filter(|it| !packed.contains(*it)).collect();
    assert!(missing.is_empty(), "compiled in, and not in the package: {missing:?}");
    for folder in ["fixtures/", "tests/", "benches/", "packaging/", "."] {
        let strays: Vec<&String> = packed.iter().filter(|it| it.starts_with(folder)).collect();
        assert!(strays.iter().all(|it| *it == ".cargo_vcs_info.json"), "{strays:?}");
    }
    let size: u64 = packed.iter().filter_map(|it| std::fs::metadata(root().join(it)).ok()).map(|it| it.len()).sum();
    assert!(size < MOST, "{size} bytes");
}
