//! Which objects a patch means: by regular expressions, labels and annotations.

use super::id::Id;
use super::resource::Resource;
use super::resources::Resources;
use crate::model::pattern;
use crate::yaml::NodeRef;
use regex::Regex;

/// The `target` of a patch.
#[derive(Debug)]
pub(super) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    /// The name, where it can only be this one.
    literal: Option<String>,
    namespace: Option<Regex>,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

/// One condition of a label selector.
#[derive(Debug)]
struct Requirement {
    key: String,
    values: Vec<String>,
    /// Whether the value must be among those; or must not.
    is_wanted: bool,
}

impl Selector {
    /// Reads a target. None if one of its expressions or selectors is none.
    pub(super) fn read(target: NodeRef<'_>) -> Option<Selector> {
        // Both ends are bound, as kustomize binds them.
        let expression = |key: &str| match target.get(key).map(NodeRef::text) {
            None | Some("") => Some(None),
            Some(text) => pattern(&format!("^(?:{text})$")).ok().map(Some),
        };
        let requirements = |key: &str| requirements(target.get(key).map(NodeRef::text).unwrap_or_default());
        Some(Selector {
            group: expression("group")?,
            version: expression("version")?,
            kind: expression("kind")?,
            name: expression("name")?,
            literal: target.get("name").map(NodeRef::text).filter(|it| is_literal(it)).map(str::to_owned),
            namespace: expression("namespace")?,
            labels: requirements("labelSelector")?,
            annotations: requirements("annotationSelector")?,
        })
    }

    /// With how many objects it has to be compared, because it names none.
    pub(super) fn compared(&self, resources: &Resources) -> usize {
        if self.literal.is_some() { 0 } else { resources.len() }
    }

    /// The objects that may be meant: by the name that they have or had, where it is known.
    pub(super) fn candidates(&self, resources: &mut Resources) -> Vec<usize> {
        match &self.literal {
            Some(name) => resources.named(name),
            None => resources.there(),
        }
    }

    /// Those that are meant.
    pub(super) fn meant(&self, resources: &mut Resources) -> Vec<usize> {
        let mut found = self.candidates(resources);
        found.retain(|it| self.matches(&resources[*it]));
        found
    }

    /// Whether it means this object, under the name that it has or the one that it had first.
    pub(super) fn matches(&self, resource: &Resource) -> bool {
        let (id, origin) = (&resource.id, resource.origin());
        self.is_of_type(id)
            && (fits(&self.name, &origin.name) || fits(&self.name, &id.name))
            && (fits(&self.namespace, origin.place()) || fits(&self.namespace, id.place()))
            && self.has_labels_of(resource)
    }

    fn is_of_type(&self, id: &Id) -> bool {
        fits(&self.group, &id.group) && fits(&self.version, &id.version) && fits(&self.kind, &id.kind)
    }

    /// Whether it means what has this identity, as targets of replacements do.
    pub(super) fn names(&self, id: &Id) -> bool {
        let namespace = id.namespace.as_deref().unwrap_or_default();
        self.is_of_type(id) && fits(&self.name, &id.name) && fits(&self.namespace, namespace)
    }

    /// Whether the object has the labels and annotations that are asked for.
    pub(super) fn has_labels_of(&self, resource: &Resource) -> bool {
        self.labels.iter().all(|it| it.holds(resource, "labels"))
            && self.annotations.iter().all(|it| it.holds(resource, "annotations"))
    }

    /// Whether it keeps an object from being a target: by any of its identities, or by its labels.
    pub(super) fn rejects(&self, resource: &Resource) -> bool {
        let has_expressions =
            [&self.group, &self.version, &self.kind, &self.name, &self.namespace].into_iter().any(Option::is_some);
        let has_labels = !self.labels.is_empty() || !self.annotations.is_empty();
        (has_expressions && resource.ids().any(|it| self.names(&it))) || (has_labels && self.has_labels_of(resource))
    }
}

/// Whether an expression fits nothing but itself.
fn is_literal(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
}

fn fits(expression: &Option<Regex>, text: &str) -> bool {
    expression.as_ref().is_none_or(|it| it.is_match(text))
}

impl Requirement {
    fn holds(&self, resource: &Resource, map: &str) -> bool {
        let found = resource.scalar(&["metadata", map, &self.key], |value| {
            self.values.is_empty() || self.values.iter().any(|it| it == value)
        });
        found.unwrap_or(false) == self.is_wanted
    }
}

/// The conditions of a selector in Kubernetes' text form: `a=b,c!=d,e in (f,g),h,!i`.
fn requirements(text: &str) -> Option<Vec<Requirement>> {
    let mut found = Vec::new();
    let mut depth = 0;
    let parts = text.split(|letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    });
    for part in parts.map(str::trim).filter(|it| !it.is_empty()) {
        found.push(requirement(part)?);
    }
    Some(found)
}

/// One condition. None if it is none: a word too many, for one.
fn requirement(part: &str) -> Option<Requirement> {
    let new = |key: &str, values: Vec<String>, is_wanted| {
        let key = key.trim().to_owned();
        let is_word = !key.is_empty() && !key.contains(char::is_whitespace);
        is_word.then_some(Requirement { key, values, is_wanted })
    };
    let one = |value: &str| vec![value.trim_start_matches('=').trim().to_owned()];
    if let Some((key, value)) = part.split_once("!=") {
        return new(key, one(value), false);
    }
    if let Some((key, value)) = part.split_once('=') {
        return new(key, one(value), true);
    }
    if let Some((before, list)) = part.split_once('(') {
        let values = list.trim_end_matches(')').split(',').map(|it| it.trim().to_owned()).collect();
        let before = before.trim();
        return match before.strip_suffix(" notin") {
            Some(key) => new(key, values, false),
            None => new(before.trim_end_matches(" in"), values, true),
        };
    }
    match part.strip_prefix('!') {
        Some(key) => new(key, Vec::new(), false),
        None => new(part, Vec::new(), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_in_text_form_are_cut_at_the_right_commas() {
        let found = requirements("a=b, c!=d,e in (f, g),h notin (i),j,!k,l==m").expect("a selector");
        assert!(requirements("a in b").is_none());
        let shown: Vec<_> = found
            .iter()
            .map(|it| format!("{}{}{}", it.key, if it.is_wanted { "+" } else { "-" }, it.values.join("|")))
            .collect();
        assert_eq!(shown, ["a+b", "c-d", "e+f|g", "h-i", "j+", "k-", "l+m"]);
    }
}
