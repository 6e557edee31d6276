//! Where in Kubernetes' own types a merge stands, as far as its lists are merged by keys.
//!
//! From the `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of the API's description.

/// The type of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    /// An object of one of Kubernetes' kinds whose `spec` has a pod template.
    Workload,
    CronJob,
    Pod,
    Service,
    ServiceAccount,
    Webhooks,
    /// Any other object: only its metadata is known.
    Object,
    Metadata,
    WorkloadSpec,
    CronJobSpec,
    JobTemplate,
    PodTemplate,
    PodSpec,
    Container,
    ServiceSpec,
    /// Everything else, custom resources above all: lists are replaced.
    Unknown,
}

/// How a list is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListMerge {
    /// The patch's list takes the place of the other.
    Replace,
    /// Items with these keys in common are merged.
    By(&'static [&'static str]),
    /// Scalars are added that are not there.
    Union,
}

impl Schema {
    /// The type of an object. Kinds of the same name in other groups are no business of Kubernetes.
    pub(super) fn of(group: &str, kind: &str) -> Schema {
        match (group, kind) {
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet")
            | ("batch", "Job")
            | ("", "ReplicationController") => Schema::Workload,
            ("batch", "CronJob") => Schema::CronJob,
            ("", "Pod") => Schema::Pod,
            ("", "PodTemplate") => Schema::JobTemplate,
            ("", "Service") => Schema::Service,
            ("", "ServiceAccount") => Schema::ServiceAccount,
            ("admissionregistration.k8s.io", _) => Schema::Webhooks,
            (group, _) if crate::model::is_built_in(group) => Schema::Object,
            _ => Schema::Unknown,
        }
    }

    /// The type of a field, and how it is merged if it is a list; the type is then that of its items.
    pub(super) fn field(self, key: &str) -> (Schema, ListMerge) {
        use ListMerge::{By, Replace, Union};
        let is_object = matches!(
            self,
            Schema::Workload
                | Schema::CronJob
                | Schema::Pod
                | Schema::Service
                | Schema::ServiceAccount
                | Schema::Webhooks
                | Schema::Object
                | Schema::PodTemplate
        );
        match (self, key) {
            (_, "metadata") if is_object => (Schema::Metadata, Replace),
            (Schema::Metadata, "ownerReferences") => (Schema::Unknown, By(&["uid"])),
            (Schema::Metadata, "finalizers") => (Schema::Unknown, Union),
            (Schema::Workload | Schema::JobTemplate, "spec") => (Schema::WorkloadSpec, Replace),
            (Schema::CronJob, "spec") => (Schema::CronJobSpec, Replace),
            (Schema::CronJobSpec, "jobTemplate") => (Schema::JobTemplate, Replace),
            (Schema::WorkloadSpec | Schema::JobTemplate, "template") => (Schema::PodTemplate, Replace),
            (Schema::Pod | Schema::PodTemplate, "spec") => (Schema::PodSpec, Replace),
            (Schema::PodSpec, "containers" | "initContainers" | "ephemeralContainers") => {
                (Schema::Container, By(&["name"]))
            }
            (Schema::PodSpec, "volumes" | "imagePullSecrets") => (Schema::Unknown, By(&["name"])),
            (Schema::PodSpec, "hostAliases") => (Schema::Unknown, By(&["ip"])),
            (Schema::PodSpec, "topologySpreadConstraints") => {
                (Schema::Unknown, By(&["topologyKey", "whenUnsatisfiable"]))
            }
            (Schema::Container, "env") => (Schema::Unknown, By(&["name"])),
            (Schema::Container, "ports") => (Schema::Unknown, By(&["containerPort", "protocol"])),
            (Schema::Container, "volumeMounts") => (Schema::Unknown, By(&["mountPath"])),
            (Schema::Container, "volumeDevices") => (Schema::Unknown, By(&["devicePath"])),
            (Schema::Service, "spec") => (Schema::ServiceSpec, Replace),
            (Schema::ServiceSpec, "ports") => (Schema::Unknown, By(&["port", "protocol"])),
            (Schema::ServiceAccount, "secrets") | (Schema::Webhooks, "webhooks") => (Schema::Unknown, By(&["name"])),
            _ => (Schema::Unknown, Replace),
        }
    }
}
