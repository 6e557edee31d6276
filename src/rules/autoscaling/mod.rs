//! Rules on autoscalers.

mod consumer_exceeds_partitions;
mod consumer_group_shared_broadcast;
mod consumer_rebalance_storm;
mod external_metrics_two_providers;
mod hpa_cpu_request_missing;
mod hpa_duplicate_target;
mod hpa_floor_too_low;
mod hpa_max_too_low;
mod hpa_memory_only;
mod hpa_missing;
mod hpa_replicas_drift;
mod hpa_scale_down_storm;
mod hpa_scale_up_disabled;
mod hpa_target_extreme;
mod hpa_target_invalid;
mod hpa_target_not_scalable;
mod hpa_vpa_conflict;
mod keda_authentication_missing;
mod keda_fallback_ineffective;
mod keda_group_mismatch;
mod metrics_api_evidence;
mod node_pool_limit_blocks_scaling;
mod quota_blocks_scaling;
mod vpa_duplicate_target;

rules! {
    consumer_exceeds_partitions::ConsumerExceedsPartitions,
    consumer_group_shared_broadcast::ConsumerGroupSharedBroadcast,
    consumer_rebalance_storm::ConsumerRebalanceStorm,
    external_metrics_two_providers::ExternalMetricsTwoProviders,
    hpa_cpu_request_missing::HpaCpuRequestMissing,
    hpa_duplicate_target::HpaDuplicateTarget,
    hpa_floor_too_low::HpaFloorTooLow,
    hpa_max_too_low::HpaMaxTooLow,
    hpa_memory_only::HpaMemoryOnly,
    hpa_missing::HpaMissing,
    hpa_replicas_drift::HpaReplicasDrift,
    hpa_scale_down_storm::HpaScaleDownStorm,
    hpa_scale_up_disabled::HpaScaleUpDisabled,
    hpa_target_extreme::HpaTargetExtreme,
    hpa_target_invalid::HpaTargetInvalid,
    hpa_target_not_scalable::HpaTargetNotScalable,
    hpa_vpa_conflict::HpaVpaConflict,
    keda_authentication_missing::KedaAuthenticationMissing,
    keda_fallback_ineffective::KedaFallbackIneffective,
    keda_group_mismatch::KedaGroupMismatch,
    metrics_api_evidence::MetricsApiEvidence,
    node_pool_limit_blocks_scaling::NodePoolLimitBlocksScaling,
    quota_blocks_scaling::QuotaBlocksScaling,
    vpa_duplicate_target::VpaDuplicateTarget,
}
