//! `edms-lint [PATH]...`: the audit.

use super::args::LintArguments;
use super::setup::{self, Setup};
use super::{CLEAN, MISTAKE, complain, finish, fix, output, progress, rendering, show_config};
use crate::engine;
use std::collections::BTreeMap;

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
    let mut setup = Setup::of_audit(arguments, &BTreeMap::new())?;
    if arguments.show_config {
        output::to_stdout(show_config::text(arguments, &setup).as_bytes())?;
        return Ok(CLEAN);
    }
    if arguments.wants_fixes() {
        return fix::run(arguments, &mut setup);
    }
    let inputs = setup.inputs(&arguments.read)?;
    let progress = progress::start("auditing");
    let loaded = rendering::load(&mut setup, &arguments.read, &inputs);
    let mut report = engine::run(&loaded.sources, &loaded.environments, &setup.config);
    report.left_out.clone_from(&loaded.left_out);
    fix::work_out(arguments, &loaded, &mut report);
    drop(progress);
    setup::complain_of_inputs(&loaded);
    let code = finish::finish(arguments, &setup, &loaded, &mut report);
    // The process ends here, and what many small values are made of takes long to give back.
    std::mem::forget((loaded, report));
    code
}
