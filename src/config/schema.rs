//! The JSON Schema of `.edms-lint.yaml`, from the same keys and words that the reader accepts.

use super::keys::{self, Keys};
use super::{Durability, Profile, REQUIRABLE, attest};
use serde_json::{Map, Value, json};

/// A rule as the schema shows it.
#[derive(Clone, Debug)]
pub struct RuleKeys<'r> {
    /// Its id.
    pub id: &'r str,
    /// What it finds, in a few words.
    pub title: &'r str,
    /// Its parameters: name, default, what it means.
    pub parameters: Vec<(&'r str, Value, &'r str)>,
}

/// The schema. Editors complete and check the file with it; the reader itself checks more.
pub fn schema(rules: &[RuleKeys<'_>], roles: &[&str]) -> Value {
    let ids: Vec<&str> = rules.iter().map(|it| it.id).collect();
    let attestable: Vec<&str> = attest::PRACTICES.iter().chain(&ids).copied().collect();
    let profiles = Profile::ALL.map(Profile::name);
    let durabilities = Durability::ALL.map(Durability::name);
    let mut root = map(keys::TOP, &[], &|key| match key {
        "rules" | "cluster" | "profile" | "drill" => reference(key),
        "components" | "attestations" => list(&reference(key.trim_end_matches('s'))),
        "environments" => list(&reference("environment")),
        "render" => list(&reference("render")),
        "ignore" => list(&reference("exception")),
        "storage-classes" => reference("storageClasses"),
        "require-reason" => json!({ "type": "boolean", "default": false }),
        _ => list(&text()),
    });
    // Commented out, a section is empty, and the whole file may be.
    root["type"] = json!(["object", "null"]);
    root["$defs"] = json!({
        "profile": { "enum": profiles },
        // YAML reads the word `off` as false.
        "level": { "enum": ["off", "note", "warning", "error", false] },
        "date": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" },
        "rule": { "enum": ids },
        "rules": rules_of(rules),
        "component": component(roles),
        "environment": environment(),
        "cluster": cluster(),
        "drill": drill(),
        "storageClasses": { "type": ["object", "null"], "additionalProperties": { "enum": durabilities } },
        "attestation": attestation(&attestable),
        "exception": exception(),
        "render": map(keys::RENDER, &["chart"], &|key| if key == "values" { list(&text()) } else { text() }),
    });
    let mut whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "edms-lint configuration",
        "description": "What `.edms-lint.yaml` may say.",
    });
    if let (Some(whole), Value::Object(root)) = (whole.as_object_mut(), root) {
        whole.extend(root);
    }
    whole
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn list(item: &Value) -> Value {
    json!({ "type": ["array", "null"], "items": item })
}

/// A map with fixed keys.
fn map(keys: &Keys, required: &[&str], of: &dyn Fn(&str) -> Value) -> Value {
    let mut properties = Map::new();
    for (key, help) in keys {
        let mut value = of(key);
        value["description"] = json!(help);
        properties.insert((*key).to_owned(), value);
    }
    let mut map = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        map["required"] = json!(required);
    }
    map
}

/// A level alone, or a map of a level and parameters.
fn rules_of(rules: &[RuleKeys<'_>]) -> Value {
    let mut properties = Map::new();
    for rule in rules {
        let mut settings = map(keys::RULE, &[], &|_| reference("level"));
        for (name, default, help) in &rule.parameters {
            let kind = type_of(default);
            settings["properties"][*name] = json!({ "type": kind, "default": default, "description": help });
        }
        let either = json!({ "description": rule.title, "anyOf": [reference("level"), settings] });
        properties.insert(rule.id.to_owned(), either);
    }
    json!({ "type": ["object", "null"], "properties": properties, "additionalProperties": false })
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Bool(_) => "boolean",
        Value::Number(it) if it.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        _ => "string",
    }
}

fn component(roles: &[&str]) -> Value {
    let mut selects = map(keys::MATCH, &[], &|key| match key {
        "labels" => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        _ => text(),
    });
    selects["minProperties"] = json!(1);
    let whole = keys::names(keys::COMPONENT);
    map(keys::COMPONENT, &whole, &|key| if key == "match" { selects.clone() } else { json!({ "enum": roles }) })
}

fn environment() -> Value {
    let mut environment = map(keys::ENVIRONMENT, &["name"], &|key| match key {
        "name" => text(),
        "paths" => list(&text()),
        "components" | "attestations" => list(&reference(key.trim_end_matches('s'))),
        "storage-classes" => reference("storageClasses"),
        _ => reference(key),
    });
    environment["minProperties"] = json!(2);
    environment
}

fn cluster() -> Value {
    // Without quotes a version is a number for YAML; its text counts.
    let version = json!({ "type": ["string", "number"], "pattern": "^v?[0-9]+(\\.[0-9]+){1,2}$" });
    let release = json!({ "type": "string", "pattern": "^v?[0-9]+(\\.[0-9]+){2}$" });
    let operators = map(keys::OPERATORS, &[], &|_| release.clone());
    let mut cluster = map(keys::CLUSTER, &[], &|key| match key {
        "kubernetes" => version.clone(),
        "operators" => operators.clone(),
        "pools" => list(&pool()),
        "node" => map(keys::NODE, &[], &|_| json!({ "type": ["string", "number"] })),
        "zones-of-nodes" => json!({ "type": "array", "items": { "type": "integer", "minimum": 1 } }),
        _ => json!({ "type": "integer", "minimum": 1 }),
    });
    cluster["type"] = json!(["object", "null"]);
    cluster
}

/// Nodes that are alike.
fn pool() -> Value {
    let effects = json!({ "enum": ["NoSchedule", "PreferNoSchedule", "NoExecute"] });
    let taint = map(keys::TAINT, &["key", "effect"], &|key| if key == "effect" { effects.clone() } else { text() });
    let short = json!({ "type": "string", "pattern": "^[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$" });
    map(keys::POOL, &["nodes"], &|key| match key {
        "labels" => {
            json!({ "type": ["object", "null"], "additionalProperties": { "type": ["string", "number", "boolean"] } })
        }
        "taints" => list(&json!({ "anyOf": [taint, short] })),
        _ => json!({ "type": "integer", "minimum": 1 }),
    })
}

fn drill() -> Value {
    let drain = map(keys::DRAIN, &[], &|_| json!({ "type": "boolean" }));
    let number = json!({ "type": "integer", "minimum": 1 });
    let mut drill = map(keys::DRILL, &[], &|key| match key {
        "require" => list(&json!({ "enum": REQUIRABLE })),
        "at-once" => number.clone(),
        "need" => json!({ "type": ["object", "null"], "additionalProperties": number.clone() }),
        _ => drain.clone(),
    });
    drill["type"] = json!(["object", "null"]);
    drill
}

fn attestation(attestable: &[&str]) -> Value {
    map(keys::ATTESTATION, &["id", "owner", "date"], &|key| match key {
        "id" => json!({ "enum": attestable }),
        "date" | "expires" => reference("date"),
        "environments" => list(&text()),
        _ => text(),
    })
}

fn exception() -> Value {
    let mut object = map(keys::OBJECT, &[], &|_| text());
    object["minProperties"] = json!(1);
    let mut exception = map(keys::EXCEPTION, &["rules"], &|key| match key {
        "rules" => json!({ "type": "array", "items": reference("rule"), "minItems": 1 }),
        "objects" => list(&object),
        "until" => reference("date"),
        "reason" => text(),
        _ => list(&text()),
    });
    exception["anyOf"] = ["paths", "objects", "environments"].map(|it| json!({ "required": [it] })).into();
    exception
}
