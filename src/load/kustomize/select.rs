//! Which objects a patch means: by regular expressions, labels and annotations.

use super::resource::Resource;
use crate::yaml::NodeRef;
use regex::Regex;

/// The `target` of a patch.
#[derive(Debug)]
pub(super) struct Selector {
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
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
    /// Reads a target. None if one of its expressions is none.
    pub(super) fn read(target: NodeRef<'_>) -> Option<Selector> {
        // Both ends are bound, as kustomize binds them.
        let expression = |key: &str| match target.get(key).map(NodeRef::text) {
            None | Some("") => Some(None),
            Some(text) => Regex::new(&format!("^(?:{text})$")).ok().map(Some),
        };
        let requirements = |key: &str| requirements(target.get(key).map(NodeRef::text).unwrap_or_default());
        Some(Selector {
            group: expression("group")?,
            version: expression("version")?,
            kind: expression("kind")?,
            name: expression("name")?,
            namespace: expression("namespace")?,
            labels: requirements("labelSelector"),
            annotations: requirements("annotationSelector"),
        })
    }

    /// Whether it means this object, under the name that it has or one that it had.
    pub(super) fn matches(&self, resource: &Resource) -> bool {
        let fits = |expression: &Option<Regex>, text: &str| expression.as_ref().is_none_or(|it| it.is_match(text));
        let id = &resource.id;
        let names = resource.past.iter().map(|it| it.0.as_str()).chain([id.name.as_str()]);
        let namespaces = resource.past.iter().map(|it| it.1.as_deref()).chain([id.namespace.as_deref()]);
        fits(&self.group, &id.group)
            && fits(&self.version, &id.version)
            && fits(&self.kind, &id.kind)
            && names.into_iter().any(|it| fits(&self.name, it))
            && namespaces.into_iter().any(|it| fits(&self.namespace, it.unwrap_or("default")))
            && self.labels.iter().all(|it| it.holds(resource, "labels"))
            && self.annotations.iter().all(|it| it.holds(resource, "annotations"))
    }
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
fn requirements(text: &str) -> Vec<Requirement> {
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
        found.push(requirement(part));
    }
    found
}

fn requirement(part: &str) -> Requirement {
    let new = |key: &str, values: Vec<String>, is_wanted| Requirement { key: key.trim().to_owned(), values, is_wanted };
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
        let found = requirements("a=b, c!=d,e in (f, g),h notin (i),j,!k,l==m");
        let shown: Vec<_> = found
            .iter()
            .map(|it| format!("{}{}{}", it.key, if it.is_wanted { "+" } else { "-" }, it.values.join("|")))
            .collect();
        assert_eq!(shown, ["a+b", "c-d", "e+f|g", "h-i", "j+", "k-", "l+m"]);
    }
}
