//! `spread-skewed-by-rollout`

use super::anti_affinity_missing::slack;
use super::repairs::{KEYS_SINCE, REVISION};
use crate::index::{Reach, Role, SpreadForm, SpreadTerm, Workload, is_host_key};
use crate::model::{HOSTNAME, RollingUpdate, WorkloadKind, is_placeholder};
use crate::rule::{Context, Repair, Similar, Verdict, rule};
use crate::rules::repairs::restarts;
use crate::rules::words::count;
use crate::yaml::{NodeRef, Value};

const HELP: &str = "add matchLabelKeys: [pod-template-hash] to the constraint, so that it counts pods of one revision \
                    only, or let an old pod go before each new one: maxSurge: 0 and rollingUpdate.maxUnavailable: 1";

rule!(SpreadSkewedByRollout, "scheduling/spread-skewed-by-rollout.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if workload.kind != WorkloadKind::Deployment || workload.role == Role::Ignored {
        return Verdict::NotApplicable;
    }
    if index.domains(HOSTNAME).is_some_and(|it| it.is_one_machine || it.most.is_some_and(|it| it < 2)) {
        return Verdict::NotApplicable; // Nothing to spread over.
    }
    let Some(spec) = index.pod_spec_of(object) else { return Verdict::NotApplicable };
    let terms = cx.spread_terms(&spec);
    // A hard constraint holds whatever a soft one beside it counts.
    let of_form = |form| terms.iter().find(|it| is_by_node(it, form) && slack(it, workload).is_none());
    let Some(term) = of_form(SpreadForm::Hard).or_else(|| of_form(SpreadForm::Soft)) else {
        return Verdict::NotApplicable;
    };
    // Where no two pods share a node, none is left with two.
    if counts_one_revision(term) || terms.iter().any(|it| is_by_node(it, SpreadForm::Required)) {
        return Verdict::Pass;
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open("the number of pods is a template placeholder");
    };
    if floor < 2 || workload.is_recreated() {
        return Verdict::NotApplicable;
    }
    let update = RollingUpdate::of(object, workload.kind);
    match update.and_then(|it| it.resolve(floor)) {
        None => Verdict::open("numbers of its rolling update are template placeholders"),
        Some(posts) if posts.surge == 0 => Verdict::Pass, // Each new pod takes the place of an old one.
        Some(_) => report(workload, term, floor, cx),
    }
}

/// Whether a constraint spreads the pods themselves over nodes, and is written in this form.
fn is_by_node(term: &SpreadTerm<'_>, form: SpreadForm) -> bool {
    term.form == form && term.reach == Reach::Own && term.key.is_some_and(is_host_key)
}

/// Whether a constraint leaves the pods of other revisions out, or may once it is filled in.
fn counts_one_revision(term: &SpreadTerm<'_>) -> bool {
    let mut keys = term.node.items_at(&["matchLabelKeys"]).map(NodeRef::text);
    keys.any(|it| it == REVISION || is_placeholder(it))
}

fn report(workload: &Workload<'_>, term: &SpreadTerm<'_>, floor: i64, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let message = format!(
        "a rollout of {} may leave its {} out of balance: while it runs, the constraint on nodes counts the old pods, \
         too",
        object.title(),
        count(floor, "pod")
    );
    let knows_it = !cx.index().is_older_than(KEYS_SINCE);
    let repair = Repair::new().push_in(object, term.node, &["matchLabelKeys"], Value::text(REVISION));
    cx.fail(object, object.place_in(term.node, &["topologyKey"]), message)
        .fix(knows_it.then(|| repair.effect(restarts(workload))))
        .evidence("pods", floor)
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "Deployments",
            verdict: "may be out of balance after a rollout: their constraints on nodes count old pods, too",
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}
