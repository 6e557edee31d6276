//! Templates of an ApplicationSet: `{{path.basename}}`, and `{{.path.basename}}` or `{{index .path.segments 1}}`
//! of Go.

use std::collections::BTreeMap;

/// The values of one Application to be, by their names with dots: `path`, `path.basename`, `cluster.region`,
/// `path.segments[0]`. With Go templates the path itself is `path.path`.
pub(super) type Parameters = BTreeMap<String, String>;

/// Fills in a text. None where it holds something that is not a mere name of a parameter.
pub(super) fn fill(text: &str, parameters: &Parameters, is_go: bool) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        filled.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        let end = inner.find("}}")?;
        filled.push_str(value(inner[..end].trim_matches(['-', ' ']), parameters, is_go)?);
        rest = &inner[end + 2..];
    }
    filled.push_str(rest);
    Some(filled)
}

fn value<'p>(expression: &str, parameters: &'p Parameters, is_go: bool) -> Option<&'p str> {
    let get = |name: &str| parameters.get(name).map(String::as_str);
    if !is_go {
        return get(expression);
    }
    let mut words = expression.split_whitespace();
    match (words.next()?, words.next(), words.next(), words.next()) {
        (name, None, ..) => get(name.strip_prefix('.')?),
        ("index", Some(list), Some(at), None) => {
            let list = list.strip_prefix('.')?;
            get(&format!("{list}[{at}]")).or_else(|| get(&format!("{list}.{}", at.trim_matches('"'))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_nothing_else() {
        let values =
            [("path", "apps/a"), ("path.path", "apps/a"), ("path.basename", "a"), ("path.segments[0]", "apps")];
        let parameters: Parameters = values.map(|it| (it.0.to_owned(), it.1.to_owned())).into();
        let plain = |text: &str| fill(text, &parameters, false);
        assert_eq!(plain("x-{{path.basename}}-{{ path }}").as_deref(), Some("x-a-apps/a"));
        assert_eq!(plain("{{other}}"), None);
        assert_eq!(plain("{{path"), None);
        let go = |text: &str| fill(text, &parameters, true);
        assert_eq!(go("{{ .path.path }}/{{index .path.segments 0}}").as_deref(), Some("apps/a/apps"));
        assert_eq!(go("{{ .path.basename | upper }}"), None);
        assert_eq!(go("{{path}}"), None);
    }
}
