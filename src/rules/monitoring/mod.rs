//! Rules on monitoring.

mod dashboard_missing;
mod monitor_namespace_forbidden;
mod monitoring_stack_single;
mod networkpolicy_blocks_scrape;

rules! {
    dashboard_missing::DashboardMissing,
    monitor_namespace_forbidden::MonitorNamespaceForbidden,
    monitoring_stack_single::MonitoringStackSingle,
    networkpolicy_blocks_scrape::NetworkpolicyBlocksScrape,
}
