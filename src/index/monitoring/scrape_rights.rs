//! In which namespaces each Prometheus may look for targets.

use crate::index::{Nearness, Objects};
use crate::model::Object;
use crate::model::products::PROMETHEUS;
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

const RBAC: &str = "rbac.authorization.k8s.io";

/// The namespaces in which a Prometheus may list what it scrapes.
#[derive(Clone, Debug)]
pub struct ScrapeRights<'a> {
    /// The Prometheus.
    pub prometheus: &'a Object,
    /// The namespaces, each with the binding that allows it.
    pub namespaces: BTreeMap<&'a str, &'a Object>,
}

impl<'a> Objects<'a> {
    /// The Prometheus resources whose rights are known to be limited to some namespaces; `None` in place of
    /// one that may look everywhere, or of which the manifests do not tell.
    pub fn scrape_rights(&self) -> Vec<(&'a Object, Option<ScrapeRights<'a>>)> {
        let all = ["Prometheus", "PrometheusAgent"].into_iter().flat_map(|it| self.of_kind(PROMETHEUS, it));
        all.map(|it| (it, self.rights_of(it))).collect()
    }

    fn rights_of(&self, prometheus: &'a Object) -> Option<ScrapeRights<'a>> {
        let namespace = prometheus.namespace()?;
        let account = prometheus.node().str_at(&["spec", "serviceAccountName"])?;
        let is_bound = |binding: &&Object| {
            binding.node().items_at(&["subjects"]).any(|it| match it.str_at(&["kind"]) {
                Some("ServiceAccount") => {
                    it.str_at(&["name"]) == Some(account)
                        && it.str_at(&["namespace"]).or(binding.namespace()) == Some(namespace)
                }
                Some("Group") => it.str_at(&["name"]).is_some_and(|it| it.starts_with("system:")),
                _ => false,
            })
        };
        if self.of_kind(RBAC, "ClusterRoleBinding").filter(is_bound).any(|it| self.may_list(it)) {
            return None;
        }
        let mut namespaces = BTreeMap::new();
        for binding in self.of_kind(RBAC, "RoleBinding").filter(is_bound) {
            // A binding without namespace may be in any.
            let own = binding.namespace()?;
            if self.may_list(binding) {
                namespaces.insert(own, binding);
            }
        }
        (!namespaces.is_empty()).then_some(ScrapeRights { prometheus, namespaces })
    }

    /// Whether a binding lets list the targets of monitors, or its role is not in the manifests.
    fn may_list(&self, binding: &Object) -> bool {
        let node = binding.node();
        let (Some(kind), Some(name)) = (node.str_at(&["roleRef", "kind"]), node.str_at(&["roleRef", "name"])) else {
            return true;
        };
        let roles = self.named(RBAC, kind, name);
        let mut own =
            roles.iter().filter(|it| kind == "ClusterRole" || self.nearness(binding, it) != Nearness::Different);
        let Some(role) = own.next() else { return true };
        let is_aggregated = role.node().at(&["aggregationRule"]).is_some();
        is_aggregated || role.node().items_at(&["rules"]).any(allows)
    }
}

/// Whether a rule lets list pods, or the endpoints of Services.
fn allows(rule: NodeRef<'_>) -> bool {
    let has = |key: &str, words: &[&str]| rule.items_at(&[key]).any(|it| words.contains(&it.text()));
    has("resources", &["pods", "endpoints", "endpointslices", "services", "*"]) && has("verbs", &["list", "*"])
}
