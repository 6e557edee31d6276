//! Which documents are deployed together.

use super::Options;
use super::companions;
use super::copies;
use super::documents::ReadFile;
use super::files::{Directory, Origin};
use super::gitops;
use super::groups::{self, Entry};
use super::item::DocumentKind;
use super::kustomize::Graph;
use super::kustomized::Kustomized;
use super::made::UNRENDERED;
use super::paths::{Patterns, normalize, shown_above};
use super::plain::add_plain;
use super::store::Store;
use crate::config::EnvironmentSetting;
use crate::model::{Environment, WorkloadKind, is_built_in, products};
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Puts the files together into environments, by name.
pub(super) fn form(
    store: &Store,
    files: &[ReadFile],
    directories: &[Directory],
    sources: &Sources,
    options: &Options<'_>,
) -> Vec<Environment> {
    let settings = configured_files(files, options);
    let configured: BTreeSet<usize> = settings.iter().flatten().copied().collect();
    let mut graph = Graph::new(store, files);
    let gitops = gitops::find(&mut graph, store, sources, &configured);
    let kustomized = Kustomized::new(&graph, sources, gitops);
    let mut environments: Vec<Environment> = Vec::new();
    let named = options.config.environments.iter().zip(&settings);
    // Without paths an entry only says what holds in an environment that is found.
    for (setting, own) in named.filter(|it| !it.0.paths.is_empty()) {
        let reason = "the configuration names it".to_owned();
        let environment =
            Environment { name: setting.name.clone(), reason, is_directory: true, ..Environment::default() };
        environments.extend(kustomized.fill(environment, own, files));
    }
    let before = environments.len();
    environments.extend(kustomized.environments(&configured));
    let roots = before..environments.len();
    let is_plain = |at: &usize| !configured.contains(at) && !kustomized.governs(*at);
    let in_folders: Vec<usize> =
        (0..files.len()).filter(|at| matches!(files[*at].origin, Origin::Directory(_)) && is_plain(at)).collect();
    let copied = copies::find(files, &in_folders, &kustomized.wholes());
    for (number, directory) in directories.iter().enumerate() {
        let is_own = |at: &usize| files[*at].origin == Origin::Directory(number) && !copied.contains_key(at);
        let own = in_folders.iter().copied().filter(is_own);
        let own: Vec<&ReadFile> = own.map(|at| &files[at]).collect();
        let has_other = !environments.is_empty();
        let formed = of_directory(directory, &own, &kustomized).into_iter();
        environments.extend(formed.filter(|it| !has_other || !it.documents.is_empty()));
    }
    companions::join(&mut environments, roots, sources);
    gitops::fill(&mut environments, files, store, kustomized.own());
    copies::account_for(&copied, files, &mut environments);
    let named: Vec<&ReadFile> = (0..files.len()).filter(is_plain).map(|at| &files[at]).collect();
    environments.extend(of_named(&named, files.len()));
    environments.extend(named.iter().filter(|it| it.origin == Origin::Rendered).map(|it| of_rendered(it)));
    for environment in &mut environments {
        environment.objects.shrink_to_fit();
        let documents = std::sync::Arc::make_mut(&mut environment.documents);
        documents.shrink_to_fit();
        documents.sort_unstable();
        environment.unseen.sort_unstable();
        environment.unseen.dedup();
    }
    environments.sort_by(|one, other| one.name.cmp(&other.name));
    name_apart(&mut environments);
    environments
}

/// Gives the second and further environments of a name, such as what a cluster leaves in its folder, names of
/// their own.
fn name_apart(environments: &mut [Environment]) {
    let mut known: BTreeSet<String> = environments.iter().map(|it| it.name.clone()).collect();
    let mut before: Option<String> = None;
    for environment in environments {
        let name = environment.name.clone();
        if before.as_ref() == Some(&name) {
            let mut number = 2;
            while !known.insert(format!("{name} ({number})")) {
                number += 1;
            }
            environment.name = format!("{name} ({number})");
        }
        before = Some(name);
    }
}

/// The files of each environment that the configuration names.
fn configured_files(files: &[ReadFile], options: &Options<'_>) -> Vec<BTreeSet<usize>> {
    let folder = normalize(options.working_dir, options.config_dir.unwrap_or(options.working_dir));
    let of = |setting: &EnvironmentSetting| {
        let patterns = Patterns::new(&folder, &setting.paths, &mut Vec::new());
        (0..files.len()).filter(|at| patterns.matches(&files[*at].path)).collect()
    };
    options.config.environments.iter().map(of).collect()
}

/// The charts of a directory, each by itself, and the groups of what else is there.
fn of_directory(directory: &Directory, files: &[&ReadFile], kustomized: &Kustomized<'_>) -> Vec<Environment> {
    let charts: BTreeSet<&str> = files
        .iter()
        .filter(|it| it.file_name() == "Chart.yaml")
        .filter_map(|it| it.name.strip_suffix("Chart.yaml"))
        .collect();
    // The outermost counts.
    let chart_of = |file: &ReadFile| {
        let folders = file.name.match_indices('/').map(|(at, _)| &file.name[..=at]);
        std::iter::once("").chain(folders).find_map(|it| charts.get(it).copied())
    };
    let mut environments: BTreeMap<String, Environment> = BTreeMap::new();
    let mut plain: Vec<&ReadFile> = Vec::new();
    for file in files {
        let Some(chart) = chart_of(file) else {
            plain.push(file);
            continue;
        };
        let name = if chart.is_empty() { directory.name.clone() } else { chart.trim_end_matches('/').to_owned() };
        let environment = environments.entry(name.clone()).or_insert_with(|| Environment {
            name,
            reason: UNRENDERED.to_owned(),
            is_directory: true,
            ..Environment::default()
        });
        add_plain(environment, file);
    }
    for environment in environments.values_mut() {
        environment.objects.iter_mut().for_each(|it| it.is_governed = true);
    }
    // What Flux and Argo CD leave in their repository has nothing to do with what lies beside it.
    let mut left: BTreeMap<Option<&Path>, Vec<&ReadFile>> = BTreeMap::new();
    for file in plain {
        left.entry(kustomized.unreached_in(&file.real)).or_default().push(file);
    }
    left.entry(None).or_default();
    let is_alone = environments.is_empty();
    let mut formed: Vec<Environment> = left
        .into_iter()
        .flat_map(|(folder, files)| of_plain(directory, folder, &files, kustomized))
        .filter(|it| is_alone || !it.documents.is_empty())
        .collect();
    formed.extend(environments.into_values());
    formed
}

/// The groups of plain files, all of which may be in a folder.
fn of_plain(
    directory: &Directory,
    folder: Option<&Path>,
    files: &[&ReadFile],
    kustomized: &Kustomized<'_>,
) -> Vec<Environment> {
    let shown = folder.zip(files.first()).map(|it| shown_above(it.0, &it.1.real, &it.1.name));
    let whole = shown.unwrap_or_else(|| directory.name.clone());
    let prefix = if directory.name == "." { String::new() } else { format!("{}/", directory.name) };
    let groups = groups::group(&files.par_iter().map(|it| entry(it, &prefix)).collect::<Vec<Entry>>());
    let form = |group: groups::Group| {
        let name = if group.name.is_empty() { whole.clone() } else { format!("{prefix}{}", group.name) };
        let (reason, remarks) = (group.reason, group.remarks);
        let mut environment = Environment { name, reason, remarks, is_directory: true, ..Environment::default() };
        for at in &group.files {
            add_plain(&mut environment, files[*at]);
        }
        let first = group.files.iter().map(|at| files[*at]).find(|it| it.items().any(|it| it.content.is_ok()));
        if let Some(first) = first {
            kustomized.tell_unreached(&first.real, &mut environment);
        }
        environment
    };
    groups.into_iter().map(form).collect()
}

/// A file as grouping sees it.
fn entry(file: &ReadFile, prefix: &str) -> Entry {
    let mut entry = Entry { path: file.name.strip_prefix(prefix).unwrap_or(&file.name).to_owned(), ..Entry::default() };
    for object in file.items().filter_map(|it| it.plain_object()) {
        let is_workload = WorkloadKind::of(object).is_some();
        if !is_workload && is_built_in(object.group()) {
            continue;
        }
        let identity = (object.group().to_owned(), object.kind().to_owned(), object.name().to_owned());
        if is_workload || ROOTS.iter().chain(products::POSTGRES_KINDS).any(|it| object.is(it.0, it.1)) {
            let namespace = object.namespace().unwrap_or_default().to_owned();
            entry.placed.push((identity.clone(), namespace));
            entry.roots.push(identity.clone());
        }
        entry.comparable.push(identity);
    }
    for identities in [&mut entry.roots, &mut entry.comparable] {
        identities.sort_unstable();
        identities.dedup();
        identities.shrink_to_fit();
    }
    entry
}

/// Custom resources, besides databases, of which a folder holds one, or alternatives.
const ROOTS: &[(&str, &str)] = &[
    (products::STRIMZI, "Kafka"),
    (products::STRIMZI, "KafkaConnect"),
    (products::STRIMZI, "KafkaMirrorMaker"),
    (products::STRIMZI, "KafkaMirrorMaker2"),
    (products::STRIMZI, "KafkaBridge"),
];

/// What Helm made of a chart.
fn of_rendered(file: &ReadFile) -> Environment {
    let (name, reason) = (file.name.clone(), "a chart, as helm renders it".to_owned());
    let mut environment = Environment { name, reason, ..Environment::default() };
    add_plain(&mut environment, file);
    environment
}

/// Files that were named one by one, and streams, are one environment.
fn of_named(files: &[&ReadFile], all: usize) -> Option<Environment> {
    let named = files.iter().copied().filter(|it| matches!(it.origin, Origin::Named | Origin::Stream));
    let named: Vec<&ReadFile> = named.collect();
    let [first, rest @ ..] = named.as_slice() else { return None };
    let is_list = first.documents.iter().any(|it| it.kind == DocumentKind::List);
    let streams = named.iter().filter(|it| it.origin == Origin::Stream).count();
    let reason = match (streams, named.len()) {
        (0, 1) => "a named file",
        (0, _) => "named files",
        (1, 1) => "what was piped in",
        _ => "named files and what was piped in",
    };
    let mut environment = Environment {
        name: if rest.is_empty() { first.name.clone() } else { "files".to_owned() },
        reason: reason.to_owned(),
        is_fragment: rest.is_empty() && all == 1 && first.origin == Origin::Named && !is_list,
        ..Environment::default()
    };
    for file in named {
        add_plain(&mut environment, file);
    }
    Some(environment)
}
