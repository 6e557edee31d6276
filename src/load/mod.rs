//! From arguments to environments: the only reader of manifests.

#[cfg_attr(whole, expect(dead_code, reason = "for tests and an example"))]
mod built;
mod chart_folders;
mod classify;
mod companions;
mod copies;
mod documents;
mod dot_folders;
mod dump;
mod environments;
mod files;
mod foreign;
mod git_index;
mod gitignore;
mod gitops;
mod goal;
mod governed;
mod groups;
mod hidden;
mod inflate;
mod item;
mod kustomize;
mod kustomized;
mod lists;
mod made;
mod messages;
mod parses;
mod partial;
mod paths;
mod plain;
mod releases;
mod rendered;
mod secrets;
mod store;
mod template_folders;
mod templates;
mod text;
mod unrendered;
mod unseen;
mod walk;

use crate::config::Config;
use crate::finding::LeftOut;
use crate::model::Environment;
use crate::source::{Source, SourceId, Sources, Span};
pub use built::{BuiltObjects, BuiltRoot, built, built_texts};
pub use item::is_kustomization_name;
use made::Made;
pub use parses::Parses;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use store::Store;
use thiserror::Error;

pub use goal::{Goal, Rendering, Values};
pub use unrendered::Unrendered;

/// What the command line names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// A file, a directory, or a glob that the shell left alone.
    Path(PathBuf),
    /// A text that is already in memory, with the name to show: standard input, or an editor's buffer.
    Text {
        /// The name.
        name: String,
        /// What was read.
        bytes: Vec<u8>,
    },
    /// What Helm made of a chart.
    Rendered {
        /// The name.
        name: String,
        /// What becomes of it.
        goal: Goal,
        /// The chart's folder.
        chart: PathBuf,
        /// What Helm made.
        bytes: Vec<u8>,
    },
}

/// How the name of standard input is shown when nothing else is said.
pub const STDIN: &str = "<stdin>";

impl Input {
    /// Standard input, read to its end, or to the first byte above the size that is read of any file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn stdin(name: Option<&str>) -> Result<Input, LoadError> {
        let name = name.unwrap_or(STDIN).to_owned();
        match text::read_bounded(std::io::stdin().lock()) {
            Ok(bytes) => Ok(Input::Text { name, bytes }),
            Err(reason) => Err(LoadError::Unreadable { path: name, reason }),
        }
    }
}

/// What decides how the input is read, besides the input itself.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Exclusions and named environments.
    pub config: &'a Config,
    /// The folder of the configuration file; its paths are relative to it. Without one: `working_dir`.
    pub config_dir: Option<&'a Path>,
    /// The folder that arguments and shown names are relative to.
    pub working_dir: &'a Path,
}

impl Options<'_> {
    /// The sources that globs and folders of the configuration name.
    pub fn files_of(&self, patterns: &[String], sources: &Sources) -> BTreeSet<SourceId> {
        let folder = paths::normalize(self.working_dir, self.config_dir.unwrap_or(self.working_dir));
        let patterns = paths::Patterns::new(&folder, patterns, &mut Vec::new());
        let is_named = |it: &Source| patterns.matches(&paths::normalize(self.working_dir, Path::new(it.name())));
        sources.iter().filter(|(_, it)| is_named(it)).map(|(id, _)| id).collect()
    }
}

/// A path as findings show it: relative where it lies below the working directory or beside it.
pub fn shown_name(working_dir: &Path, path: &Path) -> String {
    paths::display(working_dir, &paths::normalize(working_dir, path))
}

/// Why the input as named cannot be read. What is wrong inside a manifest is a problem of its environment.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A named path is not there.
    #[error("{path}: no such file or directory")]
    NotFound {
        /// As it was named.
        path: String,
    },
    /// A glob matches no file.
    #[error("{pattern}: no file matches")]
    NoMatch {
        /// As it was named.
        pattern: String,
    },
    /// A file or folder is there, but may not be read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// As it is shown.
        path: String,
        /// Why.
        reason: std::io::Error,
    },
    /// A chart could not be rendered.
    #[error("{name}: {reason}")]
    NotRendered {
        /// The rendering's name.
        name: String,
        /// Why.
        reason: String,
    },
    /// Nothing came through a pipe.
    #[error("{name} is empty, so nothing was checked: run the command before the pipe on its own")]
    EmptyStream {
        /// The stream's name.
        name: String,
    },
    /// What came through a pipe is something that a program says to people.
    #[error("{name} holds no manifests but {what}: {advice}")]
    NoManifests {
        /// The stream's name.
        name: String,
        /// What it holds.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// A glob, on the command line or in the configuration, is not one.
    #[error("{pattern}: not a valid glob: {reason}")]
    BadGlob {
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
}

impl LoadError {
    /// Whether something came through a pipe, and is no manifest.
    pub fn is_of_stream(&self) -> bool {
        matches!(self, LoadError::EmptyStream { .. } | LoadError::NoManifests { .. })
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The texts, those given first, then files in the order of their names.
    pub sources: Sources,
    /// The environments, by name. Every file that was read is in at least one.
    pub environments: Vec<Environment>,
    /// What could not be read, in order. Everything else was.
    pub errors: Vec<LoadError>,
    /// How many files and streams there were.
    pub files: usize,
    /// Charts that somebody has to render, by folder.
    pub unrendered: Vec<Unrendered>,
    /// What Helm can render for the run, by name.
    pub renderings: Vec<Rendering>,
    /// Files that were found and not read, by reason.
    pub left_out: Vec<LeftOut>,
    /// What the files were parsed to, for whoever edits them and reads them again.
    pub parses: Parses,
}

/// Reads the input into environments.
///
/// `sources` may already hold texts, such as the configuration; new ones are added behind them. The result
/// does not depend on the order of the input.
pub fn load(input: &[Input], sources: Sources, options: &Options<'_>) -> Loaded {
    run(&Store::disk(), input, sources, options, None)
}

/// The same, as if some files had other texts, or were there; by their paths without links. What stands as it stood when
/// it was parsed is not parsed again.
pub fn load_edited(
    input: &[Input],
    sources: Sources,
    options: &Options<'_>,
    texts: &BTreeMap<PathBuf, String>,
    parses: Parses,
) -> Loaded {
    // Without edits no path has to be resolved before its file is read.
    let store = if texts.is_empty() { Store::disk() } else { Store::Edited(texts.clone()) };
    run(&store, input, sources, options, Some(parses))
}

/// Reads texts as the files of one directory: nothing outside of them exists.
#[cfg_attr(whole, expect(dead_code, reason = "for tests"))]
pub fn from_texts(texts: &[(&str, &str)]) -> Loaded {
    let root = Path::new("/");
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir: root };
    let store = Store::of_texts(root, texts);
    run(&store, &[Input::Path(root.to_path_buf())], Sources::default(), &options, None)
}

fn run(store: &Store, input: &[Input], sources: Sources, options: &Options<'_>, mut parses: Option<Parses>) -> Loaded {
    let mut collected = files::collect(store, input, options);
    kustomize::discover(store, &mut collected, options.working_dir);
    let left_out = collected.left_out(&paths::normalize(Path::new("/"), options.working_dir));
    collected.read(store);
    let mut loaded = Loaded { sources, left_out, errors: std::mem::take(&mut collected.errors), ..Loaded::default() };
    loaded.files = collected.files.len();
    let mut files = documents::read(collected.files, &mut loaded.sources, parses.as_mut());
    loaded.parses = parses.unwrap_or_default();
    template_folders::spread(&mut files);
    let made = Made::of(input);
    rendered::find_templates(store, &files, &made, &mut loaded.sources, options);
    loaded.unrendered = unrendered::find(store, &files, &paths::normalize(Path::new("/"), options.working_dir));
    loaded.errors.extend(files.iter().filter_map(|it| it.stream_error(&loaded.sources)));
    let secrets: Vec<Span> = files.iter().flat_map(secrets::values).collect();
    loaded.sources.hide(&secrets);
    let dumps = dump::set_apart(&mut files, &collected.directories);
    loaded.environments = environments::form(store, &files, &collected.directories, &loaded.sources, options);
    if !dumps.is_empty() {
        // Where the dump was all, nothing is left of the folder that it lies in.
        loaded.environments.retain(|it| !it.documents.is_empty() || !it.problems.is_empty());
    }
    loaded.environments.extend(dumps);
    for environment in &mut loaded.environments {
        dump::settle(environment, &loaded.sources);
    }
    loaded.environments.sort_by(|one, other| one.name.cmp(&other.name));
    loaded.renderings = inflate::find(store, &files, &loaded.unrendered, &loaded.environments, options);
    let rendered = made.settle(&mut loaded, options);
    loaded.environments.iter_mut().for_each(Environment::number);
    unseen::fill(&mut loaded.environments, &files, &loaded.unrendered, &rendered, &loaded.sources);
    loaded.errors.sort_by_cached_key(ToString::to_string);
    loaded
}
