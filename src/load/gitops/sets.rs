//! Argo CD's `ApplicationSet`: the Applications that its list, git and matrix generators make of this repository.
//!
//! Facts: `argoproj/argo-cd`, `applicationset/generators/{list,git,matrix}.go`.

use super::argo;
use super::catalog::{Catalog, Place};
use super::template::{Parameters, fill};
use crate::model::Object;
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use globset::{GlobBuilder, GlobMatcher};
use std::path::Path;
use std::sync::Arc;

/// No set makes more Applications than this.
const MAX_APPLICATIONS: usize = 5_000;
/// How deep values of a file are looked into.
const MAX_DEPTH: usize = 8;

/// What a set comes to.
#[derive(Debug, Default)]
pub(super) struct Expanded {
    pub(super) applications: Vec<Object>,
    /// What of it is not followed, with the place.
    pub(super) unseen: Vec<(Span, String)>,
    /// The folders that its template begins with: something unseen deploys them, or folders in them.
    pub(super) folders: Vec<String>,
}

/// A set as it is read.
struct Set<'s, 'a> {
    catalog: &'s Catalog<'a>,
    file: usize,
    is_go: bool,
    unseen: Vec<(Span, String)>,
}

/// The Applications that a set makes.
pub(super) fn expand(object: &Object, file: usize, catalog: &Catalog<'_>) -> Expanded {
    let mut expanded = Expanded::default();
    let Some(spec) = object.node().get("spec") else { return expanded };
    let is_go = spec.bool_at(&["goTemplate"]) == Some(true);
    let mut set = Set { catalog, file, is_go, unseen: Vec::new() };
    for generator in spec.items_at(&["generators"]) {
        let made = set.generate(generator, 0);
        // A template beside the generator overrides fields of the common one.
        let own = generator.entries().find_map(|it| it.value.get("template"));
        for parameters in made {
            if expanded.applications.len() >= MAX_APPLICATIONS {
                let words = format!("makes more than {MAX_APPLICATIONS} Applications; the rest is not read");
                set.unseen.push((generator.first_line(), words));
                break;
            }
            expanded.applications.extend(application(object, spec, own, &parameters, is_go));
        }
    }
    set.unseen.sort();
    set.unseen.dedup();
    if !set.unseen.is_empty() {
        expanded.folders = folders(spec);
    }
    expanded.unseen = set.unseen;
    expanded
}

/// The paths of a template up to what differs.
fn folders(spec: NodeRef<'_>) -> Vec<String> {
    let Some(template) = spec.at(&["template", "spec"]) else { return Vec::new() };
    let sources = template.get("source").into_iter().chain(template.items_at(&["sources"]));
    let paths = sources.filter_map(|it| it.str_at(&["path"]));
    let known = |path: &str| match path.split_once("{{") {
        Some((before, _)) => before.rsplit_once('/').map(|it| it.0.to_owned()),
        None => Some(path.to_owned()),
    };
    paths.filter_map(known).collect()
}

/// The namespace that all Applications of a set deploy to.
pub(super) fn namespace(object: &Object) -> Option<TreeEntry> {
    let destination = object.node().at(&["spec", "template", "spec", "destination"])?;
    let namespace = TreeEntry::of(destination.entry("namespace")?)?.into_text();
    Some(namespace).filter(|it| it.value.scalar().is_some_and(|it| !it.is_empty() && !it.contains("{{")))
}

impl Set<'_, '_> {
    /// The parameters that a generator comes to.
    fn generate(&mut self, generator: NodeRef<'_>, depth: usize) -> Vec<Parameters> {
        let mut found = Vec::new();
        for entry in generator.entries() {
            match entry.name() {
                "list" => found.extend(entry.value.items_at(&["elements"]).map(|it| self.flat(it))),
                "git" => found.extend(self.git(entry.value)),
                "matrix" if depth == 0 => found.extend(self.matrix(entry.value)),
                "selector" => self.unseen.push((entry.line_span(), "has a selector that is not heeded".to_owned())),
                other => {
                    let words = format!("has a generator `{other}`, whose Applications no file shows");
                    self.unseen.push((entry.line_span(), words));
                }
            }
        }
        found
    }

    fn flat(&self, node: NodeRef<'_>) -> Parameters {
        let mut parameters = Parameters::new();
        flatten(node, "", 0, &mut parameters);
        parameters
    }

    /// Each of the first with each of the second.
    fn matrix(&mut self, matrix: NodeRef<'_>) -> Vec<Parameters> {
        let mut all = vec![Parameters::new()];
        for generator in matrix.items_at(&["generators"]) {
            let made = self.generate(generator, 1);
            let mut next = Vec::new();
            for one in &all {
                for other in &made {
                    if next.len() > MAX_APPLICATIONS {
                        break;
                    }
                    let mut both = one.clone();
                    both.extend(other.iter().map(|it| (it.0.clone(), it.1.clone())));
                    next.push(both);
                }
            }
            all = next;
        }
        all
    }

    fn git(&mut self, git: NodeRef<'_>) -> Vec<Parameters> {
        let mut found = Vec::new();
        let Place::Folder(root, _) = self.catalog.resolve(self.file, "") else { return found };
        let prefix = git.str_at(&["pathParamPrefix"]).map_or_else(|| "path".to_owned(), |it| format!("{it}.path"));
        let relative = |path: &Path| path.strip_prefix(root).ok().map(|it| it.to_string_lossy().into_owned());
        let directories = Globs::of(git, "directories");
        let files = Globs::of(git, "files");
        for (folder, in_folder) in self.catalog.below(root) {
            let Some(path) = relative(folder).filter(|it| !it.is_empty()) else { continue };
            if directories.matches(&path) {
                found.push(self.path(&prefix, &path, None));
            }
            for at in in_folder.iter().filter(|_| !files.include.is_empty()) {
                let file = &self.catalog.files[*at];
                let Some(name) = relative(&file.real).filter(|it| files.matches(it)) else { continue };
                let filename = name.rsplit('/').next();
                let base = self.path(&prefix, &path, filename);
                for document in file.documents.iter().filter_map(|it| it.document.as_ref()) {
                    let root = document.root();
                    let single = (!root.is_seq()).then_some(root);
                    for node in single.into_iter().chain(root.items()) {
                        let mut parameters = self.flat(node);
                        parameters.extend(base.clone());
                        found.push(parameters);
                    }
                }
            }
        }
        for parameters in &mut found {
            for entry in git.get("values").into_iter().flat_map(NodeRef::entries) {
                if let Some(value) = fill(entry.value.text(), parameters, self.is_go) {
                    parameters.insert(format!("values.{}", entry.name()), value);
                }
            }
        }
        found
    }

    fn path(&self, prefix: &str, path: &str, filename: Option<&str>) -> Parameters {
        let basename = path.rsplit('/').next().unwrap_or_default();
        let normal = |text: &str| text.to_ascii_lowercase().replace(|it: char| !it.is_ascii_alphanumeric(), "-");
        let mut parameters = Parameters::new();
        let mut put = |key: String, value: &str| _ = parameters.insert(key, value.to_owned());
        put(if self.is_go { format!("{prefix}.path") } else { prefix.to_owned() }, path);
        put(format!("{prefix}.basename"), basename);
        put(format!("{prefix}.basenameNormalized"), &normal(basename));
        if let Some(filename) = filename {
            put(format!("{prefix}.filename"), filename);
            put(format!("{prefix}.filenameNormalized"), &normal(filename));
        }
        for (at, segment) in path.split('/').enumerate() {
            let list = if self.is_go { format!("{prefix}.segments") } else { prefix.to_owned() };
            put(format!("{list}[{at}]"), segment);
        }
        parameters
    }
}

/// The names with dots of everything below a node.
fn flatten(node: NodeRef<'_>, prefix: &str, depth: usize, parameters: &mut Parameters) {
    let name = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    if depth > MAX_DEPTH || parameters.len() > MAX_APPLICATIONS {
        return;
    }
    if node.is_map() {
        node.entries().for_each(|it| flatten(it.value, &name(it.name()), depth + 1, parameters));
    } else if node.is_seq() {
        node.items().enumerate().for_each(|(at, it)| flatten(it, &name(&at.to_string()), depth + 1, parameters));
    } else if !prefix.is_empty() {
        parameters.insert(prefix.to_owned(), node.text().to_owned());
    }
}

/// Which paths a git generator takes.
struct Globs {
    include: Vec<GlobMatcher>,
    exclude: Vec<GlobMatcher>,
}

impl Globs {
    fn of(git: NodeRef<'_>, key: &str) -> Globs {
        let mut globs = Globs { include: Vec::new(), exclude: Vec::new() };
        for item in git.items_at(&[key]) {
            let Some(path) = item.str_at(&["path"]) else { continue };
            let path = path.trim_start_matches("./").trim_matches('/');
            let Ok(glob) = GlobBuilder::new(path).literal_separator(true).build() else { continue };
            let is_out = item.bool_at(&["exclude"]) == Some(true);
            let list = if is_out { &mut globs.exclude } else { &mut globs.include };
            list.push(glob.compile_matcher());
        }
        globs
    }

    fn matches(&self, path: &str) -> bool {
        let any = |list: &[GlobMatcher]| list.iter().any(|it| it.is_match(path));
        any(&self.include) && !any(&self.exclude)
    }
}

/// One Application, as if it was written.
fn application(
    set: &Object,
    spec: NodeRef<'_>,
    own: Option<NodeRef<'_>>,
    parameters: &Parameters,
    is_go: bool,
) -> Option<Object> {
    let mut tree = Tree::of(spec.get("template")?)?;
    if let Some(own) = own.and_then(Tree::of) {
        merge(&mut tree, own);
    }
    let span = set.name_span();
    fill_all(&mut tree, parameters, is_go);
    tree.put(TreeEntry::made("apiVersion", Tree::text(&format!("{}/v1alpha1", argo::GROUP), span)));
    tree.put(TreeEntry::made("kind", Tree::text("Application", span)));
    let document = Arc::new(tree.freeze(set.document().source(), Vec::new()));
    Object::read(&document, document.root())
}

/// Fills in every text that can be; the others keep their braces.
fn fill_all(tree: &mut Tree, parameters: &Parameters, is_go: bool) {
    match &mut tree.content {
        Content::Map(entries) => entries.iter_mut().for_each(|it| fill_all(&mut it.value, parameters, is_go)),
        Content::List(items) => items.iter_mut().for_each(|it| fill_all(it, parameters, is_go)),
        Content::Plain(text) | Content::Text(text) => {
            if let Some(filled) = fill(text, parameters, is_go).filter(|it| **it != **text) {
                tree.content = Content::Text(filled.into());
            }
        }
    }
}

fn merge(tree: &mut Tree, over: Tree) {
    let Content::Map(entries) = over.content else { return };
    for entry in entries {
        match tree.get_mut(&entry.key) {
            Some(there) if matches!(there.content, Content::Map(_)) => merge(there, entry.value),
            _ => tree.put(entry),
        }
    }
}
