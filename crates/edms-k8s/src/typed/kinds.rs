//! The kinds of Kubernetes' own API: the one list of them, by group, version and kind.

use super::decode::Decoder;
use edms_yaml::read_error::Error;
use k8s_openapi::Resource;
use k8s_openapi::api::{
    admissionregistration, apiserverinternal, apps, authentication, authorization, autoscaling, batch, certificates,
    coordination, core, discovery, events, flowcontrol, lifecycle, networking, node, policy, rbac, resource,
    scheduling, storage, storagemigration,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration;
use serde::Deserialize;

/// A kind in one version, and how to read it.
pub(super) struct BuiltIn {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    pub(super) decode: fn(Decoder<'_, '_>) -> Result<(), Error>,
}

const fn of<T: Resource + Deserialize<'static>>() -> BuiltIn {
    BuiltIn {
        group: T::GROUP,
        version: T::VERSION,
        kind: T::KIND,
        // What is read is dropped: the question is only whether it can be.
        decode: |decoder| T::deserialize(decoder).map(drop),
    }
}

/// The kind of this name, if this version of its group is one that the compiled-in API serves.
pub(super) fn find(group: &str, version: &str, kind: &str) -> Option<&'static BuiltIn> {
    KINDS.iter().find(|it| it.kind == kind && it.group == group && it.version == version)
}

/// The kinds of a version of a group.
pub(super) fn in_version(group: &str, version: &str) -> impl Iterator<Item = &'static str> {
    KINDS.iter().filter(move |it| it.group == group && it.version == version).map(|it| it.kind)
}

/// Whether any version of a group has the kind.
pub(super) fn is_in_group(group: &str, kind: &str) -> bool {
    KINDS.iter().any(|it| it.kind == kind && it.group == group)
}

/// The `apiVersion` of a kind in whichever group has it, the stable version before others.
pub(super) fn newest(kind: &str) -> Option<String> {
    let found = KINDS.iter().filter(|it| it.kind == kind).min_by_key(|it| it.version.len())?;
    let group = found.group;
    Some(if group.is_empty() { found.version.to_owned() } else { format!("{group}/{}", found.version) })
}

static KINDS: &[BuiltIn] = &[
    of::<core::v1::Binding>(),
    of::<core::v1::ComponentStatus>(),
    of::<core::v1::ConfigMap>(),
    of::<core::v1::Endpoints>(),
    of::<core::v1::Event>(),
    of::<core::v1::LimitRange>(),
    of::<core::v1::Namespace>(),
    of::<core::v1::Node>(),
    of::<core::v1::PersistentVolume>(),
    of::<core::v1::PersistentVolumeClaim>(),
    of::<core::v1::Pod>(),
    of::<core::v1::PodTemplate>(),
    of::<core::v1::ReplicationController>(),
    of::<core::v1::ResourceQuota>(),
    of::<core::v1::Secret>(),
    of::<core::v1::Service>(),
    of::<core::v1::ServiceAccount>(),
    of::<admissionregistration::v1::MutatingAdmissionPolicy>(),
    of::<admissionregistration::v1::MutatingAdmissionPolicyBinding>(),
    of::<admissionregistration::v1::MutatingWebhookConfiguration>(),
    of::<admissionregistration::v1::ValidatingAdmissionPolicy>(),
    of::<admissionregistration::v1::ValidatingAdmissionPolicyBinding>(),
    of::<admissionregistration::v1::ValidatingWebhookConfiguration>(),
    of::<admissionregistration::v1alpha1::MutatingAdmissionPolicy>(),
    of::<admissionregistration::v1alpha1::MutatingAdmissionPolicyBinding>(),
    of::<admissionregistration::v1beta1::MutatingAdmissionPolicy>(),
    of::<admissionregistration::v1beta1::MutatingAdmissionPolicyBinding>(),
    of::<apiextensions::v1::CustomResourceDefinition>(),
    of::<apiregistration::v1::APIService>(),
    of::<apps::v1::ControllerRevision>(),
    of::<apps::v1::DaemonSet>(),
    of::<apps::v1::Deployment>(),
    of::<apps::v1::ReplicaSet>(),
    of::<apps::v1::StatefulSet>(),
    of::<authentication::v1::SelfSubjectReview>(),
    of::<authentication::v1::TokenRequest>(),
    of::<authentication::v1::TokenReview>(),
    of::<authorization::v1::LocalSubjectAccessReview>(),
    of::<authorization::v1::SelfSubjectAccessReview>(),
    of::<authorization::v1::SelfSubjectRulesReview>(),
    of::<authorization::v1::SubjectAccessReview>(),
    of::<autoscaling::v1::HorizontalPodAutoscaler>(),
    of::<autoscaling::v1::Scale>(),
    of::<autoscaling::v2::HorizontalPodAutoscaler>(),
    of::<batch::v1::CronJob>(),
    of::<batch::v1::Job>(),
    of::<certificates::v1::CertificateSigningRequest>(),
    of::<certificates::v1::ClusterTrustBundle>(),
    of::<certificates::v1::PodCertificateRequest>(),
    of::<certificates::v1beta1::ClusterTrustBundle>(),
    of::<certificates::v1beta1::PodCertificateRequest>(),
    of::<coordination::v1::Lease>(),
    of::<coordination::v1alpha2::LeaseCandidate>(),
    of::<coordination::v1beta1::LeaseCandidate>(),
    of::<discovery::v1::EndpointSlice>(),
    of::<events::v1::Event>(),
    of::<flowcontrol::v1::FlowSchema>(),
    of::<flowcontrol::v1::PriorityLevelConfiguration>(),
    of::<apiserverinternal::v1alpha1::StorageVersion>(),
    of::<lifecycle::v1alpha1::Eviction>(),
    of::<lifecycle::v1alpha1::EvictionRequest>(),
    of::<networking::v1::IPAddress>(),
    of::<networking::v1::Ingress>(),
    of::<networking::v1::IngressClass>(),
    of::<networking::v1::NetworkPolicy>(),
    of::<networking::v1::ServiceCIDR>(),
    of::<node::v1::RuntimeClass>(),
    of::<policy::v1::Eviction>(),
    of::<policy::v1::PodDisruptionBudget>(),
    of::<rbac::v1::ClusterRole>(),
    of::<rbac::v1::ClusterRoleBinding>(),
    of::<rbac::v1::Role>(),
    of::<rbac::v1::RoleBinding>(),
    of::<resource::v1::DeviceClass>(),
    of::<resource::v1::DeviceTaintRule>(),
    of::<resource::v1::ResourceClaim>(),
    of::<resource::v1::ResourceClaimTemplate>(),
    of::<resource::v1::ResourceSlice>(),
    of::<resource::v1alpha3::DeviceTaintRule>(),
    of::<resource::v1alpha3::ResourcePoolStatusRequest>(),
    of::<resource::v1beta1::DeviceClass>(),
    of::<resource::v1beta1::ResourceClaim>(),
    of::<resource::v1beta1::ResourceClaimTemplate>(),
    of::<resource::v1beta1::ResourceSlice>(),
    of::<resource::v1beta2::DeviceClass>(),
    of::<resource::v1beta2::DeviceTaintRule>(),
    of::<resource::v1beta2::ResourceClaim>(),
    of::<resource::v1beta2::ResourceClaimTemplate>(),
    of::<resource::v1beta2::ResourceSlice>(),
    of::<scheduling::v1::PriorityClass>(),
    of::<scheduling::v1alpha3::CompositePodGroup>(),
    of::<scheduling::v1alpha3::PodGroup>(),
    of::<scheduling::v1alpha3::Workload>(),
    of::<scheduling::v1beta1::PodGroup>(),
    of::<scheduling::v1beta1::Workload>(),
    of::<storage::v1::CSIDriver>(),
    of::<storage::v1::CSINode>(),
    of::<storage::v1::CSIStorageCapacity>(),
    of::<storage::v1::StorageClass>(),
    of::<storage::v1::VolumeAttachment>(),
    of::<storage::v1::VolumeAttributesClass>(),
    of::<storagemigration::v1::StorageVersionMigration>(),
    of::<storagemigration::v1beta1::StorageVersionMigration>(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_once_and_in_order() {
        let names = |it: &BuiltIn| (it.group, it.version, it.kind);
        assert!(KINDS.is_sorted_by(|one, next| names(one) < names(next)));
    }
}
