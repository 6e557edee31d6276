//! What transformers do to objects: namespace, names, labels, annotations, replicas.

use super::Graph;
use super::fields::{Field, Leaf, Visit, put_entries, put_scalar, split};
use super::id::Id;
use super::resource::Resource;
use super::resources::Resources;
use super::shared::Place;
use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::sync::Arc;

/// Which subjects of a binding a namespace moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Subjects {
    /// Those named `default`.
    #[default]
    Default,
    Accounts,
    None,
}

/// A namespace to put objects into.
pub(super) struct Namespace {
    pub(super) entry: Arc<TreeEntry>,
    pub(super) fields: Vec<Field>,
    /// Whether only objects without one are moved.
    pub(super) is_unset_only: bool,
    pub(super) subjects: Subjects,
}

impl Namespace {
    /// Moves the objects.
    pub(super) fn apply(&self, graph: Option<&Graph<'_>>, resources: &mut [Resource]) -> Result<(), String> {
        for resource in resources.iter_mut() {
            resource.remember();
            let graph = graph.filter(|_| self.is_all_of(&resource.id));
            if graph.is_some_and(|it| resource.move_to(&self.entry, &it.templates, &it.alike)) {
                continue;
            }
            let id = resource.id.clone();
            let Some(tree) = resource.edit() else { continue };
            self.put(tree, &id)?;
            resource.identify();
        }
        let mut seen: HashSet<_, FixedState> = HashSet::default();
        for resource in resources.iter() {
            let Id { group, version, kind, name, .. } = &resource.id;
            if !seen.insert((group, version, kind, name, resource.id.place())) {
                return Err(format!("in one namespace, two objects are {kind} {name}"));
            }
        }
        Ok(())
    }

    /// Whether the namespace of an object is all that changes.
    fn is_all_of(&self, id: &Id) -> bool {
        !self.is_unset_only
            && !id.is_cluster_wide()
            && !matches!(id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding")
            && !self.fields.iter().any(|it| it.is_of(id))
    }

    fn put(&self, tree: &mut Tree, id: &Id) -> Result<(), String> {
        let visit = Visit { leaf: Leaf::Scalar, at: self.entry.key_span, entry: Some(&self.entry) };
        if !id.is_cluster_wide() {
            visit.visit(tree, &Field::any("metadata/namespace", true), &mut |it, _| self.set(it))?;
        }
        let is_binding = matches!(id.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            self.subjects(tree);
        }
        for field in self.fields.iter().filter(|it| it.is_of(id)) {
            let is_done = field.path == "metadata/namespace"
                || (field.path == "metadata/name" && !(id.group.is_empty() && id.version == "v1"))
                || (is_binding && !field.kind.is_empty() && field.path == "subjects/namespace");
            if !is_done {
                visit.visit(tree, field, &mut |it, _| self.set(it))?;
            }
        }
        Ok(())
    }

    fn set(&self, place: &mut Tree) -> Result<(), String> {
        if self.is_unset_only && place.scalar().is_some_and(|it| !it.is_empty()) && !place.is_null() {
            return Ok(());
        }
        put_scalar(place, &self.entry.value)
    }

    fn subjects(&self, tree: &mut Tree) {
        let Some(list) = tree.get_mut("subjects") else { return };
        for subject in list.items_mut() {
            let is_meant = match self.subjects {
                Subjects::None => false,
                Subjects::Default => subject.text_at(&["name"]) == Some("default"),
                Subjects::Accounts => subject.text_at(&["kind"]) == Some("ServiceAccount"),
            };
            let is_set = subject.text_at(&["namespace"]).is_some_and(|it| !it.is_empty());
            if is_meant && !(self.is_unset_only && is_set) {
                subject.put(TreeEntry::clone(&self.entry).named("namespace"));
            }
        }
    }
}

/// Which side of a name something is put to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    Behind,
}

/// Whether neither prefix nor suffix renames objects of this kind.
fn keeps_its_name(id: &Id) -> bool {
    match id.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => id.group == "apiregistration.k8s.io",
        _ => false,
    }
}

/// Puts something before or behind the names of all objects.
pub(super) fn affix(
    text: &str,
    side: Side,
    fields: &[Field],
    at: Span,
    resources: &mut [Resource],
) -> Result<(), String> {
    for resource in resources.iter_mut() {
        let origin = resource.origin();
        if keeps_its_name(&origin) {
            continue;
        }
        for field in fields.iter().filter(|it| it.is_of(&origin)) {
            if field.path == "metadata/name" && !text.is_empty() {
                let affixes = if side == Side::Before { &mut resource.prefixes } else { &mut resource.suffixes };
                affixes.push(text.to_owned());
                resource.remember();
            }
            if !field.is_of(&resource.id) {
                continue;
            }
            let Some(tree) = resource.edit() else { continue };
            let visit = Visit { leaf: Leaf::Scalar, at, entry: None };
            visit.visit(tree, field, &mut |it, _| {
                let old = it.scalar().ok_or("a map or list, where a name is needed")?;
                let new = if side == Side::Before { format!("{text}{old}") } else { format!("{old}{text}") };
                it.content = Content::Text(new.into());
                Ok(())
            })?;
            resource.identify();
        }
    }
    Ok(())
}

/// Puts entries into the map at each of the fields of every object.
pub(super) fn put_all(
    entries: &[TreeEntry],
    fields: &[Field],
    at: Span,
    resources: &mut [Resource],
) -> Result<(), String> {
    if entries.is_empty() {
        return Ok(());
    }
    let visit = Visit { leaf: Leaf::Map, at, entry: None };
    for resource in resources.iter_mut() {
        let id = resource.id.clone();
        let wanted: Vec<&Field> = fields.iter().filter(|it| it.is_of(&id)).collect();
        let Some(tree) = (if wanted.is_empty() { None } else { resource.edit_here() }) else { continue };
        // To kustomize, the values that it puts into several maps are one and the same.
        let mut put: Vec<Vec<Place>> = vec![Vec::new(); entries.len()];
        let result = wanted.into_iter().try_for_each(|field| {
            visit.visit(tree, field, &mut |map, trail| {
                let way: Arc<[String]> = trail.into();
                let put_here = put_entries(map, entries)?;
                for (put, at) in put.iter_mut().zip(put_here) {
                    put.extend(at.map(|at| Place { map: Arc::clone(&way), at }));
                }
                Ok(())
            })
        });
        if result.is_err() {
            resource.edit(); // What was put before is not shared.
            return result;
        }
        resource.share(entries.iter().map(|it| &*it.key).zip(put));
    }
    Ok(())
}

/// Sets the number of replicas of the objects that have, or had, this name. False if there are none.
pub(super) fn replicas(
    name: &str,
    count: &TreeEntry,
    fields: &[Field],
    resources: &mut Resources,
) -> Result<bool, String> {
    let mut is_found = false;
    let visit = Visit { leaf: Leaf::Scalar, at: count.key_span, entry: Some(count) };
    for field in fields {
        for at in resources.named(name) {
            let resource = resources.one(at);
            if !resource.ids().any(|it| it.name == name && field.is_of(&it)) {
                continue;
            }
            is_found = true;
            if !field.is_of(&resource.id) {
                continue;
            }
            let Some(tree) = resource.edit() else { continue };
            visit.visit(tree, field, &mut |it, _| put_scalar(it, &count.value))?;
        }
    }
    Ok(is_found)
}

/// Puts a text at a field of an object, or inserts it into the path that stands there.
pub(super) fn add_value(tree: &mut Tree, path: &str, value: &Tree, position: usize) -> Result<(), String> {
    let field = Field { path: split(path, '/').join("\\/"), ..Field::any(path, true) };
    let visit = Visit { leaf: Leaf::Scalar, at: value.span, entry: None };
    visit.visit(tree, &Field { path: path.to_owned(), ..field }, &mut |place, _| {
        let text = value.scalar().unwrap_or_default();
        let old = place.scalar().ok_or("a map or list, where a value is needed")?;
        let new = if position == 0 { text.to_owned() } else { insert_part(old, position - 1, text) };
        place.content = Content::Text(new.into());
        place.span = value.span;
        Ok(())
    })
}

/// A path with one more part at this position, or at its end.
fn insert_part(path: &str, position: usize, part: &str) -> String {
    let (root, rest) = path.strip_prefix('/').map_or(("", path), |it| ("/", it));
    let mut parts: Vec<&str> = rest.split('/').filter(|it| !it.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}
