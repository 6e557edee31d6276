//! The program, run in a folder of files as its users run it.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A budget that allows nothing whatever it selects: an error in every profile.
pub(crate) const BLOCKING: &str = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: backend\nspec:\n  maxUnavailable: 0\n  selector:\n    matchLabels:\n      app: backend\n";
/// What is right by all rules.
pub(crate) const CLEAN: &str = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n";

pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("has a folder")).expect("can be made");
        fs::write(file, text).expect("can be written");
    }
    folder
}

/// The program in a folder, without the environment's say on colours, links and characters.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("edms-lint").expect("the binary is built");
    command.current_dir(folder);
    for name in ["FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE", "FORCE_HYPERLINK", "LC_ALL", "LC_CTYPE", "LANG"] {
        command.env_remove(name);
    }
    command
}

/// Exit code, stdout and stderr.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    outcome(program(folder).args(arguments))
}

/// The same with a text on stdin.
pub(crate) fn piped(folder: &Path, arguments: &[&str], text: &str) -> (i32, String, String) {
    outcome(program(folder).args(arguments).write_stdin(text))
}

fn outcome(command: &mut Command) -> (i32, String, String) {
    let output = command.output().expect("the program runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}
