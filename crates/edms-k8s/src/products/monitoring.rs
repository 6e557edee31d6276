//! Monitoring: the Prometheus operator and its kin, and exporters.

/// The group of the Prometheus operator.
pub const PROMETHEUS: &str = "monitoring.coreos.com";
/// The group of VictoriaMetrics' operator.
pub const VICTORIA: &str = "operator.victoriametrics.com";
/// The group of Google's managed Prometheus.
pub const GOOGLE_MONITORING: &str = "monitoring.googleapis.com";

/// Whether an image, by the last part of its name, turns what another program knows into metrics.
pub fn is_exporter_image(name: &str) -> bool {
    name.ends_with("exporter") || name.split(['-', '_', '.']).any(|it| it == "exporter")
}

/// Images of programs that export the lag of Kafka's consumers, and their charts by the ends of their names.
pub const KAFKA_LAG_EXPORTERS: &[&str] =
    &["kafka-exporter", "kafka_exporter", "kafka-lag-exporter", "burrow", "kminion"];

/// Whether an image, by the last part of its name, exports what PostgreSQL knows of itself.
pub fn is_postgres_exporter(name: &str) -> bool {
    is_exporter_image(name) && name.contains("postgres")
}

#[cfg(test)]
mod tests {
    use super::is_exporter_image;

    #[test]
    fn exporters_are_known_by_a_word() {
        for name in ["postgres-exporter", "redis_exporter", "pgexporter", "node-exporter-arm64", "exporter"] {
            assert!(is_exporter_image(name), "{name}");
        }
        for name in ["postgres", "exporters", "data-exporting"] {
            assert!(!is_exporter_image(name), "{name}");
        }
    }
}
