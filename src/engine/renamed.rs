//! What a kustomization renames: two roots of one base say the same of it in other names.

use crate::model::Environment;
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashMap;

/// What stands for a namespace where the base names none.
const ANY: &str = "*";

/// More names than these are not looked for one by one.
const FEW: usize = 4;

/// The names of an environment's objects that differ from what their files say.
#[derive(Debug, Default)]
pub(super) struct Renamed {
    /// The names in the files, by those that are deployed.
    names: HashMap<String, String, FixedState>,
    /// The same of namespaces.
    namespaces: HashMap<String, String, FixedState>,
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
        if !self.may_be_in(text) {
            return Cow::Borrowed(text);
        }
        replace(text, &|word| self.names.get(word).or_else(|| self.namespaces.get(word)))
    }

    /// Whether a text may hold one of the names: most overlays give but a namespace, which few texts name.
    fn may_be_in(&self, text: &str) -> bool {
        let mut all = self.names.keys().chain(self.namespaces.keys());
        self.names.len() + self.namespaces.len() > FEW || all.any(|it| text.contains(it.as_str()))
    }
}

/// Replaces words of a text: names, also as parts of the names that have dots between them.
fn replace<'t, 'n>(text: &'t str, by: &dyn Fn(&str) -> Option<&'n String>) -> Cow<'t, str> {
    let mut replaced = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < text.len() {
        // Names are ASCII, and so are the bytes where they begin and end.
        let rest = &text.as_bytes()[at..];
        let length = |rest: &[u8], is_part: fn(u8) -> bool| rest.iter().take_while(|it| is_part(**it)).count();
        let part = length(rest, |it| is_of_name(it) && it != b'.');
        let whole = part + length(&rest[part..], is_of_name);
        if whole == 0 {
            at += 1;
            continue;
        }
        let name = |length: usize| text[at..at + length].trim_end_matches('.');
        let found = [whole, part].into_iter().find_map(|it| Some((name(it).len(), by(name(it))?)));
        if let Some((length, name)) = found {
            replaced.push_str(&text[copied..at]);
            replaced.push_str(name);
            at += length;
            copied = at;
        } else {
            at += part.max(1);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    replaced.push_str(&text[copied..]);
    Cow::Owned(replaced)
}

fn is_of_name(it: u8) -> bool {
    it.is_ascii_alphanumeric() || it == b'-' || it == b'.'
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
