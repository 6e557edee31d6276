//! `pdb-loses-quorum`

use super::pdb_blocks_drain::demand_place;
use super::repairs::let_one_go;
use crate::index::{Allowance, Budget, BudgetId, Nearness};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::disruption::PdbIneffective;
use crate::rules::words::count;

/// With fewer members none may go: too few are another rule's.
const FEWEST: i64 = 3;

rule!(PdbLosesQuorum, "disruption/pdb-loses-quorum.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let [selected] = index.selected_by(id) else { return Verdict::NotApplicable };
    let owner = index.pods(selected.pods).owner;
    let Some(quorum) = index.workload_of(owner).and_then(|it| index.majority_of(it)) else {
        return Verdict::NotApplicable;
    };
    if selected.nearness != Nearness::Same {
        return Verdict::open("namespaces are left out, so it may or may not select these pods");
    }
    let (allowed, members) = match index.allowance(id) {
        Allowance::Known { allowed: 0, healthy: FEWEST.., assumed_one: false, .. } => return Verdict::NotApplicable,
        Allowance::Known { allowed, healthy, assumed_one: false, .. } if healthy >= FEWEST => (allowed, healthy),
        Allowance::Unknown => return Verdict::open("the number of members is not in the manifests"),
        _ => return Verdict::NotApplicable,
    };
    let majority = members / 2 + 1;
    if members - allowed >= majority {
        return Verdict::Pass;
    }
    let spare = members - majority;
    let (program, noun) = (quorum.program, quorum.member);
    let message = format!(
        "{} lets {allowed} of {} of {program} go at once, and {majority} are the majority that it needs",
        budget.demand,
        count(members, noun)
    );
    let place = demand_place(object);
    let (span, text) = (place.span, format!("{program} needs a majority of {majority}"));
    cx.fail(object, place, message)
        .evidence("members", members)
        .evidence("allowed", allowed)
        .evidence("majority", majority)
        .label(owner.name_span(), format!("runs {}", count(members, noun)))
        .help(if spare == 1 {
            "use maxUnavailable: 1".to_owned()
        } else {
            format!("use maxUnavailable: 1, or {spare} at most")
        })
        .fix(let_one_go(id, object, members, index))
        .merged_into(PdbIneffective::ID, object, span, text)
        .verdict()
}
