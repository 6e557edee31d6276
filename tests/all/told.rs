//! One defect that two rules see is one finding, and never none.

use crate::common::{audit, only};
use edms_lint::config::Config;
use edms_lint::finding::Undecided;

const TWO_NODES: &str = "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: events}\nspec: {kafka: {listeners: []}}\n---\napiVersion: kafka.strimzi.io/v1\nkind: KafkaNodePool\nmetadata: {name: nodes, labels: {strimzi.io/cluster: events}}\nspec: {replicas: 2, roles: [broker, controller], storage: {type: persistent-claim, size: 1Gi}}\n";

/// The rules that have findings, and those that are told by them.
fn rules(text: &str, config: &Config) -> (Vec<String>, Vec<String>) {
    let (_, report) = audit(&[("kafka.yaml".to_owned(), text.to_owned())], config, false);
    let told = report.single_outcomes.iter().filter(|it| matches!(it.undecided, Undecided::Blocked { .. }));
    let told = told.map(|it| it.rule.to_string()).collect();
    (report.findings.iter().map(|it| it.rule.to_string()).collect(), told)
}

fn both() -> Config {
    Config {
        select: vec!["kafka-too-few-brokers".to_owned(), "kraft-too-few-controllers".to_owned()],
        ..Config::default()
    }
}

#[test]
fn the_other_rule_tells_it() {
    let controllers = vec!["kraft-too-few-controllers".to_owned()];
    assert_eq!(rules(TWO_NODES, &both()), (vec!["kafka-too-few-brokers".to_owned()], controllers));
}

#[test]
fn it_stands_where_the_other_rule_is_off() {
    let controllers = vec!["kraft-too-few-controllers".to_owned()];
    assert_eq!(rules(TWO_NODES, &only("kraft-too-few-controllers")), (controllers.clone(), Vec::new()));
    let ignored = Config { ignore: vec!["kafka-too-few-brokers".to_owned()], ..both() };
    assert_eq!(rules(TWO_NODES, &ignored), (controllers, Vec::new()));
}

#[test]
fn a_comment_on_the_other_finding_takes_both() {
    let accepted = TWO_NODES
        .replace("spec: {replicas", "# edms-lint: ignore[kafka-too-few-brokers]: a test cluster\nspec: {replicas");
    assert_eq!(rules(&accepted, &both()).0, Vec::<String>::new());
}
