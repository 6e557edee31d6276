//! `edms-lint completions SHELL` and `edms-lint man`: from the arguments as they are declared.

use super::args::Arguments;
use super::manual::Page;
use super::{CLEAN, MISTAKE, complain, output};
use crate::rule::Entry;
use crate::rules;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use std::path::Path;

/// What stands in the help for the name of a rule.
const RULE: &str = "RULE";

pub(super) fn completions(shell: Shell) -> u8 {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut with_names_of_rules(Arguments::command()), "edms-lint", &mut bytes);
    let text = String::from_utf8(bytes).expect("arguments are declared in UTF-8");
    print(mended(shell, text).as_bytes())
}

/// What the generator gets wrong: in bash it loses the commands of a program with a dash in its name; in fish it
/// completes no value of a program's own option, and no positional argument.
fn mended(shell: Shell, text: String) -> String {
    match shell {
        Shell::Bash => text.replace("edms__subcmd__lint", "edms__lint"),
        Shell::Fish => {
            let parse = "    argparse -s (__fish_edms_lint_global_optspecs) -- $cmd 2>/dev/null\n";
            // An option without its value is no mistake while the value is being typed.
            let again = parse.replacen("    ", "    or begin; set -e cmd[-1]; ", 1).replace('\n', "; end\n");
            let explain = "complete -c edms-lint -n \"__fish_edms_lint_using_subcommand explain\" -f -a";
            let quoted = |it: &str| it.replace('\\', "\\\\").replace('\'', "\\'");
            let line = |it: &'static Entry| format!("{explain} {} -d '{}'\n", it.id(), quoted(it.page().title));
            text.replace(parse, &format!("{parse}{again}")) + &rules::all().map(line).collect::<String>()
        }
        _ => text,
    }
}

/// The command, with the ids of all rules where the name of one is asked for. Only for completions: the arguments
/// themselves take components and older names, too.
fn with_names_of_rules(command: Command) -> Command {
    let is_rule = |it: &clap::Arg| it.get_value_names().is_some_and(|it| it.iter().any(|it| it.as_str() == RULE));
    let command = command.mut_args(|it| if is_rule(&it) { it.value_parser(ids()) } else { it });
    command.mut_subcommands(with_names_of_rules)
}

fn ids() -> PossibleValuesParser {
    rules::all().map(|it| PossibleValue::new(it.id().as_str()).help(it.page().title)).collect::<Vec<_>>().into()
}

/// Prints the manual page, or writes those of all commands into a folder.
pub(super) fn man(folder: Option<&Path>) -> u8 {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = folder else { return print(Page::of(&command).text().as_bytes()) };
    let pages = command.get_subcommands().filter(|it| !it.is_hide_set()).chain([&command]).map(Page::of);
    let write = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        for page in pages {
            std::fs::write(folder.join(page.file_name()), page.text())?;
        }
        Ok(())
    };
    match write() {
        Ok(()) => CLEAN,
        Err(error) => {
            complain(format_args!("{}: {error}", folder.display()));
            MISTAKE
        }
    }
}

/// Writes to stdout; the exit code.
pub(super) fn print(bytes: &[u8]) -> u8 {
    match output::to_stdout(bytes) {
        Ok(()) => CLEAN,
        Err(error) => {
            complain(error);
            MISTAKE
        }
    }
}
