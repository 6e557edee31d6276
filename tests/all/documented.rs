//! Commands that the README and the pages in `docs` show: each is run here, or by a script that says so.
//!
//! Those of `docs/adopting.md` and `docs/formats.md` are run in order by a test of their own, with what they print.

use crate::common::{files_below, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Scripts that run commands that need what a test has not: package managers, other clients, a build.
const SCRIPTS: &[&str] = &[".ci/run", "packaging/try.sh"];
/// Pages whose commands have a test of their own.
const ELSEWHERE: &[&str] = &["adopting.md", "formats.md"];

/// The pages that show commands.
fn pages() -> Vec<PathBuf> {
    let docs = files_below(&root().join("docs"));
    let is_page =
        |it: &PathBuf| it.extension().is_some_and(|it| it == "md") && !ELSEWHERE.iter().any(|page| it.ends_with(page));
    docs.into_iter().filter(is_page).chain([root().join("README.md")]).collect()
}

/// What a page tells its readers to type: lines of blocks for a shell, and the program's commands among the words.
fn commands(page: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut language = None;
    for line in page.lines() {
        if let Some(name) = line.trim_start().strip_prefix("```") {
            language = if language.is_some() { None } else { Some(name.trim()) };
            continue;
        }
        match language {
            Some("sh") => commands.push(line.to_owned()),
            Some("console") => commands.extend(line.strip_prefix("$ ").map(ToOwned::to_owned)),
            Some(_) => {}
            None => commands.extend(between_ticks(line).filter(|it| is_ours(it)).map(ToOwned::to_owned)),
        }
    }
    commands.retain(|it| !it.trim().is_empty() && !it.trim_start().starts_with('#'));
    commands
}

fn between_ticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether it can be typed as it stands: no word in capitals stands for one of the reader's own.
fn is_ours(text: &str) -> bool {
    let is_blank = |it: &str| {
        it.len() > 1 && it.bytes().all(|it| it.is_ascii_uppercase() || it == b'=' || it == b'-') || it.contains('…')
    };
    let mut programs = text.split('|').filter_map(|it| it.split_whitespace().next());
    programs.any(|it| it == "edms-lint") && !text.split_whitespace().any(is_blank)
}

/// A folder as a reader's repository could be, with programs of others that print what theirs do.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    let shop = std::fs::read_to_string(root().join("fixtures/projects/shop/backend.yaml")).expect("there is a shop");
    let here = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().expect("has a folder")).expect("can be made");
        std::fs::write(file, text).expect("can be written");
    };
    for name in ["k8s/backend.yaml", "fixtures/projects/shop/backend.yaml", "rendered.yaml", "dump.yaml"] {
        here(name, &shop);
    }
    let tool =
        format!("#!/bin/sh\ncase \"$1\" in api-resources) echo deployments.apps;; *) cat <<'E'\n{shop}E\nesac\n");
    for name in ["argocd", "flux", "helm", "kubectl", "kustomize"] {
        here(&format!("bin/{name}"), &tool);
    }
    let script = "chmod +x bin/*; git init -q . && git add k8s";
    assert!(shell(folder.path(), script).0 == 0, "a repository can be made");
    folder
}

/// A command's exit code, and what it prints on both streams.
fn shell(folder: &Path, command: &str) -> (i32, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_edms-lint")).parent().expect("has a folder").display().to_string();
    let path = std::env::var("PATH").expect("there is a PATH");
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1; set -o pipefail; {command}")])
        .current_dir(folder)
        .env("PATH", format!("{}/bin:{program}:{path}", folder.display()))
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .output()
        .expect("bash runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn commands_that_pages_show_work() {
    let scripts: String =
        SCRIPTS.iter().map(|it| std::fs::read_to_string(root().join(it)).expect("there is a script")).collect();
    let mut wrong = Vec::new();
    let mut ran = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("pages are text");
        let folder = repository();
        for command in commands(&text) {
            let typed = command.split(" #").next().unwrap_or_default().trim();
            // A build of the project: CONTRIBUTING has more of them, and `.ci/run` the ones that count.
            if scripts.contains(typed) || typed.starts_with("cargo ") {
                continue;
            }
            let own = typed.split(['|', ' ']).any(|it| it == "edms-lint");
            let (code, output) = if own { shell(folder.path(), typed) } else { (-1, "no script runs it".to_owned()) };
            ran += 1;
            // 1 is findings, which the example has.
            if !matches!(code, 0 | 1) {
                wrong.push(format!("{}: {command}\n  exit code {code}: {output}", page.display()));
            }
        }
    }
    assert!(ran > 20, "only {ran} commands were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_project_audits_itself_without_an_error() {
    let (code, stdout, stderr) = crate::common::program::run(&root(), &["--fail-on", "warning"]);
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stderr.contains("3 documents checked"), "{stderr}");
}

#[test]
fn what_others_do_not_find_is_found_in_the_example() {
    let (_, found, _) = crate::common::program::run(&root(), &["fixtures/projects/shop"]);
    let table = |page: &str| {
        let text = std::fs::read_to_string(root().join(page)).expect("there is a page");
        let between = text.split("<!-- comparison -->").nth(1).and_then(|it| it.split("<!-- /comparison -->").next());
        between.expect("the page compares").replace("../", "")
    };
    let comparison = table("docs/comparison.md");
    assert_eq!(table("README.md"), comparison, "both pages have one table");
    let mut rules = 0;
    for row in comparison.lines().skip(3) {
        let cell = row.split('|').nth(2).unwrap_or_default();
        for rule in between_ticks(cell) {
            assert!(found.contains(&format!("[{rule}]")), "the example has no {rule}");
            rules += 1;
        }
    }
    assert!(rules > 8, "{rules} rules are compared");
}
