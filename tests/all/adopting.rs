//! Pages of `docs/` are true: their files are written and their commands run, in order, and print what they show.
//!
//! `EDMS_LINT_UPDATE=1 cargo test --test all adopting` writes the output anew.

use crate::common::{files_below, root};
use std::path::Path;
use std::process::Command;

/// The shell's word before a command.
const PROMPT: &str = "$ ";

#[test]
fn the_three_steps_work() {
    run_page("docs/adopting.md");
}

#[test]
fn formats_are_as_their_page_shows_them() {
    run_page("docs/formats.md");
}

/// Runs what a page shows, beside a copy of the small system in `k8s`.
fn run_page(page: &str) {
    let path = root().join(page);
    let page = std::fs::read_to_string(&path).expect("there is a page");
    let folder = tempfile::tempdir().expect("there is room for files");
    copy(&root().join("fixtures/projects/shop"), &folder.path().join("k8s"));
    shell(folder.path(), "git init -q && git add . && git -c user.name=a -c user.email=a@example.org commit -qm a");
    let mut current = String::new();
    let mut rest = page.as_str();
    while let Some(at) = rest.find("```") {
        let (before, block) = rest.split_at(at);
        let end = block[3..].find("```").expect("each block ends") + 6;
        current.push_str(before);
        current.push_str(&run_block(&block[..end], folder.path()));
        rest = &block[end..];
    }
    current.push_str(rest);
    if std::env::var_os("EDMS_LINT_UPDATE").is_some() {
        std::fs::write(&path, &current).expect("the page can be written");
    } else {
        assert_eq!(page, current, "run EDMS_LINT_UPDATE=1 cargo test --test all adopting");
    }
}

/// The block as it is now: files are written, commands are run.
fn run_block(block: &str, folder: &Path) -> String {
    if let Some(commands) = block.strip_prefix("```console\n") {
        let commands = commands.lines().filter_map(|it| it.strip_prefix(PROMPT));
        let told = commands.map(|it| format!("{PROMPT}{it}\n{}", shell(folder, it)));
        return format!("```console\n{}```", told.collect::<String>());
    }
    if let Some(file) = block.strip_prefix("```yaml\n# file: ") {
        let (name, text) = file.split_once('\n').expect("a file has lines");
        std::fs::write(folder.join(name), text.trim_end_matches("```")).expect("can be written");
    }
    block.to_owned()
}

/// What a command prints on both streams.
fn shell(folder: &Path, command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_edms-lint"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("has a folder").display(),
        std::env::var("PATH").expect("there is a PATH")
    );
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .expect("bash runs");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).expect("is below"));
        std::fs::create_dir_all(target.parent().expect("has a folder")).expect("can be made");
        std::fs::copy(&file, target).expect("can be copied");
    }
}
