//! `alert-never-or-always-fires`

use crate::index::KafkaCluster;
use crate::index::monitoring::{AlertResult, AlertRule, Selection, Wanted};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;
use std::collections::HashSet;

/// Labels that hold the name of a pod: of the kubelet, and of the relabelling in Strimzi's PodMonitors.
const POD: &[&str] = &["pod", "kubernetes_pod_name", "pod_name"];
const CLAIM: &str = "persistentvolumeclaim";

rule!(AlertNeverOrAlwaysFires, "monitoring/alert-never-or-always-fires.md", |walk| {
    walk.environment(judge_sizes);
    walk.environment(|cx| {
        let index = cx.index();
        let clusters: Vec<&KafkaCluster<'_>> =
            index.kafka_clusters().iter().filter(|it| !it.is_switched_off()).collect();
        let Some(names) = Names::of(&clusters) else { return };
        cx.judge_each(index.alert_rules().iter().filter(|it| it.is_alert), |it, cx| judge(it, &names, cx));
    });
});

/// The names of the brokers' and controllers' pods and claims, by way of example.
struct Names<'a> {
    pods: Vec<String>,
    claims: Vec<String>,
    /// What the pods are called after: cluster and pool.
    makers: Vec<String>,
    first: &'a KafkaCluster<'a>,
}

impl<'a> Names<'a> {
    /// Nothing if there is no cluster, or one whose pools are not in the manifests.
    fn of(clusters: &[&'a KafkaCluster<'a>]) -> Option<Names<'a>> {
        let first = *clusters.first()?;
        let mut names = Names { pods: Vec::new(), claims: Vec::new(), makers: Vec::new(), first };
        for cluster in clusters {
            let name = cluster.object.name();
            if cluster.uses_pools {
                if cluster.pools.is_empty() {
                    return None;
                }
                names.makers.extend(cluster.pools.iter().map(|it| format!("{name}-{}", it.object.name())));
            } else {
                names.makers.push(format!("{name}-kafka"));
            }
        }
        if names.makers.iter().any(|it| crate::model::is_placeholder(it)) {
            return None;
        }
        // Node ids are those that are free: any number.
        for id in (0..=12).chain([100, 1000]) {
            for maker in &names.makers {
                names.pods.push(format!("{maker}-{id}"));
                names.claims.push(format!("data-{maker}-{id}"));
                names.claims.extend((0..=3).map(|volume| format!("data-{volume}-{maker}-{id}")));
            }
        }
        Some(names)
    }

    /// Whether a selection means pods or claims of Kafka's nodes, and none of them is called so.
    fn are_missed_by(&self, selection: &Selection<'_>) -> bool {
        self.missed(selection).is_some()
    }

    /// What the selection asks for that nothing is called.
    fn missed<'e>(&self, selection: &Selection<'e>) -> Option<Wanted<'e>> {
        self.meant(selection).find(|(wanted, names)| !names.iter().any(|it| wanted.fits(it))).map(|it| it.0)
    }

    /// What the selection asks for that Kafka's nodes ought to have, with what they have.
    fn meant<'e>(&self, selection: &Selection<'e>) -> impl Iterator<Item = (Wanted<'e>, &Vec<String>)> {
        let is_of_kafka = selection.wanted("container").any(|it| it.is_positive() && it.fits("kafka"));
        let pods = POD.iter().flat_map(|it| selection.wanted(it)).map(|it| (it, &self.pods));
        let claims = selection.wanted(CLAIM).map(|it| (it, &self.claims));
        pods.chain(claims).filter(move |(wanted, _)| {
            let means_kafka = is_of_kafka || wanted.text.contains("-kafka-");
            let is_other =
                ["connect", "exporter", "mirror", "bridge", "operator"].iter().any(|it| wanted.text.contains(it));
            wanted.is_positive() && means_kafka && !is_other
        })
    }
}

/// Says of each object which of its alerts is too large to be read, whatever it is about.
fn judge_sizes(cx: &mut Context<'_>) {
    let mut told = HashSet::new();
    for rule in cx.index().alert_rules().iter().filter(|it| it.is_alert) {
        let Some(excess) = rule.too_large().filter(|_| !told.contains(&rule.object.id())) else { continue };
        told.insert(rule.object.id());
        cx.judge(rule.object, Verdict::open(format!("the expression of alert {} is too large: {excess}", rule.name)));
    }
}

fn judge(rule: &AlertRule<'_>, names: &Names<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(expression) = rule.expression() else { return Verdict::NotApplicable };
    let selections = expression.selections();
    let Some(missed) = selections.iter().filter(|it| !it.is_open()).find_map(|it| names.missed(it)) else {
        let means_kafka = selections.iter().any(|it| names.meant(it).next().is_some());
        return if means_kafka { Verdict::Pass } else { Verdict::NotApplicable };
    };
    let fires = match expression.result(&|it| names.are_missed_by(it)) {
        AlertResult::Always => "always fires",
        AlertResult::Never => "never fires",
        AlertResult::Sometimes => return Verdict::Pass,
    };
    let mut examples: Vec<String> = names.makers.iter().map(|it| format!("{it}-…")).collect();
    examples.dedup();
    let what =
        if selections.iter().any(|it| it.wanted(CLAIM).any(|it| it.text == missed.text)) { "claim" } else { "pod" };
    let message = format!("alert {} {fires}: no {what} of Kafka's nodes is called {}", rule.name, missed.text);
    cx.fail(rule.object, rule.place.clone(), message)
        .label(names.first.object.name_span(), format!("its pods are called {}", list(&examples)))
        .help(
            "pods of node pools are called after cluster and pool: match container=\"kafka\" with the cluster's name, \
             or call the pool kafka",
        )
        .verdict()
}
