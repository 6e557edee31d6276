//! `cluster-too-few-nodes`

use crate::finding::Subject;
use crate::index::{NodeEvidence, NodeMaker};
use crate::model::Place;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;
use crate::source::Span;
use crate::yaml::Path;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_nodes: i64,
}

/// So many of the parts of a number are shown.
const SHOWN: usize = 10;

cases!(ClusterTooFewNodes: ONE_MACHINE = "one-machine");

rule!(ClusterTooFewNodes, "cluster/cluster-too-few-nodes.md", Params, |params, walk| walk.environment(|cx| {
    let index = cx.index();
    let environment = index.environment();
    if !environment.is_directory || environment.objects.is_empty() {
        return; // One file or a stream says nothing of what is absent, and little of the cluster.
    }
    let evidence = index.node_evidence();
    if let Some((nodes, span)) = index.config().cluster.nodes {
        // What the configuration says stands over the manifests.
        if i64::from(nodes) < params.min_nodes {
            return report_configured(params, nodes.into(), span, cx);
        }
        return cx.judge_each(evidence, |_, _| Verdict::Pass);
    }
    cx.judge_each(evidence, |it, cx| judge(params, it, cx));
    if evidence.is_empty() {
        let reason = "the manifests do not say how many nodes there are: set cluster.nodes in the configuration";
        cx.not_verifiable_for(Subject { name: environment.name.clone(), ..Subject::default() }, reason);
    }
}));

fn judge(params: &Params, cluster: &NodeEvidence<'_>, cx: &mut Context<'_>) -> Verdict {
    let (least, most) = (cluster.nodes.least, cluster.nodes.most);
    if let Some(most) = most.filter(|it| *it < params.min_nodes) {
        return report(params, cluster, most, cx);
    }
    match least.filter(|it| *it >= params.min_nodes) {
        Some(nodes) if cluster.maker.is_one_machine() => {
            let message = format!("{} has {nodes} nodes, all of them containers on one machine", cluster.title);
            cx.fail_for(subject(cluster), cluster.place.clone(), message)
                .case(ONE_MACHINE)
                .help("it shows that pods spread and drains work, not that the application survives a machine")
                .verdict()
        }
        Some(_) => Verdict::Pass,
        None => {
            cx.not_verifiable_for(subject(cluster), reason(cluster, cx));
            Verdict::NotApplicable
        }
    }
}

fn report(params: &Params, cluster: &NodeEvidence<'_>, most: i64, cx: &mut Context<'_>) -> Verdict {
    let nodes = count(most, "node");
    let at_most = if cluster.nodes.least == Some(most) { "" } else { "at most " };
    let mut message =
        format!("{} has {at_most}{nodes} for ordinary pods; at least {} are required", cluster.title, params.min_nodes);
    if cluster.maker.is_one_machine() {
        message.push_str("; its nodes are containers on one machine");
    }
    let place = cluster.place.clone();
    let first = place.span;
    let parts = cluster.parts.iter().filter(|it| it.0 != first || cluster.parts.len() > 1);
    cx.fail_for(subject(cluster), place, message)
        .evidence("nodes", most)
        .evidence("minimum", params.min_nodes)
        .help(help(cluster.maker))
        .labels(parts.take(SHOWN).cloned())
        .verdict()
}

fn help(maker: NodeMaker) -> &'static str {
    match maker {
        NodeMaker::Kind => {
            "add workers until 3 take pods, to try how pods spread and drains go; what must survive a machine needs a \
             cluster of several"
        }
        NodeMaker::K3d => {
            "add agents until 3 take pods, to try how pods spread and drains go; what must survive a machine needs a \
             cluster of several"
        }
        _ => {
            "with one node drained or down the others must hold everything, a majority of three brokers or controllers \
             among it: run 3 nodes or more, in different zones where there are any"
        }
    }
}

/// Why the number of nodes is not known.
fn reason(cluster: &NodeEvidence<'_>, cx: &Context<'_>) -> String {
    match (cx.index().node_autoscaler(), cluster.nodes.least, cluster.nodes.most) {
        (Some(scaler), ..) if !cluster.maker.is_one_machine() => {
            format!("{} adds nodes when pods need them", scaler.title())
        }
        (_, Some(least), Some(most)) => format!("{} runs between {least} and {most} nodes", cluster.title),
        _ => format!("the manifests do not tell how many nodes {} has", cluster.title),
    }
}

fn report_configured(params: &Params, nodes: i64, span: Span, cx: &mut Context<'_>) {
    let subject = Subject { name: "cluster".to_owned(), ..Subject::default() };
    let place = Place { span, path: Path::of(&["cluster", "nodes"]) };
    let nodes = count(nodes, "node");
    let message =
        format!("the cluster has {nodes}, says the configuration; at least {} are required", params.min_nodes);
    cx.fail_for(subject, place, message).help(help(NodeMaker::Nodes));
}

/// A kind configuration has its name outside of the metadata.
fn subject(cluster: &NodeEvidence<'_>) -> Subject {
    let subject = cluster.object.subject();
    if subject.name.is_empty() { Subject { name: cluster.title.clone(), ..subject } } else { subject }
}
