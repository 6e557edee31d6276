//! References by name: when an object gets another name, those that cover it follow.
//!
//! The rules are those of `api/filters/nameref`. References in custom resources that no configuration names
//! stay as they are, as they do in kustomize: there they really dangle.

use super::Refusal;
use super::config::{Config, Reference};
use super::fields::{Field, Leaf, Visit};
use super::id::Id;
use super::resource::Resource;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use std::collections::{BTreeSet, HashMap};

/// An object that has had other names.
struct Renamed {
    id: Id,
    /// Whether it has no namespace.
    is_wide: bool,
    origin: Id,
    past: Vec<Id>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
}

/// Objects that have had other names, by those names.
struct Names {
    all: Vec<Renamed>,
    by_name: HashMap<String, Vec<usize>>,
}

/// The object whose references are followed.
struct Referrer {
    id: Id,
    is_wide: bool,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// The namespaces of the accounts that it binds.
    bound: BTreeSet<String>,
    /// Group and kind of the role that it binds.
    role: Option<(String, String)>,
}

/// Makes references follow the names of what they mean.
pub(super) fn follow(config: &Config, resources: &mut [Resource]) -> Result<(), Refusal> {
    let names = Names::of(resources);
    if names.all.is_empty() {
        return Ok(());
    }
    let mut of_types: HashMap<[String; 3], Vec<(&Reference, &Field)>> = HashMap::new();
    for resource in resources {
        let origin = resource.origin();
        let wanted = of_types.entry([origin.group.clone(), origin.version.clone(), origin.kind.clone()]);
        let wanted = wanted.or_insert_with(|| fields_of(config, &origin));
        if wanted.is_empty() {
            continue;
        }
        let span = resource.span();
        let (id, prefixes, suffixes) = (resource.id.clone(), resource.prefixes.clone(), resource.suffixes.clone());
        let is_wide = id.is_cluster_wide();
        let mut referrer = Referrer { id, is_wide, prefixes, suffixes, bound: BTreeSet::new(), role: None };
        // A binding is never moved without a tree.
        if resource.only_moved().is_some_and(|it| wanted.iter().all(|to| names.stays(it, *to, &referrer))) {
            continue;
        }
        let Some(tree) = resource.edit() else { continue };
        (referrer.bound, referrer.role) = (bound(tree), role(tree));
        for (reference, field) in wanted {
            let visit = Visit { leaf: Leaf::Nothing, at: span, entry: None };
            let result = visit.visit(tree, field, &mut |it, _| names.set(it, reference, field, &referrer));
            result.map_err(|message| Refusal { message, span: tree.span })?;
        }
    }
    Ok(())
}

/// The fields of objects of one type that hold names.
fn fields_of<'c>(config: &'c Config, origin: &Id) -> Vec<(&'c Reference, &'c Field)> {
    let of_one = |it: &'c Reference| it.fields.iter().filter(|field| field.is_of(origin)).map(move |field| (it, field));
    config.references.iter().flat_map(of_one).collect()
}

/// The namespaces of the service accounts that a binding names.
fn bound(tree: &Tree) -> BTreeSet<String> {
    if tree.text_at(&["kind"]) != Some("RoleBinding") {
        return BTreeSet::new();
    }
    let subjects = tree.get("subjects").map(Tree::items).unwrap_or_default();
    let accounts = subjects.iter().filter(|it| it.text_at(&["kind"]) == Some("ServiceAccount"));
    accounts.filter_map(|it| it.text_at(&["namespace"])).map(str::to_owned).collect()
}

fn role(tree: &Tree) -> Option<(String, String)> {
    let text = |key: &str| tree.text_at(&["roleRef", key]).map(str::to_owned);
    Some((text("apiGroup")?, text("kind")?))
}

impl Names {
    fn of(resources: &[Resource]) -> Names {
        let mut names = Names { all: Vec::new(), by_name: HashMap::new() };
        for resource in resources.iter().filter(|it| !it.past.is_empty()) {
            let mut past: Vec<Id> = resource.ids().collect();
            past.pop();
            let at = names.all.len();
            let own: BTreeSet<&String> = past.iter().map(|it| &it.name).collect();
            for name in own {
                names.by_name.entry(name.clone()).or_default().push(at);
            }
            names.all.push(Renamed {
                is_wide: resource.id.is_cluster_wide(),
                id: resource.id.clone(),
                origin: resource.origin(),
                past,
                prefixes: resource.prefixes.clone(),
                suffixes: resource.suffixes.clone(),
            });
        }
        names
    }

    /// Whether what stands at a field of an object certainly stays as it is.
    fn stays(&self, object: NodeRef<'_>, (to, field): (&Reference, &Field), from: &Referrer) -> bool {
        let path = field.path.strip_prefix('/').unwrap_or(&field.path);
        let steps: Vec<&str> = path.split('/').collect();
        let is_plain = |it: &&str| !it.is_empty() && !it.contains(['\\', '[', '*']);
        steps.iter().all(is_plain) && self.stays_below(object, &steps, (to, field), from)
    }

    fn stays_below(&self, node: NodeRef<'_>, steps: &[&str], to: (&Reference, &Field), from: &Referrer) -> bool {
        if node.is_null() {
            return true;
        }
        match steps.split_first() {
            Some((key, rest)) if node.is_map() => node.get(key).is_none_or(|it| self.stays_below(it, rest, to, from)),
            Some(_) => node.is_seq() && node.items().all(|it| self.stays_below(it, steps, to, from)),
            None => {
                let same = |one: &Renamed, other: &Renamed| one.id.name == other.id.name;
                let found = || self.find(node.text(), None, to.0, to.1, from, &same);
                node.scalar().is_some() && found().is_ok_and(|it| it.is_none_or(|it| it.id.name == node.text()))
            }
        }
    }

    /// Changes what stands at the field of a reference: a name, a map with one, or a list of either.
    fn set(&self, place: &mut Tree, to: &Reference, field: &Field, from: &Referrer) -> Result<(), String> {
        if place.is_null() {
            return Ok(());
        }
        match &mut place.content {
            Content::List(items) => {
                let is_nested = |it: &Tree| matches!(it.content, Content::List(_));
                if items.iter().any(is_nested) {
                    return Err("a list in a list, where names are expected".to_owned());
                }
                items.iter_mut().try_for_each(|it| self.set(it, to, field, from))
            }
            Content::Map(_) => self.set_map(place, to, field, from),
            Content::Plain(name) | Content::Text(name) => {
                let same = |one: &Renamed, other: &Renamed| one.id.name == other.id.name;
                if let Some(found) = self.find(name, None, to, field, from, &same)?
                    && found.id.name != **name
                {
                    place.content = Content::Text(found.id.name.as_str().into());
                }
                Ok(())
            }
        }
    }

    fn set_map(&self, map: &mut Tree, to: &Reference, field: &Field, from: &Referrer) -> Result<(), String> {
        let Some(name) = map.text_at(&["name"]).map(str::to_owned) else {
            return Err("a reference without a name".to_owned());
        };
        let namespace = map.get("namespace").and_then(Tree::scalar).map(str::to_owned);
        let same =
            |one: &Renamed, other: &Renamed| (&one.id.name, &one.id.namespace) == (&other.id.name, &other.id.namespace);
        let Some(found) = self.find(&name, namespace.as_deref(), to, field, from, &same)? else { return Ok(()) };
        if found.id.name == name && found.id.namespace.is_none() {
            return Ok(());
        }
        if let Some(place) = map.get_mut("name") {
            place.content = Content::Text(found.id.name.as_str().into());
        }
        if let Some(namespace) = &found.id.namespace {
            let span = map.span;
            match map.get_mut("namespace") {
                Some(place) => place.content = Content::Text(namespace.as_str().into()),
                None => map.put(TreeEntry::made("namespace", Tree::text(namespace, span))),
            }
        }
        Ok(())
    }

    /// What a name means: an object that had it, of the right type, in reach of what refers to it.
    fn find(
        &self,
        name: &str,
        namespace: Option<&str>,
        to: &Reference,
        field: &Field,
        from: &Referrer,
        same: &dyn Fn(&Renamed, &Renamed) -> bool,
    ) -> Result<Option<&Renamed>, String> {
        let all = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<&Renamed> = all.iter().map(|it| &self.all[*it]).filter(|it| from.reaches(it)).collect();
        if let Some(namespace) = namespace {
            let in_past = |it: &&Renamed| it.origin.place() == namespace;
            let was_there = self.all.iter().any(|it| from.reaches(it) && in_past(&it));
            found.retain(|it| if was_there { in_past(it) } else { it.id.place() == namespace });
        }
        let wanted = Field { group: to.group.clone(), version: to.version.clone(), ..Field::default() };
        let wanted = Field { kind: to.kind.clone(), ..wanted };
        found.retain(|it| it.past.iter().any(|id| wanted.is_of(id)));
        if let Some((group, kind)) = from.role.as_ref().filter(|_| field.path.ends_with("roleRef/name")) {
            let wanted = Field { group: group.clone(), kind: kind.clone(), ..Field::default() };
            found.retain(|it| it.past.iter().any(|id| wanted.is_of(id)));
        }
        found.retain(|it| from.is_near(it));
        if found.len() > 1 {
            found.retain(|it| from.has_affixes_of(it, true));
        }
        if found.len() > 1 {
            found.retain(|it| from.has_affixes_of(it, false));
        }
        match found.as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|it| same(first, it)) => Ok(Some(first)),
            _ => Err(format!("more than one object was {} {name}", to.kind)),
        }
    }
}

impl Referrer {
    /// Whether it can refer to this object at all.
    fn reaches(&self, other: &Renamed) -> bool {
        self.is_wide
            || other.is_wide
            || self.is_beside(other)
            || self.bound.contains(other.id.namespace.as_deref().unwrap_or_default())
    }

    /// Whether it is in its namespace, or in none.
    fn is_near(&self, other: &Renamed) -> bool {
        self.is_wide || other.is_wide || other.id.kind == "ServiceAccount" || self.is_beside(other)
    }

    /// Whether both, which have a namespace, are in the same.
    fn is_beside(&self, other: &Renamed) -> bool {
        let (own, other) = (self.id.namespace.as_deref(), other.id.namespace.as_deref());
        own.unwrap_or("default") == other.unwrap_or("default")
    }

    /// Whether both got the same prefixes and suffixes last.
    fn has_affixes_of(&self, other: &Renamed, may_lack: bool) -> bool {
        let fits = |one: &[String], other: &[String]| {
            (may_lack && (one.is_empty() || other.is_empty())) || ends_alike(one, other)
        };
        fits(&self.prefixes, &other.prefixes) && fits(&self.suffixes, &other.suffixes)
    }
}

fn ends_alike(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}
