//! Field paths of the API server, and ours.

use edms_lint::yaml::{Path, Step};
use serde_json::Value;

/// Whether one of our paths is a field, or below it; without a field, whether it is where the manifest was changed.
pub(super) fn is_at(ours: &Path, field: Option<&str>, case: &Value, manifest: &Value) -> bool {
    match field {
        Some(field) => meant(field, manifest).iter().any(|it| is_below(&ours.0, &steps(it), manifest)),
        None => case["edits"].as_array().expect("a case has edits").iter().any(|edit| {
            let path: Vec<String> = edit["at"].as_array().expect("an edit has a place").iter().map(plain).collect();
            is_below(&ours.0, &path, manifest)
        }),
    }
}

/// The fields that a refusal is about. Where two fields do not fit each other, it can be told at either.
fn meant(field: &str, manifest: &Value) -> Vec<String> {
    let mut fields = vec![field.to_owned()];
    match field {
        "spec.template.metadata.labels" => fields.push("spec.selector".to_owned()),
        "spec.progressDeadlineSeconds" => fields.push("spec.minReadySeconds".to_owned()),
        // An older version is validated as the newer one.
        "spec.metrics[0].resource.target.averageUtilization" => {
            fields.push("spec.targetCPUUtilizationPercentage".to_owned());
        }
        // The texts of a Secret are merged into its data.
        _ if field.starts_with("data[") => fields.push(format!("stringD{}", &field[1..])),
        _ if field.contains(".tolerations[") => fields.push(field.replace(".operator", ".value")),
        _ => {}
    }
    // The claims of a StatefulSet come before the volumes that are written.
    let claims = manifest.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array).map_or(0, Vec::len);
    if let Some((number, rest)) = field.strip_prefix("spec.template.spec.volumes[").and_then(|it| it.split_once(']'))
        && let Some(written) = number.parse::<usize>().ok().and_then(|it| it.checked_sub(claims))
    {
        fields.push(format!("spec.template.spec.volumes[{written}]{rest}"));
    }
    fields
}

/// Paths that are not those of the fields, as Kubernetes writes them, and what they mean.
const ODD: &[(&str, &str)] = &[
    ("template.labels", "template.metadata.labels"),
    ("template.annotations", "template.metadata.annotations"),
    ("spec.resources[storage]", "spec.resources.requests.storage"),
    ("spec.clusterIPs[0]", "spec.clusterIP"),
    ("spec.clusterIPs", "spec.clusterIP"),
    ("spec.LoadBalancerSourceRanges", "spec.loadBalancerSourceRanges"),
    ("downwarAPI", "downwardAPI"),
    ("downwardAPI.path", "downwardAPI.items.path"),
    ("downwardAPI.fieldRef", "downwardAPI.items.fieldRef"),
    ("downwardAPI.resourceFieldRef", "downwardAPI.items.resourceFieldRef"),
    ("projected.path", "projected.sources.serviceAccountToken.path"),
];

fn plain(step: &Value) -> String {
    step.as_str().map_or_else(|| step.to_string(), str::to_owned)
}

/// The steps of a field as `spec.ports[0].name`.
fn steps(field: &str) -> Vec<String> {
    let mut field = match field.strip_suffix(".namespace").filter(|it| it.contains("ffinity")) {
        Some(term) => format!("{term}.namespaces"),
        None => field.to_owned(),
    };
    for (theirs, real) in ODD {
        field = field.replacen(theirs, real, 1);
    }
    let mut steps = Vec::new();
    let mut rest = field.as_str();
    while !rest.is_empty() {
        rest = if let Some(inner) = rest.strip_prefix('[') {
            let (key, rest) = inner.split_once(']').expect("a bracket is closed");
            steps.push(key.to_owned());
            rest
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            // Two fields at once: {topologyKey, whenUnsatisfiable}.
            if !rest.starts_with('{') && end > 0 {
                steps.push(rest[..end].to_owned());
            }
            &rest[end..]
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
