//! Finds and reads `.edms-lint.yaml`, and shows what is wrong with it.

use crate::config::baseline::Baseline;
use crate::config::{self, Config, ConfigError, Vocabulary};
use crate::index::Role;
use crate::render::Look;
use crate::render::pretty::{self, Mistake};
use crate::rules;
use crate::source::{Source, Sources, Span};
use crate::suggest;
use crate::yaml;
use rapidfuzz::distance::osa;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Texts by the names of their files.
pub(super) type Texts = BTreeMap<String, String>;

/// The file's name.
pub(super) const NAME: &str = ".edms-lint.yaml";

/// What the search for a configuration finds.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// The configuration.
    pub(super) file: Option<PathBuf>,
    /// Files on the way whose names are only near: somebody believes that they are read.
    pub(super) strangers: Vec<PathBuf>,
}

/// The nearest configuration upwards from a folder, stopping at the root of the git repository; outside of
/// one, at the current directory.
pub(super) fn nearest(start: &Path, current: &Path) -> Nearest {
    let mut nearest = Nearest::default();
    let Ok(start) = std::path::absolute(start) else { return nearest };
    let is_inside_git = start.ancestors().any(|it| it.join(".git").exists());
    for folder in start.ancestors() {
        nearest.strangers.extend(strangers(folder));
        let file = folder.join(NAME);
        if file.is_file() {
            nearest.file = Some(file);
            break;
        }
        let is_last =
            if is_inside_git { folder.join(".git").exists() } else { folder == current || !start.starts_with(current) };
        if is_last {
            break;
        }
    }
    nearest
}

/// The files of a folder whose names are near to that of the configuration, in order.
fn strangers(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_near = |it: &std::fs::DirEntry| it.file_name().to_str().is_some_and(is_near) && it.path().is_file();
    let mut found: Vec<PathBuf> = entries.filter(is_near).map(|it| it.path()).collect();
    found.sort();
    found
}

/// Whether a file's name is meant as that of the configuration: another ending, no dot, a slip. Reports are called
/// `edms-lint.json`, and baselines `.edms-lint-baseline`.
fn is_near(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').filter(|it| !it.0.is_empty()).unwrap_or((name, ""));
    let is_hidden = name.starts_with('.');
    let ending_fits = match ending.to_ascii_lowercase().as_str() {
        "yaml" | "yml" | "toml" => true,
        "" | "json" => is_hidden,
        _ => false,
    };
    let plain = || stem.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    name != NAME && ending_fits && osa::distance(plain().chars(), "edmslint".chars()) <= 1
}

/// Reads a configuration file, which becomes a source of the run: findings point into it.
///
/// Errors come as text with snippets, ready to be shown. A file of `edited`, by its name, has this text.
pub(super) fn read(file: &Path, sources: &mut Sources, look: Look, edited: &Texts) -> Result<Config, String> {
    let name = file.display().to_string();
    let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
    let bytes = || std::fs::read(file).map_err(|error| format!("cannot read {name}: {error}"));
    let text = match edited.get(&name) {
        Some(text) => text.clone(),
        None => String::from_utf8(bytes()?).map_err(|_| format!("{name} is not UTF-8"))?,
    };
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
    let ids: Vec<&str> = rules::all().map(|it| it.id().as_str()).collect();
    let roles: Vec<&str> = Role::ALL.iter().map(|it| it.1).collect();
    let (config, mut errors) = config::read(&document, &Vocabulary { rules: &ids, roles: &roles });
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
    let settings = std::iter::once(&config.rules).chain(own).flat_map(|it| it.iter());
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
        let mut known: Vec<&str> = rules::all().flat_map(|it| [it.id().as_str(), it.component()]).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_meant_as_the_configuration_are_told_from_others() {
        for name in [
            ".edms-lint.yml",
            ".edms-lint.toml",
            ".edms-lint.json",
            ".edms-lint",
            "edms-lint.yaml",
            "edms-lint.yml",
            ".edms_lint.yaml",
            ".edmslint.yaml",
            ".edms-lnit.yaml",
            ".edms-lint.YAML",
        ] {
            assert!(is_near(name), "{name}");
        }
        for name in
            [NAME, ".edms-lint-baseline", "edms-lint.json", "edms-lint.sarif", "edms-lint", "edms.yaml", ".yaml"]
        {
            assert!(!is_near(name), "{name}");
        }
    }
}
