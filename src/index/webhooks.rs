//! Admission webhooks that are asked before a pod is made, and whether they spare the pods that answer them.
//!
//! Sources: kubernetes.io `docs/reference/access-authn-authz/extensible-admission-controllers`; kubernetes/kubernetes
//! `pkg/apis/admissionregistration/v1beta1/defaults.go` and `v1/defaults.go` for the default of `failurePolicy`.

use super::{PodSet, Services};
use crate::model::{Labels, Object, Selector, is_placeholder};
use crate::yaml::NodeRef;

const GROUP: &str = "admissionregistration.k8s.io";
const KINDS: [&str; 2] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
/// The label that each namespace has by itself.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// A webhook that is asked whenever a pod that it covers is made.
#[derive(Clone, Copy, Debug)]
pub struct PodWebhook<'a> {
    /// The configuration that it stands in.
    pub object: &'a Object,
    /// The webhook in it.
    pub node: NodeRef<'a>,
}

/// Whether a webhook is asked about the pods that answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// It is.
    Yes,
    /// A selector of it leaves them out.
    No,
    /// The manifests do not tell.
    Unknown,
}

impl<'a> PodWebhook<'a> {
    /// Whether no pod is made while it does not answer.
    pub fn fails_closed(&self) -> bool {
        let default = if self.object.version() == "v1beta1" { "Ignore" } else { "Fail" };
        self.node.at(&["failurePolicy"]).map_or(default, NodeRef::text) == "Fail"
    }

    /// Whether it changes what it is asked about.
    pub fn mutates(&self) -> bool {
        self.object.kind() == KINDS[0]
    }

    /// The namespace of the Service that answers, and its name.
    pub fn service(&self) -> Option<(&'a str, &'a str)> {
        let service = self.node.at(&["clientConfig", "service"])?;
        Some((service.str_at(&["namespace"])?, service.str_at(&["name"])?))
    }

    /// Whether its rules ask for the creation of pods.
    fn asks_for_pods(&self) -> bool {
        let has =
            |rule: NodeRef<'a>, key: &str, wanted: &[&str]| rule.items_at(&[key]).any(|it| wanted.contains(&it.text()));
        self.node.items_at(&["rules"]).any(|it| {
            has(it, "operations", &["CREATE", "*"])
                && has(it, "apiGroups", &["", "*"])
                && has(it, "apiVersions", &["v1", "*"])
                && has(it, "resources", &["pods", "*", "*/*"])
                && it.str_at(&["scope"]) != Some("Cluster")
        })
    }
}

impl<'a> Services<'a> {
    /// The webhooks that are asked when a pod is made, in order.
    pub fn pod_webhooks(&self) -> Vec<PodWebhook<'a>> {
        let objects = KINDS.iter().flat_map(|it| self.of_kind(GROUP, it));
        let webhooks = objects
            .flat_map(|object| object.node().items_at(&["webhooks"]).map(move |node| PodWebhook { object, node }));
        webhooks.filter(PodWebhook::asks_for_pods).collect()
    }

    /// The pods behind a Service that a webhook names, if the environment has them.
    pub fn pods_behind(&self, webhook: &PodWebhook<'a>) -> Vec<&PodSet<'a>> {
        let Some((namespace, name)) = webhook.service().filter(|it| !is_placeholder(it.0) && !is_placeholder(it.1))
        else {
            return Vec::new();
        };
        let named = self.named("", "Service", name);
        let service = named.iter().find(|it| it.namespace().is_none_or(|it| it == namespace));
        let pods = service.map(|it| self.pods_of_service(it)).unwrap_or_default();
        pods.iter().map(|it| self.pods(*it)).collect()
    }

    /// Whether a webhook is asked about pods with these labels in a namespace.
    pub fn webhook_covers(&self, webhook: &PodWebhook<'_>, namespace: &str, pods: &Labels<'_>) -> Covers {
        let selector = |key: &str| webhook.node.at(&[key]).map(Selector::read);
        let objects = selector("objectSelector");
        if objects.as_ref().is_some_and(|it| !it.is_open() && !it.matches(pods)) {
            return Covers::No;
        }
        let of_namespace =
            selector("namespaceSelector").map_or(Covers::Yes, |it| self.covers_namespace(&it, namespace));
        let is_open = objects.is_some_and(|it| it.is_open());
        let has_conditions = webhook.node.items_at(&["matchConditions"]).next().is_some();
        match of_namespace {
            Covers::Yes if is_open || has_conditions => Covers::Unknown,
            decided => decided,
        }
    }

    /// Whether a selector of namespaces takes one. Of a namespace without a manifest only the name is known.
    fn covers_namespace(&self, selector: &Selector<'_>, name: &str) -> Covers {
        let manifest = self.named("", "Namespace", name).first().copied();
        let mut labels = Labels::read(manifest.and_then(|it| it.node().at(&["metadata", "labels"])));
        labels.set(NAME_LABEL, name.to_owned());
        if selector.is_open() {
            return Covers::Unknown;
        }
        let is_known = |key: &str| manifest.is_some() || key == NAME_LABEL;
        let mut decided = selector.requirements.iter().filter(|it| is_known(&it.key));
        if !decided.all(|it| it.matches(&labels)) {
            Covers::No
        } else if selector.requirements.iter().all(|it| is_known(&it.key)) {
            Covers::Yes
        } else {
            Covers::Unknown
        }
    }
}
