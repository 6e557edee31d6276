//! Field paths of the API server, and ours.

use edms_lint::yaml::{Path, Step};
use serde_json::Value;

/// Whether one of our paths is a field, or below it; without a field, whether it is where the manifest was changed.
pub(super) fn is_at(ours: &Path, field: Option<&str>, case: &Value, manifest: &Value) -> bool {
    match field {
        Some(field) => is_below(&ours.0, &steps(field), manifest),
        None => case["edits"].as_array().expect("a case has edits").iter().any(|edit| {
            let path: Vec<String> = edit["at"].as_array().expect("an edit has a place").iter().map(plain).collect();
            is_below(&ours.0, &path, manifest)
        }),
    }
}

fn plain(step: &Value) -> String {
    step.as_str().map_or_else(|| step.to_string(), str::to_owned)
}

/// The steps of a field as `spec.ports[0].name`.
fn steps(field: &str) -> Vec<String> {
    // The one path that Kubernetes itself gets wrong: labels of a template, without their metadata.
    let field = field.replacen("template.labels", "template.metadata.labels", 1);
    let mut steps = Vec::new();
    let mut rest = field.as_str();
    while !rest.is_empty() {
        rest = match rest.strip_prefix('[') {
            Some(inner) => {
                let (key, rest) = inner.split_once(']').expect("a bracket is closed");
                steps.push(key.to_owned());
                rest
            }
            None => {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                // Two fields at once: {topologyKey, whenUnsatisfiable}.
                if !rest.starts_with('{') && end > 0 {
                    steps.push(rest[..end].to_owned());
                }
                &rest[end..]
            }
        };
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    steps
}

fn is_below(ours: &[Step], theirs: &[String], manifest: &Value) -> bool {
    let mut node = Some(manifest);
    let mut ours = ours.iter();
    for step in theirs {
        let index = step.parse::<usize>().ok();
        let mut mine = ours.next();
        // Some of their paths leave out which item of a list it is.
        if index.is_none() && matches!(mine, Some(Step::Name(_) | Step::Index(_))) {
            node = None;
            mine = ours.next();
        }
        let is_same = match mine {
            None => false,
            Some(Step::Key(key)) => key == step,
            Some(Step::Index(mine)) => Some(*mine) == index,
            Some(Step::Name(name)) => {
                let item = node.and_then(|it| it.get(index?));
                item.and_then(|it| it["name"].as_str()) == Some(name)
            }
        };
        if !is_same {
            return false;
        }
        node = node.and_then(|it| if it.is_array() { it.get(index?) } else { it.get(step) });
    }
    true
}
