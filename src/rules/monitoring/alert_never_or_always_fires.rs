//! `alert-never-or-always-fires`

use crate::index::KafkaCluster;
use crate::index::monitoring::{AlertResult, AlertRule, Selection, Wanted};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;

/// Labels that hold the name of a pod: of the kubelet, and of the relabelling in Strimzi's PodMonitors.
const POD: &[&str] = &["pod", "kubernetes_pod_name", "pod_name"];
const CLAIM: &str = "persistentvolumeclaim";

rule!(AlertNeverOrAlwaysFires, "monitoring/alert-never-or-always-fires.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let clusters: Vec<&KafkaCluster<'_>> = index.kafka_clusters().iter().filter(|it| !it.is_switched_off()).collect();
    let Some(names) = Names::of(&clusters) else { return };
    cx.judge_each(index.alert_rules().iter().filter(|it| it.is_alert), |it, cx| judge(it, &names, cx));
}));

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
        let is_of_kafka = selection.wanted("container").any(|it| it.is_positive() && it.fits("kafka"));
        let pods = POD.iter().flat_map(|it| selection.wanted(it)).map(|it| (it, &self.pods));
        let claims = selection.wanted(CLAIM).map(|it| (it, &self.claims));
        pods.chain(claims).filter(|it| it.0.is_positive()).find_map(|(wanted, names)| {
            let means_kafka = is_of_kafka || wanted.text.contains("-kafka-");
            let is_other =
                ["connect", "exporter", "mirror", "bridge", "operator"].iter().any(|it| wanted.text.contains(it));
            let is_missed = means_kafka && !is_other && !names.iter().any(|it| wanted.fits(it));
            is_missed.then_some(wanted)
        })
    }
}

fn judge(rule: &AlertRule<'_>, names: &Names<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(expression) = rule.expression() else { return Verdict::NotApplicable };
    let selections = expression.selections();
    let Some(missed) = selections.iter().filter(|it| !it.is_open()).find_map(|it| names.missed(it)) else {
        return Verdict::NotApplicable;
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
