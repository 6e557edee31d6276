//! `anti-affinity-exceeds-nodes`

use super::apart_together;
use super::beside_the_system::{is_ignored, runs_beside_the_system};
use crate::index::postgres::Flavor;
use crate::index::{
    Domains, PodSpec, PostgresCluster, Reach, ScaledBy, SpreadForm, SpreadTerm, Workload, is_host_key, is_zone_key,
};
use crate::model::{HOSTNAME, Object, Place};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::count;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// The label of a node that names its region, and its former name.
const REGIONS: &[&str] = &["topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"];

pub(super) const HELP: &str = "pods above that number stay pending: run fewer, add nodes, or ask softly, with preferred \
                    anti-affinity or a spread constraint with whenUnsatisfiable: ScheduleAnyway";

cases!(AntiAffinityExceedsNodes: AT_THE_PEAK = "at-the-peak", REGION = "region", OTHER = "other");

rule!(AntiAffinityExceedsNodes, "scheduling/anti-affinity-exceeds-nodes.md", |walk| {
    walk.pod_specs(judge_spec);
    walk.postgres_clusters(judge_database);
    walk.each(|index| index.shared_terms(), |it, cx| apart_together::judge(&it, cx));
});

/// The nodes of a cluster lie in one region, unless manifests of Nodes say otherwise.
fn judge_region(term: &SpreadTerm<'_>, spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let is_kept = term.form == SpreadForm::Required && term.reach == Reach::Own;
    let Some(key) = term.key.filter(|it| is_kept && REGIONS.contains(it)) else { return Verdict::NotApplicable };
    let regions: BTreeSet<&str> = index.of_kind("", "Node").filter_map(|it| it.label(key)).collect();
    let pods = index.pods_counted(spec, term).0.filter(|it| *it > 1);
    let Some(pods) = pods else { return Verdict::NotApplicable };
    let object = spec.object;
    if regions.len() > 1 {
        return Verdict::open("its nodes lie in several regions");
    }
    let message = format!(
        "{} runs {pods} pods, each in a region of its own, and the nodes of a cluster lie in one: {} stay pending",
        object.title(),
        pods - 1
    );
    let case = if runs_beside_the_system(object, cx) { OTHER } else { REGION };
    cx.fail(object, object.place_in(term.node, &["topologyKey"]), message).case(case).heuristic().help(HELP).verdict()
}

/// What must be apart, and by how much.
struct Constraint<'a> {
    object: &'a Object,
    place: Place,
    /// The node label by which it is apart.
    key: &'a str,
    /// The pods, at least and at most.
    pods: (Option<i64>, Option<i64>),
    /// So many pods fit into one node or zone.
    each: i64,
    /// Whether that is because there are fewer of them than a constraint wants.
    is_demanded: bool,
    /// Where the least and the greatest number of pods are written, if that is one place.
    scale: Option<(Span, Span)>,
    tolerates: bool,
}

fn judge_spec<'a>(spec: &PodSpec<'a>, cx: &mut Context<'a>) -> Verdict {
    if is_ignored(spec.object, cx) {
        return Verdict::NotApplicable;
    }
    for term in cx.spread_terms(spec).iter() {
        for judge in [judge_region, judge_term] {
            let verdict = judge(term, spec, cx);
            cx.judge(spec.object, verdict);
        }
    }
    Verdict::NotApplicable
}

fn judge_term(term: &SpreadTerm<'_>, spec: &PodSpec<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), spec.object);
    let Some((key, each)) = limit(term, cx) else { return Verdict::NotApplicable };
    let constraint = Constraint {
        object,
        place: object.place_in(term.node, &[if each.is_some() { "minDomains" } else { "topologyKey" }]),
        key,
        pods: index.pods_counted(spec, term),
        each: each.unwrap_or(1),
        is_demanded: each.is_some(),
        scale: index.workload_of(object).map(|it| (it.scale_place().span, peak(it))),
        tolerates: index.tolerates_taints(spec.node),
    };
    judge(&constraint, cx)
}

/// Where the greatest number of a workload's pods is written.
fn peak(workload: &Workload<'_>) -> Span {
    match workload.scale.by {
        ScaledBy::Hpa(scaler) => scaler.place(&["spec", "maxReplicas"]).span,
        ScaledBy::Keda(scaler) => scaler.place(&["spec", "maxReplicaCount"]).span,
        _ => workload.scale_place().span,
    }
}

/// The key of a constraint that limits the pods of each node or zone, with the limit of a constraint: where there are
/// fewer domains than `minDomains`, each counts as if another were empty.
fn limit<'a>(term: &SpreadTerm<'a>, cx: &Context<'_>) -> Option<(&'a str, Option<i64>)> {
    let key = term.key.filter(|it| is_host_key(it) || is_zone_key(it))?;
    if term.reach != Reach::Own {
        return None;
    }
    match term.form {
        SpreadForm::Required => Some((key, None)),
        SpreadForm::Hard => {
            let wanted = term.node.int_at(&["minDomains"])?;
            let too_few = cx.index().domains(key).and_then(|it| it.most).is_none_or(|it| it < wanted);
            too_few.then_some(())?;
            Some((key, Some(term.node.int_at(&["maxSkew"]).filter(|it| *it > 0)?)))
        }
        SpreadForm::Preferred | SpreadForm::Soft => None,
    }
}

/// CloudNativePG keeps its instances apart as its resource says, preferably unless it is told to require it.
fn judge_database(database: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = database.object;
    let is_required = |it: &NodeRef<'_>| {
        it.str_at(&["podAntiAffinityType"]) == Some("required") && it.bool_at(&["enablePodAntiAffinity"]) != Some(false)
    };
    let affinity = object.node().at(&["spec", "affinity"]).filter(|_| database.flavor == Flavor::Cnpg);
    let Some(affinity) = affinity.filter(is_required) else { return Verdict::NotApplicable };
    let constraint = Constraint {
        object,
        place: object.place(&["spec", "affinity", "podAntiAffinityType"]),
        key: affinity.str_at(&["topologyKey"]).unwrap_or(HOSTNAME),
        pods: (database.instances, database.instances),
        each: 1,
        is_demanded: false,
        scale: Some((database.place.span, database.place.span)),
        tolerates: cx.index().tolerates_taints(affinity),
    };
    if !is_host_key(constraint.key) && !is_zone_key(constraint.key) {
        return Verdict::NotApplicable;
    }
    judge(&constraint, cx)
}

fn judge(constraint: &Constraint<'_>, cx: &mut Context<'_>) -> Verdict {
    let (Some(floor), ceiling) = constraint.pods else {
        return Verdict::open("the number of pods is not in the manifests");
    };
    if ceiling.is_some_and(|it| it <= constraint.each) {
        return Verdict::NotApplicable;
    }
    let noun = if is_host_key(constraint.key) { "nodes" } else { "zones" };
    let Some(domains) = cx.index().domains(constraint.key) else {
        return Verdict::open(format!(
            "the manifests do not say how many {noun} the cluster has: set cluster.{noun} in the configuration"
        ));
    };
    if domains.most == Some(0) {
        return Verdict::NotApplicable; // Nodes without the label hold any number of pods: `spread-selector-mismatch` says so.
    }
    let Some(most) = domains.most else {
        return Verdict::open(format!("the manifests do not bound the {noun} of {}", domains.title));
    };
    if constraint.tolerates {
        return Verdict::open("the pods tolerate taints: other nodes may take them than ordinary pods");
    }
    let room = most.saturating_mul(constraint.each);
    if floor > room {
        report(constraint, domains, (floor, room), false, cx)
    } else if let Some(ceiling) = ceiling.filter(|it| *it > room) {
        report(constraint, domains, (ceiling, room), true, cx)
    } else if domains.least.is_none_or(|it| floor > it.saturating_mul(constraint.each)) {
        Verdict::open(format!("{} may have fewer {noun} than there are pods", domains.title))
    } else {
        Verdict::Pass
    }
}

/// The number of nodes or zones at most; none where no node has the label, so that any number of pods fits.
pub(super) fn room_of(domains: &Domains) -> Option<i64> {
    domains.most.filter(|it| *it > 0)
}

fn report(
    constraint: &Constraint<'_>,
    domains: &Domains,
    (pods, room): (i64, i64),
    is_peak: bool,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = constraint.object;
    let there = count(domains.most.unwrap_or(0), domains.noun);
    let runs = if is_peak { "grows to" } else { "runs" };
    let apart = if constraint.is_demanded {
        format!("{} a {} at most while there are fewer than minDomains", constraint.each, domains.noun)
    } else {
        format!("each on a {} of its own", domains.noun)
    };
    let pending = match pods.saturating_sub(room) {
        1 => "1 stays pending".to_owned(),
        several => format!("{several} stay pending"),
    };
    let message = format!(
        "{} {runs} {}, {apart}, and {} has {there}: {pending}",
        object.title(),
        count(pods, "pod"),
        domains.title
    );
    // Somebody may raise the bound of a group that grows, not the number of one that does not.
    let moves = is_peak || domains.exactly().is_none();
    let case = if runs_beside_the_system(object, cx) { Some(OTHER) } else { moves.then_some(AT_THE_PEAK) };
    let mut draft = cx
        .fail(object, constraint.place.clone(), message)
        .maybe_case(case)
        .evidence("pods", pods)
        .evidence("room", room)
        .help(HELP)
        .label(domains.span, domains.describe());
    if let Some((least, greatest)) = constraint.scale {
        draft = draft.label(if is_peak { greatest } else { least }, count(pods, "pod"));
    }
    draft.verdict()
}
