//! Finds and reads `.edms-lint.yaml`, and shows what is wrong with it.

use crate::config::baseline::Baseline;
use crate::config::{self, Config, ConfigError, Vocabulary};
use crate::index::Role;
use crate::render::Look;
use crate::render::pretty::{self, Mistake};
use crate::rule::Entry;
use crate::rules;
use crate::source::{Source, Sources, Span};
use crate::suggest;
use crate::yaml;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file's name.
pub(super) const NAME: &str = ".edms-lint.yaml";

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

/// Reads a configuration file, which becomes a source of the run: findings point into it.
///
/// Errors come as text with snippets, ready to be shown.
pub(super) fn read(file: &Path, sources: &mut Sources, look: Look) -> Result<Config, String> {
    let name = file.display().to_string();
    let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))?;
    let id = sources.add(Source::new(name, text.as_str()));
    let text = Arc::clone(sources.get(id).text());
    let length = text.len();
    let document = match yaml::parse(id, &text, 0..length) {
        Ok(Some(document)) if !document.root().is_null() => Arc::new(document),
        Ok(_) => return Ok(Config::default()),
        Err(error) => {
            let error = ConfigError { message: error.message, span: error.span, help: None };
            return Err(show(&[error], sources, look));
        }
    };
    let ids: Vec<&str> = rules::all().map(Entry::id).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|it| it.1).collect();
    let (config, mut errors) = config::read_all(&document, &Vocabulary { rules: &ids, roles: &roles });
    errors.extend(parameter_errors(&config));
    if errors.is_empty() {
        return Ok(config);
    }
    errors.sort_by_key(|it| (it.span.start, it.span.end));
    Err(show(&errors, sources, look))
}

/// Parameters that their rules do not take.
fn parameter_errors(config: &Config) -> Vec<ConfigError> {
    let own = config.environments.iter().map(|it| &it.overrides.rules);
    let settings = std::iter::once(&config.rules).chain(own).flatten();
    let settings = settings.filter_map(|(id, setting)| Some((rules::find(id)?, setting.parameters.as_ref()?)));
    settings.filter_map(|(rule, parameters)| rule.validate(parameters).err()).map(Into::into).collect()
}

/// Errors with their places and lines, one below the other.
fn show(errors: &[ConfigError], sources: &Sources, look: Look) -> String {
    let mistake = |it: &'_ ConfigError| (it.message.clone(), it.span, it.help.clone());
    let owned: Vec<_> = errors.iter().map(mistake).collect();
    let mistakes: Vec<Mistake<'_>> =
        owned.iter().map(|(message, span, help)| Mistake { message, span: *span, help: help.as_deref() }).collect();
    let count = crate::render::text::count(errors.len(), "mistake");
    format!("{count} in the configuration\n\n{}", pretty::mistakes(&mistakes, sources, look))
}

/// Reads a baseline, which becomes a source of the run.
pub(super) fn read_baseline(file: &Path, sources: &mut Sources, look: Look) -> Result<Baseline, String> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let id = sources.add(Source::new(name, text.as_str()));
    Baseline::read(id, sources.get(id)).map_err(|wrong| {
        let help = Some("`--write-baseline` writes a new one");
        let mistake = |span: &Span| Mistake { message: "this is no entry of a baseline", span: *span, help };
        let mistakes: Vec<Mistake<'_>> = wrong.iter().map(mistake).collect();
        format!("the baseline cannot be read\n\n{}", pretty::mistakes(&mistakes, sources, look))
    })
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
