//! `anti-affinity-rollout-deadlock`

use super::repairs::REVISION;
use crate::index::{Domains, Reach, Role, SpreadForm, SpreadTerm, Workload, is_host_key, is_zone_key};
use crate::model::{HOSTNAME, RollingUpdate, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::scheduling::AntiAffinityExceedsNodes;
use crate::rules::words::count;
use crate::yaml::NodeRef;

const HELP: &str = "let the old pod go first, with strategy.rollingUpdate.maxUnavailable: 1 and maxSurge: 0, or keep \
                    only pods of one revision apart, with matchLabelKeys: [pod-template-hash] in the term";

cases!(AntiAffinityRolloutDeadlock: OTHER = "other");

rule!(AntiAffinityRolloutDeadlock, "scheduling/anti-affinity-rollout-deadlock.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    if workload.kind != WorkloadKind::Deployment || workload.role == Role::Ignored {
        return Verdict::NotApplicable;
    }
    let Some(spec) = index.pod_spec_of(workload.object) else { return Verdict::NotApplicable };
    let terms = cx.spread_terms(&spec);
    let Some((term, key)) = terms.iter().find_map(|it| Some((it, keeps_revisions_apart(it)?))) else {
        return Verdict::NotApplicable;
    };
    let Some(floor) = workload.scale.floor else {
        return Verdict::open("the least number of pods is not in the manifests");
    };
    if floor < 1 {
        return Verdict::NotApplicable; // Switched off, or scaled to nothing between times.
    }
    match lets_one_go(workload, floor) {
        None => return Verdict::open("the strategy of its rollouts is a template placeholder"),
        Some(true) => return Verdict::Pass,
        Some(false) => {}
    }
    let noun = if is_host_key(key) { "nodes" } else { "zones" };
    let Some(domains) = index.domains(key) else {
        return Verdict::open(format!(
            "the manifests do not say how many {noun} the cluster has: set cluster.{noun} in the configuration"
        ));
    };
    if index.tolerates_taints(spec.node) {
        return Verdict::open("the pods tolerate taints: other nodes may take them than ordinary pods");
    }
    match (domains.least, domains.most) {
        (_, Some(0)) => Verdict::NotApplicable, // Nodes without the label keep nothing apart.
        (_, Some(most)) if floor >= most => report(workload, term, (floor, most), domains, cx),
        (Some(least), _) if least > floor => Verdict::Pass,
        _ => Verdict::open(format!("{} may have no more {noun} than there are pods", domains.title)),
    }
}

/// The key by which a term keeps the pods of a new revision away from those of the old one.
fn keeps_revisions_apart<'a>(term: &SpreadTerm<'a>) -> Option<&'a str> {
    let key = term.key.filter(|it| is_host_key(it) || is_zone_key(it))?;
    let is_required = term.form == SpreadForm::Required && term.reach == Reach::Own;
    let mut revisions = term.node.items_at(&["matchLabelKeys"]).map(NodeRef::text);
    (is_required && !revisions.any(|it| it == REVISION)).then_some(key)
}

/// Whether a rollout removes an old pod before the new one runs; `None` if that is a template placeholder.
fn lets_one_go(workload: &Workload<'_>, floor: i64) -> Option<bool> {
    if workload.is_recreated() {
        return Some(true);
    }
    let posts = RollingUpdate::of(workload.object, workload.kind)?.resolve(floor)?;
    Some(posts.unavailable > 0)
}

fn report(
    workload: &Workload<'_>,
    term: &SpreadTerm<'_>,
    (floor, most): (i64, i64),
    domains: &Domains,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    let message = format!(
        "a rollout of Deployment {} never ends: one pod more than its {} needs a {} of its own, and {} has {}",
        object.name(),
        count(floor, "pod"),
        domains.noun,
        domains.title,
        count(most, domains.noun)
    );
    let place = object.place_in(term.node, &["topologyKey"]);
    let span = place.span;
    let more_nodes = cx.index().domains(HOSTNAME).is_none_or(|it| it.least.is_none_or(|it| it > most));
    let mut draft = cx
        .fail(object, place, message)
        .maybe_case(workload.role.is_beside_the_system().then_some(OTHER))
        .evidence("pods", floor)
        .evidence(domains.noun, most)
        .fix((floor >= 3 && floor <= most).then(|| one_by_one(workload)))
        .help(HELP)
        .label(domains.span, domains.describe())
        .label(workload.scale_place().span, count(floor, "pod"));
    let keys = ["spec", "strategy", "rollingUpdate", "maxUnavailable"];
    if object.node().at(&keys).is_some() {
        draft = draft.label(object.place(&keys).span, "at this scale no pod may be missing");
    }
    // Each zone has a pod, and one that is about to be deleted still keeps others off.
    if floor == most && term.key.is_some_and(is_zone_key) && more_nodes {
        draft = draft.label(span, "one lost node leaves a pod pending although its zone lives");
    }
    if floor > most {
        let text = "its rollouts hang for the same reason";
        draft = draft.merged_into(AntiAffinityExceedsNodes::ID, object, span, text);
    }
    draft.verdict()
}

/// An old pod goes before its successor comes. What is there of the strategy stays.
fn one_by_one(workload: &Workload<'_>) -> Repair {
    let object = workload.object;
    let repair = Repair::new().set(object, &["spec", "strategy", "rollingUpdate", "maxUnavailable"], 1);
    repair.set(object, &["spec", "strategy", "rollingUpdate", "maxSurge"], 0)
}
