//! Fixes in SARIF, applied by a reader that knows the format alone: lines from 1, columns in UTF-16 code units.

use crate::common::{self, cases_of, environment, only};
use edms_lint::engine;
use edms_lint::finding::Safety;
use edms_lint::fix;
use edms_lint::render::sarif;
use edms_lint::rules;
use edms_lint::source::{SourceId, Sources};
use serde_json::Value;
use std::collections::BTreeSet;

/// A text with replacements, as an editor applies them.
fn apply(text: &str, replacements: &[Value]) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut lines = vec![0];
    for (at, unit) in units.iter().enumerate() {
        let next = units.get(at + 1);
        if *unit == u16::from(b'\n') || (*unit == u16::from(b'\r') && next != Some(&u16::from(b'\n'))) {
            lines.push(at + 1);
        }
    }
    let number =
        |region: &Value, key: &str| usize::try_from(region[key].as_u64().expect("it is written")).expect("it is small");
    let offset =
        |region: &Value, line: &str, column: &str| lines[number(region, line) - 1] + number(region, column) - 1;
    let mut out = Vec::new();
    let mut at = 0;
    for replacement in replacements {
        let region = &replacement["deletedRegion"];
        let (start, end) = (offset(region, "startLine", "startColumn"), offset(region, "endLine", "endColumn"));
        out.extend_from_slice(&units[at..start]);
        out.extend(replacement["insertedContent"]["text"].as_str().expect("a text").encode_utf16());
        at = end;
    }
    out.extend_from_slice(&units[at..]);
    String::from_utf16(&out).expect("no character is split")
}

/// What all fixes of a report make, one by one, by what they say of themselves.
fn by_bytes(report: &edms_lint::finding::Report, sources: &Sources) -> BTreeSet<(String, String)> {
    let fixes = report.findings.iter().filter_map(|it| it.fix.as_ref()).filter(|it| it.is_applicable());
    fixes.flat_map(|it| common::apply(sources, &it.edits)).collect()
}

#[test]
fn fixes_in_sarif_give_the_same_bytes() {
    let mut compared = 0;
    let mends = |it: &&'static edms_lint::rule::Entry| {
        it.page().remedy.as_ref().is_some_and(|it| it.class > Safety::DisplayOnly)
    };
    for rule in rules::all().filter(mends) {
        let fails = |it: &&std::path::PathBuf| it.is_file() && it.to_string_lossy().contains("/fail-");
        for case in cases_of(rule).iter().filter(fails) {
            // Letters of more than one unit stand before what is edited.
            let text = std::fs::read_to_string(case).expect("a fixture is text");
            for text in
                [text.clone(), text.replacen("apiVersion:", "\"\u{1f40b}é\": 1\napiVersion:", 1).replace('\n', "\r\n")]
            {
                let (sources, environment) = environment(&[("a.yaml".to_owned(), text)], false);
                let environments = [environment];
                let mut report = engine::run(&sources, &environments, &only(&rule.id()));
                fix::work_out(&mut report, &sources, &environments);
                let expected = by_bytes(&report, &sources);
                let path = |_: SourceId| Some("a.yaml".to_owned());
                let options = sarif::Options { rules: &[], category: None, path: &path, shows_suppressed: false };
                let mut bytes = Vec::new();
                sarif::render(&report, &sources, &options, &mut bytes).expect("a vector takes all");
                let log: Value = serde_json::from_slice(&bytes).expect("it is JSON");
                let results = log["runs"][0]["results"].as_array().expect("there are results");
                let mut made = BTreeSet::new();
                for fix in results.iter().filter_map(|it| it["fixes"].as_array()).flatten() {
                    for change in fix["artifactChanges"].as_array().expect("a fix changes files") {
                        assert_eq!(change["artifactLocation"]["uri"], "a.yaml");
                        let (_, source) = sources.iter().next().expect("there is a file");
                        let replacements = change["replacements"].as_array().expect("something is replaced");
                        made.insert(("a.yaml".to_owned(), apply(source.text(), replacements)));
                    }
                }
                assert_eq!(made, expected, "{}", case.display());
                compared += made.len();
            }
        }
    }
    assert!(compared > 200, "only {compared} fixes");
}
