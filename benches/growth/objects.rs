//! The objects that shapes are made of, as texts.

/// An object with a name and the rest of its fields.
pub(crate) fn object(api: &str, kind: &str, name: &str, rest: &str) -> String {
    format!("---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\n{rest}\n")
}

/// An object of one field, `spec`, in one line.
pub(crate) fn spec(api: &str, kind: &str, name: &str, spec: &str) -> String {
    object(api, kind, name, &format!("spec: {{{spec}}}"))
}

/// A Deployment whose pods have a label with its name.
pub(crate) fn deployment(name: &str) -> String {
    workload("Deployment", name, "replicas: 2", &format!("app: {name}"), "")
}

/// A workload: its fields, the labels of its pods, and more fields of its pods.
pub(crate) fn workload(kind: &str, name: &str, fields: &str, labels: &str, pods: &str) -> String {
    let pods = if pods.is_empty() { String::new() } else { format!(", {pods}") };
    let container = container(name, "");
    spec(
        "apps/v1",
        kind,
        name,
        &format!(
            "{fields}, selector: {{matchLabels: {{{labels}}}}}, \
             template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{container}]{pods}}}}}"
        ),
    )
}

/// A container with a port, and more fields.
pub(crate) fn container(name: &str, more: &str) -> String {
    let more = if more.is_empty() { String::new() } else { format!(", {more}") };
    format!(
        "{{name: {name}, image: 'registry.example.com/{name}:1.0', ports: [{{name: http, containerPort: 8080}}]{more}}}"
    )
}

/// A Deployment of one container, with more fields of it and of its pods.
pub(crate) fn deployment_of(name: &str, container: &str, pods: &str) -> String {
    let pods = if pods.is_empty() { String::new() } else { format!(", {pods}") };
    let container = self::container(name, container);
    spec(
        "apps/v1",
        "Deployment",
        name,
        &format!(
            "replicas: 2, selector: {{matchLabels: {{app: {name}}}}}, \
             template: {{metadata: {{labels: {{app: {name}}}}}, spec: {{containers: [{container}]{pods}}}}}"
        ),
    )
}

/// The items, with commas.
pub(crate) fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(", ")
}
