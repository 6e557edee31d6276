//! `node-pool-limit-blocks-scaling`

use crate::index::{Asked, Index};
use crate::model::{Object, PodTemplate, Quantity, node_terms};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::{count, is_open};
use crate::yaml::NodeRef;

/// Labels that nodes of every pool may have.
const COMMON: &[&str] =
    &["kubernetes.io/", "topology.kubernetes.io/", "node.kubernetes.io/", "karpenter", "beta.kubernetes.io/"];
/// So many of those that ask are shown.
const SHOWN: usize = 4;

cases!(NodePoolLimitBlocksScaling: FLOOR = "floor");

rule!(NodePoolLimitBlocksScaling, "autoscaling/node-pool-limit-blocks-scaling.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let pools: Vec<&Object> = index.of_kind("karpenter.sh", "NodePool").collect();
    // Other nodes take pods as well.
    let has_others = !index.node_evidence().is_empty() || index.of_kind("karpenter.sh", "Provisioner").next().is_some();
    if pools.is_empty() || has_others || index.environment().is_fragment {
        return;
    }
    for resource in ["cpu", "memory"] {
        judge_resource(&pools, resource, cx);
    }
}));

fn judge_resource(pools: &[&Object], resource: &'static str, cx: &mut Context<'_>) {
    let index = cx.index();
    let mut limit = Quantity::default();
    for pool in pools {
        let Some(written) = pool.node().at(&["spec", "limits", resource]) else { return }; // It grows without end.
        let Some(read) = Quantity::read(written) else {
            return cx.judge(pool, Verdict::open("a limit of a pool of nodes is a template placeholder"));
        };
        limit = limit.plus(read);
    }
    let mut asked = index.asked(resource);
    asked.retain(|it| !is_pinned_elsewhere(it.owner, pools, index));
    let sum = |count: fn(&Asked<'_>) -> i64| {
        asked.iter().fold(Quantity::default(), |sum, it| sum.plus(it.each.times(count(it))))
    };
    let (least, most) = (sum(|it| it.floor), sum(|it| it.ceiling));
    let Some(first) = pools.first() else { return };
    if most <= limit {
        return cx.judge(first, Verdict::Pass);
    }
    let is_over_at_once = least > limit;
    let (need, when) = if is_over_at_once { (least, "at their least") } else { (most, "at the most") };
    let pools_text = if pools.len() == 1 { first.title() } else { count_pools(pools) };
    let message =
        format!("pods ask for {resource} {need} {when}, and {pools_text} may grow to {limit}: the rest stay pending");
    asked.sort_by_key(|it| std::cmp::Reverse(it.each.times(it.ceiling)));
    let mut draft = cx
        .fail(first, first.place(&["spec", "limits", resource]), message)
        .maybe_case(is_over_at_once.then_some(FLOOR))
        .evidence("requests", need)
        .evidence("limit", limit)
        .help(format!(
            "raise limits.{resource} to {need} and what rollouts and agents add, or let the autoscalers stop earlier"
        ));
    for it in asked.iter().take(SHOWN) {
        let pods = count(if is_over_at_once { it.floor } else { it.ceiling }, "pod");
        draft = draft.label(it.owner.name_span(), format!("{pods} of {}", it.each));
    }
}

fn count_pools(pools: &[&Object]) -> String {
    format!("{} NodePools together", pools.len())
}

/// Whether pods ask for a label that no pool gives its nodes.
fn is_pinned_elsewhere(owner: &Object, pools: &[&Object], index: &Index<'_>) -> bool {
    let Some(spec) = index.workload_of(owner).and_then(|it| it.template).and_then(PodTemplate::spec) else {
        return false;
    };
    let selector = spec.at(&["nodeSelector"]).into_iter().flat_map(NodeRef::entries).map(|it| it.key.text());
    let terms = node_terms(spec).flat_map(|it| it.items_at(&["matchExpressions"]));
    let required = terms.filter_map(|it| it.str_at(&["key"]));
    let is_given = |key: &str| {
        let by_label = |it: &&Object| {
            let labels = it.node().at(&["spec", "template", "metadata", "labels"]);
            labels.is_some_and(|it| it.get(key).is_some())
        };
        let by_requirement = |it: &&Object| {
            it.node().items_at(&["spec", "template", "spec", "requirements"]).any(|it| it.str_at(&["key"]) == Some(key))
        };
        is_open(key)
            || COMMON.iter().any(|it| key.starts_with(it))
            || pools.iter().any(|it| by_label(it) || by_requirement(it))
    };
    !selector.chain(required).all(is_given)
}
