//! Completions, asked as the shells ask them.

use crate::common::program::run;
use crate::common::root;
use std::process::Command;

/// What bash offers behind the words, the last of which is being typed.
fn offered(words: &[&str]) -> String {
    let (code, completions, _) = run(&root(), &["completions", "bash"]);
    assert_eq!(code, 0);
    let (last, before) = words.split_last().expect("there are words");
    let previous = before.last().expect("the program is one");
    let line = words.join(" ");
    let script = format!(
        "{completions}\nCOMP_WORDS=({line}); COMP_CWORD={}; _edms__lint edms-lint '{last}' '{previous}'\necho \"${{COMPREPLY[*]}}\"",
        before.len()
    );
    let output = Command::new("bash").args(["--norc", "-c", &script]).output().expect("bash runs");
    String::from_utf8(output.stdout).expect("names are text")
}

#[test]
fn bash_completes_rules_formats_and_the_options_of_commands() {
    for (words, expected) in [
        (&["edms-lint", "explain", "pdb-blocks"][..], "pdb-blocks-drain\n"),
        (&["edms-lint", "--select", "pdb-blocks"], "pdb-blocks-drain\n"),
        (&["edms-lint", "--fix-only", "pdb-blocks"], "pdb-blocks-drain\n"),
        (&["edms-lint", "--profile", "prod"], "production\n"),
        (&["edms-lint", "--format", "sa"], "sarif\n"),
        (&["edms-lint", "report", "--format", "ht"], "html\n"),
        (&["edms-lint", "dump-command", "--with"], "--with-secrets\n"),
        (&["edms-lint", "exp"], "explain\n"),
    ] {
        assert_eq!(offered(words), expected, "{words:?}");
    }
}

#[test]
fn fish_completes_rules_and_formats() {
    if Command::new("fish").arg("--version").output().is_err() {
        return;
    }
    let folder = tempfile::tempdir().expect("there is room for files");
    let file = folder.path().join("edms-lint.fish");
    std::fs::write(&file, run(&root(), &["completions", "fish"]).1).expect("can be written");
    for (line, expected) in [
        ("edms-lint explain pdb-blocks", "pdb-blocks-drain"),
        ("edms-lint --select pdb-blocks", "pdb-blocks-drain"),
        ("edms-lint --format sar", "sarif"),
        ("edms-lint report --format ht", "html"),
    ] {
        let script = format!("source {}; complete -C '{line}'", file.display());
        let output = Command::new("fish").args(["--no-config", "-c", &script]).output().expect("fish runs");
        let text = String::from_utf8(output.stdout).expect("names are text");
        assert!(text.starts_with(expected), "{line}: {text}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = tempfile::tempdir().expect("there is room for files");
    let (code, stdout, stderr) = run(folder.path(), &["man", "pages"]);
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "", ""));
    let page = |name: &str| std::fs::read_to_string(folder.path().join("pages").join(name)).expect("there is a page");
    let main = page("edms-lint.1");
    let title = main.lines().find(|it| it.starts_with(".TH ")).expect("a page has a title");
    assert!(title.starts_with(".TH EDMS-LINT 1 20"), "{title}");
    for section in ["NAME", "SYNOPSIS", "OPTIONS", "\"EXIT STATUS\"", "FILES", "EXAMPLES"] {
        assert!(main.contains(&format!(".SH {section}\n")), "{section} is missing");
    }
    // Pages that the main page refers to are there.
    for word in main.split_whitespace().filter(|it| it.starts_with("edms\\-lint\\-")) {
        page(&word.replace('\\', "").replace("(1)", ".1"));
    }
}
