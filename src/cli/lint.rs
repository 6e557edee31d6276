//! `edms-lint [PATH]...`: the audit.

use super::args::LintArguments;
use super::setup::{self, Setup};
use super::{CLEAN, MISTAKE, complain, config_file, finish, fix, output, show_config, terminal};
use crate::engine;

pub(super) fn run(arguments: &LintArguments) -> u8 {
    match audit(arguments) {
        Ok(code) => code,
        Err(message) => {
            complain(message);
            MISTAKE
        }
    }
}

/// The exit code, or what prevented the audit.
fn audit(arguments: &LintArguments) -> Result<u8, String> {
    let mut setup = read_setup(arguments)?;
    if arguments.show_config {
        output::to_stdout(show_config::text(arguments, &setup).as_bytes())?;
        return Ok(CLEAN);
    }
    if arguments.wants_fixes() {
        return fix::run(arguments, &mut setup);
    }
    let inputs = setup.inputs(&arguments.read)?;
    let loaded = setup.load(&inputs);
    let mut report = engine::run(&loaded.sources, &loaded.environments, &setup.config);
    report.left_out.clone_from(&loaded.left_out);
    setup::complain_of_inputs(&loaded);
    fix::work_out(arguments, &loaded, &mut report);
    finish::finish(arguments, &setup, &loaded, &report)
}

/// The configuration with what only the audit's flags say.
fn read_setup(arguments: &LintArguments) -> Result<Setup, String> {
    config_file::check_names("--select", &arguments.select)?;
    config_file::check_names("--ignore", &arguments.ignore)?;
    let mut setup = Setup::read(&arguments.read, arguments.color)?;
    let config = &mut setup.config;
    config.select.extend(arguments.select.iter().cloned());
    config.ignore.extend(arguments.ignore.iter().cloned());
    config.records = arguments.write_baseline.is_some();
    if let Some(file) = &arguments.baseline {
        let look = terminal::stderr_look(arguments.color);
        config.baseline = Some(config_file::read_baseline(file, &mut setup.sources, look)?);
    }
    Ok(setup)
}
