//! References by name: when an object gets another name, those that cover it follow.
//!
//! The rules are those of `api/filters/nameref`. References in custom resources that no configuration names
//! stay as they are, as they do in kustomize: there they really dangle.

use super::Refusal;
use super::config::{Config, Reference};
use super::fields::{Field, Leaf, Visit};
use super::id::Id;
use super::leaves::{Leaves, Name};
use super::renamed::{Meant, Referrer, Renamed, Renamings};
use super::resource::Resource;
use crate::model::Object;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Makes references follow the names of what they mean.
pub(super) fn follow(config: &Arc<Config>, leaves: &Leaves, resources: &mut [Resource]) -> Result<(), Refusal> {
    if resources.iter().all(|it| it.past.is_empty()) {
        return Ok(());
    }
    let is_renamed = |it: &Resource| it.past.iter().any(|past| past.name != it.id.name);
    let is_any_renamed = resources.iter().any(is_renamed);
    let renamings = OnceCell::new();
    let mut of_types: HashMap<[String; 3], Vec<(&Reference, &Field)>> = HashMap::new();
    for at in 0..resources.len() {
        let (names, resource) = (Names { renamings: &renamings, resources, is_any_renamed }, &resources[at]);
        // A binding is never moved without a tree.
        if resource.only_moved().is_some_and(|it| names.all_stay(it, config, leaves, resource)) {
            continue;
        }
        let origin = resource.origin();
        let wanted = of_types.entry([origin.group.clone(), origin.version.clone(), origin.kind.clone()]);
        let wanted = wanted.or_insert_with(|| fields_of(config, &origin));
        if wanted.is_empty() {
            continue;
        }
        let span = resource.span();
        let mut referrer = Referrer::of(resource);
        let Some(mut tree) = resources[at].take_out() else { continue };
        (referrer.bound, referrer.role) = (bound(&tree), role(&tree));
        let names = Names { renamings: &renamings, resources, is_any_renamed };
        let visit = Visit { leaf: Leaf::Nothing, at: span, entry: None };
        let followed = wanted.iter().try_for_each(|(reference, field)| {
            visit.visit(&mut tree, field, &mut |it, _| names.set(it, reference, field, &referrer))
        });
        let refused = followed.map_err(|message| Refusal { message, span: tree.span });
        resources[at].put_back(tree);
        refused?;
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

/// The names that objects have had.
struct Names<'n> {
    /// Found when first asked for.
    renamings: &'n OnceCell<Renamings>,
    resources: &'n [Resource],
    /// Whether any has another one now: some are only in another namespace, which names alone do not follow.
    is_any_renamed: bool,
}

impl Names<'_> {
    /// Whether the names in an object that was moved and nothing else certainly stay as they are.
    fn all_stay(&self, object: &Object, config: &Arc<Config>, leaves: &Leaves, resource: &Resource) -> bool {
        if !self.is_any_renamed {
            return leaves.all_names(object, config, |_| true).unwrap_or(false);
        }
        let from = Referrer::of(resource);
        let same = |one: &Renamed, other: &Renamed| one.id.name == other.id.name;
        let stays = |it: Name| {
            let to = &config.references[it.reference];
            let text = object.document().node(it.node).text();
            let found = self.find(text, None, to, &to.fields[it.field], &from, &same);
            found.is_ok_and(|found| found.is_none_or(|to| to.id.name == text))
        };
        leaves.all_names(object, config, stays).unwrap_or(false)
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
            Content::Plain(_) | Content::Text(_) if !self.is_any_renamed => Ok(()),
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
        let of = |group: &str, version: &str, kind: &str| Field {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            ..Field::default()
        };
        let role = from.role.as_ref().filter(|_| field.path.ends_with("roleRef/name"));
        let role = role.map(|(group, kind)| of(group, "", kind));
        let wanted = of(&to.group, &to.version, &to.kind);
        let meant = Meant { name, namespace, wanted: &wanted, role: role.as_ref() };
        match self.renamings.get_or_init(|| Renamings::of(self.resources)).meant(&meant, from).as_slice() {
            [] => Ok(None),
            [first, rest @ ..] if rest.iter().all(|it| same(first, it)) => Ok(Some(first)),
            _ => Err(format!("more than one object was {} {name}", to.kind)),
        }
    }
}
