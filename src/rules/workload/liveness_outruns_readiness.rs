//! `liveness-outruns-readiness`

use super::judged::{is_judged, is_other};
use super::probes::Probed;
use crate::index::Workload;
use crate::model::Probe;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::repairs::restarts;

/// Seconds between two questions, so few that the first slow answer is soon asked for.
const HASTY: i64 = 5;

const HELP: &str = "under load a slow pod is killed before its Services send it less, and the others get its share: \
                    let the liveness probe be the slower of the two (a higher failureThreshold)";

const HASTY_HELP: &str =
    "one slow answer, as under load, restarts the container: raise failureThreshold to 3 or more, and timeoutSeconds";

cases!(LivenessOutrunsReadiness: OTHER_ROLE = "other-role", WORKER = "worker");

rule!(LivenessOutrunsReadiness, "workload/liveness-outruns-readiness.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let probed: Vec<Probed<'a>> = Probed::of(workload, cx).into_iter().filter(|it| it.liveness().is_some()).collect();
    if probed.is_empty() || !is_judged(workload) {
        return Verdict::NotApplicable;
    }
    let mut is_open = false;
    let mut is_wrong = false;
    for container in &probed {
        let Some(liveness) = container.liveness() else { continue };
        let numbers = [liveness.patience(), liveness.timeout(), container.readiness().map_or(Some(0), Probe::patience)];
        is_open |= numbers.contains(&None);
        let is_hasty = liveness.failures() == Some(1) && liveness.period().is_some_and(|it| it <= HASTY);
        if let Some((killed, drained)) = container.outrun() {
            is_wrong = true;
            report_outrun(workload, *container, killed, drained, cx);
        } else if is_hasty {
            is_wrong = true;
            report_hasty(workload, *container, cx);
        }
    }
    match (is_wrong, is_open) {
        (true, _) => Verdict::Fail,
        (false, true) => Verdict::open("numbers of its probes are template placeholders"),
        (false, false) => Verdict::Pass,
    }
}

fn report_outrun<'a>(workload: &Workload<'a>, it: Probed<'a>, killed: i64, drained: i64, cx: &mut Context<'a>) {
    let object = it.object;
    let serves = cx.serving(workload).is_some();
    let until = if serves { "taken from its Services" } else { "counts as not ready" };
    let message =
        format!("{} is killed {killed} s after its last answer, but {until} only after {drained} s", it.title());
    let alike = alike::workloads(object, "kill a container before they take it from its Services", HELP);
    let case = if is_other(workload) { Some(OTHER_ROLE) } else { (!serves).then_some(WORKER) };
    cx.fail(object, it.container.place(object, &["livenessProbe"]), message)
        .evidence("killed-after-seconds", killed)
        .evidence("unready-after-seconds", drained)
        .label(it.span("readinessProbe"), format!("{drained} s: periodSeconds times failureThreshold"))
        .help(HELP)
        .fix(slower(it, drained).map(|it| it.effect(restarts(workload))))
        .listed_with_similar(alike)
        .maybe_case(case);
}

fn report_hasty<'a>(workload: &Workload<'a>, it: Probed<'a>, cx: &mut Context<'a>) {
    let Some((period, timeout)) = it.liveness().and_then(|it| it.period().zip(it.timeout())) else { return };
    let message = format!(
        "{} is killed by the first answer that takes longer than {timeout} s, and is asked every {period} s",
        it.title()
    );
    cx.fail(it.object, it.object.place_in(it.container.node(), &["livenessProbe", "failureThreshold"]), message)
        .evidence("period-seconds", period)
        .help(HASTY_HELP)
        .fix(
            Repair::new()
                .titled("restart the container after 3 failures")
                .set_in(it.object, it.container.node(), &["livenessProbe", "failureThreshold"], 3)
                .effect(restarts(workload)),
        )
        .listed_with_similar(alike::workloads(it.object, "are killed by one slow answer", HASTY_HELP))
        .maybe_case(is_other(workload).then_some(OTHER_ROLE));
}

/// A liveness probe that fails so often before it kills that the readiness probe has failed before: its timeout comes
/// on top, and one period more makes it the slower one.
fn slower(it: Probed<'_>, drained: i64) -> Option<Repair> {
    let period = it.liveness()?.period().filter(|it| *it > 0)?;
    let failures = drained.checked_add(period)?.checked_add(period - 1)? / period;
    Some(Repair::new().set_in(it.object, it.container.node(), &["livenessProbe", "failureThreshold"], failures))
}
