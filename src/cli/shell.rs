//! `edms-lint completions SHELL` and `edms-lint man`: from the arguments as they are declared.

use super::args::Arguments;
use super::{CLEAN, MISTAKE, complain, output};
use clap::CommandFactory as _;
use clap_complete::Shell;

pub(super) fn completions(shell: Shell) -> u8 {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "edms-lint", &mut bytes);
    print(&bytes)
}

pub(super) fn man() -> u8 {
    let mut bytes = Vec::new();
    match clap_mangen::Man::new(Arguments::command()).render(&mut bytes) {
        Ok(()) => print(&bytes),
        Err(error) => {
            complain(error);
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
