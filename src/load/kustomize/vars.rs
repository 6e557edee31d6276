//! `vars`: values of fields that stand for `$(NAME)` elsewhere, by the rules of `api/filters/refvar`.

use super::field_path::{self, split_smartly};
use super::fields::{Field, Leaf, Visit};
use super::id::Id;
use super::limits::{Copies, weight, weight_of};
use super::resource::Resource;
use super::resources::Resources;
use super::shared::find;
use super::{Refusal, UNKNOWN};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Content, Tree};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    /// The object, by the name that it has or had; without a namespace it may be in any.
    object: Id,
    path: String,
    pub(super) span: Span,
}

/// Variables, each name once.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    pub(super) all: Vec<Variable>,
    names: HashSet<String>,
}

impl Variables {
    /// Adds one, if there is none of its name.
    pub(super) fn add(&mut self, variable: Variable) -> Result<(), Refusal> {
        if !self.names.insert(variable.name.clone()) {
            let message = format!("a second variable {}", variable.name);
            return Err(Refusal { message, span: variable.span });
        }
        self.all.push(variable);
        Ok(())
    }
}

impl Variable {
    /// Reads an entry of `vars`.
    pub(super) fn read(node: NodeRef<'_>) -> Variable {
        let text = |keys: &[&str]| node.at(keys).map(|it| it.text().to_owned()).unwrap_or_default();
        let (mut group, mut version) = (text(&["objref", "group"]), text(&["objref", "version"]));
        let api_version = text(&["objref", "apiVersion"]);
        match api_version.split_once('/') {
            Some((one, other)) => (group, version) = (one.to_owned(), other.to_owned()),
            None if api_version.is_empty() => {}
            None => version = api_version,
        }
        let object = Id {
            group,
            version,
            kind: text(&["objref", "kind"]),
            name: text(&["objref", "name"]),
            namespace: Some(text(&["objref", "namespace"])).filter(|it| !it.is_empty()),
        };
        let path = Some(text(&["fieldref", "fieldPath"])).filter(|it| !it.is_empty());
        let path = path.unwrap_or_else(|| "metadata.name".to_owned());
        Variable { name: text(&["name"]), object, path, span: node.place(&["name"]) }
    }

    /// Notes in the object that this variable reads it.
    pub(super) fn claim(&self, resources: &mut Resources) -> Result<(), Refusal> {
        let is_meant = |it: &Resource| match self.object.namespace {
            Some(_) => it.is_or_was(&self.object),
            None => it.ids().any(|id| Id { namespace: None, ..id } == self.object),
        };
        let mut meant = resources.named(&self.object.name);
        meant.retain(|it| is_meant(&resources[*it]));
        if meant.len() > 1 {
            let message = format!("more than one object is, or was, the one that the variable {} reads", self.name);
            return Err(Refusal { message, span: self.span });
        }
        if let Some(at) = meant.first() {
            resources.one(*at).variables.push(self.name.clone());
        }
        Ok(())
    }

    /// Its value, as it is now.
    fn value(&self, resource: Option<&mut Resource>) -> Result<Tree, Refusal> {
        let refuse = |message: String| Refusal { message, span: self.span };
        let Some(resource) = resource else {
            return Err(refuse(format!("there is no object that the variable {} reads", self.name)));
        };
        let mut steps = Vec::new();
        for step in split_smartly(&self.path) {
            match step.strip_suffix(']').and_then(|it| it.split_once('[')) {
                Some((name, index)) if !name.is_empty() => steps.extend([name.to_owned(), index.to_owned()]),
                _ => steps.push(step),
            }
        }
        let found = resource.edit().and_then(|it| find(it, &field_path::find(it, &steps)?).cloned());
        found.ok_or_else(|| refuse(format!("the object that the variable {} reads has no {}", self.name, self.path)))
    }
}

/// What variables stand for.
struct Values<'v> {
    by_name: BTreeMap<&'v str, Tree>,
    /// What the root has copied.
    copies: &'v mut Copies,
}

impl Values<'_> {
    fn spend(&mut self, weight: usize) -> Result<(), String> {
        self.copies.spend("variables", weight)
    }
}

/// Puts the values of variables in their places. `has_unseen` says that what a variable reads may exist and not be seen; its
/// value is then unknown.
pub(super) fn resolve(
    variables: &[Variable],
    fields: &[Field],
    has_unseen: bool,
    copies: &mut Copies,
    resources: &mut [Resource],
) -> Result<(), Refusal> {
    let mut values = Values { by_name: BTreeMap::new(), copies };
    let mut read: HashMap<String, usize> = HashMap::new();
    for (at, resource) in resources.iter().enumerate() {
        for name in &resource.variables {
            read.entry(name.clone()).or_insert(at);
        }
    }
    for variable in variables {
        let resource = read.get(&variable.name).map(|it| &mut resources[*it]);
        match variable.value(resource) {
            Ok(value) => drop(values.by_name.insert(&variable.name, value)),
            Err(_) if has_unseen => drop(values.by_name.insert(&variable.name, Tree::text(UNKNOWN, variable.span))),
            Err(refusal) => return Err(refusal),
        }
    }
    if values.by_name.is_empty() {
        return Ok(());
    }
    for resource in resources {
        let id = resource.id.clone();
        let at = resource.span();
        let (Some(tree), tags) = resource.edit_with_tags() else { continue };
        for field in fields.iter().filter(|it| it.is_of(&id)) {
            let field = Field { is_made: false, ..field.clone() };
            let visit = Visit { leaf: Leaf::Nothing, at, entry: None };
            let result = visit.visit(tree, &field, &mut |it, trail| {
                tags.settle_below(trail, it);
                expand(it, &mut values)
            });
            result.map_err(|message| Refusal { message, span: at })?;
        }
    }
    Ok(())
}

fn is_text(tree: &Tree) -> bool {
    matches!(tree.typed(), Some(Scalar::Str(_)))
}

/// Replaces variables in a text, in the values of a map, or in the items of a list.
fn expand(place: &mut Tree, values: &mut Values<'_>) -> Result<(), String> {
    match &mut place.content {
        Content::Map(entries) => entries.iter_mut().try_for_each(|it| expand_text(&mut it.value, values)),
        Content::List(items) => {
            if !items.iter().all(is_text) {
                return Err("a list of something else than texts, where variables may stand".to_owned());
            }
            items.iter_mut().try_for_each(|it| expand_text(it, values))
        }
        Content::Plain(_) | Content::Text(_) => expand_text(place, values),
    }
}

fn expand_text(place: &mut Tree, values: &mut Values<'_>) -> Result<(), String> {
    let text = place.scalar().unwrap_or_default();
    if !text.contains('$') || !is_text(place) {
        return Ok(());
    }
    let whole = text.strip_prefix("$(").and_then(|it| it.strip_suffix(')')).and_then(|it| values.by_name.get(it));
    if let Some(value) = whole.filter(|it| it.scalar().is_some()) {
        // A value that is all there is keeps its type.
        place.content = value.content.clone();
        return values.spend(weight(place));
    }
    let mut new = String::with_capacity(text.len());
    for part in parts(text, &values.by_name) {
        new.push_str(part);
        if weight_of(new.len()) > values.copies.most {
            break;
        }
    }
    values.spend(weight_of(new.len()))?;
    if new != text {
        place.content = Content::Text(new.into());
    }
    Ok(())
}

/// The parts of a text, with the values of variables in their places. `$$` stands for one dollar sign.
fn parts<'t>(text: &'t str, values: &'t BTreeMap<&str, Tree>) -> impl Iterator<Item = &'t str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = rest.find('$').unwrap_or(rest.len());
        if at > 0 || rest.is_empty() {
            let (part, after) = rest.split_at(at);
            rest = after;
            return Some(part).filter(|it| !it.is_empty());
        }
        let named = rest.strip_prefix("$(").and_then(|it| it.split_once(')'));
        let (part, after) = match named {
            Some((name, after)) => {
                let value = values.get(name).and_then(Tree::scalar);
                (value.unwrap_or(&rest[..rest.len() - after.len()]), after)
            }
            None if rest.starts_with("$$") => rest[1..].split_at(1),
            None => rest.split_at(1),
        };
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn variables_stand_inside_texts() {
        let span = Span { source: SourceId(0), start: 0, end: 0 };
        let values = BTreeMap::from([("A", Tree::text("x", span))]);
        let cases = [("a$(A)b$(A)", "axbx"), ("$(B)", "$(B)"), ("$$(A)", "$(A)"), ("$A $(A", "$A $(A"), ("5$", "5$")];
        for (text, expected) in cases {
            assert_eq!(parts(text, &values).collect::<String>(), expected, "{text}");
        }
    }
}
