//! `anti-affinity-missing`

use super::fault::judge;
use crate::index::{Reach, Role, SpreadForm, SpreadTerm, Workload};
use crate::rule::{Context, NoParams, Rule, Similar, Walk, cases};
use crate::rules::scheduling::SpreadSelectorMismatch;
use crate::rules::single_copy;
use crate::rules::words::count;
use crate::rules::workload::WorkloadTooFewReplicas;

pub(crate) struct AntiAffinityMissing;

const HELP: &str = "add a topologySpreadConstraint on kubernetes.io/hostname and one on topology.kubernetes.io/zone, each \
                    with maxSkew: 1, whenUnsatisfiable: ScheduleAnyway and the pods' own labels as labelSelector";

/// The score of a place is its pods, weighted, plus the skew: at ten times the pods the difference is a tenth.
const SOFT_SLACK: i64 = 10;

const VERDICT: &str = "run two or more pods without anti-affinity or spread constraint";

cases!(AntiAffinityMissing: OTHER = "other");

impl Rule for AntiAffinityMissing {
    const PAGE: &'static str = include_str!("../../../rules/scheduling/anti-affinity-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in cx.workloads() {
                if workload.kind.is_replicated() && workload.role != Role::Ignored {
                    check_workload(workload, cx);
                }
            }
        });
    }
}

fn check_workload<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) {
    let index = cx.index();
    let object = workload.object;
    let (Some(template), Some(spec)) = (workload.template, index.pod_spec_of(object)) else { return };
    let terms = cx.spread_terms(&spec);
    if terms.iter().any(|it| index.keeps_apart(it) && slack(it, workload).is_none()) {
        return cx.pass(object);
    }
    if terms.iter().any(|it| it.reach == Reach::Unknown) {
        return cx.not_verifiable(object, "labels or namespaces of a spread constraint are not in the manifests");
    }
    let Some(floor) = workload.scale.floor else {
        return cx.not_verifiable(object, "the least number of pods is not in the manifests");
    };
    if floor < 2 {
        return fold(workload, floor, cx);
    }
    if let Some(broken) = terms.iter().find(|it| judge(it, &terms, &spec, cx).is_reported()) {
        let text = "nothing else asks to spread these pods";
        cx.blocked(object, SpreadSelectorMismatch::ID, object, broken.node.place(&["topologyKey"]), text);
        return;
    }
    let only = if terms.iter().any(|it| it.form.is_constraint()) {
        "its topologySpreadConstraints do not, and switch the scheduler's soft default off"
    } else {
        "there is only the scheduler's soft default"
    };
    let message = format!(
        "{} runs {} and has no anti-affinity or spread constraint: {only}",
        object.title(),
        count(floor, "pod")
    );
    let place = object.place_in(template.node(), &["spec", "topologySpreadConstraints"]);
    let mut draft = cx
        .fail(object, place, message)
        .evidence("floor", floor)
        .evidence("role", workload.role.name())
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "workloads",
            verdict: VERDICT,
            name: object.name().to_owned(),
            help: HELP,
        });
    for term in terms.iter() {
        let text = match (&term.reach, term.key) {
            (Reach::Own, _) if slack(term, workload).is_some() => {
                format!("lets one place hold {} pods more than another", slack(term, workload).unwrap_or_default())
            }
            (Reach::Own, Some(key)) => format!("many nodes share one {key}"),
            (Reach::Others(Some(pods)), _) => {
                let about = if term.form.is_constraint() { "counts the pods of" } else { "keeps away from" };
                format!("{about} {}", index.pods(*pods).owner.title())
            }
            _ => "about other pods".to_owned(),
        };
        draft = draft.label(term.node.place(&["topologyKey"]), text);
    }
    let is_store = workload.role.is_system_store();
    if !is_store && !workload.role.is_recognised_app() {
        draft.case(OTHER);
    }
}

/// The skew of a constraint that never matters: hard and not less than all pods, or soft and so large that
/// the scheduler's score hardly tells an empty place from a full one.
fn slack(term: &SpreadTerm<'_>, workload: &Workload<'_>) -> Option<i64> {
    let most = workload.scale.ceiling.filter(|it| *it > 1)?;
    let least_slack = match term.form {
        SpreadForm::Hard => most,
        SpreadForm::Soft => most.saturating_mul(SOFT_SLACK),
        SpreadForm::Required | SpreadForm::Preferred => return None,
    };
    term.node.int_at(&["maxSkew"]).filter(|it| *it >= least_slack)
}

/// A single pod needs a second one first.
fn fold(workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) {
    let object = workload.object;
    let (by, carrier) = single_copy::reported_by(workload);
    if floor == 0 && by == WorkloadTooFewReplicas::ID {
        return; // Switched off.
    }
    let text = "it also has no anti-affinity: add it together with the second replica";
    cx.blocked(object, by, carrier, object.name_span(), text);
}
