//! What every command that reads manifests does first: its configuration and its inputs.

use super::args::ReadArguments;
use super::{complain, config_file};
use crate::config::{Config, Profile};
use crate::load::{self, Input, Loaded};
use crate::render;
use crate::source::Sources;
use std::path::{Path, PathBuf};

/// Where a command runs and by which configuration.
pub(super) struct Session {
    pub(super) config: Config,
    /// The folder of the configuration's file.
    pub(super) folder: Option<PathBuf>,
    pub(super) current: PathBuf,
}

impl Session {
    /// Reads the configuration.
    pub(super) fn start(arguments: &ReadArguments) -> Result<Session, String> {
        let current = std::env::current_dir().map_err(|error| format!("cannot tell the current directory: {error}"))?;
        let (config, folder) = configuration(arguments, &current)?;
        Ok(Session { config, folder, current })
    }

    /// Reads the manifests.
    pub(super) fn load(&self, arguments: &ReadArguments) -> Result<Loaded, String> {
        let inputs = inputs(arguments)?;
        let options =
            load::Options { config: &self.config, config_dir: self.folder.as_deref(), working_dir: &self.current };
        Ok(load::load(&inputs, Sources::default(), &options))
    }
}

/// Says what could not be read.
pub(super) fn complain_of_inputs(loaded: &Loaded) {
    for error in &loaded.errors {
        complain(render::text::escape(&error.to_string()));
    }
}

/// The configuration with the profile of the command line, and the folder of its file.
fn configuration(arguments: &ReadArguments, current: &Path) -> Result<(Config, Option<PathBuf>), String> {
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
    Ok((config, folder))
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

fn inputs(arguments: &ReadArguments) -> Result<Vec<Input>, String> {
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
