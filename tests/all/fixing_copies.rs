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

/// What the program says of a folder in JSON.
fn report(folder: &Path, arguments: &[&'static str]) -> Result<(Value, String), String> {
    let arguments = [&["--profile", "production", "--format", "json"], arguments, &["."]].concat();
    let (code, stdout, stderr) = run(folder, &arguments);
    if ![0, 1].contains(&code) {
        return Err(format!("exits with {code}: {stderr}"));
    }
    serde_json::from_str(&stdout).map(|it| (it, stderr.clone())).map_err(|error| format!("{error}: {stderr}"))
}

/// An error by all that recognises it.
fn named(error: &Value) -> String {
    format!("{} {} {} {}", error["rule"], error["subject"], error["path"], error["environments"])
}

fn errors(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().expect("there are findings").iter().filter(|it| it["severity"] == "error")
}

/// Whether the page of a fix that was made says that this error may come to light, at the object that it mended or in a
/// file that it edited.
fn is_uncovered(error: &Value, fixed: &[Value]) -> bool {
    fixed.iter().any(|fix| {
        let rule = rules::find(fix["rule"].as_str().expect("a name")).expect("is a rule");
        let uncovers = rule.page().remedy.iter().flat_map(|it| &it.uncovers).any(|it| error["rule"] == **it);
        let files = fix["files"].as_array().expect("there are files");
        uncovers && (fix["subject"] == error["subject"] || files.contains(&error["file"]))
    })
}

/// What is wrong with the fixes of a folder; how many files they edit.
fn fix(folder: &Path) -> Result<usize, String> {
    let copy = copy(folder);
    let of_folder = |it: String| format!("{}: {it}", folder.display());
    let read = |it: &PathBuf| fs::read(it).expect("the copy can be read");
    let files = files_below(copy.path());
    let texts = files.iter().map(read).collect::<Vec<_>>();
    let before: BTreeSet<String> = errors(&report(copy.path(), &[]).map_err(of_folder)?.0).map(named).collect();
    let (after, _) = report(copy.path(), &["--fix", "--unsafe-fixes"]).map_err(of_folder)?;
    let fixed = after["fixed"].as_array().map_or(&[][..], Vec::as_slice);
    let new = errors(&after).filter(|it| !before.contains(&named(it)) && !is_uncovered(it, fixed));
    let new: Vec<String> = new.map(named).collect();
    if !new.is_empty() {
        return Err(of_folder(format!("new errors:\n{}", new.join("\n"))));
    }
    let (_, told) = report(copy.path(), &["--fix", "--unsafe-fixes"]).map_err(of_folder)?;
    if !told.lines().any(|it| it == "0 fixed") {
        return Err(of_folder(format!("fixes a second time: {told}")));
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
