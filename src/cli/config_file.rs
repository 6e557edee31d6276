//! Finds and reads `.edms-lint.yaml`, and shows what is wrong with it.

use crate::config::{self, Config, ConfigError, Vocabulary};
use crate::index::Role;
use crate::rule::Entry;
use crate::rules;
use crate::source::{Source, Sources};
use crate::suggest;
use crate::yaml;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file's name.
pub(super) const NAME: &str = ".edms-lint.yaml";

/// A configuration with the folder that its paths start from.
pub(super) struct Found {
    pub(super) config: Config,
    pub(super) folder: PathBuf,
}

/// The nearest configuration upwards from a folder, stopping at the root of the git repository; outside of
/// one, at the current directory.
pub(super) fn nearest(start: &Path, current: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    let is_inside_git = start.ancestors().any(|it| it.join(".git").exists());
    for folder in start.ancestors() {
        let file = folder.join(NAME);
        if file.is_file() {
            return Some(file);
        }
        let is_last =
            if is_inside_git { folder.join(".git").exists() } else { folder == current || !start.starts_with(current) };
        if is_last {
            return None;
        }
    }
    None
}

/// Reads a configuration file.
///
/// Errors come as text with snippets, ready to be shown.
pub(super) fn read(file: &Path) -> Result<Found, String> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?;
    let folder = file.parent().map(Path::to_owned).unwrap_or_default();
    let mut sources = Sources::default();
    let id = sources.add(Source::new(name, text.as_str()));
    let text = Arc::clone(sources.get(id).text());
    let length = text.len();
    let document = match yaml::parse(id, &text, 0..length) {
        Ok(Some(document)) if !document.root().is_null() => Arc::new(document),
        Ok(_) => return Ok(Found { config: Config::default(), folder }),
        Err(error) => {
            let error = ConfigError { message: error.message, span: error.span, help: None };
            return Err(show(&[error], &sources));
        }
    };
    let ids: Vec<&str> = rules::all().map(Entry::id).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|it| it.1).collect();
    let config =
        config::read(&document, &Vocabulary { rules: &ids, roles: &roles }).map_err(|it| show(&it, &sources))?;
    let errors = parameter_errors(&config);
    if errors.is_empty() { Ok(Found { config, folder }) } else { Err(show(&errors, &sources)) }
}

/// Parameters that their rules do not take.
fn parameter_errors(config: &Config) -> Vec<ConfigError> {
    let settings =
        config.rules.iter().filter_map(|(id, setting)| Some((rules::find(id)?, setting.parameters.as_ref()?)));
    settings.filter_map(|(rule, parameters)| rule.validate(parameters).err()).map(Into::into).collect()
}

/// Errors with their places and lines, one below the other.
fn show(errors: &[ConfigError], sources: &Sources) -> String {
    let mut text = String::new();
    for (at, error) in errors.iter().enumerate() {
        let source = sources.get(error.span.source);
        let place = source.line_column(error.span.start);
        let range = source.line_range(error.span.start);
        let line = crate::render::text::escape(&source.text()[range]).into_owned();
        let marks = source.slice(error.span).lines().next().unwrap_or_default().chars().count().max(1);
        let number = place.line.to_string();
        let indent = " ".repeat(number.len());
        if at > 0 {
            text.push('\n');
        }
        _ = writeln!(text, "{}:{}:{}: {}", source.name(), place.line, place.column, error.message);
        _ = writeln!(text, " {indent} |\n {number} | {line}");
        _ = write!(text, " {indent} | {}{}", " ".repeat(place.column - 1), "^".repeat(marks));
        if let Some(help) = &error.help {
            _ = write!(text, " {help}");
        }
    }
    text
}

/// Checks the words of `--select` and `--ignore`: rules or components.
pub(super) fn check_names(flag: &str, names: &[String]) -> Result<(), String> {
    for name in names {
        let mut known: Vec<&str> = rules::all().flat_map(|it| [it.id(), it.page().component.as_str()]).collect();
        known.sort_unstable();
        known.dedup();
        if !known.contains(&name.as_str()) {
            let hint = suggest::nearest(name, known.iter().copied())
                .map(|it| format!(": did you mean {it}?"))
                .unwrap_or_default();
            return Err(format!("{flag}: no rule or component {name:?}{hint}"));
        }
    }
    Ok(())
}
