//! Templates: texts that another program fills in before Kubernetes reads them. They are counted, never judged, because
//! nobody knows what comes out.

use super::item::Item;
use crate::yaml::{Document, NodeRef};
use std::path::Path;

/// What stands in the place of a value in Jinja, Go, ERB and their like.
const SIGNS: [&str; 3] = ["{{", "{%", "<%"];
/// How a line begins that only a template can have.
const LINES: [&str; 6] = ["{{", "{%", "{#", "<%", "- {{", "#@"];
/// Folders that hold templates, if most of what is in them is one.
const FOLDERS: [&str; 5] = ["templates", "template", "tpl", "skeleton", "skeletons"];

/// Why a document is not read.
pub(super) const REASON: &str = "a template";

fn holds_sign(text: &str) -> bool {
    // Most texts have neither letter, and one pass tells.
    text.bytes().any(|it| matches!(it, b'{' | b'<')) && SIGNS.iter().any(|it| text.contains(it))
}

/// Whether a text that is no YAML is a template: it has signs where a value, an item or a statement stands. A sign
/// inside quotes may also be that of an alert, whose document is simply broken.
pub(super) fn is_template_text(body: &str) -> bool {
    body.lines().any(|line| {
        let line = line.trim_start();
        LINES.iter().any(|it| line.starts_with(it))
            || line.contains(": {{")
            || line.contains("{%")
            || line.contains("<%")
    })
}

/// Whether a document that is YAML is a template all the same: what says which object it is, or what a kustomization
/// refers to, is not known yet, or comments hold its statements.
pub(super) fn is_template(document: &Document) -> bool {
    let root = document.root();
    let text = |keys: &[&str]| root.at(keys).is_some_and(|it| holds_sign(it.text()));
    let identity: [&[&str]; 4] = [&["apiVersion"], &["kind"], &["metadata", "name"], &["metadata", "namespace"]];
    identity.into_iter().any(text) || refers_to_unknown(root) || has_statements(document)
}

/// Whether a kustomization names a file or folder that is not known yet.
fn refers_to_unknown(root: NodeRef<'_>) -> bool {
    let lists = ["resources", "bases", "components", "patchesStrategicMerge"];
    let names = lists.into_iter().flat_map(|it| root.items_at(&[it]));
    let is_unknown = |it: NodeRef<'_>| it.as_str().is_some_and(|it| !it.contains('\n') && holds_sign(it));
    root.get("apiVersion").is_none_or(|it| it.text().starts_with("kustomize.")) && names.into_iter().any(is_unknown)
}

/// Whether comments are statements, as those of ytt and of Jinja's line comments are.
fn has_statements(document: &Document) -> bool {
    document.comments().iter().any(|it| {
        let text = document.text_of(it.span).trim_start_matches('#');
        text.starts_with('@') || text.trim_start().starts_with("{%")
    })
}

/// The outermost folder of templates around a file.
pub(super) fn folder_of(file: &Path) -> Option<&Path> {
    let is_one = |it: &&Path| it.file_name().and_then(|it| it.to_str()).is_some_and(|it| FOLDERS.contains(&it));
    file.parent()?.ancestors().filter(is_one).last()
}

/// Whether a part of a document was taken for a template.
pub(super) fn is_one(item: &Item) -> bool {
    item.content.as_ref().is_err_and(|it| it.starts_with(REASON))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use std::sync::Arc;

    fn parsed(text: &str) -> Document {
        let text: Arc<str> = text.into();
        let length = text.len();
        crate::yaml::parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document")
    }

    #[test]
    fn templates_are_told_from_manifests_that_hold_signs() {
        for text in [
            "apiVersion: v1\nkind: Pod\nmetadata: {name: '{{ name }}'}",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: app-{{ suffix }}",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: <%= space %>",
            "kind: Kustomization\nresources: [a.yaml, '{{ b }}.yaml']",
            "#@ load(\"@ytt:data\", \"data\")\napiVersion: v1\nkind: Pod\nmetadata: {name: a}",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  #@ if data.values.on:\n  a: 1",
            "# {% if on %}\napiVersion: v1\nkind: Pod\nmetadata: {name: a}",
        ] {
            assert!(is_template(&parsed(text)), "{text}");
        }
        for text in [
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{{ .Values.x }}', b: '{% if %}'}",
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {a: '{{ $value }}'}",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: '${NAME}'}",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {} # use {{ }} here",
            "apiVersion: x.io/v1\nkind: Set\nmetadata: {name: a}\nresources: ['{{ x }}']",
        ] {
            assert!(!is_template(&parsed(text)), "{text}");
        }
    }

    #[test]
    fn broken_texts_are_told_from_templates() {
        for text in
            ["a: {{ b }}", "{{- if a }}\nb: 1", "- {{ a }}", "{% for a in b %}", "<% if a %>", "  {{ a | nindent 4 }}"]
        {
            assert!(is_template_text(text), "{text}");
        }
        for text in ["summary: \"{{ $labels.pod }}\"\n\tb: [", "a: [b", "kind: Pod\n\tname: a"] {
            assert!(!is_template_text(text), "{text}");
        }
    }
}
