//! Fixes in every layout: what a fix says does not depend on how the file is written, and what is written stays so.
//!
//! Each fixture that can be fixed is written anew in some layouts, fixed, and compared with the plainest one. With
//! `EDMS_LINT_LAYOUTS` each is written in all; a folder there takes the texts before and after, for another reader.

mod written;

use crate::common::{cases_of, only};
use crate::fixes::{Files, edited, fixed, fixture, mending};
use edms_lint::source::SourceId;
use edms_lint::yaml::{Document, Value, json, stream};
use rayon::prelude::*;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};
use written::Layout;

/// Layouts in which a fixture is fixed where not all are asked for.
const SOME: usize = 2;

/// Rules whose fixes edit lines of a text of several lines. In quotes, and in JSON, it has none.
const OF_LINES: &[&str] = &["postgres-config-not-loaded", "postgres-listen-localhost"];

fn documents(text: &str) -> Option<Vec<Document>> {
    stream::read(SourceId(0), &text.into()).into_iter().collect::<Result<_, _>>().ok()
}

/// What the documents of a text say.
fn said(text: &str) -> Option<Vec<Json>> {
    let json = |it: &Document| serde_json::from_str(&json::to_string(it.root())).expect("our JSON is JSON");
    documents(text).map(|all| all.iter().map(json).collect())
}

/// The files in a layout; nothing where one cannot be read.
fn laid_out(files: &Files, layout: &Layout) -> Option<Files> {
    let written = |(name, text): &(String, String)| {
        let documents = documents(text)?;
        let values: Option<Vec<Value>> = documents.iter().map(|it| Value::of(it.root())).collect();
        let written = layout.write(&values?);
        (said(&written) == said(text)).then(|| (name.clone(), written))
    };
    files.iter().map(written).collect()
}

/// A fixture with what its fix makes of it in the plainest layout.
struct Case {
    rule: &'static str,
    path: PathBuf,
    files: Files,
    fixed: Vec<Option<Vec<Json>>>,
}

impl Case {
    fn read(rule: &'static str, path: PathBuf) -> Option<Case> {
        let files = fixture(&path);
        let mut case = Case { rule, path, files, fixed: Vec::new() };
        let plain = laid_out(&case.files, &Layout::all()[0])?;
        let outcome = fixed(&plain, &only(rule), case.is_fragment());
        case.fixed = edited(&plain, &outcome).iter().map(|it| said(&it.1)).collect();
        (!outcome.texts.is_empty()).then_some(case)
    }

    fn is_fragment(&self) -> bool {
        self.path.to_string_lossy().contains("fragment")
    }

    /// What is wrong with the fixes in a layout.
    fn fault(&self, layout: &Layout, folder: Option<&Path>) -> Option<String> {
        let told = |what: &str| Some(format!("{}: {}: {layout:?}: {what}", self.rule, self.path.display()));
        let Some(before) = laid_out(&self.files, layout) else { return told("cannot be written so") };
        let outcome = fixed(&before, &only(self.rule), self.is_fragment());
        if outcome.texts.is_empty() && OF_LINES.contains(&self.rule) {
            return None;
        }
        let after = edited(&before, &outcome);
        for (((_, old), (name, new)), expected) in before.iter().zip(&after).zip(&self.fixed) {
            if said(new) != *expected {
                return told(&format!("{name} says something else:\n{old}\n=>\n{new}"));
            }
            let is_as_before = layout.is_kept_by(new) && kept(old, new);
            if !is_as_before {
                return told(&format!("{name} is laid out otherwise:\n{old}\n=>\n{new}"));
            }
            if let Some(folder) = folder.filter(|_| old != new) {
                hand_over(folder, new);
            }
        }
        let again = fixed(&after, &only(self.rule), self.is_fragment());
        if again.texts.is_empty() { None } else { told("is fixed a second time") }
    }
}

/// Whether a text has the lines of another one, but for those that a fix is about: few, and in the order in which they were.
fn kept(old: &str, new: &str) -> bool {
    // What stands on one line is one edit in it, whatever it is.
    let diff = similar::TextDiff::from_lines(old, new);
    let removed = diff.iter_all_changes().filter(|it| it.tag() == similar::ChangeTag::Delete).count();
    removed * 2 <= old.lines().count() + 2
}

/// A text, and what is read in it here, for another reader.
fn hand_over(folder: &Path, text: &str) {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let file = folder.join(format!("{:016x}.yaml", hasher.finish()));
    let read = serde_json::to_string(&said(text)).expect("what was read is JSON");
    std::fs::write(file.with_extension("read"), read).expect("the folder can be written to");
    std::fs::write(file, text).expect("the folder can be written to");
}

#[test]
fn fixes_say_the_same_in_every_layout() {
    let layouts = Layout::all();
    let folder = std::env::var_os("EDMS_LINT_LAYOUTS").map(PathBuf::from);
    let all: Vec<_> =
        mending().flat_map(|rule| cases_of(rule).into_iter().map(|it| (rule.id().as_str(), it))).collect();
    let cases: Vec<Case> = all.into_par_iter().filter_map(|(rule, path)| Case::read(rule, path)).collect();
    assert!(cases.len() > 150, "only {} fixtures can be fixed", cases.len());
    let faults = cases.par_iter().enumerate().flat_map_iter(|(at, case)| {
        // Over the fixtures all layouts come up, as far from each other as they can be.
        let step = if folder.is_some() { 1 } else { layouts.len() / SOME };
        let some = layouts.iter().skip(at * 7 % step).step_by(step);
        some.filter_map(|it| case.fault(it, folder.as_deref())).collect::<Vec<_>>()
    });
    let mut faults: Vec<String> = faults.collect();
    faults.sort();
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}
