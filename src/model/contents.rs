//! What ConfigMaps and Secrets hold.

use super::Object;
use crate::yaml::base64::decode_text;
use crate::yaml::{Entry, NodeRef};
use std::borrow::Cow;

/// What a `ConfigMap` or a Secret holds, decoded; without a value where that is no text.
pub fn contents(map: &Object) -> Vec<(Entry<'_>, Option<Cow<'_, str>>)> {
    let mut found = Vec::new();
    for key in ["data", "stringData"] {
        let is_secret = map.kind() == "Secret";
        let is_encoded = key == "data" && is_secret;
        for entry in map.node().at(&[key]).into_iter().flat_map(NodeRef::entries) {
            let text = entry.value.text();
            // Of a running cluster's Secrets only keys are read: what is not known is never shown.
            let text = if is_secret && map.is_live() {
                None
            } else if is_encoded {
                decode_text(text).map(Cow::Owned)
            } else {
                Some(Cow::Borrowed(text))
            };
            found.push((entry, text));
        }
    }
    found
}
