//! Commands that the README and the pages in `docs/` show: each is run here, or by a script that says so, or is named below
//! with the reason why it is not.
//!
//! What stands behind a prompt in `docs/adopting.md` and `docs/formats.md` is run in order by a test of its own, with what it
//! prints.

use crate::common::{files_below, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Scripts that run commands that need what a test has not: package managers, other clients, a build.
const SCRIPTS: &[&str] = &[".ci/run", "packaging/try.sh", "packaging/clone.sh"];
/// Pages whose commands behind a prompt have a test of their own.
const ELSEWHERE: &[&str] = &["adopting.md", "formats.md"];
/// Programs that print here what theirs do.
const STAND_INS: &[&str] = &["argocd", "flux", "helm", "kubectl", "kustomize"];
/// Further programs that pages tell their readers to call.
const OTHERS: &[&str] = &["cargo", "docker", "gh", "git", "pip", "rustup", "sha256sum", "tar", "uvx"];
/// What no script runs, with the reason.
const NOT_RUN: &[(&str, &str)] = &[
    (
        "cargo install --locked edms-lint",
        "it is on no index yet; CI holds that the package has all that it is built from",
    ),
    ("cargo bench", "it takes minutes, and prints what docs/performance.md says"),
    ("cargo bench -- growth", "the same"),
];
/// Commands of others that pages speak of, and that nobody is told to type.
const SPOKEN_OF: &[&str] = &["flux bootstrap", "kubectl apply", "kubectl edit", "kubectl edms", "kubectl get -o yaml"];

/// The pages that show commands.
fn pages() -> Vec<PathBuf> {
    let docs = files_below(&root().join("docs"));
    docs.into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "md"))
        .chain([root().join("README.md")])
        .collect()
}

/// What a page tells its readers to type: lines of blocks for a shell, those that CI runs, and commands among the words.
fn commands(page: &Path, text: &str) -> Vec<String> {
    let has_prompt = !ELSEWHERE.iter().any(|it| page.ends_with(it));
    let mut commands = Vec::new();
    let mut language = None;
    for line in text.lines() {
        if let Some(name) = line.trim_start().strip_prefix("```") {
            language = if language.is_some() { None } else { Some(name.trim()) };
            continue;
        }
        match language {
            Some("sh") => commands.push(line.to_owned()),
            Some("console") if has_prompt => commands.extend(line.strip_prefix("$ ").map(ToOwned::to_owned)),
            Some("yaml") => commands.extend(of_job(line).map(ToOwned::to_owned)),
            Some(_) => {}
            None => commands.extend(between_ticks(line).filter(|it| is_command(it)).map(ToOwned::to_owned)),
        }
    }
    commands.retain(|it| !it.trim().is_empty() && !it.trim_start().starts_with('#') && !has_blank(it));
    commands
}

/// What a line of a job runs.
fn of_job(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let item = line.strip_prefix("- ").unwrap_or(line);
    let named = ["run: ", "script: "].iter().find_map(|it| item.strip_prefix(it));
    named.or_else(|| Some(item).filter(|it| is_command(it)))
}

fn between_ticks(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Whether it begins with a program, and says more than its name.
fn is_command(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_program = |it: &str| it == "edms-lint" || STAND_INS.contains(&it) || OTHERS.contains(&it);
    words.next().is_some_and(is_program) && words.next().is_some() && !SPOKEN_OF.contains(&text)
}

/// Whether a word in capitals stands for one of the reader's own.
fn has_blank(text: &str) -> bool {
    let is_capital = |it: u8| it.is_ascii_uppercase() || it == b'=' || it == b'-';
    let is_blank = |it: &str| (it.len() > 1 && it.bytes().all(is_capital) && it != "-A") || it.contains('\u{2026}');
    text.split_whitespace().any(|it| is_blank(it) && it.bytes().any(|it| it.is_ascii_uppercase() || !it.is_ascii()))
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
    for name in STAND_INS {
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
    let (mut ran, mut left) = (0, Vec::new());
    for page in pages() {
        let text = std::fs::read_to_string(&page).expect("pages are text");
        let folder = repository();
        for command in commands(&page, &text) {
            let typed = command.split(" #").next().unwrap_or_default().trim();
            if scripts.contains(typed) {
                continue;
            }
            if let Some((known, _)) = NOT_RUN.iter().find(|it| it.0 == typed) {
                left.push(*known);
                continue;
            }
            let first = typed.split_whitespace().next().unwrap_or_default();
            let can_run = first == "edms-lint" || STAND_INS.contains(&first);
            let (code, output) =
                if can_run { shell(folder.path(), typed) } else { (-1, "no script runs it".to_owned()) };
            ran += 1;
            // 1 is findings, which the example has.
            if !matches!(code, 0 | 1) {
                wrong.push(format!("{}: {command}\n  exit code {code}: {output}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran > 30, "only {ran} commands were found");
    assert!(NOT_RUN.iter().all(|it| left.contains(&it.0)), "no page shows what is named as not run: {left:?}");
}

#[test]
fn editors_read_each_finding() {
    let page = std::fs::read_to_string(root().join("docs/integrations.md")).expect("there is a page");
    let json = page.split("```json").nth(1).and_then(|it| it.split("```").next()).expect("it has a task");
    let task: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let pattern = &task["tasks"][0]["problemMatcher"]["pattern"]["regexp"];
    let pattern = regex::Regex::new(pattern.as_str().expect("a text")).expect("an expression");
    let (_, stdout, _) = crate::common::program::run(&root(), &["fixtures/projects/shop", "-f", "concise"]);
    assert!(stdout.lines().count() > 20, "{stdout}");
    for line in stdout.lines() {
        let found = pattern.captures(line).unwrap_or_else(|| panic!("{line}"));
        assert!(found[1].ends_with(".yaml") && !found[6].is_empty(), "{line}");
    }
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
