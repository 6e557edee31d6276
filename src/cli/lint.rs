//! `edms-lint [PATH]...`: the audit.

use super::args::{Format, LintArguments};
use super::output::{self, Material};
use super::{CLEAN, FINDINGS, MISTAKE, complain, config_file, terminal};
use crate::config::{Config, Profile};
use crate::engine;
use crate::finding::{Report, Severity};
use crate::load::{self, Input, Loaded};
use crate::render::{self, Detail};
use crate::source::Sources;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::io::Write as _;
use std::path::{Path, PathBuf};

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
    let current = std::env::current_dir().map_err(|error| format!("cannot tell the current directory: {error}"))?;
    let (config, folder) = configuration(arguments, &current)?;
    let inputs = inputs(arguments)?;
    let options = load::Options { config: &config, config_dir: folder.as_deref(), working_dir: &current };
    let loaded = load::load(&inputs, Sources::default(), &options);
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    write(arguments, &config, &current, &loaded, &report)?;
    for error in &loaded.errors {
        complain(render::text::escape(&error.to_string()));
    }
    Ok(exit_code(arguments, &loaded, &report))
}

/// The configuration with what the command line adds, and the folder of its file.
fn configuration(arguments: &LintArguments, current: &Path) -> Result<(Config, Option<PathBuf>), String> {
    let file = match &arguments.config {
        Some(file) => Some(file.clone()),
        None if arguments.no_config => None,
        None => config_file::nearest(&start(arguments, current), current),
    };
    let (mut config, folder) = match file {
        Some(file) => {
            let found = config_file::read(&file)?;
            (found.config, Some(found.folder))
        }
        None => (Config::default(), None),
    };
    if let Some(profile) = arguments.profile {
        config.profile = Profile::from(profile);
    }
    config.today = Some(arguments.today.unwrap_or_else(today));
    config.select.extend(arguments.select.iter().cloned());
    config.ignore.extend(arguments.ignore.iter().cloned());
    Ok((config, folder))
}

/// The day by the clock.
fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// The folder from which the search for a configuration goes upwards: that of the named path, if there is
/// one; with several, or with stdin, the current directory.
fn start(arguments: &LintArguments, current: &Path) -> PathBuf {
    match arguments.paths.as_slice() {
        [path] if path.is_dir() => path.clone(),
        [path] if path.is_file() => path.parent().filter(|it| *it != Path::new("")).unwrap_or(current).to_owned(),
        _ => current.to_owned(),
    }
}

fn inputs(arguments: &LintArguments) -> Result<Vec<Input>, String> {
    if arguments.paths.is_empty() {
        return Ok(vec![Input::Path(PathBuf::from("."))]);
    }
    let mut inputs = Vec::new();
    for path in &arguments.paths {
        let input = if path == Path::new("-") {
            Input::stdin(arguments.stdin_filename.as_deref()).map_err(|error| error.to_string())?
        } else {
            Input::Path(path.clone())
        };
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    Ok(inputs)
}

/// Writes the report to stdout and to the files, and the summary of machine formats to stderr.
fn write(
    arguments: &LintArguments,
    config: &Config,
    current: &Path,
    loaded: &Loaded,
    report: &Report,
) -> Result<(), String> {
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let root = current.ancestors().find(|it| it.join(".git").exists()).unwrap_or(current).to_owned();
    let material = Material { report, sources: &loaded.sources, profile: config.profile, detail, root: Some(root) };
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
