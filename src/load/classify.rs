//! What a document is: objects, a kustomization, or something that Kubernetes never reads.

use super::item::{Classified, DocumentKind, Item, is_kustomization_name, item};
use super::{lists, templates};
use crate::model::{Problem, ProblemKind, is_known_group};
use crate::yaml::{Document, NodeRef};
use std::sync::Arc;

/// The API group of kustomizations.
const KUSTOMIZE: &str = "kustomize.config.k8s.io";

/// Says what the document is; `file_name` is the last part of its path.
pub(super) fn classify(document: &Arc<Document>, file_name: &str) -> Classified {
    let root = document.root();
    let plain = |items| Classified { kind: DocumentKind::Plain, items, problems: Vec::new() };
    if templates::is_template(document) {
        return plain(vec![Item::other(root.first_line(), "template", templates::REASON)]);
    }
    if let Some(kind) = kustomization(root, file_name) {
        let item = Item::other(root.first_line(), "kustomization", "instructions for kustomize");
        return Classified { kind, items: vec![item], problems: Vec::new() };
    }
    if is_kustomization_name(file_name) && root.as_str().is_some() {
        return Classified { problems: vec![flattened_link(root)], ..plain(vec![link_item(root)]) };
    }
    if let Some((title, reason)) = not_an_object(root, file_name) {
        return plain(vec![Item::other(root.first_line(), title, reason)]);
    }
    if lists::is_list(root) {
        return lists::unwrap(document, root);
    }
    let problem = half_an_object(root);
    let reason = if problem.is_some() { "cannot be read" } else { "not a Kubernetes object" };
    let mut item = item(document, root, reason);
    if is_expectation(file_name) {
        item.patch = Some("what a test of kuttl expects");
    }
    Classified { problems: Vec::from_iter(problem), ..plain(vec![item]) }
}

/// What git writes in place of a symbolic link where links are off (`core.symlinks`): the path that it led to.
fn link_item(root: NodeRef<'_>) -> Item {
    Item::other(root.first_line(), "a path", "a link that was checked out as a text")
}

fn flattened_link(root: NodeRef<'_>) -> Problem {
    let message = format!("holds nothing but {}, as a link does that git checked out as a text", root.text().trim());
    let help = Some("kustomize refuses it: check it out as a link, or write the kustomization itself".to_owned());
    Problem { kind: ProblemKind::Syntax, message, span: root.first_line(), labels: Vec::new(), help }
}

/// Says what an item of a list is that was parsed by itself: in YAML it is a list of one.
pub(super) fn classify_item(document: &Arc<Document>) -> Classified {
    let root = document.root();
    let nodes = if root.is_seq() { root.items().collect() } else { vec![root] };
    lists::unwrap_items(document, &nodes)
}

/// Whether it is a kustomization, by the name of its file or by what it says of itself.
fn kustomization(root: NodeRef<'_>, file_name: &str) -> Option<DocumentKind> {
    let version = root.str_at(&["apiVersion"]);
    let kind = root.str_at(&["kind"]);
    let says_so = version.and_then(|it| it.split_once('/')).is_some_and(|it| it.0 == KUSTOMIZE);
    let is_named_so = is_kustomization_name(file_name) && root.is_map() && version.is_none();
    match kind {
        Some("Component") if says_so || is_named_so => Some(DocumentKind::Component),
        // To kustomize, the name of the file says what it is; another kind is a mistake.
        Some(_) if is_named_so || (says_so && is_kustomization_name(file_name)) => Some(DocumentKind::Kustomization),
        Some("Kustomization") | None if says_so || is_named_so => Some(DocumentKind::Kustomization),
        _ => None,
    }
}

/// Documents that are known for something else, with what they are and why they are not read.
fn not_an_object(root: NodeRef<'_>, file_name: &str) -> Option<(&'static str, &'static str)> {
    if !root.is_map() {
        let title = if root.is_seq() { "a list" } else { "a value" };
        return Some((title, "not a Kubernetes object"));
    }
    let has = |key: &str| root.get(key).is_some();
    if has("kind") && has("apiVersion") {
        return configuration(root);
    }
    let stem = file_name.rsplit_once('.').map_or(file_name, |it| it.0);
    Some(match file_name {
        "Chart.yaml" => ("Chart.yaml", "description of a Helm chart"),
        "Chart.lock" | "requirements.yaml" | "requirements.lock" => (("dependencies"), "dependencies of a Helm chart"),
        ".edms-lint.yaml" | ".edms-lint.yml" => ("configuration", "configuration of edms-lint"),
        _ if !has("kind") && stem.starts_with("values") && !has("apiVersion") => ("values", "values of a Helm chart"),
        _ if has("services") && root.get("services").is_some_and(NodeRef::is_map) => ("services", "a compose file"),
        _ if has("jobs") && (has("on") || has("true")) => ("workflow", "a GitHub workflow"),
        _ if has("openapi") || has("swagger") => ("API description", "an OpenAPI description"),
        _ => return None,
    })
}

/// Files that programs of Kubernetes read themselves, though they look like objects: client-go's `clientcmd`,
/// the policy of kube-scheduler up to 1.22, and the encryption of kube-apiserver up to 1.12.
fn configuration(root: NodeRef<'_>) -> Option<(&'static str, &'static str)> {
    if root.str_at(&["apiVersion"]) != Some("v1") || root.get("metadata").is_some() {
        return None;
    }
    Some(match root.str_at(&["kind"])? {
        "Config" => ("kubeconfig", "a kubeconfig"),
        "Policy" => ("scheduling policy", "a configuration of kube-scheduler"),
        "EncryptionConfig" => ("encryption", "a configuration of kube-apiserver"),
        _ => return None,
    })
}

/// Whether kuttl compares what a file says with the cluster, and never applies it: `02-assert.yaml`
/// (kudobuilder/kuttl, `docs/testing/steps.md`).
fn is_expectation(file_name: &str) -> bool {
    let stem = file_name.strip_suffix(".yaml").or_else(|| file_name.strip_suffix(".yml")).unwrap_or_default();
    let Some((number, name)) = stem.split_once('-') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
    is_number && matches!(name.split('-').next(), Some("assert" | "errors"))
}

/// The problem of a map that has metadata and but one of apiVersion and kind, or one that is no text.
fn half_an_object(root: NodeRef<'_>) -> Option<Problem> {
    root.at(&["metadata"]).filter(|it| it.is_map())?;
    let mut wrong = ["apiVersion", "kind"].into_iter().filter(|key| root.str_at(&[key]).is_none());
    let (first, second) = (wrong.next()?, wrong.next());
    if second.is_some() {
        return None;
    }
    let other = if first == "kind" { "apiVersion" } else { "kind" };
    let message = match root.entry(first) {
        Some(entry) if !entry.value.is_null() => format!("{first} is not a string"),
        _ => format!("has {other} but no {first}"),
    };
    // Other formats have an API version and metadata, too, but a group that we do not know: `score.dev/v1b1`.
    let is_known = |it: &str| it == "v1" || it.split_once('/').is_some_and(|(group, _)| is_known_group(group));
    if first == "kind" && !root.str_at(&["apiVersion"]).is_some_and(is_known) {
        return None;
    }
    let span = root.place(&[if root.entry(first).is_some() { first } else { other }]);
    Some(Problem { kind: ProblemKind::Syntax, message, span, labels: Vec::new(), help: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn classified(text: &str, name: &str) -> Classified {
        let text: Arc<str> = text.into();
        let length = text.len();
        let document = crate::yaml::parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document");
        classify(&Arc::new(document), name)
    }

    fn reasons(text: &str, name: &str) -> Vec<String> {
        classified(text, name).items.iter().map(|it| format!("{}: {:?}", it.title, it.fate())).collect()
    }

    #[test]
    fn documents_are_told_apart() {
        assert_eq!(reasons("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "a.yaml"), ["Pod a: Checked"]);
        assert_eq!(reasons("apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: a}", "a.yaml"), ["Thing a: Unknown"]);
        let cluster = "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: []\n";
        assert_eq!(reasons(cluster, "kind.yaml"), ["Cluster: Checked"]);
        assert_eq!(reasons("services: {a: {}}", "x.yaml"), ["services: Skipped(\"a compose file\")"]);
        assert_eq!(reasons("on: push\njobs: {}", "x.yaml"), ["workflow: Skipped(\"a GitHub workflow\")"]);
        assert_eq!(reasons("a: 1", "values-prod.yaml"), ["values: Skipped(\"values of a Helm chart\")"]);
        assert_eq!(classified("resources: []", "kustomization.yaml").kind, DocumentKind::Kustomization);
        assert_eq!(classified("kind: Component", "kustomization.yml").kind, DocumentKind::Component);
        let policy = "apiVersion: v1\nkind: Policy\npredicates: []\n";
        assert_eq!(reasons(policy, "a.yaml"), ["scheduling policy: Skipped(\"a configuration of kube-scheduler\")"]);
        assert_eq!(reasons("apiVersion: v1\nkind: Polciy\nmetadata: {name: a}", "a.yaml"), ["Polciy a: Checked"]);
    }

    #[test]
    fn what_tests_expect_is_not_applied() {
        for (name, is_one) in [
            ("02-assert.yaml", true),
            ("00-errors.yml", true),
            ("01-assert-rollout.yaml", true),
            ("02-install.yaml", false),
            ("assert.yaml", false),
            ("a-assert.yaml", false),
            ("02-assertion.yaml", false),
        ] {
            assert_eq!(is_expectation(name), is_one, "{name}");
        }
    }

    #[test]
    fn a_link_that_is_a_text_is_a_problem() {
        let problem = |name: &str| {
            classified("../store/kustomization.yaml\n", name).problems.into_iter().next().map(|it| it.message)
        };
        let message = "holds nothing but ../store/kustomization.yaml, as a link does that git checked out as a text";
        assert_eq!(problem("kustomization.yaml").as_deref(), Some(message));
        assert_eq!(problem("other.yaml"), None);
    }

    #[test]
    fn half_an_object_is_a_problem() {
        let message = |text: &str| classified(text, "a.yaml").problems.into_iter().next().map(|it| it.message);
        assert_eq!(message("apiVersion: v1\nmetadata: {}").as_deref(), Some("has apiVersion but no kind"));
        assert_eq!(message("apiVersion: 1\nkind: Pod\nmetadata: {}").as_deref(), Some("apiVersion is not a string"));
        assert_eq!(message("apiVersion: v2\nname: chart"), None);
        assert_eq!(message("apiVersion: score.dev/v1b1\nmetadata: {name: a}"), None);
        let topic = "apiVersion: kafka.strimzi.io/v1\nmetadata: {name: a}\nspec: {}";
        assert_eq!(message(topic).as_deref(), Some("has apiVersion but no kind"));
    }
}
