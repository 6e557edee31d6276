//! What roots of kustomizations come to, for those who compare it with what kustomize prints.

use super::kustomize::{self, Built, Graph};
use super::store::Store;
use super::{Input, LoadError, Options, documents, files};
use crate::config::Config;
use crate::source::Sources;
use crate::yaml::{NodeRef, json};
use std::collections::BTreeSet;
use std::path::Path;

/// A root of kustomizations, built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltRoot {
    /// Its folder, relative to the working directory where it lies below.
    pub root: String,
    /// What it deploys, or what kustomize refuses first.
    pub outcome: Result<BuiltObjects, String>,
}

/// The objects of a root, in the order in which the kustomizations bring them: kustomize's `sortOptions`
/// and its sorting by kind change nothing that is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuiltObjects {
    /// Each as one line of JSON.
    pub objects: Vec<String>,
    /// JSON pointers, beginning with the number of the object, to what is not known.
    pub unknown: Vec<String>,
}

/// Builds the roots of kustomizations in a folder, as a run over that folder finds them.
///
/// # Errors
/// When the folder, or a file in it, cannot be read.
pub fn built(folder: &Path) -> Result<Vec<BuiltRoot>, LoadError> {
    let working_dir =
        std::env::current_dir().map_err(|reason| LoadError::Unreadable { path: ".".to_owned(), reason })?;
    built_in(&Store::disk(), folder, &working_dir)
}

/// Builds the roots of kustomizations among texts, which are the files of one directory.
///
/// # Errors
/// When a text is larger than what is read of any file.
pub fn built_texts(texts: &[(&str, &str)]) -> Result<Vec<BuiltRoot>, LoadError> {
    let root = Path::new("/");
    built_in(&Store::of_texts(root, texts), root, root)
}

fn built_in(store: &Store, folder: &Path, working_dir: &Path) -> Result<Vec<BuiltRoot>, LoadError> {
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir };
    let mut collected = files::collect(store, &[Input::Path(folder.to_path_buf())], &options);
    kustomize::discover(store, &mut collected, working_dir);
    collected.read(store);
    if !collected.errors.is_empty() {
        return Err(collected.errors.swap_remove(0));
    }
    let mut sources = Sources::default();
    let files = documents::read(collected.files, &mut sources, None);
    let graph = Graph::new(store, &files);
    let root = |at: usize| {
        let file = &files[graph.kustomizations[at].file].name;
        let root = file.rsplit_once('/').map_or(".", |it| it.0).to_owned();
        BuiltRoot { root, outcome: outcome(graph.build(&sources, at)) }
    };
    Ok(graph.roots(&BTreeSet::new()).into_iter().map(root).collect())
}

fn outcome(built: Built) -> Result<BuiltObjects, String> {
    if let Some(refusal) = built.refusal {
        return Err(refusal);
    }
    let mut outcome = BuiltObjects::default();
    for object in &built.objects {
        let mut pointer = format!("/{}", outcome.objects.len());
        unknown(object.node(), &mut pointer, &mut outcome.unknown);
        outcome.objects.push(json::to_string(object.node()));
    }
    for object in &built.open {
        outcome.unknown.push(format!("/{}", outcome.objects.len()));
        outcome.objects.push(json::to_string(object.node()));
    }
    Ok(outcome)
}

/// Adds the pointers to what is unknown below a node.
fn unknown(node: NodeRef<'_>, pointer: &mut String, found: &mut Vec<String>) {
    let length = pointer.len();
    let mut step = |key: &str, child: NodeRef<'_>| {
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        unknown(child, pointer, found);
        pointer.truncate(length);
    };
    for entry in node.entries() {
        step(entry.name(), entry.value);
    }
    for (at, item) in node.items().enumerate() {
        step(&at.to_string(), item);
    }
    if node.as_str() == Some(kustomize::UNKNOWN) {
        found.push(pointer.clone());
    }
}
