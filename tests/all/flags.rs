//! Flags that the program names to its users: each is one that it has.

use crate::common::program::run;
use crate::common::{files_below, root};
use regex::Regex;
use std::collections::BTreeSet;

/// Flags of other programs that are named.
const OTHERS: &[&str] = &["--verbs", "--dry-run", "--force", "--delete-emptydir-data", "--values"];
/// What speaks of the program's own command line.
const SPEAKERS: &[&str] = &["src/render", "src/cli", "src/engine", "src/suppress", "src/config"];

pub(crate) fn flags_in(text: &str) -> BTreeSet<String> {
    let flags = Regex::new(r"(?:^|[^A-Za-z0-9-])(--[a-z][a-z0-9-]*[a-z0-9])").expect("it is an expression");
    flags.captures_iter(text).map(|it| it[1].to_owned()).collect()
}

/// All flags that the help of the program and of its commands lists.
pub(crate) fn known() -> BTreeSet<String> {
    let commands = [&[][..], &["report"], &["drill"], &["rules"], &["explain"], &["dump-command"], &["init"]];
    commands.iter().flat_map(|it| flags_in(&help(it))).collect()
}

fn help(command: &[&str]) -> String {
    let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
    run(&root(), &arguments).1
}

#[test]
fn the_program_names_no_flag_that_it_does_not_have() {
    let known = known();
    assert!(known.contains("--verbose") && known.contains("--fail-under") && known.contains("--with-secrets"));
    let mut wrong = Vec::new();
    for file in SPEAKERS.iter().flat_map(|it| files_below(&root().join(it))) {
        if file.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("sources are text");
        for line in text.lines().filter(|it| it.contains('"') && !it.trim_start().starts_with("//")) {
            let named = flags_in(line).into_iter().filter(|it| !known.contains(it) && !OTHERS.contains(&it.as_str()));
            wrong.extend(named.map(|it| format!("{}: {it}", file.display())));
        }
    }
    for file in files_below(&root().join("docs")).into_iter().chain([root().join("README.md")]) {
        let text = std::fs::read_to_string(&file).expect("pages are text");
        // A command goes up to what follows it in the line.
        let commands = text.lines().filter_map(|it| it.split_once("edms-lint ")).map(|it| it.1);
        let ours = commands.map(|it| it.split(['|', '`', '>', '#', ';', '&']).next().unwrap_or_default());
        let named = ours.flat_map(flags_in).filter(|it| !known.contains(it));
        wrong.extend(named.map(|it| format!("{}: {it}", file.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
