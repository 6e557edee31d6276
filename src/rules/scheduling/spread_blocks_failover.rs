//! `spread-blocks-failover`

use super::beside_the_system::{is_ignored, runs_beside_the_system};
use super::repairs::honor_taints;
use crate::config::Durability;
use crate::index::{Domains, PodSpec, Reach, SpreadForm, SpreadTerm, ZONE, is_zone_key, kafka};
use crate::model::WorkloadKind;
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::words::count;

const HELP: &str = "add nodeTaintsPolicy: Honor, so that a zone whose nodes are tainted does not count, or use \
                    whenUnsatisfiable: ScheduleAnyway";

const VERDICT: &str = "spread over zones so that the pods of a lost one stay pending";

/// So many zones are supposed where nothing tells.
const USUAL_ZONES: i64 = 3;

cases!(SpreadBlocksFailover: NO_EVIDENCE = "no-evidence", OTHER = "other");

rule!(SpreadBlocksFailover, "scheduling/spread-blocks-failover.md", |walk| walk.pod_specs(|spec, cx| {
    if is_ignored(spec.object, cx) || stays_with_its_volume(spec, cx) {
        return Verdict::NotApplicable;
    }
    for term in cx.spread_terms(spec).iter().filter(|it| is_hard_by_zone(it)) {
        let verdict = judge_term(spec, term, cx);
        cx.judge(spec.object, verdict);
    }
    Verdict::NotApplicable
}));

fn is_hard_by_zone(term: &SpreadTerm<'_>) -> bool {
    term.key.is_some_and(is_zone_key) && term.reach == Reach::Own && term.form == SpreadForm::Hard
}

/// Whether the pods could not start in another zone anyway, because each has a volume of its own that lies in
/// one. A volume of which nothing is known is supposed to.
fn stays_with_its_volume(spec: &PodSpec<'_>, cx: &Context<'_>) -> bool {
    let index = cx.index();
    if kafka::is_node_kind(spec.object.group(), spec.object.kind()) {
        return true;
    }
    let Some(workload) = index.workload_of(spec.object).filter(|it| it.kind == WorkloadKind::StatefulSet) else {
        return false;
    };
    let survives = |class| index.storage_fact(class).durability == Some(Durability::MultiZone);
    index.claims_of(workload).iter().any(|it| !it.class.is_some_and(survives))
}

fn judge_term(spec: &PodSpec<'_>, term: &SpreadTerm<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = spec.object;
    let (Some(floor), Some(skew)) =
        (cx.index().pods_counted(spec, term).0, term.node.int_at(&["maxSkew"]).filter(|it| *it > 0))
    else {
        return Verdict::open("the number of pods, or how far they may be out of balance, is not there");
    };
    let wanted = term.node.int_at(&["minDomains"]).unwrap_or(1);
    let evidence = cx.index().domains(ZONE);
    let zones = evidence.and_then(Domains::exactly).unwrap_or(USUAL_ZONES.max(wanted));
    if zones < 2 {
        return Verdict::NotApplicable; // No other zone to fail over to.
    }
    let leaves_lost_zone_out = term.node.str_at(&["nodeTaintsPolicy"]) == Some("Honor");
    // With fewer zones than it wants a constraint counts as if another were empty.
    let counts_an_empty_one = !leaves_lost_zone_out || wanted >= zones;
    let room = (zones - 1).saturating_mul(skew);
    if !counts_an_empty_one || floor <= room {
        return Verdict::Pass;
    }
    let (key, why, help) = if leaves_lost_zone_out {
        let why = format!("below minDomains: {wanted} another zone counts as empty");
        ("minDomains", why, "remove minDomains, or let it be less than the number of zones")
    } else {
        let why = format!("it still counts as empty and no other takes more than {skew}");
        ("whenUnsatisfiable", why, HELP)
    };
    let (pods, zones_text) = (count(floor, "pod"), count(zones, "zone"));
    let scene = match evidence {
        Some(_) => format!("runs {pods} over {zones_text}: the pods of a lost one stay pending"),
        None => format!("runs {pods}: of {zones_text}, the pods of a lost one stay pending"),
    };
    let message = format!("{} {scene}, because {why}", object.title());
    let case = match (runs_beside_the_system(object, cx), evidence.is_some()) {
        (true, _) => Some(OTHER),
        (false, true) => None,
        (false, false) => Some(NO_EVIDENCE),
    };
    let mut draft = cx
        .fail(object, object.place_in(term.node, &[key]), message)
        .maybe_case(case)
        .evidence("pods", floor)
        .evidence("zones", zones)
        .evidence("room", room)
        .fix((!leaves_lost_zone_out && wanted < zones).then(|| honor_taints(spec, term.node)))
        .help(help);
    if !leaves_lost_zone_out {
        draft = draft.listed_with_similar(Similar {
            noun: "workloads",
            verdict: VERDICT,
            name: object.name().to_owned(),
            help: HELP,
        });
    }
    if let Some(domains) = evidence {
        draft = draft.label(domains.span, zones_text);
    }
    draft.verdict()
}
