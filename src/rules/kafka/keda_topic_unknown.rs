//! `keda-topic-unknown`

use crate::index::Index;
use crate::index::kafka::consumers::{Named, Trigger};
use crate::index::kafka::settings::AUTO_CREATE;
use crate::index::kafka::{CLUSTER_LABEL, KafkaCluster, Leads, STRIMZI};
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::repairs::correct;
use crate::rules::words::is_open;
use crate::suggest;
use std::collections::BTreeSet;

rule!(KedaTopicUnknown, "kafka/keda-topic-unknown.md", |walk| walk
    .each(|index| index.of_kind(products::KEDA, "ScaledObject").flat_map(|it| index.kafka_triggers(it)), judge));

fn judge(trigger: Trigger<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(topic) = trigger.topic() else { return Verdict::NotApplicable };
    if is_open(topic.text) {
        return Verdict::open("the topic is a template placeholder");
    }
    match cluster_of(cx.index(), trigger) {
        Some(cluster) => judge_topic(trigger, topic, cluster, cx),
        None => Verdict::NotApplicable,
    }
}

/// The cluster that a trigger asks, if the environment has it.
fn cluster_of<'i, 'a>(index: &'i Index<'a>, trigger: Trigger<'a>) -> Option<&'i KafkaCluster<'a>> {
    let servers = trigger.metadata.get("bootstrapServers")?.text();
    let host = servers.split(',').next()?.trim().rsplit_once(':')?.0;
    match index.kafka_address(trigger.scaler, host) {
        Leads::Brokers(kafka) | Leads::Listener(kafka, _) => index.kafka_cluster(kafka),
        _ => None,
    }
}

/// The names of the topics that the manifests give a cluster, those without a managed resource included.
fn topics_of<'a>(index: &Index<'a>, kafka: &Object) -> BTreeSet<&'a str> {
    let resources = index.of_kind(STRIMZI, "KafkaTopic");
    let own = resources.filter(|it| it.label(CLUSTER_LABEL) == Some(kafka.name()));
    own.map(|it| it.node().str_at(&["spec", "topicName"]).unwrap_or(it.name())).collect()
}

fn judge_topic(trigger: Trigger<'_>, topic: Named<'_>, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let (scaler, kafka) = (trigger.scaler, cluster.object);
    let known = topics_of(index, kafka);
    if cluster.switch(AUTO_CREATE) != Some(false) || known.contains(topic.text) {
        return Verdict::Pass;
    }
    if index.kafka_creations().iter().any(|it| it.topics.contains(&topic.text)) {
        return Verdict::Pass;
    }
    if index.environment().is_fragment || known.is_empty() {
        return Verdict::open(format!("topic {} may be made elsewhere", topic.text));
    }
    if cx.once_in_run(&format!("topic {} of {}", topic.text, kafka.name()), |it| {
        topics_of(it, kafka).contains(topic.text)
    }) {
        return Verdict::Pass;
    }
    let near = suggest::nearest(topic.text, known.iter().copied().collect::<Vec<_>>());
    if let Some(maker) = index.unseen_maker_near(kafka).filter(|_| near.is_none()) {
        return Verdict::open(format!("{} may make topic {}", maker.title(), topic.text));
    }
    let message = format!(
        "{} follows topic {}, which no KafkaTopic of Kafka {} makes, and clients create none",
        scaler.title(),
        topic.text,
        kafka.name()
    );
    let help = match near {
        Some(near) => format!("did you mean {near}? A trigger without its topic scales nothing"),
        None => "correct the name, or add the KafkaTopic: a trigger without its topic scales nothing".to_owned(),
    };
    let mut place = scaler.place_in(trigger.metadata, &["topic"]);
    place.span = topic.span;
    let written = trigger.metadata.get("topic").filter(|it| it.text() == topic.text);
    let sure = near.and_then(|_| suggest::certain(topic.text, known.iter().copied().collect::<Vec<_>>()));
    let repair = sure.zip(written).map(|(near, node)| correct(scaler, node, near));
    cx.fail(scaler, place, message)
        .evidence("topic", topic.text)
        .fix(repair)
        .label(kafka.place(&["spec", "kafka", "config", AUTO_CREATE]).span, "clients create no topics")
        .help(help)
        .verdict()
}
