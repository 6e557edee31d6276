//! Chores of the project that are not part of the program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it speaks to the terminal")]

mod dist;
mod fuzz;
mod generate;
mod new_rule;
mod repository;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: cargo xtask COMMAND

  new-rule COMPONENT ID   write page, module and two fixtures of a rule, and register it
  generate                make everything that is generated: tables, schemas, goldens
  fuzz MINUTES [SEED]     run the program on mutated fixtures; what it cannot bear is kept in target/fuzz
  dist [TARGET] [PROFILE]  build the packages of a release in target/dist: for this machine, as a release
  set-repository URL      write the project's address everywhere
  set-version VERSION     write the version everywhere";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["new-rule", component, id] => new_rule::write(&root(), component, id).map(|files| {
            println!("wrote:");
            for file in &files {
                println!("  {file}");
            }
            println!("next: write the rule until its fixtures say what they should, then run cargo xtask generate");
        }),
        ["generate"] => generate::all(&root()),
        ["fuzz", minutes] => fuzz(minutes, "1"),
        ["fuzz", minutes, seed] => fuzz(minutes, seed),
        ["dist"] => dist(None, "release"),
        ["dist", target] => dist(Some(target), "release"),
        ["dist", target, profile] => dist(Some(target), profile),
        ["set-repository", url] => told(repository::set_address(&root(), url)),
        ["set-version", version] => told(repository::set_version(&root(), version)),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

/// Fuzzes for so many minutes.
fn fuzz(minutes: &str, seed: &str) -> Result<(), String> {
    let number = |it: &str| it.parse().map_err(|_| format!("{it}: no number\n\n{USAGE}"));
    let summary = fuzz::run(&root(), number(minutes)?, number(seed)?)?;
    println!("{summary}: nothing found");
    Ok(())
}

/// Builds packages.
fn dist(target: Option<&str>, profile: &str) -> Result<(), String> {
    let wanted = dist::Wanted { target: target.map(ToOwned::to_owned), profile: profile.to_owned() };
    for file in dist::run(&root(), &wanted)? {
        println!("{}", file.display());
    }
    Ok(())
}

/// Says which files changed.
fn told(changed: Result<Vec<String>, String>) -> Result<(), String> {
    for file in changed? {
        println!("{file}");
    }
    Ok(())
}

/// Cargo, as it was called, in the repository.
fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// The root of the repository.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("this crate lies in crates/").to_owned()
}
