//! A cluster that is given manifests: what its server, controllers and operators make of them, and how kubectl prints
//! that. A stand-in for a real one, which no test can ask.

pub(super) mod print;

mod controllers;
mod operators;
mod server;

use edms_lint::model::{Environment, Resource, resources};
use edms_lint::yaml::json;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Groups of descriptions that no cluster holds.
pub(super) const OUTSIDE: &[&str] = &["kind.x-k8s.io", "k3d.io", "eksctl.io", "kops.k8s.io"];

/// The objects that a cluster holds after the manifests of an environment were applied.
pub(super) fn of(environment: &Environment) -> Vec<Value> {
    let mut applied: BTreeMap<String, Value> = BTreeMap::new();
    for object in &environment.objects {
        let value: Value =
            serde_json::from_str(&json::to_string(object.node())).expect("JSON is read as it is written");
        if OUTSIDE.contains(&object.group()) || object.name().is_empty() {
            continue;
        }
        let value = place(value);
        // The last of those with one identity is the one that stays.
        applied.insert(key(&value), value);
    }
    let mut objects: Vec<Value> = applied.into_values().map(|it| server::complete(it, true)).collect();
    let mut made = controllers::made(&objects);
    made.extend(operators::made(&objects));
    let of_operators = controllers::made(&made);
    made.extend(of_operators);
    objects.extend(made.into_iter().map(|it| server::complete(it, false)));
    objects.extend(server::surroundings(&objects).into_iter().map(|it| server::complete(it, false)));
    objects
}

/// Namespaced objects without a namespace go to the default one.
fn place(mut value: Value) -> Value {
    if is_namespaced(&value) && value["metadata"]["namespace"].is_null() {
        value["metadata"]["namespace"] = json!("default");
    }
    value
}

fn is_namespaced(value: &Value) -> bool {
    let (group, kind) = (group(value), text(&value["kind"]));
    resources().find(|it| it.group == group && it.kind == kind).is_none_or(Resource::is_namespaced)
}

pub(super) fn group(value: &Value) -> &str {
    text(&value["apiVersion"]).split_once('/').map_or("", |it| it.0)
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn name(value: &Value) -> &str {
    text(&value["metadata"]["name"])
}

fn namespace(value: &Value) -> &str {
    text(&value["metadata"]["namespace"])
}

fn is(value: &Value, group_wanted: &str, kind: &str) -> bool {
    group(value) == group_wanted && value["kind"] == kind
}

pub(super) fn key(value: &Value) -> String {
    format!("{}/{}/{}/{}", group(value), text(&value["kind"]), namespace(value), name(value))
}

/// A number that the server gives to an object, as its identity and its version.
fn uid(value: &Value) -> String {
    let sum = key(value)
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |it, byte| (it ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{:08x}-{:04x}-4000-8000-{:012x}", sum >> 32, sum >> 16 & 0xffff, sum & 0xffff_ffff_ffff)
}

/// The reference by which a made object names its maker.
fn owner(value: &Value, is_controller: bool) -> Value {
    json!([{
        "apiVersion": value["apiVersion"], "blockOwnerDeletion": true, "controller": is_controller,
        "kind": value["kind"], "name": name(value), "uid": uid(value),
    }])
}

/// A made object.
fn make(maker: &Value, api_version: &str, kind: &str, object: &str, labels: &Value, rest: Value) -> Value {
    let mut value = json!({
        "apiVersion": api_version, "kind": kind,
        "metadata": { "name": object, "namespace": namespace(maker), "ownerReferences": owner(maker, true) },
    });
    if labels.is_object() {
        value["metadata"]["labels"] = labels.clone();
    }
    if let Value::Object(rest) = rest {
        value.as_object_mut().expect("it is a map").extend(rest);
    }
    value
}

/// The namespaces of objects.
fn namespaces(objects: &[Value]) -> BTreeSet<String> {
    objects.iter().map(|it| namespace(it).to_owned()).filter(|it| !it.is_empty()).collect()
}
