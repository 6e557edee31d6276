//! `strimzi-operator-single-replica`

use crate::index::kafka::operator::Installation;
use crate::index::{Chart, Setting};
use crate::model::{Object, Place};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::NodeRef;

rule!(StrimziOperatorSingleReplica, "kafka/strimzi-operator-single-replica.md", |walk| walk
    .each(|index| index.strimzi_installations(), judge));

fn judge(installation: &Installation<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = installation.object;
    let mut charts = cx.index().chart_releases().iter().filter(|it| it.object.id() == object.id());
    if let Some(chart) = charts.find(|it| it.name == "strimzi-kafka-operator") {
        return judge_chart(chart, cx);
    }
    if object.kind() != "Deployment" {
        return Verdict::open("how many replicas it runs is not written here");
    }
    let node = object.node().at(&["spec", "replicas"]);
    match node.map_or(Some(1), NodeRef::as_int) {
        Some(0 | 1) => fail(object, object.place(&["spec", "replicas"]), node.is_none(), cx),
        Some(_) => Verdict::Pass,
        None => Verdict::open("the number of replicas is a template placeholder"),
    }
}

/// Judges the chart's values; all its versions run the operator once where they say nothing.
fn judge_chart(chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = chart.object;
    match chart.number("replicas") {
        Setting::Is(count, place) if count < 2 => fail(object, place, false, cx),
        Setting::Default(_, place) => fail(object, place, true, cx),
        Setting::Is(..) => Verdict::Pass,
        Setting::Unknown(_) if !chart.has_unread && !chart.has("replicas") => {
            let keys: &[&str] =
                if object.kind() == "HelmRelease" { &["spec", "values", "replicas"] } else { &["metadata", "name"] };
            fail(object, object.place(keys), true, cx)
        }
        Setting::Unknown(reason) => Verdict::open(format!("how many replicas it runs: {reason}")),
    }
}

fn fail(object: &Object, place: Place, is_default: bool, cx: &mut Context<'_>) -> Verdict {
    let default = if is_default { " (the default)" } else { "" };
    let repair = (object.kind() == "Deployment").then(|| Repair::new().set(object, &["spec", "replicas"], 2));
    cx.fail(object, place, format!("{} runs the operator once{default}", object.title()))
        .fix(repair)
        .help("Kafka runs on without it, but failed brokers wait: a second replica takes over by election")
        .verdict()
}
