//! `cluster-single-zone`

use crate::finding::Subject;
use crate::index::ZONE;
use crate::model::Place;
use crate::rule::{Context, rule};
use crate::yaml::Path;

rule!(ClusterSingleZone, "cluster/cluster-single-zone.md", |walk| walk.environment(judge));

fn judge(cx: &mut Context<'_>) {
    let index = cx.index();
    let environment = index.environment();
    if !environment.is_directory || environment.objects.is_empty() {
        return; // One file or a stream says nothing of what is absent, and little of the cluster.
    }
    let Some(domains) = index.domains(ZONE) else {
        let reason = "the manifests do not say in which zones the nodes are: set cluster.zones in the configuration";
        return cx.not_verifiable_for(Subject { name: environment.name.clone(), ..Subject::default() }, reason);
    };
    // Containers on one machine are in one place whatever their labels say: `cluster-too-few-nodes`.
    if domains.is_one_machine || domains.most != Some(1) {
        return;
    }
    let subject = Subject { name: "cluster".to_owned(), ..Subject::default() };
    let place = Place { span: domains.span, path: Path::of(&["cluster", "zones"]) };
    cx.fail_for(subject, place, format!("the nodes of {} lie in one zone", domains.title)).help(
        "when the zone is lost so is everything: use node groups in three zones, which also gives quorums of three a \
         place for each member",
    );
}
