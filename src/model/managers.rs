//! Who set a field of a live object, as the server accounts for it (`metadata.managedFields`).
//!
//! The format is that of sigs.k8s.io/structured-merge-diff, `fieldpath/serialize-pe.go`: `f:` a field, `k:` an item by
//! its keys, `v:` an item by its value, `i:` an item by its position; an empty map is a field that is owned as a whole.

use super::Object;
use crate::yaml::{NodeRef, Path, Step};

impl Object {
    /// The managers of a field, each once, in the order in which the server lists them; none if it does not tell.
    pub fn managers(&self, path: &Path) -> Vec<&str> {
        let mut managers: Vec<&str> = Vec::new();
        if !self.is_live() || path.0.is_empty() {
            return managers;
        }
        for account in self.node().items_at(&["metadata", "managedFields"]) {
            let Some(manager) = account.str_at(&["manager"]) else { continue };
            let owns = account.get("fieldsV1").is_some_and(|it| owns(it, Some(self.node()), &path.0));
            if owns && !managers.contains(&manager) {
                managers.push(manager);
            }
        }
        managers
    }
}

/// Whether an account holds the field that these steps lead to from a node.
fn owns(fields: NodeRef<'_>, node: Option<NodeRef<'_>>, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let found = match step {
        Step::Key(key) => {
            let next = node.and_then(|it| it.get(key));
            fields.get(&format!("f:{key}")).map(|it| (it, next))
        }
        Step::Name(_) | Step::Index(_) => {
            let item = node.and_then(|it| item(it, step));
            let account = fields.entries().find(|it| item.is_some_and(|item| names(it.name(), item, step)));
            account.map(|it| (it.value, item))
        }
    };
    found.is_some_and(|(account, next)| account.entries().next().is_none() || owns(account, next, rest))
}

fn item<'a>(list: NodeRef<'a>, step: &Step) -> Option<NodeRef<'a>> {
    match step {
        Step::Name(name) => list.items().find(|it| it.str_at(&["name"]) == Some(name)),
        Step::Index(at) => list.items().nth(*at),
        Step::Key(_) => None,
    }
}

/// Whether an account's key names an item.
fn names(key: &str, item: NodeRef<'_>, step: &Step) -> bool {
    let Some((form, text)) = key.split_once(':') else { return false };
    match form {
        "k" => {
            let Ok(serde_json::Value::Object(keys)) = serde_json::from_str(text) else { return false };
            keys.iter().all(|(key, value)| item.get(key).is_some_and(|it| is_value(value, it)))
        }
        "v" => serde_json::from_str(text).is_ok_and(|it: serde_json::Value| is_value(&it, item)),
        "i" => matches!(step, Step::Index(at) if text == at.to_string()),
        _ => false,
    }
}

fn is_value(value: &serde_json::Value, node: NodeRef<'_>) -> bool {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text == node.text()
}
