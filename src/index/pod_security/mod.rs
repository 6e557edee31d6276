//! What the pod security standards refuse of a pod, as the admission of the API server applies them.
//!
//! Source: kubernetes/pod-security-admission `policy/check_*.go` and `policy/registry.go` (release 1.37), and
//! kubernetes.io `docs/concepts/security/pod-security-standards`.

mod baseline;
mod restricted;

use super::{Index, PodWebhook};
use crate::model::{Container, Object, PodTemplate, Version};
use crate::yaml::NodeRef;

/// The label of a namespace that makes a standard binding, and the one that fixes its version.
pub const ENFORCE: &str = "pod-security.kubernetes.io/enforce";
const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

/// A standard that refuses something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standard {
    /// What is known to escape from its container.
    Baseline,
    /// All that good practice leaves out.
    Restricted,
}

impl Standard {
    /// Its name, as the label has it.
    pub fn name(self) -> &'static str {
        match self {
            Standard::Baseline => "baseline",
            Standard::Restricted => "restricted",
        }
    }
}

/// A standard in a version.
#[derive(Clone, Copy, Debug)]
pub struct Enforced<'a> {
    /// The standard.
    pub standard: Standard,
    /// The namespace that enforces it.
    pub namespace: &'a Object,
    version: Version,
}

/// Stands for the newest form of a standard.
const LATEST: Version = Version::new(1, u64::MAX, 0);

/// What a standard refuses.
#[derive(Clone, Copy, Debug)]
pub struct Breach<'a> {
    /// The field that is at fault, as in `capabilities`.
    pub control: &'static str,
    /// The map that holds it, or should.
    pub at: NodeRef<'a>,
    /// The keys that lead to it from there.
    pub keys: &'static [&'static str],
}

/// A pod as the checks see it.
struct Pod<'a> {
    template: PodTemplate<'a>,
    spec: NodeRef<'a>,
    containers: Vec<Container<'a>>,
    version: Version,
}

impl<'a> Pod<'a> {
    /// Whether the form of the standard is that of Kubernetes 1.`minor` or newer.
    fn is_judged_since(&self, minor: u64) -> bool {
        self.version >= Version::new(1, minor, 0)
    }

    /// Whether it is one for Windows, which later versions of `restricted` spare some fields.
    fn is_for_windows(&self) -> bool {
        self.spec.str_at(&["os", "name"]) == Some("windows") && self.is_judged_since(25)
    }

    /// Whether its users are none of the node's, which later versions relax some checks for.
    fn has_own_users(&self) -> bool {
        self.spec.bool_at(&["hostUsers"]) == Some(false) && self.is_judged_since(35)
    }

    /// The maps that may hold a security context: the pod's, and those of its containers.
    fn holders(&self) -> impl Iterator<Item = NodeRef<'a>> {
        std::iter::once(self.spec).chain(self.containers.iter().map(|it| it.node()))
    }
}

impl<'a> Index<'a> {
    /// The standard that is enforced on the pods of an object, if a manifest of its namespace says so.
    pub fn enforced_standard(&self, object: &Object) -> Option<Enforced<'a>> {
        let name = object.namespace()?;
        let namespace = self.named("", "Namespace", name).last().copied()?;
        let standard = match namespace.label(ENFORCE)? {
            "baseline" => Standard::Baseline,
            "restricted" => Standard::Restricted,
            _ => return None, // Nothing is refused, or it is a template placeholder.
        };
        let version = match namespace.label(ENFORCE_VERSION) {
            None | Some("latest") => {
                self.configured_kubernetes().or_else(|| self.newest_kubernetes()).unwrap_or(LATEST)
            }
            Some(written) => Version::read(written).filter(|it| written == format!("v1.{}", it.minor))?,
        };
        Some(Enforced { standard, namespace, version })
    }

    /// What may change pods before the standards are applied to them.
    pub fn changer_of_pods(&self) -> Option<&'a Object> {
        let webhook = self.pod_webhooks().into_iter().find(PodWebhook::mutates).map(|it| it.object);
        let policies = [("kyverno.io", "ClusterPolicy"), ("kyverno.io", "Policy")];
        let by_kyverno = || {
            let all = policies.iter().flat_map(|(group, kind)| self.of_kind(group, kind));
            let mut rules =
                all.filter(|it| it.node().items_at(&["spec", "rules"]).any(|it| it.at(&["mutate"]).is_some()));
            rules.next()
        };
        let by_group = || {
            self.objects().find(|it| {
                let group = it.group();
                group == "mutations.gatekeeper.sh"
                    || group.ends_with(".openshift.io")
                    || (group == "policies.kyverno.io" && it.kind().contains("Mutating"))
                    || it.is("admissionregistration.k8s.io", "MutatingAdmissionPolicy")
            })
        };
        webhook.or_else(by_kyverno).or_else(by_group)
    }
}

impl Enforced<'_> {
    /// What it refuses of the pods of a template, in the order of its checks.
    pub fn breaches<'t>(&self, template: PodTemplate<'t>) -> Vec<Breach<'t>> {
        let Some(spec) = template.spec().filter(|it| it.is_map()) else { return Vec::new() };
        let containers = template.init_containers().chain(template.containers()).collect();
        let pod = Pod { template, spec, containers, version: self.version };
        let is_restricted = self.standard == Standard::Restricted;
        let mut found = baseline::breaches(&pod, is_restricted);
        if is_restricted {
            found.extend(restricted::breaches(&pod));
        }
        found
    }
}
