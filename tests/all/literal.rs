//! The guideline taken word for word makes availability worse, and the audit says where.
//!
//! `fixtures/projects/guideline-literal` applies its sentences as they stand. Each defect is told by the rules beside
//! it, and nothing else is told: what the letter leaves open is right in the project.

use crate::common::{files_below, root};
use edms_lint::config::Config;
use edms_lint::engine;
use edms_lint::finding::Severity;
use edms_lint::load::{self, Input, Options};
use edms_lint::source::Sources;
use std::collections::BTreeSet;

/// What is wrong with the letter, and the rules that show it.
const DEFECTS: &[(&str, &[&str])] = &[
    ("an autoscaler from 2 and a budget of 2 block every drain at the minimum", &["pdb-blocks-drain"]),
    ("a budget of one's own for Kafka meets the operator's, and evictions fail", &["pdb-overlap"]),
    ("ZooKeeper is gone from Strimzi 0.46 and Kafka 4", &["kafka-zookeeper-removed"]),
    (
        "three brokers without replication settings hold one copy",
        &["kafka-replication-factor-low", "kafka-topic-min-insync-mismatch"],
    ),
    (
        "three replicas of a StatefulSet are three databases, probed to death in recovery, restored to the last backup only",
        &[
            "postgres-replication-missing",
            "statefulset-governing-service-invalid",
            "postgres-probe-kills-recovery",
            "postgres-wal-archiving-missing",
        ],
    ),
    (
        "an autoscaled consumer has one partition, and the backend's group hides messages from its other pods",
        &["consumer-exceeds-partitions", "consumer-group-shared-broadcast"],
    ),
    (
        "an autoscaler needs requests and a metrics API, and each apply sets its replicas back",
        &["hpa-cpu-request-missing", "metrics-api-evidence", "hpa-replicas-drift"],
    ),
    (
        "required anti-affinity on three nodes leaves a fourth pod pending, and nodes of one machine prove nothing",
        &["anti-affinity-exceeds-nodes", "cluster-too-few-nodes", "cluster-control-plane-not-redundant"],
    ),
    (
        "the ServiceMonitor selects nothing, nor is it taken; Kafka's metrics are off; the others have no monitor",
        &["monitor-selects-nothing", "monitor-not-selected", "monitor-missing", "kafka-metrics-disabled"],
    ),
    ("the chart runs Prometheus and Alertmanager once", &["monitoring-stack-single"]),
    (
        "the alert means any namespace, Kafka and PostgreSQL have none, and alerts go nowhere",
        &["alert-namespace-unscoped", "alert-missing", "alertmanager-receiver-missing"],
    ),
];

#[test]
fn the_letter_is_told_where_it_does_harm_and_nothing_else_is() {
    let config = Config::default();
    let folder = root();
    let options = Options { config: &config, config_dir: None, working_dir: &folder };
    let project = root().join("fixtures/projects/guideline-literal");
    assert!(files_below(&project).len() >= 8);
    let loaded = load::load(&[Input::Path(project)], Sources::default(), &options);
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    let found: BTreeSet<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
    for (defect, rules) in DEFECTS {
        for rule in *rules {
            assert!(found.contains(rule), "{defect}: {rule} is silent");
        }
    }
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let page = std::fs::read_to_string(root().join("docs/guideline.md")).expect("there is a page");
    let told = format!("finds {errors} errors and {warnings} warnings");
    assert!(page.contains(&told), "docs/guideline.md does not say that the audit {told}");
    let expected: BTreeSet<&str> = DEFECTS.iter().flat_map(|it| it.1).copied().collect();
    assert_eq!(found, expected, "what is found besides, or not any more");
}
