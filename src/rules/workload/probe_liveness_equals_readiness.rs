//! `probe-liveness-equals-readiness`

use super::judged::{is_other, judged};
use super::probes::{Probed, dependency, judge_each};
use crate::index::{Role, Workload};
use crate::model::ProbeTarget;
use crate::rule::{Context, NoParams, Rule, Similar, Walk, cases};
use crate::rules::postgres::PostgresProbeKillsRecovery;
use crate::rules::workload::LivenessOutrunsReadiness;
use crate::rules::workload::ProbeLivenessChecksDependency;

pub(crate) struct ProbeLivenessEqualsReadiness;

const HELP: &str = "a pod that cannot serve for a while is restarted instead of being left out, and all at once if \
                    they wait for the same thing: let liveness ask for less (a page of its own), or wait longer (a \
                    higher failureThreshold)";

cases!(ProbeLivenessEqualsReadiness: OTHER_ROLE = "other-role", DATABASE = "database");

impl Rule for ProbeLivenessEqualsReadiness {
    const PAGE: &'static str = include_str!("../../../rules/workload/probe-liveness-equals-readiness.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in judged(cx) {
                judge_each(workload, cx, |it, cx| check_container(workload, it, cx));
            }
        });
    }
}

fn check_container<'a>(workload: &Workload<'a>, it: Probed<'a>, cx: &mut Context<'a>) -> Option<bool> {
    let (liveness, readiness) = it.liveness().zip(it.readiness())?;
    let (asked, other) = liveness.target().zip(readiness.target())?;
    // Whether a connection can be made depends on the program alone.
    let is_same = asked == other && !matches!(asked, ProbeTarget::Connection(..));
    let (kill, drain) = liveness.patience().zip(readiness.patience())?;
    if !is_same || kill > drain {
        return Some(true);
    }
    let what = match &asked {
        ProbeTarget::Page(_, _, _, path) => format!("asks {path}, as its readinessProbe does"),
        ProbeTarget::Command(_) => "runs the command of its readinessProbe".to_owned(),
        _ => "asks the gRPC health service, as its readinessProbe does".to_owned(),
    };
    let message = format!("livenessProbe of {} {what}, and gives up no later: after {kill} s", it.title());
    let verdict = "ask for liveness what they ask for readiness, and give up no later";
    let object = it.object;
    let span = it.span("livenessProbe");
    let mut draft = cx
        .fail(object, it.container.place(object, &["livenessProbe"]), message)
        .evidence("liveness-seconds", kill)
        .evidence("readiness-seconds", drain)
        .label(it.span("readinessProbe"), format!("the same, for {drain} s"))
        .help(HELP)
        .listed_with_similar(Similar { noun: "workloads", verdict, name: object.name().to_owned(), help: HELP });
    if is_other(workload) {
        draft = draft.case(OTHER_ROLE);
    } else if workload.role == Role::Postgres {
        draft = draft.case(DATABASE);
    }
    let text = "it asks what the readinessProbe asks";
    if workload.role == Role::Postgres {
        draft.merged_into(PostgresProbeKillsRecovery::ID, object, span, text);
    } else if it.outrun().is_some() {
        draft.merged_into(LivenessOutrunsReadiness::ID, object, span, text);
    } else if dependency(workload, liveness).is_some() {
        draft.merged_into(ProbeLivenessChecksDependency::ID, object, span, text);
    }
    Some(false)
}
