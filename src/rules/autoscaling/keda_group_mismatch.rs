//! `keda-group-mismatch`

use crate::index::Workload;
use crate::index::commands::is_open_value;
use crate::rule::{Context, Verdict, rule};

rule!(KedaGroupMismatch, "autoscaling/keda-group-mismatch.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let Some(consumer) = cx.index().kafka_consumer(workload) else { return Verdict::NotApplicable };
    let told: Vec<_> = consumer.told_groups().collect();
    let Some(first) = told.first() else { return Verdict::NotApplicable }; // The program has it from elsewhere.
    // A program of Kafka Streams calls its group by its application.
    let names_its_application = consumer.told.iter().any(|it| it.name.ends_with("application-id"));
    if told.iter().any(|it| is_open_value(it.text)) || names_its_application {
        return Verdict::open("the name of its group is a template placeholder");
    }
    for trigger in &consumer.triggers {
        let Some(group) = trigger.group().filter(|it| !is_open_value(it.text)) else { continue };
        // Connect makes the names of its groups.
        if told.iter().any(|it| it.text == group.text) || group.text.starts_with("connect-") {
            cx.judge(trigger.scaler, Verdict::Pass);
            continue;
        }
        let scaler = trigger.scaler;
        let message = format!(
            "{} follows consumer group {}, and {} reads in group {}",
            scaler.title(),
            group.text,
            workload.object.title(),
            first.text
        );
        cx.fail(scaler, scaler.place_in(trigger.metadata, &["consumerGroup"]), message)
            .heuristic()
            .label(first.span, "the group of the program")
            .help(
                "KEDA measures the lag of a group that these pods are not in: set consumerGroup to that of the program",
            );
    }
    Verdict::NotApplicable
}
