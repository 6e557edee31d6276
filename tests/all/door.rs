//! What documents say of this repository is true: tests, files, flags.

use crate::common::{files_below, root};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()))
}

/// The documents for people: those of the root and of `docs`.
fn documents() -> Vec<std::path::PathBuf> {
    let top = std::fs::read_dir(root()).expect("the root can be read");
    let top = top.map(|it| it.expect("an entry").path()).filter(|it| it.is_file());
    let all = top.chain(files_below(&root().join("docs")));
    all.filter(|it| it.extension().is_some_and(|it| it == "md")).collect()
}

#[test]
fn the_architecture_names_tests_that_exist() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let (_, table) = text.split_once("| invariant | test |").expect("there is a table of invariants");
    let mut count = 0;
    for line in table.lines().filter(|it| it.starts_with("| ") && !it.starts_with("| ---")) {
        let name = line.split('`').nth_back(1).unwrap_or_else(|| panic!("{line}: names no test"));
        let (module, test) = name.split_once("::").unwrap_or_else(|| panic!("{name} is no path of a test"));
        let source = read(&root().join(format!("tests/all/{module}.rs")));
        assert!(source.contains(&format!("#[test]\nfn {test}()")), "{name} does not exist");
        count += 1;
    }
    assert!(count > 8, "the table was read");
}

#[test]
fn links_lead_to_files() {
    for document in documents() {
        let text = read(&document);
        let folder = document.parent().expect("a file lies in a folder");
        for link in text.split("](").skip(1).filter_map(|it| it.split([')', '#']).next()) {
            let is_local = !link.is_empty() && !link.contains("://");
            assert!(!is_local || folder.join(link).exists(), "{} links to {link}", document.display());
        }
    }
}

/// The flags of the program and of all its commands, as its help lists them.
fn flags() -> BTreeSet<String> {
    let help = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_edms-lint")).args(arguments).output().expect("it runs");
        String::from_utf8(output.stdout).expect("help is text")
    };
    let own = help(&["--help"]);
    let commands = own.lines().skip_while(|it| !it.starts_with("Commands")).skip(1);
    let commands = commands.take_while(|it| !it.is_empty()).filter_map(|it| it.split_whitespace().next());
    let all = commands.map(|it| help(&[it, "--help"])).chain([own.clone()]).collect::<String>();
    let words = all.split(|it: char| !(it.is_ascii_lowercase() || it == '-'));
    words.filter(|it| it.starts_with("--")).map(str::to_owned).collect()
}

#[test]
fn the_documents_name_flags_that_exist() {
    let flags = flags();
    assert!(flags.contains("--fail-on"), "the help was read");
    for document in documents() {
        for line in read(&document).lines().filter(|it| it.contains("edms-lint ")) {
            // What stands behind the program's name, up to the next command of a pipe.
            for call in line.split("edms-lint ").skip(1).filter_map(|it| it.split(['|', '`', '#']).next()) {
                let named = call.split_whitespace().filter(|it| it.starts_with("--") && it.len() > 2);
                for flag in named.filter_map(|it| it.split(['=', ',', '.', ':', ')']).next()) {
                    assert!(flags.contains(flag), "{}: {flag} is no flag: {line}", document.display());
                }
            }
        }
    }
}

#[test]
fn the_documents_name_parts_of_the_build_that_exist() {
    let manifest = read(&root().join("Cargo.toml"));
    let is_there = |flag: &str, name: &str| match flag {
        "--profile" => manifest.contains(&format!("\n[profile.{name}]\n")),
        "--test" => manifest.contains(&format!("\n[[test]]\nname = \"{name}\"\n")),
        "--example" => root().join("examples").join(name).with_extension("rs").is_file(),
        "--package" | "-p" => root().join("crates").join(name).is_dir(),
        _ => true,
    };
    let mut count = 0;
    for document in documents() {
        for line in read(&document).lines() {
            for call in line.split("cargo ").skip(1).filter_map(|it| it.split(['`', '#']).next()) {
                // What stands behind `--` is the program's.
                let words: Vec<&str> = call.split_whitespace().take_while(|it| *it != "--").collect();
                for pair in words.windows(2).filter(|it| it[0].starts_with('-')) {
                    assert!(is_there(pair[0], pair[1]), "{}: {} {}", document.display(), pair[0], pair[1]);
                    count += 1;
                }
            }
        }
    }
    assert!(count > 3, "the documents were read");
}

#[test]
fn the_documents_name_paths_that_exist() {
    let mut count = 0;
    for document in documents() {
        for path in read(&document).split('`').skip(1).step_by(2) {
            let is_ours = ["src/", "tests/", "crates/", "benches/", ".ci/"].iter().any(|it| path.starts_with(it));
            // Capitals stand for what one fills in.
            let is_one = is_ours && !path.contains(|it: char| it.is_ascii_uppercase() || it.is_whitespace());
            assert!(!is_one || root().join(path).exists(), "{}: {path}", document.display());
            count += usize::from(is_one);
        }
    }
    assert!(count > 5, "the documents were read");
}
