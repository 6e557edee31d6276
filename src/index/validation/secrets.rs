//! ConfigMaps and Secrets.

use super::checker::{Checker, shown};
use super::names;
use crate::model::may_be_filled_in;
use crate::yaml::{Entry, NodeRef, base64};
use std::collections::HashSet;

/// Keys without which a Secret of a type is refused.
const NEEDED: &[(&str, &[&str])] = &[
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
];
const ACCOUNT: &str = "kubernetes.io/service-account.name";

pub(super) fn config_map(checker: &mut Checker<'_>) {
    keys(checker, &["data", "binaryData"]);
    let root = checker.root();
    let texts: HashSet<&str> = root.get("data").into_iter().flat_map(NodeRef::entries).map(Entry::name).collect();
    for entry in root.get("binaryData").into_iter().flat_map(NodeRef::entries).filter(|it| texts.contains(it.name())) {
        let message = format!("the key {} is in data as well", shown(entry.name()));
        checker.refuse(root, &["binaryData", entry.name()], message);
    }
}

fn keys(checker: &mut Checker<'_>, parts: &[&str]) {
    let root = checker.root();
    for part in parts {
        for entry in root.get(part).into_iter().flat_map(NodeRef::entries) {
            if let Err(reason) = names::config_key(entry.name())
                && !may_be_filled_in(entry.name())
            {
                let message = format!("the key \"{}\" {reason}", shown(entry.name()));
                checker.refuse(root, &[part, entry.name()], message);
            }
        }
    }
}

pub(super) fn secret(checker: &mut Checker<'_>) {
    keys(checker, &["data", "stringData"]);
    let root = checker.root();
    let Some(kind) = Checker::text(root, &["type"]) else { return };
    let of = |part: &str, key: &str| root.get(part).and_then(|it| it.get(key));
    let value = |key: &str| of("stringData", key).or_else(|| of("data", key));
    let is_there = |key: &str| value(key).is_some();
    match kind {
        "kubernetes.io/service-account-token" => {
            checker.required(root, &["metadata", "annotations", ACCOUNT]);
        }
        "kubernetes.io/basic-auth" if !is_there("username") && !is_there("password") => {
            checker.refuse(
                root,
                &["data", "username"],
                format!("a Secret of type {kind} needs a username or password"),
            );
        }
        _ => {}
    }
    for key in NEEDED.iter().find(|it| it.0 == kind).into_iter().flat_map(|it| it.1) {
        if !is_there(key) {
            checker.refuse(root, &["data", key], format!("a Secret of type {kind} needs {key}"));
        } else if *key == "ssh-privatekey" && value(key).is_some_and(|it| it.text().is_empty()) {
            checker.refuse(root, &["data", key], "the key is empty");
        } else if key.starts_with('.') && value(key).is_some_and(|it| is_no_json(root, key, it)) {
            checker.refuse(root, &["data", key], format!("{key} is no JSON object"));
        }
    }
}

/// Whether a credential of registries is readable here, and is no map.
fn is_no_json(root: NodeRef<'_>, key: &str, value: NodeRef<'_>) -> bool {
    let text = value.text();
    if may_be_filled_in(text) {
        return false;
    }
    let is_plain = root.at(&["stringData", key]).is_some();
    let compact: String = text.split_ascii_whitespace().collect();
    let bytes = if is_plain {
        text.as_bytes().to_vec()
    } else {
        let Some(bytes) = base64::decode(&compact) else { return false };
        bytes
    };
    serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).is_err()
}
