//! The program fixes copies of all projects and of typed manifests: it comes to an end, and nothing is worse than before.

use crate::common::program::run;
use crate::common::{files_below, root};
use crate::flags::{flags_in, known};
use edms_lint::rules;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Folders, each of which is copied whole.
fn folders() -> Vec<PathBuf> {
    let projects = fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let mut folders: Vec<PathBuf> = projects.map(|it| it.expect("the folder can be read").path()).collect();
    folders.extend(["fixtures/typed", "fixtures/yaml", "fixtures/dumps"].map(|it| root().join(it)));
    folders.sort();
    folders
}

fn copy(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("there is room for files");
    for file in files_below(folder) {
        let target = copy.path().join(file.strip_prefix(folder).expect("below its folder"));
        fs::create_dir_all(target.parent().expect("has a folder")).expect("can be made");
        fs::copy(&file, target).expect("can be copied");
    }
    copy
}

/// The errors of a folder: rule, object, path and environments of each.
fn errors(folder: &Path) -> BTreeSet<String> {
    let (_, stdout, stderr) = run(folder, &["--profile", "production", "--format", "json", "."]);
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    let findings = report["findings"].as_array().expect("there are findings");
    let errors = findings.iter().filter(|it| it["severity"] == "error");
    errors.map(|it| format!("{} {} {} {}", it["rule"], it["subject"], it["path"], it["environments"])).collect()
}

/// Whether a page says that the errors of a rule may come to light once something else is fixed.
fn is_uncovered(error: &str) -> bool {
    let remedies = rules::all().filter_map(|it| it.page().remedy.as_ref());
    remedies.flat_map(|it| &it.uncovers).any(|it| error.starts_with(&format!("\"{it}\" ")))
}

/// What is wrong with the fixes of a folder; how many files they edit.
fn fix(folder: &Path) -> Result<usize, String> {
    let copy = copy(folder);
    let read = |it: &PathBuf| fs::read(it).expect("the copy can be read");
    let files = files_below(copy.path());
    let (texts, before) = (files.iter().map(read).collect::<Vec<_>>(), errors(copy.path()));
    let mut told = Vec::new();
    for _ in 0..2 {
        let (code, _, stderr) = run(copy.path(), &["--profile", "production", "--fix", "--unsafe-fixes", "."]);
        if ![0, 1].contains(&code) {
            return Err(format!("{}: exits with {code}: {stderr}", folder.display()));
        }
        told.push(stderr);
    }
    let new: Vec<String> = errors(copy.path()).difference(&before).filter(|it| !is_uncovered(it)).cloned().collect();
    if !new.is_empty() {
        return Err(format!("{}: new errors:\n{}", folder.display(), new.join("\n")));
    }
    if !told[1].lines().any(|it| it == "0 fixed") {
        return Err(format!("{}: fixes a second time: {}", folder.display(), told[1]));
    }
    Ok(files.iter().zip(texts).filter(|(file, text)| read(file) != *text).count())
}

#[test]
fn what_is_fixed_stays_fixed_and_is_no_worse() {
    let outcomes: Vec<Result<usize, String>> = folders().par_iter().map(|it| fix(it)).collect();
    let wrong: Vec<&String> = outcomes.iter().filter_map(|it| it.as_ref().err()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let edited: usize = outcomes.iter().flatten().sum();
    assert!(edited > 20, "only {edited} files");
}

#[test]
fn reports_name_no_flag_for_fixes_that_is_not_there() {
    let known = known();
    for folder in folders() {
        let (_, stdout, stderr) = run(&folder, &["--profile", "production", "--format", "pretty", "."]);
        let named = flags_in(&(stdout + &stderr)).into_iter().filter(|it| it.contains("fix"));
        let unknown: Vec<String> = named.filter(|it| !known.contains(it)).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", folder.display());
    }
}
