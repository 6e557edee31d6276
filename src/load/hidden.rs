//! What a text that cannot be read may hold: from the absence of such objects nothing is concluded.

use crate::model::{Unseen, UnseenKinds, kind_and_group};
use std::collections::BTreeSet;

/// Above this many kinds a text may as well hold any.
const MOST_KINDS: usize = 100;

/// What stays unseen because of a text, and why.
pub(super) fn hidden(text: &str, reason: String) -> Unseen {
    Unseen { reason, kinds: kinds(text).map_or(UnseenKinds::All, UnseenKinds::Only), namespace: None }
}

/// The kinds that a text mentions, with each group that it mentions; nothing if that cannot be told.
fn kinds(text: &str) -> Option<BTreeSet<String>> {
    let kinds = values(text, "kind")?;
    let versions = values(text, "apiVersion")?;
    let groups: BTreeSet<&str> = versions.into_iter().map(|it| it.split_once('/').map_or("", |it| it.0)).collect();
    if kinds.is_empty() || groups.is_empty() || kinds.len() * groups.len() > MOST_KINDS {
        return None;
    }
    Some(kinds.iter().flat_map(|kind| groups.iter().map(move |group| kind_and_group(kind, group))).collect())
}

/// The values of a key wherever it stands, in YAML or in JSON; nothing if one of them is a template placeholder.
fn values<'t>(text: &'t str, key: &str) -> Option<BTreeSet<&'t str>> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '/' | '_');
    let mut values = BTreeSet::new();
    for (at, _) in text.match_indices(key) {
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
        let Some(rest) = rest.strip_prefix(':').filter(|_| !text[..at].ends_with(is_word)) else { continue };
        let rest = rest.trim_start_matches([' ', '\t', '"', '\'']);
        if rest.starts_with('{') && rest[1..].starts_with('{') {
            return None;
        }
        let value = &rest[..rest.find(|it| !is_word(it)).unwrap_or(rest.len())];
        if !value.is_empty() {
            values.insert(value);
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        kinds(text).map_or(vec!["all".to_owned()], |it| it.into_iter().collect())
    }

    #[test]
    fn kinds_are_found_in_what_cannot_be_read() {
        assert_eq!(found("apiVersion: policy/v1\nkind: PodDisruptionBudget\n\tx"), ["PodDisruptionBudget.policy"]);
        assert_eq!(found("{\"kind\":\"Pod\",\"apiVersion\": \"v1\", x"), ["Pod"]);
        let two = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: 'Deployment'\n";
        assert_eq!(found(two), ["Deployment", "Deployment.apps", "List", "List.apps"]);
        assert_eq!(found("apiVersion: v1\nkind: {{ .Values.kind }}\n"), ["all"]);
        assert_eq!(found("apiVersion: v1\nmankind: x\n"), ["all"]);
    }
}
