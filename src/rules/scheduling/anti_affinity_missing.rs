//! `anti-affinity-missing`

use super::fault;
use super::repairs::spread;
use crate::index::{Index, Reach, Role, SpreadForm, SpreadTerm, Workload};
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::scheduling::SpreadSelectorMismatch;
use crate::rules::single_copy;
use crate::rules::words::count;
use crate::rules::workload::WorkloadTooFewReplicas;

const HELP: &str = "add a topologySpreadConstraint on kubernetes.io/hostname and one on topology.kubernetes.io/zone, each \
                    with maxSkew: 1, whenUnsatisfiable: ScheduleAnyway and the pods' own labels as labelSelector";

/// The score of a place is its pods, weighted, plus the skew: at ten times the pods the difference is a tenth.
const SOFT_SLACK: i64 = 10;

const VERDICT: &str = "run two or more pods without anti-affinity or spread constraint";

cases!(AntiAffinityMissing: OTHER = "other");

rule!(AntiAffinityMissing, "scheduling/anti-affinity-missing.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if !workload.kind.is_replicated() || workload.role == Role::Ignored {
        return Verdict::NotApplicable;
    }
    let (Some(template), Some(spec)) = (workload.template, index.pod_spec_of(object)) else {
        return Verdict::NotApplicable;
    };
    let terms = cx.spread_terms(&spec);
    if terms.iter().any(|it| index.keeps_apart(it) && slack(it, workload).is_none()) {
        return Verdict::Pass;
    }
    if terms.iter().any(|it| it.reach == Reach::Unknown) {
        return Verdict::open("labels or namespaces of a spread constraint are not in the manifests");
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open("the least number of pods is not in the manifests");
    };
    if floor < 2 {
        return blocked_by_single_copy(workload, floor, cx);
    }
    if let Some(broken) = terms.iter().find(|it| fault::judge(it, &terms, &spec, cx).is_reported()) {
        let text = "nothing else asks to spread these pods";
        return cx.blocked(object, SpreadSelectorMismatch::ID, object, broken.node.place(&["topologyKey"]), text);
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
    let is_main = workload.role.is_system_store() || workload.role.is_recognised_app();
    let mut draft = cx
        .fail(object, place, message)
        .maybe_case((!is_main).then_some(OTHER))
        .evidence("floor", floor)
        .evidence("role", workload.role.name())
        .fix(spread(workload, &spec, &terms, index))
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "workloads",
            verdict: VERDICT,
            name: object.name().to_owned(),
            help: HELP,
        });
    for term in terms.iter() {
        draft = draft.label(term.node.place(&["topologyKey"]), lack(term, workload, index));
    }
    draft.verdict()
}

/// Why a term does not keep the pods apart.
fn lack(term: &SpreadTerm<'_>, workload: &Workload<'_>, index: &Index<'_>) -> String {
    match (&term.reach, term.key, slack(term, workload)) {
        (Reach::Own, _, Some(slack)) => format!("lets one place hold {slack} pods more than another"),
        (Reach::Own, Some(key), _) => format!("many nodes share one {key}"),
        (Reach::Others(Some(pods)), ..) => {
            let about = if term.form.is_constraint() { "counts the pods of" } else { "keeps away from" };
            format!("{about} {}", index.pods(*pods).owner.title())
        }
        _ => "about other pods".to_owned(),
    }
}

/// The skew of a constraint that never matters: hard and not less than all pods, or soft and so large that
/// the scheduler's score hardly tells an empty place from a full one.
pub(super) fn slack(term: &SpreadTerm<'_>, workload: &Workload<'_>) -> Option<i64> {
    let most = workload.scale.ceiling.filter(|it| *it > 1)?;
    let least_slack = match term.form {
        SpreadForm::Hard => most,
        SpreadForm::Soft => most.saturating_mul(SOFT_SLACK),
        SpreadForm::Required | SpreadForm::Preferred => return None,
    };
    term.node.int_at(&["maxSkew"]).filter(|it| *it >= least_slack)
}

/// A single pod needs a second one first.
fn blocked_by_single_copy(workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let (by, carrier) = single_copy::reported_by(workload);
    if floor == 0 && by == WorkloadTooFewReplicas::ID {
        return Verdict::NotApplicable; // Switched off.
    }
    let text = "it also has no anti-affinity: add it together with the second replica";
    cx.blocked(object, by, carrier, object.name_span(), text)
}
