//! What has to hold whatever the program is given.

use super::random::Random;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Seconds of a run. None takes one.
const LONGEST: &str = "20";
/// Kilobytes of address space of a run.
const MOST_MEMORY: u64 = 4 << 20;

/// Runs the program on a folder.
///
/// # Errors
/// What does not hold.
pub(super) fn judge(
    program: &Path,
    folder: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    random: &mut Random,
) -> Result<(), String> {
    let json = run(program, folder, &["--format", "json", "."])?;
    if json.code != 2 || !json.stdout.is_empty() {
        let report: Value =
            serde_json::from_str(&json.stdout).map_err(|it| format!("the JSON report is none: {it}"))?;
        places_are_in_files(&report, files)?;
    }
    if run(program, folder, &["--format", "json", "."])?.stdout != json.stdout {
        return Err("two runs differ".to_owned());
    }
    match random.below(6) {
        0 => {
            let sarif = run(program, folder, &["--format", "sarif", "."])?;
            let is_json = sarif.stdout.is_empty() || serde_json::from_str::<Value>(&sarif.stdout).is_ok();
            is_json.then_some(()).ok_or("the SARIF report is no JSON")?;
        }
        1 => drop(run(program, folder, &["--format", "pretty", "."])?),
        2 => drop(run(program, folder, &["report", "--format", "html", "."])?),
        3 | 4 => fixes_end(program, folder)?,
        _ => orders_agree(program, folder, files)?,
    }
    Ok(())
}

/// Fixes come out as they were meant, and once: a second run has nothing to do.
fn fixes_end(program: &Path, folder: &Path) -> Result<(), String> {
    let fix = || run(program, folder, &["--unsafe-fixes", "--format", "json", "."]);
    let first = fix()?;
    for words in ["a defect of edms-lint", "do not come to an end"] {
        if first.stderr.contains(words) {
            return Err(format!("fixing: {}", first.stderr.lines().find(|it| it.contains(words)).unwrap_or_default()));
        }
    }
    let again = fix()?;
    // What was undone may be possible beside the other fixes.
    let is_all = first.stderr.contains(" fixed") && !first.stderr.contains("is not fixed, because");
    if is_all && !again.stderr.contains("0 fixed\n") {
        return Err(format!("fixing goes on: {}", again.stderr));
    }
    Ok(())
}

struct Output {
    code: i32,
    stdout: String,
    stderr: String,
}

fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Result<Output, String> {
    let script = format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\"");
    let output = Command::new("timeout")
        .args([LONGEST, "bash", "-c", &script])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|it| format!("`timeout` does not start: {it}"))?;
    let words = arguments.join(" ");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = match output.status.code() {
        Some(code @ 0..=2) if !stderr.contains("panicked at") => code,
        Some(124) => return Err(format!("{words}: no end within {LONGEST} s")),
        _ => return Err(format!("{words}: {}: {}", output.status, stderr.chars().take(500).collect::<String>())),
    };
    let stdout = String::from_utf8(output.stdout).map_err(|_| format!("{words}: what it prints is no UTF-8"))?;
    Ok(Output { code, stdout, stderr })
}

/// Every finding stands on a line that its file has.
fn places_are_in_files(report: &Value, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    for finding in report["findings"].as_array().into_iter().flatten() {
        let Some(name) = finding["file"].as_str() else { return Err(format!("a finding without a file: {finding}")) };
        let name = name.trim_start_matches("./");
        let Some(text) = files.get(name) else { return Err(format!("a finding in {name}, which there is not")) };
        let lines = u64::try_from(text.iter().filter(|it| matches!(it, b'\n' | b'\r')).count()).unwrap_or(u64::MAX) + 1;
        let line = finding["line"].as_u64().unwrap_or_default();
        if line == 0 || line > lines {
            return Err(format!("a finding in line {line} of {name}, which has {lines}: {}", finding["rule"]));
        }
    }
    Ok(())
}

/// The files named one by one, forwards and backwards, give one report.
fn orders_agree(program: &Path, folder: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
    let lint = |names: &[&str]| run(program, folder, &[&["--format", "json"], names].concat());
    let forwards = lint(&names)?.stdout;
    names.reverse();
    if lint(&names)?.stdout == forwards { Ok(()) } else { Err("the order of arguments changes the report".to_owned()) }
}
