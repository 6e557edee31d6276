//! Which documents are deployed together.

use super::Options;
use super::classify::DocumentKind;
use super::documents::ReadFile;
use super::files::{Directory, Origin};
use super::store::Store;
use crate::model::Environment;
use crate::source::Sources;

/// Puts the files together into environments, by name.
pub(super) fn form(
    _store: &Store,
    files: &[ReadFile],
    directories: &[Directory],
    _sources: &Sources,
    _options: &Options<'_>,
) -> Vec<Environment> {
    let mut environments = Vec::new();
    for (number, directory) in directories.iter().enumerate() {
        let mut environment = Environment {
            name: directory.name.clone(),
            reason: "a directory".to_owned(),
            is_directory: true,
            ..Environment::default()
        };
        for file in files.iter().filter(|it| it.origin == Origin::Directory(number)) {
            add_plain(&mut environment, file);
        }
        environments.push(environment);
    }
    environments.extend(of_named(files));
    environments
}

/// Files that were named one by one, and streams, are one environment.
fn of_named(files: &[ReadFile]) -> Option<Environment> {
    let named: Vec<&ReadFile> = files.iter().filter(|it| matches!(it.origin, Origin::Named | Origin::Stream)).collect();
    let [first, rest @ ..] = named.as_slice() else { return None };
    let is_list = first.documents.iter().any(|it| it.kind == DocumentKind::List);
    let mut environment = Environment {
        name: if rest.is_empty() { first.name.clone() } else { "files".to_owned() },
        reason: "named files".to_owned(),
        is_fragment: rest.is_empty() && files.len() == 1 && first.origin == Origin::Named && !is_list,
        ..Environment::default()
    };
    for file in named {
        add_plain(&mut environment, file);
    }
    Some(environment)
}

/// Adds a file as it stands.
fn add_plain(environment: &mut Environment, file: &ReadFile) {
    for item in file.items() {
        environment.objects.extend(item.content.clone());
        std::sync::Arc::make_mut(&mut environment.documents).push(crate::finding::DocumentFate {
            span: item.span,
            title: item.title.clone(),
            fate: item.fate(),
        });
    }
    environment.problems.extend(file.problems.iter().cloned());
}
