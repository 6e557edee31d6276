//! `networkpolicy-blocks-operator`

use crate::index::postgres::{CNPG, EDB};
use crate::index::{Index, IngressPolicies};
use crate::model::{Object, ObjectId};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;
use std::collections::{BTreeMap, HashMap};

/// Where the operator asks an instance for its state, and what its pods call it.
const STATUS: (i64, &str) = (8000, "status");

rule!(NetworkpolicyBlocksOperator, "postgres/networkpolicy-blocks-operator.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let policies = index.ingress_policies();
    if policies.is_empty() {
        return;
    }
    let mut blocked: BTreeMap<ObjectId, (&Object, Vec<&Object>)> = BTreeMap::new();
    let clusters = index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster"));
    let mut known = HashMap::new();
    cx.judge_each(clusters, |cluster, _| match blocking(index, cluster, &policies, &mut known) {
        Some(policy) => {
            blocked.entry(policy.id()).or_insert((policy, Vec::new())).1.push(cluster);
            Verdict::NotApplicable // The policy is judged below.
        }
        None if index.pods_of(cluster).iter().any(|it| policies.select(*it)) => Verdict::Pass,
        None => Verdict::NotApplicable,
    });
    for (policy, clusters) in blocked.values() {
        let verdict = judge_policy(policy, clusters, cx);
        cx.judge(policy, verdict);
    }
}));

/// The policy that isolates pods of a cluster, where none admits the operator.
fn blocking<'a>(
    index: &Index<'a>,
    cluster: &Object,
    policies: &IngressPolicies<'a>,
    known: &mut HashMap<usize, bool>,
) -> Option<&'a Object> {
    index.pods_of(cluster).iter().find_map(|pods| {
        let isolating = policies.isolating(*pods)?;
        let is_admitted = policies.any(*pods, known, |it| index.admits_strangers(it, STATUS));
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
