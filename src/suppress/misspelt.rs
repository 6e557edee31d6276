//! Annotations and labels that are meant for this tool and that it does not heed: a name, a value or a place is wrong.

use super::annotations::PREFIX;
use super::order::Mistake;
use crate::index::Role;
use crate::model::annotations::{DOMAIN, ROLE_ANNOTATION, ZERO_DISRUPTION_ANNOTATION};
use crate::model::{Object, PodTemplate, WorkloadKind};
use crate::source::Span;
use crate::suggest;
use crate::yaml::{Entry, NodeRef};
use rapidfuzz::distance::osa;

/// The annotations that cover a whole object.
const KNOWN: [&str; 2] = [ROLE_ANNOTATION, ZERO_DISRUPTION_ANNOTATION];
/// Letters that may be wrong in the part before the slash.
const SLIPS: usize = 2;

/// What an object says to this tool in vain, and where.
pub(super) fn of(object: &Object) -> Vec<(Span, Mistake)> {
    let mut found = Vec::new();
    let template = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it)).map(PodTemplate::node);
    // The template of a bare Pod is the Pod.
    let template = template.filter(|it| it.span() != object.node().span());
    let places = [(Some(object.node()), false), (template, true)];
    for (node, is_template) in places.into_iter().filter_map(|it| Some((it.0?, it.1))) {
        for (field, is_label) in [("annotations", false), ("labels", true)] {
            for entry in entries(node, field) {
                let mistake = if is_label { of_label(&entry) } else { of_annotation(&entry, is_template) };
                found.extend(mistake.map(|it| (entry.line_span(), it)));
            }
        }
    }
    found
}

fn entries<'a>(node: NodeRef<'a>, field: &str) -> impl Iterator<Item = Entry<'a>> + use<'a> {
    node.at(&["metadata", field]).into_iter().flat_map(NodeRef::entries)
}

/// A label is never read, whatever it says.
fn of_label(entry: &Entry<'_>) -> Option<Mistake> {
    let key = entry.key.text();
    let is_ours = KNOWN.contains(&key) || key.starts_with(PREFIX);
    is_ours.then(|| Mistake::new(format!("label {key} is not read"), "make it an annotation"))
}

fn of_annotation(entry: &Entry<'_>, is_template: bool) -> Option<Mistake> {
    let key = entry.key.text();
    let (prefix, name) = key.split_once('/')?;
    if prefix != DOMAIN {
        let meant = meant_prefix(prefix)?;
        return Some(Mistake::new(unheeded(key), format!("did you mean `{meant}/{name}`?")));
    }
    if !KNOWN.contains(&key) {
        return Some(Mistake::new(unheeded(key), help_for(key, name)));
    }
    if is_template {
        let message = format!("annotation {key} is not read on a pod template");
        return Some(Mistake::new(message, "move it to `metadata.annotations` of the object itself"));
    }
    of_value(key, entry.value.text())
}

fn unheeded(key: &str) -> String {
    format!("annotation {key} is not heeded: there is none of this name")
}

/// The part before the slash that was meant; nothing if it is right, or another's.
fn meant_prefix(prefix: &str) -> Option<&'static str> {
    let ignore = PREFIX.trim_end_matches('/');
    if prefix == ignore {
        return None;
    }
    let lower = prefix.to_lowercase();
    let is_near =
        |it: &&str| lower.len().abs_diff(it.len()) <= 4 * SLIPS && osa::distance(lower.chars(), it.chars()) <= SLIPS;
    let is_below = |it: &&str| it.len() > DOMAIN.len() && lower.ends_with(&format!(".{DOMAIN}"));
    [ignore, DOMAIN].into_iter().find(|it| is_near(it) || is_below(it))
}

/// What was probably meant by a name that does not exist.
fn help_for(key: &str, name: &str) -> String {
    if name.starts_with("ignore") || crate::rules::find(name).is_some() {
        return format!("an exception reads `{PREFIX}RULE: reason`");
    }
    suggest::help(key, &KNOWN).unwrap_or_default()
}

fn of_value(key: &str, value: &str) -> Option<Mistake> {
    if key == ZERO_DISRUPTION_ANNOTATION {
        let message = || format!("annotation {key} is not heeded: it counts only as \"true\"");
        return (value != "true").then(|| Mistake::new(message(), "write \"true\", with quotes, or remove it"));
    }
    if Role::named(value).is_some() {
        return None;
    }
    let roles: Vec<&str> = Role::ALL.iter().map(|it| it.1).collect();
    let help = match suggest::nearest(value, roles.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("roles are {}", roles.join(", ")),
    };
    Some(Mistake::new(format!("annotation {key} is not heeded: there is no role `{value}`"), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_that_are_near_are_told_from_those_of_others() {
        for prefix in ["edms-lnt.dev", "edms_lint.dev", "edmslint.dev", "edms-lint.de", "EDMS-lint.dev"] {
            assert_eq!(meant_prefix(prefix), Some(DOMAIN), "{prefix}");
        }
        for prefix in ["ignore.edms-lnt.dev", "ignores.edms-lint.dev", "disable.edms-lint.dev"] {
            assert_eq!(meant_prefix(prefix), Some("ignore.edms-lint.dev"), "{prefix}");
        }
        for prefix in ["ignore.edms-lint.dev", "edms.dev", "lint.dev", "kube-linter.io", "ignore-check.kube-linter.io"]
        {
            assert_eq!(meant_prefix(prefix), None, "{prefix}");
        }
    }
}
