//! What must hold of the sources themselves: layers, the one list of rules, sizes.

use crate::common::{files_below, root};
use edms_lint::model::products;
use edms_lint::rule::Entry;
use edms_lint::rules;
use std::collections::BTreeSet;
use std::path::Path;

/// The modules from the lowest layer to the highest: each uses only itself and those before it. The first three are the
/// crate `edms-yaml`, the next is `edms-k8s`.
const LAYERS: &[&str] = &[
    "source",
    "suggest",
    "yaml",
    "k8s",
    "finding",
    "config",
    "model",
    "index",
    "rule",
    "rules",
    "suppress",
    "engine",
    "readiness",
    "drill",
    "render",
    "load",
    "fix",
    "cli",
    "main",
];

/// Lines of a file that needs no reason for its length.
const LONGEST_FILE: usize = 400;
/// How such a reason begins, in the file's head.
const LENGTH_REASON: &str = "This file is long because";

/// The sources of the program, by path from the root.
fn sources() -> Vec<(String, String)> {
    let folders = ["src", "crates/edms-yaml/src", "crates/edms-k8s/src"];
    let files = folders.iter().flat_map(|it| files_below(&root().join(it)));
    files
        .filter(|it| it.extension().is_some_and(|it| it == "rs"))
        .map(|it| {
            let name = it.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&it).expect("sources are text"))
        })
        .collect()
}

/// The layer of a file: the top module, as in `model` for `src/model/labels.rs`, and in other crates the crate itself
/// unless the module is a layer.
fn layer(file: &str) -> &str {
    let (crate_path, module) = file.split_once("src/").expect("sources lie in src");
    let module = module.split(['/', '.']).next().unwrap_or_default();
    match crate_path.strip_prefix("crates/edms-") {
        Some(name) if !LAYERS.contains(&module) => name.trim_end_matches('/'),
        _ => module,
    }
}

#[test]
fn layers_use_only_those_below() {
    let rank = |name: &str| LAYERS.iter().position(|it| *it == name);
    let mut breaches = Vec::new();
    for (file, text) in sources().iter().filter(|it| it.0 != "src/lib.rs") {
        let own = rank(layer(file)).unwrap_or_else(|| panic!("{file} is of no layer: add it to LAYERS"));
        // What is no layer of its own is the crate's.
        let rest = file.strip_prefix("crates/edms-").and_then(|it| rank(it.split('/').next()?));
        for (at, line) in text.lines().enumerate().filter(|it| !it.1.trim_start().starts_with("//")) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
                if rank(&used).or(rest).is_some_and(|it| it > own) {
                    breaches.push(format!("{file}:{}: uses crate::{used}", at + 1));
                }
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn only_load_and_cli_touch_the_world() {
    let worldly = ["std::fs", "std::env::", "std::time", "std::net", "std::process", "println!", "eprintln!"];
    for (file, text) in sources().iter().filter(|it| !matches!(layer(&it.0), "load" | "cli" | "main")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in worldly {
            assert!(!code.contains(word), "{file} uses {word}");
        }
    }
}

#[test]
fn files_have_a_head_and_a_bearable_length() {
    for (file, text) in sources() {
        assert!(text.starts_with("//!"), "{file} does not say what it is for");
        let head: String = text.lines().take_while(|it| it.starts_with("//!")).collect();
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE || head.contains(LENGTH_REASON), "{file} has {lines} lines");
    }
}

#[test]
fn every_rule_has_page_module_and_fixtures_and_nothing_else_does() {
    let listed: BTreeSet<String> = rules::all().map(|it| format!("{}/{}", it.page().component, it.id())).collect();
    let below = |folder: &str, ending: &str| -> BTreeSet<String> {
        let folder = root().join(folder);
        let files = files_below(&folder).into_iter().filter(|it| it.extension().is_some_and(|it| it == ending));
        files
            .map(|it| it.strip_prefix(&folder).expect("below").with_extension("").to_string_lossy().into_owned())
            .collect()
    };
    let pages: BTreeSet<String> = below("rules", "md").into_iter().filter(|it| it != "_template").collect();
    assert_eq!(pages, listed, "pages against the list");
    let modules = below("src/rules", "rs");
    for rule in &listed {
        assert!(modules.contains(&rule.replace('-', "_")), "{rule} has no module");
    }
    let folders = std::fs::read_dir(root().join("fixtures/rules")).expect("there are fixtures");
    let fixtures: BTreeSet<String> =
        folders.map(|it| it.expect("can be read").file_name().to_string_lossy().into_owned()).collect();
    let ids: BTreeSet<String> = rules::all().map(|it| it.id().to_string()).collect();
    assert_eq!(fixtures, ids, "fixtures against the list");
    let in_order: Vec<String> = rules::all().map(|it| format!("{}/{}", it.page().component, it.id())).collect();
    assert!(in_order.is_sorted(), "the list is by component and id");
}

#[test]
fn pages_have_their_sections() {
    for rule in rules::all() {
        let page = rule.page();
        for heading in ["What it checks", "Why it matters", "Bad", "Good", "False positives it avoids", "References"] {
            let text = page.section(heading).unwrap_or_else(|| panic!("{} lacks {heading}", rule.id()));
            assert!(!text.is_empty(), "{}: {heading} is empty", rule.id());
        }
        let references = page.section("References").unwrap_or_default();
        let has_link = ["](https://", "](../../"].iter().any(|it| references.contains(it));
        assert!(has_link, "{} refers to nothing that can be opened", rule.id());
    }
}

#[test]
fn parameters_say_what_they_mean() {
    for rule in rules::all() {
        for (name, parameter) in &rule.page().parameters {
            assert!(!parameter.help.is_empty(), "{}: {name}", rule.id());
        }
    }
}

#[test]
fn nothing_names_the_place_where_it_was_written() {
    for folder in ["src", "crates", "rules", "tests", "fixtures", "examples", "benches", "schemas"] {
        for file in files_below(&root().join(folder)) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let needle = ["/wo", "rk/"].concat();
            assert!(!text.contains(&needle), "{} names a path of one machine", file.display());
        }
    }
}

#[test]
fn ids_are_words_with_dashes() {
    let is_id = |it: &str| {
        it.split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit()))
    };
    for rule in rules::all().map(Entry::id) {
        assert!(is_id(&rule), "{rule}");
        assert!(Path::new(rule.as_str()).extension().is_none());
    }
}

#[test]
fn groups_of_products_are_written_once() {
    let is_room = |file: &str| file.starts_with("crates/edms-k8s/src/products/");
    let is_test = |file: &str| file.ends_with("/tests.rs");
    for (file, text) in sources().iter().filter(|it| !is_room(&it.0) && !is_test(&it.0)) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for group in products::GROUPS {
            assert!(!code.contains(&format!("\"{group}\"")), "{file} spells {group}: use model::products");
        }
    }
}

#[test]
fn names_are_files_on_every_system() {
    let reserved = |stem: &str| {
        let numbered =
            |it: &str| stem.strip_prefix(it).is_some_and(|it| it.len() == 1 && it.as_bytes()[0].is_ascii_digit());
        matches!(stem, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
    };
    for folder in ["src", "crates", "rules", "tests", "fixtures", "docs", "examples", "packaging", "templates"] {
        for file in files_below(&root().join(folder)) {
            let name = file.file_name().expect("a file has a name").to_string_lossy().to_lowercase();
            let stem = name.split('.').next().unwrap_or_default();
            assert!(!reserved(stem), "{}: Windows has no such file", file.display());
            assert!(!name.contains(['<', '>', ':', '"', '|', '?', '*', '\\']), "{}: not for Windows", file.display());
        }
    }
}
