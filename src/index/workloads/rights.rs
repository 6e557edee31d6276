//! What a workload's ServiceAccount may do: programs that hold leases or watch the cluster are controllers.

use crate::index::Objects;
use crate::model::{Object, is_built_in};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// Service accounts with the rights of a controller, by name, with the reason.
#[derive(Debug, Default)]
pub(in crate::index) struct Rights<'a> {
    /// By name; the namespace as the binding writes it, and the reason.
    controllers: HashMap<&'a str, Vec<(Option<&'a str>, &'static str)>>,
}

impl<'a> Rights<'a> {
    pub(in crate::index) fn new(index: &Objects<'a>) -> Self {
        let mut rights = Rights::default();
        for kind in ["RoleBinding", "ClusterRoleBinding"] {
            for binding in index.of_kind("rbac.authorization.k8s.io", kind) {
                let node = binding.node();
                let (Some(role_kind), Some(role)) =
                    (node.str_at(&["roleRef", "kind"]), node.str_at(&["roleRef", "name"]))
                else {
                    continue;
                };
                let reason = index
                    .named("rbac.authorization.k8s.io", role_kind, role)
                    .iter()
                    .find_map(|it| controller_right(it));
                let Some(reason) = reason else { continue };
                for subject in node.items_at(&["subjects"]).filter(|it| it.str_at(&["kind"]) == Some("ServiceAccount"))
                {
                    let Some(name) = subject.str_at(&["name"]) else { continue };
                    let namespace = subject.str_at(&["namespace"]);
                    rights.controllers.entry(name).or_default().push((namespace, reason));
                }
            }
        }
        rights
    }

    /// Why a ServiceAccount is that of a controller.
    pub(in crate::index) fn reason(&self, account: &str, namespace: Option<&str>) -> Option<&'static str> {
        let bindings = self.controllers.get(account)?;
        let fits = |it: Option<&str>| it.is_none() || namespace.is_none() || it == namespace;
        bindings.iter().find(|it| fits(it.0)).map(|it| it.1)
    }
}

/// Why a role is that of a controller, if it is.
fn controller_right(role: &Object) -> Option<&'static str> {
    let has =
        |rule: NodeRef<'_>, key: &str, fits: &dyn Fn(&str) -> bool| rule.items_at(&[key]).any(|it| fits(it.text()));
    for rule in role.node().items_at(&["rules"]) {
        if has(rule, "resources", &|it| it == "leases") && has(rule, "apiGroups", &|it| it == "coordination.k8s.io") {
            return Some("its ServiceAccount may hold leases");
        }
        let watches = has(rule, "verbs", &|it| it == "watch" || it == "*");
        if role.kind() != "ClusterRole" || !watches {
            continue;
        }
        if has(rule, "resources", &|it| matches!(it, "pods" | "deployments" | "*")) {
            return Some("its ServiceAccount watches pods or deployments of the cluster");
        }
        if has(rule, "apiGroups", &|it| !is_built_in(it) && it.contains('.')) {
            return Some("its ServiceAccount watches custom resources of the cluster");
        }
    }
    None
}
