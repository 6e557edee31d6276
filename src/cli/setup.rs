//! What decides a run: the configuration file, what flags say over it, and the baseline.

use super::args::{Arguments, Color, LintArguments, ReadArguments};
use super::config_file::Texts;
use super::{charts, complain, config_file, terminal};
use crate::config::{Config, Profile};
use crate::load::{self, Input, LoadError, Loaded, Parses};
use crate::render;
use crate::source::Sources;
use crate::suggest;
use clap::CommandFactory as _;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The configuration with what the command line adds.
pub(super) struct Setup {
    pub(super) config: Config,
    /// The configuration file.
    pub(super) file: Option<PathBuf>,
    /// Its folder, from which its paths start.
    pub(super) folder: Option<PathBuf>,
    pub(super) current: PathBuf,
    /// The file and the baseline: findings point into them.
    pub(super) sources: Sources,
}

impl Setup {
    /// Reads the configuration, and lays over it what every command's flags say.
    pub(super) fn read(arguments: &ReadArguments, color: Color) -> Result<Setup, String> {
        Setup::read_edited(arguments, color, &Texts::new())
    }

    /// The same with edited texts, by the names of their files.
    pub(super) fn read_edited(arguments: &ReadArguments, color: Color, edited: &Texts) -> Result<Setup, String> {
        let current = std::env::current_dir().map_err(|error| format!("cannot tell the current directory: {error}"))?;
        let mut sources = Sources::default();
        let file = match &arguments.config {
            Some(file) => Some(file.clone()),
            None if arguments.no_config => None,
            None => {
                let found = config_file::nearest(&start(arguments, &current), &current);
                for name in &found.strangers {
                    let name = load::shown_name(&current, name);
                    let message = format!("{name} is not read: the configuration is called {}", config_file::NAME);
                    complain(render::text::escape(&message));
                }
                found.file
            }
        };
        let file = file.map(|it| PathBuf::from(load::shown_name(&current, &it)));
        let mut config = match &file {
            Some(file) => config_file::read(file, &mut sources, terminal::stderr_look(color), edited)?,
            None => Config::default(),
        };
        let folder = file.as_deref().map(|it| it.parent().map(Path::to_owned).unwrap_or_default());
        if let Some(profile) = arguments.profile {
            config.profile = Profile::from(profile);
            config.profile_span = None;
            // A flag stands over the whole file.
            for setting in Arc::make_mut(&mut config.environments) {
                setting.overrides.profile = None;
            }
        }
        config.today = Some(arguments.today.unwrap_or_else(today));
        config.is_whole = is_whole(arguments, &config, folder.as_deref(), &current);
        Ok(Setup { config, file, folder, current, sources })
    }

    /// The configuration with what only the audit's flags say. Files of `edited`, by their names, have these texts.
    pub(super) fn of_audit(arguments: &LintArguments, edited: &Texts) -> Result<Setup, String> {
        config_file::check_names("--select", &arguments.select)?;
        config_file::check_names("--ignore", &arguments.ignore)?;
        let mut setup = Setup::read_edited(&arguments.read, arguments.color, edited)?;
        let config = &mut setup.config;
        config.select.extend(arguments.select.iter().cloned());
        config.ignore.extend(arguments.ignore.iter().cloned());
        config.records = arguments.write_baseline.is_some();
        // What is to be written anew is not read.
        let is_wanted = !arguments.no_baseline && arguments.write_baseline.is_none();
        let by_file = config.baseline_file.as_ref().filter(|_| is_wanted);
        let by_file = by_file.map(|it| setup.folder.clone().unwrap_or_default().join(it));
        if let Some(file) = arguments.baseline.clone().or(by_file) {
            let look = terminal::stderr_look(arguments.color);
            config.baseline = Some(config_file::read_baseline(&file, &mut setup.sources, look)?.into());
        }
        Ok(setup)
    }

    /// Reads the manifests, and finds the files that exceptions of the configuration cover. What they were parsed to is
    /// kept for the fixes that are shown.
    pub(super) fn load(&mut self, inputs: &[Input]) -> Loaded {
        self.load_edited(inputs, &BTreeMap::new(), Parses::default())
    }

    /// The same, where files of `edited`, by their paths without links, have these texts. What is in `parses` and stands
    /// as it stood when it was parsed is not parsed again.
    pub(super) fn load_edited(
        &mut self,
        inputs: &[Input],
        edited: &BTreeMap<PathBuf, String>,
        parses: Parses,
    ) -> Loaded {
        let loaded = load::load_edited(inputs, self.sources.clone(), &self.options(), edited, parses);
        self.settle(loaded)
    }

    fn options(&self) -> load::Options<'_> {
        load::Options { config: &self.config, config_dir: self.folder.as_deref(), working_dir: &self.current }
    }

    fn settle(&mut self, mut loaded: Loaded) -> Loaded {
        self.find_exceptions(&loaded);
        for environment in &mut loaded.environments {
            environment.known_as = self.path_from_root(&environment.name).unwrap_or_default();
        }
        loaded
    }

    /// An environment's name as a path from the root of the repository, or from the folder of the configuration, if it is
    /// a path at all.
    fn path_from_root(&self, name: &str) -> Option<String> {
        if self.config.environments.iter().any(|it| it.name == name && !it.paths.is_empty()) {
            return None;
        }
        // Environments of one folder are numbered.
        let (path, number) = match name.rsplit_once(" (") {
            Some((path, _)) if !self.current.join(name).exists() => (path, &name[path.len()..]),
            _ => (name, ""),
        };
        let real = std::fs::canonicalize(self.current.join(path)).ok()?;
        let root = std::fs::canonicalize(self.root()).ok()?;
        let inside = real.strip_prefix(root).ok()?;
        let parts: Vec<_> = inside.components().map(|it| it.as_os_str().to_string_lossy()).collect();
        Some(format!("{}{number}", if parts.is_empty() { ".".to_owned() } else { parts.join("/") }))
    }

    /// The root of the git repository; outside of one, the folder of the configuration, or the current one.
    pub(super) fn root(&self) -> PathBuf {
        let current = self.current.as_path();
        let git = current.ancestors().find(|it| it.join(".git").exists()).map(Path::to_owned);
        git.unwrap_or_else(|| self.folder.as_ref().map_or_else(|| current.to_owned(), |it| current.join(it)))
    }

    fn find_exceptions(&mut self, loaded: &Loaded) {
        let options = self.options();
        let exceptions = &self.config.exceptions;
        let files: Vec<_> = exceptions.iter().map(|it| options.files_of(&it.paths, &loaded.sources)).collect();
        for (exception, files) in Arc::make_mut(&mut self.config.exceptions).iter_mut().zip(files) {
            exception.files = Some(files);
        }
    }

    /// What is read: what the command line names, or what the configuration names, or the current directory.
    pub(super) fn inputs(&self, arguments: &ReadArguments) -> Result<Vec<Input>, String> {
        if arguments.paths.is_empty() {
            if self.config.paths.is_empty() {
                return Ok(vec![Input::Path(PathBuf::from("."))]);
            }
            let folder = self.folder.clone().unwrap_or_default();
            return Ok(self.config.paths.iter().map(|it| Input::Path(folder.join(it))).collect());
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
}

/// Says what could not be read.
pub(super) fn complain_of_inputs(loaded: &Loaded) {
    for error in &loaded.errors {
        let meant = command_meant(error).map(|it| format!("; did you mean `edms-lint {it}`?")).unwrap_or_default();
        complain(render::text::escape(&format!("{error}{meant}")));
    }
    charts::warn(loaded);
}

/// The command that was meant by a path that is not there.
fn command_meant(error: &LoadError) -> Option<String> {
    let LoadError::NotFound { path } = error else { return None };
    let arguments = Arguments::command();
    let names = arguments.get_subcommands().map(clap::Command::get_name).chain(["help"]);
    let is_word = path.chars().all(|it| it.is_ascii_alphabetic() || it == '-' || it == '_');
    let names: Vec<&str> = names.collect();
    suggest::nearest(path, names).filter(|_| is_word).map(str::to_owned)
}

/// The day by the clock.
pub(super) fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}

/// Whether the run covers the folder of the configuration, or what that names in its stead.
fn is_whole(arguments: &ReadArguments, config: &Config, folder: Option<&Path>, current: &Path) -> bool {
    let absolute = |it: &Path| std::path::absolute(current.join(it)).unwrap_or_else(|_| it.to_owned());
    let Some(folder) = folder.map(absolute) else { return false };
    if arguments.paths.is_empty() {
        return !config.paths.is_empty() || folder.starts_with(current);
    }
    arguments.paths.iter().any(|it| it.is_dir() && folder.components().eq(absolute(it).components()))
}

/// The folder from which the search for a configuration goes upwards: that of the named path, if there is
/// one; with several, or with stdin, the current directory.
fn start(arguments: &ReadArguments, current: &Path) -> PathBuf {
    match arguments.paths.as_slice() {
        [path] if path.is_dir() => path.clone(),
        [path] if path.is_file() => path.parent().filter(|it| *it != Path::new("")).unwrap_or(current).to_owned(),
        _ => current.to_owned(),
    }
}
