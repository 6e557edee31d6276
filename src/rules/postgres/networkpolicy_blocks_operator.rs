//! `networkpolicy-blocks-operator`

use crate::index::postgres::{CNPG, EDB};
use crate::index::{Index, Nearness, PodSetId};
use crate::model::{Object, ObjectId};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;
use std::collections::BTreeMap;

/// Where the operator asks an instance for its state, and what its pods call it.
const STATUS: (i64, &str) = (8000, "status");

/// The policies for incoming connections, by pods.
type Policies<'a> = BTreeMap<PodSetId, Vec<(&'a Object, Nearness)>>;

rule!(NetworkpolicyBlocksOperator, "postgres/networkpolicy-blocks-operator.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let policies = index.ingress_policies();
    if policies.is_empty() {
        return;
    }
    let mut blocked: BTreeMap<ObjectId, (&Object, Vec<&Object>)> = BTreeMap::new();
    let clusters = index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster"));
    cx.judge_each(clusters, |cluster, _| match blocking(index, cluster, &policies) {
        Some(policy) => {
            blocked.entry(policy.id()).or_insert((policy, Vec::new())).1.push(cluster);
            Verdict::NotApplicable // The policy is judged below.
        }
        None if index.pods_of(cluster).iter().any(|it| policies.contains_key(it)) => Verdict::Pass,
        None => Verdict::NotApplicable,
    });
    for (policy, clusters) in blocked.values() {
        let verdict = judge_policy(policy, clusters, cx);
        cx.judge(policy, verdict);
    }
}));

/// The policy that isolates pods of a cluster, where none admits the operator.
fn blocking<'a>(index: &Index<'a>, cluster: &Object, policies: &Policies<'a>) -> Option<&'a Object> {
    index.pods_of(cluster).iter().find_map(|pods| {
        let selecting = policies.get(pods)?;
        // What may be in the namespace may admit, but only what is there isolates.
        let isolating = selecting.iter().find(|it| it.1 == Nearness::Same)?.0;
        let is_admitted = selecting.iter().any(|it| index.admits_strangers(it.0, STATUS));
        (!is_admitted).then_some(isolating)
    })
}

fn judge_policy(policy: &Object, clusters: &[&Object], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if let Some(reason) = index.may_be_admitted_otherwise() {
        return Verdict::open(reason);
    }
    if let Some(operator) = index.cnpg_operator_near(policy) {
        return Verdict::open(format!("the operator may be in its namespace, by {}", operator.title()));
    }
    if let Some(maker) = index.unseen_maker_near(policy) {
        return Verdict::open(format!("{} may make a policy that admits more", maker.title()));
    }
    let titles: Vec<String> = clusters.iter().map(|it| it.title()).collect();
    let message = format!(
        "{} admits nobody from another namespace to port 8000 of {}, where the operator asks",
        policy.title(),
        list(&titles)
    );
    cx.fail(policy, policy.place(&["spec", "ingress"]), message)
        .labels(clusters.iter().take(3).map(|it| (it.name_span(), "the pods")))
        .help("without their state the operator neither fails over nor updates: admit 8000 and 5432 from its namespace")
        .verdict()
}
