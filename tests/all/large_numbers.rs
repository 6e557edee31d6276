//! No number in a manifest is too large: sums and products of what manifests say never overflow.

use crate::common::{audit, files_below, root};
use edms_lint::config::{Config, Profile};

/// Every number of every fixture, replaced by one that no sum can hold beside another.
#[test]
fn large_numbers_overflow_nothing() {
    let production = Config { profile: Profile::Production, ..Config::default() };
    let mut overflown = Vec::new();
    let files = files_below(&root().join("fixtures/rules"));
    for file in files.iter().filter(|it| it.extension().is_some_and(|it| it == "yaml")) {
        let text = std::fs::read_to_string(file).expect("a fixture is text");
        for large in [i64::MAX, i64::from(i32::MIN)] {
            let changed = with_numbers(&text, &large.to_string());
            let name = file.display().to_string();
            let run = std::panic::catch_unwind(|| audit(&[(name.clone(), changed)], &production, false));
            overflown.extend(run.is_err().then(|| format!("{name} with {large} for its numbers")));
        }
    }
    assert!(overflown.is_empty(), "{}", overflown.join("\n"));
}

/// The text with this number as the value of each field whose value is a number.
fn with_numbers(text: &str, number: &str) -> String {
    let is_value = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let mut changed = String::with_capacity(text.len());
    for line in text.lines() {
        match line.rsplit_once(": ") {
            Some((head, value)) if is_value(value) => changed.extend([head, ": ", number]),
            _ => changed.push_str(line),
        }
        changed.push('\n');
    }
    changed
}
