//! The command line: arguments in, exit code out. The only place that prints.

mod about;
mod args;
mod charts;
mod config_file;
mod drill;
mod drill_args;
mod dump_command;
mod explain;
mod finish;
mod fix;
mod gate;
mod init;
mod lint;
mod manual;
mod nothing;
mod output;
mod progress;
mod rendering;
mod replace;
mod report;
mod rules;
mod setup;
mod shared_args;
mod shell;
mod show_config;
mod terminal;

use args::{Arguments, Command};
use clap::Parser as _;
use std::process::ExitCode;

/// Nothing at or above `--fail-on`.
const CLEAN: u8 = 0;
/// Findings.
const FINDINGS: u8 = 1;
/// A mistake in usage, configuration, input or output.
const MISTAKE: u8 = 2;

/// Runs the program with the process's own arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let code = match &arguments.command {
        None => lint::run(&arguments.lint),
        Some(Command::Explain { rules }) => explain::run(rules, arguments.lint.color),
        Some(Command::Drill(arguments_of_drill)) => drill::run(arguments_of_drill, arguments.lint.color),
        Some(Command::Report(report)) => report::run(report, arguments.lint.color),
        Some(Command::Rules(wanted)) => rules::run(wanted, arguments.lint.color),
        Some(Command::Dump(dump)) => dump_command::run(dump),
        Some(Command::Init { folder }) => init::run(folder),
        Some(Command::Schema) => rules::schema(),
        Some(Command::Completions { shell }) => shell::completions(*shell),
        Some(Command::Man { folder }) => shell::man(folder.as_deref()),
    };
    ExitCode::from(code)
}

/// Says on stderr what went wrong. A closed stderr is nobody's problem.
fn complain(message: impl std::fmt::Display) {
    use std::io::Write as _;
    _ = writeln!(anstream::stderr(), "edms-lint: {message}");
}
