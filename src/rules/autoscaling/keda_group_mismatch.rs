//! `keda-group-mismatch`

use crate::index::commands::is_open_value;
use crate::index::kafka::consumers::Consumer;
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct KedaGroupMismatch;

impl Rule for KedaGroupMismatch {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/keda-group-mismatch.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for consumer in index.kafka_consumers(index.workloads()) {
                check_consumer(&consumer, cx);
            }
        });
    }
}

fn check_consumer(consumer: &Consumer<'_, '_>, cx: &mut Context<'_>) {
    let object = consumer.workload.object;
    let told: Vec<_> = consumer.told_groups().collect();
    let Some(first) = told.first() else { return }; // The program has it from elsewhere.
    // A program of Kafka Streams calls its group by its application.
    let names_its_application = consumer.told.iter().any(|it| it.name.ends_with("application-id"));
    if told.iter().any(|it| is_open_value(it.text)) || names_its_application {
        return cx.not_verifiable(object, "the name of its group is a template placeholder");
    }
    for trigger in &consumer.triggers {
        let Some(group) = trigger.group().filter(|it| !is_open_value(it.text)) else { continue };
        // Connect makes the names of its groups.
        if told.iter().any(|it| it.text == group.text) || group.text.starts_with("connect-") {
            cx.pass(trigger.scaler);
            continue;
        }
        let scaler = trigger.scaler;
        let message = format!(
            "{} follows consumer group {}, and {} reads in group {}",
            scaler.title(),
            group.text,
            object.title(),
            first.text
        );
        cx.fail(scaler, scaler.place_in(trigger.metadata, &["consumerGroup"]), message)
            .heuristic()
            .label(first.span, "the group of the program")
            .help(
                "KEDA measures the lag of a group that these pods are not in: set consumerGroup to that of the program",
            );
    }
}
