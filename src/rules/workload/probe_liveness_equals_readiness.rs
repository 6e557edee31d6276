//! `probe-liveness-equals-readiness`

use super::judged::is_other;
use super::probes::{Probed, dependency, probed_containers};
use crate::index::{Role, Workload};
use crate::model::ProbeTarget;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::postgres::PostgresProbeKillsRecovery;
use crate::rules::workload::LivenessOutrunsReadiness;
use crate::rules::workload::ProbeLivenessChecksDependency;

const HELP: &str = "a pod that cannot serve for a while is restarted instead of being left out, and all at once if \
                    they wait for the same thing: let liveness ask for less (a page of its own), or wait longer (a \
                    higher failureThreshold)";

cases!(ProbeLivenessEqualsReadiness: OTHER_ROLE = "other-role", DATABASE = "database");

rule!(ProbeLivenessEqualsReadiness, "workload/probe-liveness-equals-readiness.md", |walk| probed_containers(
    walk, judge
));

fn judge(workload: &Workload<'_>, it: Probed<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some((liveness, readiness)) = it.liveness().zip(it.readiness()) else { return Verdict::NotApplicable };
    let targets = liveness.target().zip(readiness.target());
    let patience = liveness.patience().zip(readiness.patience());
    let Some(((asked, other), (kill, drain))) = targets.zip(patience) else { return Verdict::NotApplicable };
    // Whether a connection can be made depends on the program alone.
    let is_same = asked == other && !matches!(asked, ProbeTarget::Connection(..));
    if !is_same || kill > drain {
        return Verdict::Pass;
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
    let case = match workload.role {
        _ if is_other(workload) => Some(OTHER_ROLE),
        Role::Postgres => Some(DATABASE),
        _ => None,
    };
    let draft = cx
        .fail(object, it.container.place(object, &["livenessProbe"]), message)
        .evidence("liveness-seconds", kill)
        .evidence("readiness-seconds", drain)
        .label(it.span("readinessProbe"), format!("the same, for {drain} s"))
        .help(HELP)
        .listed_with_similar(alike::workloads(object, verdict, HELP))
        .maybe_case(case);
    let by = match workload.role {
        Role::Postgres => PostgresProbeKillsRecovery::ID,
        _ if it.outrun().is_some() => LivenessOutrunsReadiness::ID,
        _ if dependency(workload, liveness).is_some() => ProbeLivenessChecksDependency::ID,
        _ => return draft.verdict(),
    };
    draft.merged_into(by, object, span, "it asks what the readinessProbe asks").verdict()
}
