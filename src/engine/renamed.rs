//! What a kustomization renames: two roots of one base say the same of it in other names.

use crate::model::Environment;
use std::borrow::Cow;
use std::collections::HashMap;

/// What stands for a namespace where the base names none.
const ANY: &str = "*";

/// The names of an environment's objects that differ from what their files say.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// The names in the files, by those that are deployed.
    names: HashMap<String, String>,
    /// The same of namespaces.
    namespaces: HashMap<String, String>,
}

impl Renamed {
    /// What is renamed in an environment; None if nothing is.
    pub(super) fn of(environment: &Environment) -> Option<Renamed> {
        let mut renamed = Renamed::default();
        for object in &environment.objects {
            let Some(written) = &object.written else { continue };
            if object.name() != written.name {
                renamed.names.entry(object.name().to_owned()).or_insert_with(|| written.name.clone());
            }
            if let Some(namespace) = object.namespace().filter(|it| written.namespace.as_deref() != Some(*it)) {
                let before = || written.namespace.clone().unwrap_or_else(|| ANY.to_owned());
                renamed.namespaces.entry(namespace.to_owned()).or_insert_with(before);
            }
        }
        let is_renamed = !renamed.names.is_empty() || !renamed.namespaces.is_empty();
        is_renamed.then_some(renamed)
    }

    /// A text with the names of the files.
    pub(super) fn written<'t>(&self, text: &'t str) -> Cow<'t, str> {
        replace(text, &|word| self.names.get(word))
    }

    /// A text as it is compared with those of other environments.
    pub(super) fn comparable<'t>(&self, text: &'t str) -> Cow<'t, str> {
        replace(text, &|word| self.names.get(word).or_else(|| self.namespaces.get(word)))
    }
}

/// Replaces words of a text: names, also as parts of the names that have dots between them.
fn replace<'t, 'n>(text: &'t str, by: &dyn Fn(&str) -> Option<&'n String>) -> Cow<'t, str> {
    let mut replaced = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = |is_part: fn(char) -> bool| rest.find(|it: char| !is_part(it)).unwrap_or(rest.len());
        let (whole, part) = (length(is_of_name), length(|it| is_of_name(it) && it != '.'));
        let found = [whole, part].into_iter().find_map(|it| Some((it, by(rest[..it].trim_end_matches('.'))?)));
        if let Some((length, name)) = found {
            let length = rest[..length].trim_end_matches('.').len();
            replaced.push_str(&text[copied..at]);
            replaced.push_str(name);
            at += length;
            copied = at;
        } else if part > 0 {
            at += part;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    replaced.push_str(&text[copied..]);
    Cow::Owned(replaced)
}

fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '-' || it == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_are_replaced() {
        let pairs = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let renamed =
            Renamed { names: pairs(&[("dev-api", "api"), ("dev-db.v1", "db.v1")]), namespaces: pairs(&[("dev", ANY)]) };
        let cases = [
            ("Deployment dev-api: Service dev-db.v1", "Deployment api: Service db.v1", "Deployment api: Service db.v1"),
            ("dev-api.dev.svc, dev-api-2", "api.dev.svc, dev-api-2", "api.*.svc, dev-api-2"),
            ("`dev-api`. \u{e9}dev", "`api`. \u{e9}dev", "`api`. \u{e9}*"),
            ("nothing of it", "nothing of it", "nothing of it"),
        ];
        for (text, written, comparable) in cases {
            assert_eq!(renamed.written(text), written);
            assert_eq!(renamed.comparable(text), comparable);
        }
    }
}
