//! `hpa-target-not-scalable`

use crate::index::{Target, kafka, postgres, scale_target};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

rule!(HpaTargetNotScalable, "autoscaling/hpa-target-not-scalable.md", |walk| walk.autoscalers(|scaler, cx| {
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    match lack(target) {
        Some(lack) => report(scaler, target, lack, cx),
        // `kafka-autoscaled`
        None if kafka::is_node_kind(target.group.unwrap_or_default(), target.kind) => Verdict::NotApplicable,
        None => Verdict::Pass,
    }
}));

/// What a kind lacks that autoscalers need.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// The scale subresource.
    Scale,
    /// The selector in it, by which the pods are found.
    Selector,
}

/// Whether autoscalers can do nothing with a kind. The kinds of Kafka nodes are left to `kafka-autoscaled`.
pub(super) fn lack(target: Target<'_>) -> Option<Lack> {
    Some(match (target.group?, target.kind) {
        ("apps" | "extensions", "DaemonSet") | ("", "Pod") | ("batch", "Job" | "CronJob") => Lack::Scale,
        (postgres::ZALANDO, "postgresql") | (postgres::CRUNCHY, "PostgresCluster") => Lack::Scale,
        (kafka::STRIMZI, "KafkaTopic" | "KafkaUser" | "KafkaRebalance") => Lack::Scale,
        (kafka::STRIMZI, "KafkaConnector") | (postgres::CNPG | postgres::EDB, "Pooler") => Lack::Selector,
        _ => return None,
    })
}

fn report(scaler: &Object, target: Target<'_>, lack: Lack, cx: &mut Context<'_>) -> Verdict {
    let (kind, name) = (target.kind, target.name);
    let what = match lack {
        Lack::Scale => "which has no scale subresource",
        Lack::Selector => "whose scale subresource names no pods",
    };
    let message = format!("{} scales nothing: its target is {kind} {name}, {what}", scaler.title());
    let object = cx.index().target_of(scaler);
    let draft = cx.fail(scaler, scaler.place(&["spec", "scaleTargetRef", "kind"]), message).help(help(kind));
    match object {
        Some(object) => draft.label(object.name_span(), "this cannot be scaled"),
        None => draft,
    }
    .verdict()
}

fn help(kind: &str) -> &'static str {
    match kind {
        "DaemonSet" => "a DaemonSet runs one pod a node: remove the autoscaler, or make it a Deployment",
        "Pod" => "run the pod from a Deployment, and let the autoscaler target that",
        "Job" | "CronJob" => {
            "Jobs are not scaled while they run: with KEDA, a ScaledJob starts one for each piece of work"
        }
        "KafkaConnector" => {
            "tasksMax cannot follow a metric (\"selector is required\"): scale the KafkaConnect that runs its tasks"
        }
        "Pooler" => "its scale has no selector (\"selector is required\"): set spec.instances by hand",
        "postgresql" | "PostgresCluster" => "set the number of instances by hand: each keeps a copy of the data",
        _ => "remove the autoscaler: the resource runs no pods of its own",
    }
}
