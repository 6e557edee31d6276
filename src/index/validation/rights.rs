//! Roles and what binds them.

use super::checker::{Checker, is_object};
use super::{metadata, names};
use crate::yaml::NodeRef;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(checker: &mut Checker<'_>) {
    let root = checker.root();
    let is_namespaced = checker.object.kind() == "Role";
    for rule in root.items_at(&["rules"]).filter(|it| is_object(*it)) {
        check_rule(checker, rule, is_namespaced);
    }
    if let Some(rule) = root.get("aggregationRule").filter(|it| it.is_map() && !is_namespaced) {
        checker.required(rule, &["clusterRoleSelectors"]);
        for selector in rule.items_at(&["clusterRoleSelectors"]) {
            metadata::selector(checker, selector, &[]);
        }
    }
}

fn check_rule<'o>(checker: &mut Checker<'o>, rule: NodeRef<'o>, is_namespaced: bool) {
    checker.required(rule, &["verbs"]);
    let is_filled = |key: &str| rule.items_at(&[key]).next().is_some();
    if !is_filled("nonResourceURLs") {
        checker.required(rule, &["apiGroups"]);
        checker.required(rule, &["resources"]);
        return;
    }
    let keys = &["nonResourceURLs"];
    if is_namespaced {
        checker.refuse(rule, keys, "nonResourceURLs are refused in a Role: they belong to no namespace").help =
            Some("write a ClusterRole for them".to_owned());
    } else if ["apiGroups", "resources", "resourceNames"].into_iter().any(is_filled) {
        checker.refuse(rule, keys, "a rule is about resources or about nonResourceURLs, not both");
    }
}

pub(super) fn binding(checker: &mut Checker<'_>) {
    let root = checker.root();
    let is_namespaced = checker.object.kind() == "RoleBinding";
    let kinds: &[&str] = if is_namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    checker.one_of(root, &["roleRef", "apiGroup"], &[GROUP]);
    checker.required_one_of(root, &["roleRef", "kind"], kinds);
    checker.required_named(root, &["roleRef", "name"], names::path_segment);
    for subject in root.items_at(&["subjects"]).filter(|it| is_object(*it)) {
        check_subject(checker, subject, is_namespaced);
    }
}

fn check_subject<'o>(checker: &mut Checker<'o>, subject: NodeRef<'o>, is_namespaced: bool) {
    checker.required(subject, &["name"]);
    checker.required_one_of(subject, &["kind"], &["ServiceAccount", "User", "Group"]);
    match Checker::text(subject, &["kind"]) {
        Some("ServiceAccount") => {
            checker.dns_subdomain(subject, &["name"]);
            if Checker::text(subject, &["apiGroup"]).is_some() {
                checker.refuse(subject, &["apiGroup"], "a ServiceAccount has no apiGroup here: leave it out");
            }
            if !is_namespaced {
                checker.required(subject, &["namespace"]);
            }
        }
        Some("User" | "Group") => checker.one_of(subject, &["apiGroup"], &[GROUP]),
        _ => {}
    }
}
