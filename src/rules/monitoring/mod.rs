//! Rules on what watches the applications: monitors, alerts, and where alerts go.

mod alert_metadata;
mod alert_missing;
mod alert_namespace_unscoped;
mod alert_never_or_always_fires;
mod alert_target_unknown;
mod alert_total_outage_only;
mod alertmanager_config_narrowed;
mod alertmanager_receiver_missing;
mod dashboard_missing;
mod monitor_missing;
mod monitor_namespace_forbidden;
mod monitor_not_selected;
mod monitor_port_unknown;
mod monitor_selects_nothing;
mod monitoring_stack_single;
mod networkpolicy_blocks_scrape;
mod new_alerts;
mod new_monitoring;
mod new_monitors;

rules! {
    alert_metadata::AlertMetadata,
    alert_missing::AlertMissing,
    alert_namespace_unscoped::AlertNamespaceUnscoped,
    alert_never_or_always_fires::AlertNeverOrAlwaysFires,
    alert_target_unknown::AlertTargetUnknown,
    alert_total_outage_only::AlertTotalOutageOnly,
    alertmanager_config_narrowed::AlertmanagerConfigNarrowed,
    alertmanager_receiver_missing::AlertmanagerReceiverMissing,
    dashboard_missing::DashboardMissing,
    monitor_missing::MonitorMissing,
    monitor_namespace_forbidden::MonitorNamespaceForbidden,
    monitor_not_selected::MonitorNotSelected,
    monitor_port_unknown::MonitorPortUnknown,
    monitor_selects_nothing::MonitorSelectsNothing,
    monitoring_stack_single::MonitoringStackSingle,
    networkpolicy_blocks_scrape::NetworkpolicyBlocksScrape,
}
