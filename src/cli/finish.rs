//! The end of an audit: the reports, the baseline, the exit code.

use super::args::{Format, LintArguments};
use super::output::{self, Material};
use super::setup::Setup;
use super::{CLEAN, FINDINGS, MISTAKE, complain, gate, nothing, terminal};
use crate::config::{Config, baseline};
use crate::finding::{Report, Severity, SuppressedBy};
use crate::load::Loaded;
use crate::render::{self, Detail};
use crate::suggest;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::io::Write as _;
use std::path::Path;

/// Environments that are named.
const NAMED: usize = 3;

/// Writes the baseline or the reports, and gives the exit code.
pub(super) fn finish(
    arguments: &LintArguments,
    setup: &Setup,
    loaded: &Loaded,
    report: &mut Report,
) -> Result<u8, String> {
    let config = &setup.config;
    warn_of_strangers(config, loaded);
    if let Some(file) = &arguments.write_baseline {
        write_baseline(file, config, loaded, report)?;
        nothing::checked_something(report, loaded);
        return Ok(if loaded.errors.is_empty() { CLEAN } else { MISTAKE });
    }
    warn_of_strange_baseline(config, report);
    hide(arguments, report);
    write(arguments, setup, loaded, report)?;
    Ok(exit_code(arguments, loaded, report))
}

/// Takes what is not to be shown out of what is shown, for all formats.
fn hide(arguments: &LintArguments, report: &mut Report) {
    let quiet = arguments.quiet.then_some(Severity::Warning);
    if let Some(least) = arguments.min_severity.map(Severity::from).max(quiet) {
        report.hide_below(least);
    }
}

/// Says which environments the configuration covers that the run does not find.
fn warn_of_strangers(config: &Config, loaded: &Loaded) {
    let names: Vec<&str> = loaded.environments.iter().map(|it| it.name.as_str()).collect();
    if !config.is_whole {
        return;
    }
    let settings = config.environments.iter().map(|it| &it.name);
    let exceptions = config.exceptions.iter().flat_map(|it| &it.environments);
    let attestations = config.attestations.iter().flat_map(|it| &it.environments);
    let mut strangers: Vec<&str> = settings.chain(exceptions).chain(attestations).map(String::as_str).collect();
    strangers.retain(|it| !names.contains(it));
    strangers.sort_unstable();
    strangers.dedup();
    for name in strangers {
        let near = suggest::help(name, &names).map(|it| format!("; {it}")).unwrap_or_default();
        complain(format_args!("the configuration names an environment `{name}` that does not exist{near}"));
    }
}

/// Says it when a baseline knows nothing of what was found: most likely it is that of something else.
fn warn_of_strange_baseline(config: &Config, report: &Report) {
    let entries = config.baseline.iter().flat_map(|it| &it.entries);
    let all: usize = entries.clone().map(|it| it.1.len()).sum();
    let is_used = report.suppressed.iter().any(|it| it.kind == SuppressedBy::Baseline);
    if all == 0 || is_used {
        return;
    }
    let mut names: Vec<&str> = entries.filter_map(|it| baseline::parts(it.0)).map(|it| it.environment).collect();
    names.sort_unstable();
    names.dedup();
    let named = render::text::listed(&names, NAMED);
    let message =
        format!("0 of {all} entries of the baseline match: they are of {named}, and this run audits something else");
    complain(render::text::escape(&message));
}

/// Writes what is found as known. Entries of an older file stay that this run could not see.
fn write_baseline(file: &Path, config: &Config, loaded: &Loaded, report: &Report) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", file.display());
    let mut entries = report.fingerprints.clone();
    let found = entries.len();
    if let Ok(text) = std::fs::read_to_string(file) {
        let is_seen = |it: baseline::Parts<'_>| {
            config.is_whole
                || (report.rules.iter().any(|ran| *ran == it.rule)
                    && loaded.environments.iter().any(|e| e.lasting_name() == it.environment))
        };
        let old = text.lines().map(str::trim).filter(|it| !it.starts_with('#'));
        entries.extend(old.filter(|it| baseline::parts(it).is_some_and(|it| !is_seen(it))).map(str::to_owned));
    }
    let kept = entries.len() - found;
    output::replace_file(file, baseline::write(entries).as_bytes()).map_err(failed)?;
    let count = render::text::count(found, "finding");
    let kept = if kept == 0 { String::new() } else { format!("; {kept} that this run does not see stay") };
    complain(format_args!("recorded {count} in {}{kept}", file.display()));
    Ok(())
}

/// What reports are written from.
fn material<'a>(arguments: &LintArguments, setup: &Setup, loaded: &'a Loaded, report: &'a Report) -> Material<'a> {
    let detail = match (arguments.quiet, arguments.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    Material {
        report,
        sources: &loaded.sources,
        profile: setup.config.profile,
        detail,
        shows_suppressed: arguments.show_suppressed,
        lists_all_rules: arguments.sarif_all_rules,
        environments: &loaded.environments,
        seconds: setup.config.today.map_or(0, seconds),
        root: Some(setup.root()),
    }
}

/// Midnight (UTC) of a day, in seconds since 1970.
fn seconds(day: Date) -> i64 {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, Timestamp::as_second)
}

/// The format on stdout. A log or a pipe wants one line a finding, which tools and editors know how to read.
pub(super) fn format(arguments: &LintArguments) -> Format {
    let default = if terminal::is_terminal() { Format::Pretty } else { Format::Concise };
    arguments.format.unwrap_or(default)
}

/// Writes the reports that go to files.
pub(super) fn write_files(
    arguments: &LintArguments,
    setup: &Setup,
    loaded: &Loaded,
    report: &mut Report,
) -> Result<(), String> {
    hide(arguments, report);
    output::write_files(&material(arguments, setup, loaded, report), &arguments.output)
}

/// Writes the report to stdout and to the files, and the summary of machine formats to stderr. Where stdout is for the
/// fixed stream, all of it goes to stderr.
fn write(arguments: &LintArguments, setup: &Setup, loaded: &Loaded, report: &Report) -> Result<(), String> {
    let material = material(arguments, setup, loaded, report);
    let (sources, detail) = (&loaded.sources, material.detail);
    let is_filter = arguments.wants_fixes() && arguments.read.paths.iter().any(|it| it == Path::new("-"));
    let format = format(arguments);
    let bytes =
        output::render(&material, format, terminal::stdout_look(arguments.color)).map_err(|it| it.to_string())?;
    output::write_files(&material, &arguments.output)?;
    if is_filter {
        _ = std::io::stderr().lock().write_all(&bytes);
    } else {
        output::to_stdout(&bytes)?;
    }
    if !format.is_whole() && detail != Detail::Quiet {
        let mut summary = Vec::new();
        let look = terminal::stderr_look(arguments.color);
        let details = match detail {
            Detail::Verbose => render::pretty::render_details(report, sources, look, &mut summary),
            _ => Ok(()),
        };
        let written = details.and_then(|()| render::summary::render(report, look, detail, &mut summary));
        // Who closes stderr does not want the summary.
        _ = written.and_then(|()| std::io::stderr().lock().write_all(&summary));
    }
    if detail != Detail::Quiet {
        let done = arguments.wants_fixes().then(|| render::fixes::done(&report.fixed));
        let is_offered = !arguments.no_fix_hint && format != Format::Agent;
        let offer = render::fixes::offer(report).filter(|_| is_offered);
        for line in done.into_iter().chain(render::fixes::refused(&report.refused)).chain(offer) {
            _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }
    Ok(())
}

fn exit_code(arguments: &LintArguments, loaded: &Loaded, report: &Report) -> u8 {
    let is_empty = !nothing::checked_something(report, loaded);
    if !loaded.errors.is_empty() || (is_empty && arguments.fail_on_empty) {
        return MISTAKE;
    }
    if gate::fails(arguments, report) { FINDINGS } else { CLEAN }
}
