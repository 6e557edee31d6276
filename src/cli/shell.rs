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

/// What the generator gets wrong: in bash it loses the commands of a program with a dash in its name; in zsh it takes a
/// command for a path, so that nothing of commands is completed; in fish it completes no value of a program's own option,
/// and no positional argument.
fn mended(shell: Shell, text: String) -> String {
    match shell {
        Shell::Bash => text.replace("edms__subcmd__lint", "edms__lint"),
        Shell::Zsh => zsh(&text),
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

/// With a command as the first word its arguments, else paths, beside which commands are offered once.
fn zsh(text: &str) -> String {
    const REST: &str = "\":: :_edms-lint_commands\" \\\n\"*::: :->edms-lint\" \\\n";
    const LOCALS: &str = "    local context curcontext=\"$curcontext\" state line\n";
    let Some((before, after)) = text.split_once(REST) else { return text.to_owned() };
    // The line before is that of the paths.
    let paths = before.trim_end().rfind('\n').map_or(0, |it| it + 1);
    let command = Arguments::command();
    let names = command.get_subcommands().flat_map(|it| std::iter::once(it.get_name()).chain(it.get_all_aliases()));
    let names = names.chain(["help"]).collect::<Vec<_>>().join("|");
    // Options after a command are those of the command.
    let choice = format!(
        "{LOCALS}    local -a own=() rest=('*: :_edms-lint_words')
    if [[ $words[2] == ({names}) ]]; then
        own=(-A '-*')
        rest=(': :_edms-lint_commands' '*::: :->edms-lint')
    fi
"
    );
    let words = "(( $+functions[_edms-lint_words] )) ||
_edms-lint_words() {
    if (( CURRENT == 2 )); then
        _alternative 'commands:command:_edms-lint_commands' 'files:file:_files'
    else
        _files
    fi
}
";
    let head = before[..paths].replacen(LOCALS, &choice, 1);
    let head = head.replacen("\"${_arguments_options[@]}\" :", "\"${_arguments_options[@]}\" \"${own[@]}\" :", 1);
    let after = after.replacen("words=($line[2]", "words=($line[1]", 1);
    let after =
        after.replacen("command-$line[2]:", "command-$line[1]:", 1).replacen("case $line[2] in", "case $line[1] in", 1);
    let functions = "(( $+functions[_edms-lint_commands] )) ||\n";
    format!("{head}\"${{rest[@]}}\" \\\n{}", after.replacen(functions, &format!("{words}{functions}"), 1))
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
