//! What the program is built of: licences that everybody may use, and no crate twice but for a reason.

use crate::common::root;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Licences that ask for no more than their text.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that are there in two versions, because two of ours each need one of them.
const TWICE: &[(&str, &str)] =
    &[("unicode-width", "miette measures by 0.1, and miette alone"), ("syn", "macros of older crates")];

/// The packages of the normal tree on Linux, with versions and licences.
fn packages() -> Vec<(String, String, String)> {
    let arguments = ["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"];
    let target = ["--target", "x86_64-unknown-linux-gnu", "--package", "edms-lint"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).args(target).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are text");
    let lines: BTreeSet<&str> = text.lines().map(|it| it.trim_end_matches(" (*)")).collect();
    let read = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let mut words = package.split_whitespace();
        let (name, version) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some((name, version, licence.trim_end_matches(" (*)").to_owned()))
    };
    lines.into_iter().filter_map(read).collect()
}

#[test]
fn every_crate_may_be_used_by_everybody() {
    let packages = packages();
    assert!(packages.len() > 50, "the tree was read");
    for (name, version, licence) in packages {
        let choices = licence.replace(['(', ')'], "").replace('/', " OR ");
        let is_free = choices.split(" OR ").any(|it| it.split(" AND ").all(|it| PERMISSIVE.contains(&it.trim())));
        assert!(is_free, "{name} {version}: {licence}");
    }
}

#[test]
fn no_crate_is_there_twice_without_a_reason() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in packages() {
        versions.entry(name).or_default().insert(version);
    }
    for (name, versions) in versions.into_iter().filter(|it| it.1.len() > 1) {
        let reason = TWICE.iter().find(|it| it.0 == name);
        assert!(reason.is_some(), "{name} is there in {versions:?}: use one, or say why not");
    }
}
