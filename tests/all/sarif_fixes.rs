//! Fixes in SARIF, applied by a reader that knows the format alone: lines from 1, columns in UTF-16 code units.

use crate::common::{self, cases_of, environment, only};
use crate::fixes::{Files, edited, fixed_as_read, fixture, mending, read_as_folder};
use edms_lint::config::{Config, Profile};
use edms_lint::engine;
use edms_lint::finding::Report;
use edms_lint::fix;
use edms_lint::load::Loaded;
use edms_lint::render::sarif;
use edms_lint::rule::Entry;
use edms_lint::source::{SourceId, Sources};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The most passes in which an editor comes to an end.
const MOST_PASSES: usize = 20;

/// A replacement with offsets of UTF-16 code units.
#[derive(Clone)]
struct Replacement {
    file: String,
    start: usize,
    end: usize,
    text: Vec<u16>,
}

impl Replacement {
    /// Two at one place, or side by side, are not made together unless one fix has both.
    fn meets(&self, other: &Replacement) -> bool {
        self.file == other.file && self.start <= other.end && other.start <= self.end
    }
}

/// The log of a report.
fn log(report: &Report, sources: &Sources) -> Value {
    let path = |it: SourceId| Some(sources.get(it).name().to_owned());
    let options = sarif::Options { rules: &[], category: None, path: &path, shows_suppressed: false };
    let mut bytes = Vec::new();
    sarif::render(report, sources, &options, &mut bytes).expect("a vector takes all");
    serde_json::from_slice(&bytes).expect("it is JSON")
}

/// The fixes of a log, each with what it replaces.
fn fixes(log: &Value, files: &BTreeMap<String, Vec<u16>>) -> Vec<Vec<Replacement>> {
    let results = log["runs"][0]["results"].as_array().expect("there are results");
    let of_fix = |fix: &Value| {
        let changes = fix["artifactChanges"].as_array().expect("a fix changes files");
        changes.iter().flat_map(|it| replacements(it, files)).collect()
    };
    results.iter().filter_map(|it| it["fixes"].as_array()).flatten().map(of_fix).collect()
}

fn replacements(change: &Value, files: &BTreeMap<String, Vec<u16>>) -> Vec<Replacement> {
    let file = change["artifactLocation"]["uri"].as_str().expect("a change names its file");
    let lines = lines(files.get(file).unwrap_or_else(|| panic!("{file} is no file of the run")));
    let number =
        |region: &Value, key: &str| usize::try_from(region[key].as_u64().expect("it is written")).expect("it is small");
    let offset =
        |region: &Value, line: &str, column: &str| lines[number(region, line) - 1] + number(region, column) - 1;
    let read = |it: &Value| {
        let region = &it["deletedRegion"];
        Replacement {
            file: file.to_owned(),
            start: offset(region, "startLine", "startColumn"),
            end: offset(region, "endLine", "endColumn"),
            text: it["insertedContent"]["text"].as_str().expect("a text").encode_utf16().collect(),
        }
    };
    change["replacements"].as_array().expect("something is replaced").iter().map(read).collect()
}

/// Where lines begin. They end with LF, CR LF or CR.
fn lines(units: &[u16]) -> Vec<usize> {
    let mut lines = vec![0];
    for (at, unit) in units.iter().enumerate() {
        let next = units.get(at + 1);
        if *unit == u16::from(b'\n') || (*unit == u16::from(b'\r') && next != Some(&u16::from(b'\n'))) {
            lines.push(at + 1);
        }
    }
    lines
}

/// Makes replacements in their order; at one offset the first stands first.
fn replace(files: &mut BTreeMap<String, Vec<u16>>, replacements: &[Replacement]) {
    let mut ordered: Vec<&Replacement> = replacements.iter().collect();
    ordered.sort_by_key(|it| it.start);
    // From the end, so that offsets before stay right.
    for it in ordered.into_iter().rev() {
        let units = files.get_mut(&it.file).expect("it was read");
        units.splice(it.start..it.end, it.text.iter().copied());
    }
}

fn units(files: &Files) -> BTreeMap<String, Vec<u16>> {
    files.iter().map(|(name, text)| (name.clone(), text.encode_utf16().collect())).collect()
}

fn texts(files: &BTreeMap<String, Vec<u16>>) -> Files {
    let text = |it: &[u16]| String::from_utf16(it).expect("no character is split");
    files.iter().map(|(name, units)| (name.clone(), text(units))).collect()
}

/// What all fixes of a report make, one by one, by what they say of themselves.
fn by_bytes(report: &edms_lint::finding::Report, sources: &Sources) -> BTreeSet<(String, String)> {
    let fixes = report.findings.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.is_applicable());
    fixes.flat_map(|it| common::apply(sources, &it.edits)).collect()
}

#[test]
fn fixes_in_sarif_give_the_same_bytes() {
    let mut compared = 0;
    for rule in mending() {
        let fails = |it: &&PathBuf| it.is_file() && it.to_string_lossy().contains("/fail-");
        for case in cases_of(rule).iter().filter(fails) {
            // Letters of more than one unit stand before what is edited.
            let text = std::fs::read_to_string(case).expect("a fixture is text");
            for text in
                [text.clone(), text.replacen("apiVersion:", "\"\u{1f40b}é\": 1\napiVersion:", 1).replace('\n', "\r\n")]
            {
                let files = vec![("a.yaml".to_owned(), text)];
                let (sources, environment) = environment(&files, false);
                let loaded = Loaded { sources, environments: vec![environment], ..Loaded::default() };
                let mut report = engine::run(&loaded.sources, &loaded.environments, &only(&rule.id()));
                fix::work_out(&mut report, &loaded);
                let expected = by_bytes(&report, &loaded.sources);
                let units = units(&files);
                let made = |fix: Vec<Replacement>| {
                    let mut edited = units.clone();
                    replace(&mut edited, &fix);
                    texts(&edited)
                };
                let made: BTreeSet<(String, String)> =
                    fixes(&log(&report, &loaded.sources), &units).into_iter().flat_map(made).collect();
                assert_eq!(made, expected, "{}", case.display());
                compared += made.len();
            }
        }
    }
    assert!(compared > 200, "only {compared} fixes");
}

/// What an editor makes of files that applies each fix of a log which meets none before it, until there is nothing left.
fn by_editor(files: &Files, config: &Config) -> Files {
    let mut files = units(files);
    for _ in 0..MOST_PASSES {
        let loaded = read_as_folder(&texts(&files));
        let mut report = engine::run(&loaded.sources, &loaded.environments, config);
        fix::work_out(&mut report, &loaded);
        let mut taken: Vec<Replacement> = Vec::new();
        for fix in fixes(&log(&report, &loaded.sources), &files) {
            if !fix.iter().any(|it| taken.iter().any(|other| it.meets(other))) {
                taken.extend(fix);
            }
        }
        if taken.is_empty() {
            break;
        }
        replace(&mut files, &taken);
    }
    texts(&files)
}

/// The files as they are; a single one also with other line ends, and with letters of more than one unit.
fn forms(files: Files) -> Vec<Files> {
    let [(name, text)] = files.as_slice() else { return vec![files] };
    let in_crlf = format!("# \u{1f40b}é\n{text}").replace('\n', "\r\n");
    let kind = text.lines().find(|it| it.starts_with("kind: ")).unwrap_or_default();
    let with_letters = text.replacen(&format!("{kind}\n"), &format!("{kind} # \u{1f40b}é\n"), 1);
    let other = |text| vec![(name.clone(), text)];
    vec![other(in_crlf), other(with_letters), files]
}

/// Of a fixture: how many files were edited alike, and what was not.
fn compare(rule: &'static Entry, case: &std::path::Path) -> Result<usize, String> {
    let config = Config { select: vec![rule.id().into()], profile: Profile::Production, ..Config::default() };
    let mut count = 0;
    for files in forms(fixture(case)) {
        let outcome = fixed_as_read(&files, &config, read_as_folder);
        // What would bring an error to light is undone, which no log can say of a fix by itself.
        if !outcome.undone.is_empty() {
            continue;
        }
        let (ours, theirs) = (edited(&files, &outcome), by_editor(&files, &config));
        let mut ours: Files = ours.into_iter().collect();
        ours.sort();
        if ours != theirs {
            return Err(format!("{}:\n{ours:#?}\n{theirs:#?}", case.display()));
        }
        count += outcome.texts.len();
    }
    Ok(count)
}

#[test]
fn an_editor_comes_to_what_fix_writes() {
    let fails = |it: &PathBuf| it.to_string_lossy().contains("/fail-");
    let cases: Vec<_> =
        mending().flat_map(|rule| cases_of(rule).into_iter().filter(fails).map(move |it| (rule, it))).collect();
    let (compared, wrong): (Vec<_>, Vec<_>) =
        cases.par_iter().map(|(rule, case)| compare(rule, case)).partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let compared: usize = compared.into_iter().flatten().sum();
    assert!(compared > 750, "only {compared} files");
}
