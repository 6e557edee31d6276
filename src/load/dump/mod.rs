//! Dumps of a cluster: objects as it holds them, told from manifests and read as the system that made them.

mod copies;
mod defaults;
mod items;
mod made;
mod marker;
mod tables;
mod unseen;

pub(super) use defaults::strip;
pub(super) use items::{Cut, cut};

use super::documents::ReadFile;
use super::files::{Directory, Origin};
use super::governed::Governed;
use super::item::Item;
use super::item::account;
use crate::finding::DocumentStatus;
use crate::model::{Environment, Object, Provenance, is_live};
use crate::source::{SourceId, Sources, Span};
use marker::Marker;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// So many kinds or namespaces are named in a summary.
const NAMED: usize = 12;

/// Takes live objects out of the files that no kustomization governs: those of one folder, and those of what was
/// named one by one, are an environment.
pub(super) fn set_apart(files: &mut Vec<ReadFile>, directories: &[Directory]) -> Vec<Environment> {
    let governed = Governed::of(files.iter().map(|it| it.path.as_path()));
    let is_plain = |it: &ReadFile| !governed.holds(&it.path, it.origin);
    let is_holder = |at: &usize| is_plain(&files[*at]) && holds_live(&files[*at]);
    let holders: Vec<usize> = (0..files.len()).into_par_iter().filter(is_holder).collect();
    let mut dumps: BTreeMap<Option<usize>, Apart> = BTreeMap::new();
    for at in &holders {
        let place = if let Origin::Directory(number) = files[*at].origin { Some(number) } else { None };
        dumps.entry(place).or_default().take(&mut files[*at]);
    }
    let mut emptied: BTreeSet<usize> = holders.into_iter().collect();
    emptied.retain(|at| files[*at].items().next().is_none());
    let mut at = 0..;
    files.retain(|_| at.next().is_some_and(|it| !emptied.contains(&it)));
    let names: BTreeSet<&str> = files.iter().map(|it| it.name.as_str()).collect();
    let folders: BTreeSet<usize> = files
        .iter()
        .filter_map(|it| if let Origin::Directory(number) = it.origin { Some(number) } else { None })
        .collect();
    let has_written = files.iter().flat_map(ReadFile::items).any(|it| it.content.is_ok());
    let environments = dumps.into_iter().map(|(place, apart)| {
        let (whole, is_shared) = match place {
            Some(number) => (directories[number].name.as_str(), folders.contains(&number)),
            None => ("files", files.iter().any(|it| matches!(it.origin, Origin::Named | Origin::Stream))),
        };
        let name = match apart.names.as_slice() {
            [only] if !names.contains(only.as_str()) => only.clone(),
            _ if is_shared => format!("{whole} (dump)"),
            _ => whole.to_owned(),
        };
        apart.into_environment(name, has_written)
    });
    environments.collect()
}

fn live(item: &Item) -> Option<&Object> {
    item.content.as_ref().ok().filter(|it| is_live(it.node()))
}

fn holds_live(file: &ReadFile) -> bool {
    file.items().any(|it| live(it).is_some())
}

/// The live objects of some files on their way into an environment.
#[derive(Default)]
struct Apart {
    names: Vec<String>,
    environment: Environment,
}

impl Apart {
    /// Takes the live objects of a file, and what is no object in it: that covers the dump.
    fn take(&mut self, file: &mut ReadFile) {
        self.names.push(file.name.clone());
        self.environment.problems.append(&mut file.problems);
        let fates = Arc::make_mut(&mut self.environment.documents);
        for document in &mut file.documents {
            let items = std::mem::take(&mut document.items);
            for item in items {
                if item.content.is_ok() && live(&item).is_none() {
                    document.items.push(item);
                    continue;
                }
                fates.push(account(&item));
                self.environment.objects.extend(item.content.ok());
            }
        }
    }

    fn into_environment(self, name: String, has_written: bool) -> Environment {
        let mut environment = Environment { name, is_directory: true, ..self.environment };
        if has_written {
            let remark = "the manifests of this run are apart from the objects of the cluster";
            environment.remarks.push(remark.to_owned());
        }
        environment
    }
}

/// Reads an environment that holds live objects as the dump of a cluster.
pub(super) fn settle(environment: &mut Environment, sources: &Sources) {
    if !environment.objects.par_iter().any(|it| !it.is_governed && is_live(it.node())) {
        marker::tell_ignored(environment, sources);
        return;
    }
    (environment.is_fragment, environment.is_directory) = (false, true);
    for object in &mut environment.objects {
        object.provenance = Provenance::Cluster;
    }
    // A cluster has no first object: what is said of one of many is said of the same one in every dump.
    environment.objects.sort_by(|one, other| one.identity().key().cmp(&other.identity().key()));
    let mut fates = copies::drop_older(environment);
    let made = made::makers(&environment.objects);
    for (object, maker) in environment.objects.iter_mut().zip(made) {
        let Some(maker) = maker else { continue };
        object.provenance = Provenance::Controller;
        fates.insert(object.node().first_line(), format!("made by {maker}"));
    }
    account_for(environment, &fates);
    let marker = Marker::of(environment, sources);
    environment.reason = reason(environment, marker.as_ref());
    let unseen = unseen::find(environment, marker.as_ref());
    environment.unseen.extend(unseen);
    Arc::make_mut(&mut environment.documents).sort_unstable();
}

/// Says of these documents that they are not judged, and why.
fn account_for(environment: &mut Environment, reasons: &HashMap<Span, String>) {
    for document in Arc::make_mut(&mut environment.documents) {
        if let Some(reason) = reasons.get(&document.span) {
            document.fate = DocumentStatus::Skipped(reason.clone());
        }
    }
}

/// `a dump of namespaces a, b (kinds: …)`.
fn reason(environment: &Environment, marker: Option<&Marker>) -> String {
    let objects = &environment.objects;
    let namespaces: BTreeSet<&str> = objects.iter().filter_map(Object::namespace).collect();
    let kinds: BTreeSet<&str> = objects.iter().map(Object::kind).collect();
    let place = match namespaces.len() {
        0 => "what belongs to the whole cluster".to_owned(),
        1 => format!("namespace {}", listed(&namespaces)),
        _ => format!("namespaces {}", listed(&namespaces)),
    };
    let complete = if marker.is_some() { "complete " } else { "" };
    format!("a {complete}dump of {place} (kinds: {})", listed(&kinds))
}

fn listed(names: &BTreeSet<&str>) -> String {
    let mut named: Vec<&str> = names.iter().take(NAMED).copied().collect();
    let more = format!("{} more", names.len().saturating_sub(NAMED));
    if names.len() > NAMED {
        named.push(&more);
    }
    named.join(", ")
}

/// The sources of an environment's objects.
fn sources_of(environment: &Environment) -> BTreeSet<SourceId> {
    environment.documents.iter().map(|it| it.span.source).collect()
}
