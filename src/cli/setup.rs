//! What decides a run: the configuration file, what flags say over it, and the baseline.

use super::args::LintArguments;
use super::{config_file, terminal};
use crate::config::{Config, Profile};
use crate::load::{self, Input};
use crate::source::Sources;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// The configuration with what the command line adds.
pub(super) struct Setup {
    pub(super) config: Config,
    /// The configuration file.
    pub(super) file: Option<PathBuf>,
    /// Its folder, from which its paths start.
    pub(super) folder: Option<PathBuf>,
    /// The file and the baseline: findings point into them.
    pub(super) sources: Sources,
}

pub(super) fn read(arguments: &LintArguments, current: &Path) -> Result<Setup, String> {
    config_file::check_names("--select", &arguments.select)?;
    config_file::check_names("--ignore", &arguments.ignore)?;
    let look = terminal::stderr_look(arguments.color);
    let mut sources = Sources::default();
    let file = match &arguments.config {
        Some(file) => Some(file.clone()),
        None if arguments.no_config => None,
        None => config_file::nearest(&start(arguments, current), current),
    };
    let file = file.map(|it| PathBuf::from(load::shown_name(current, &it)));
    let mut config = match &file {
        Some(file) => config_file::read(file, &mut sources, look)?,
        None => Config::default(),
    };
    let folder = file.as_deref().map(|it| it.parent().map(Path::to_owned).unwrap_or_default());
    if let Some(profile) = arguments.profile {
        config.profile = Profile::from(profile);
        config.profile_span = None;
        // A flag stands over the whole file.
        config.environments.iter_mut().for_each(|it| it.overrides.profile = None);
    }
    config.today = Some(arguments.today.unwrap_or_else(today));
    config.select.extend(arguments.select.iter().cloned());
    config.ignore.extend(arguments.ignore.iter().cloned());
    config.records = arguments.write_baseline.is_some();
    if let Some(file) = &arguments.baseline {
        config.baseline = Some(config_file::read_baseline(file, &mut sources, look)?);
    }
    config.is_whole = is_whole(arguments, &config, folder.as_deref(), current);
    Ok(Setup { config, file, folder, sources })
}

/// The day by the clock.
fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// Whether the run covers the folder of the configuration, or what that names in its stead.
fn is_whole(arguments: &LintArguments, config: &Config, folder: Option<&Path>, current: &Path) -> bool {
    let absolute = |it: &Path| std::path::absolute(current.join(it)).unwrap_or_else(|_| it.to_owned());
    let Some(folder) = folder.map(absolute) else { return false };
    if arguments.paths.is_empty() {
        return !config.paths.is_empty() || folder.starts_with(current);
    }
    arguments.paths.iter().any(|it| it.is_dir() && folder.components().eq(absolute(it).components()))
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

/// What is audited: what the command line names, or what the configuration names, or the current directory.
pub(super) fn inputs(arguments: &LintArguments, setup: &Setup) -> Result<Vec<Input>, String> {
    if arguments.paths.is_empty() {
        if setup.config.paths.is_empty() {
            return Ok(vec![Input::Path(PathBuf::from("."))]);
        }
        let folder = setup.folder.clone().unwrap_or_default();
        return Ok(setup.config.paths.iter().map(|it| Input::Path(folder.join(it))).collect());
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
