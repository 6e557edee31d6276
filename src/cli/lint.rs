//! `edms-lint [PATH]...`: the audit.

use super::args::{Format, LintArguments};
use super::output::{self, Material};
use super::session::{Session, complain_of_inputs};
use super::{CLEAN, FINDINGS, MISTAKE, complain, config_file, terminal};
use crate::engine;
use crate::finding::{Report, Severity};
use crate::load::Loaded;
use crate::render::{self, Detail};
use std::io::Write as _;

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
    config_file::check_names("--select", &arguments.select)?;
    config_file::check_names("--ignore", &arguments.ignore)?;
    let mut session = Session::start(&arguments.read)?;
    session.config.select.extend(arguments.select.iter().cloned());
    session.config.ignore.extend(arguments.ignore.iter().cloned());
    let loaded = session.load(&arguments.read)?;
    let report = engine::run(&loaded.sources, &loaded.environments, &session.config);
    write(arguments, &session, &loaded, &report)?;
    complain_of_inputs(&loaded);
    Ok(exit_code(arguments, &loaded, &report))
}

/// Writes the report to stdout and to the files, and the summary of machine formats to stderr.
fn write(arguments: &LintArguments, session: &Session, loaded: &Loaded, report: &Report) -> Result<(), String> {
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let current = session.current.as_path();
    let root = current.ancestors().find(|it| it.join(".git").exists()).unwrap_or(current).to_owned();
    let profile = session.config.profile;
    let material = Material { report, sources: &loaded.sources, profile, detail, root: Some(root) };
    // A log or a pipe wants one line a finding, which tools and editors know how to read.
    let default = if terminal::is_terminal() { Format::Pretty } else { Format::Concise };
    let format = arguments.format.unwrap_or(default);
    let bytes =
        output::render(&material, format, terminal::stdout_look(arguments.color)).map_err(|it| it.to_string())?;
    output::write_files(&material, &arguments.output)?;
    output::to_stdout(&bytes)?;
    if format != Format::Pretty && detail != Detail::Quiet {
        let mut summary = Vec::new();
        let look = terminal::stderr_look(arguments.color);
        let written = render::summary::render(report, look, detail, &mut summary);
        // Who closes stderr does not want the summary.
        _ = written.and_then(|()| std::io::stderr().lock().write_all(&summary));
    }
    Ok(())
}

fn exit_code(arguments: &LintArguments, loaded: &Loaded, report: &Report) -> u8 {
    let is_empty = report.environments.iter().all(|it| it.documents.is_empty());
    if is_empty && loaded.errors.is_empty() {
        complain("there are no manifests here");
    }
    if !loaded.errors.is_empty() || (is_empty && arguments.fail_on_empty) {
        return MISTAKE;
    }
    let least = Severity::from(arguments.fail_on);
    let too_many = arguments.max_warnings.is_some_and(|it| report.count(Severity::Warning) > it);
    let fails = report.findings.iter().any(|it| it.severity >= least) || too_many;
    if fails && !arguments.exit_zero { FINDINGS } else { CLEAN }
}
