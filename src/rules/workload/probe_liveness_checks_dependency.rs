//! `probe-liveness-checks-dependency`

use super::probes::{Probed, dependency, probed_containers};
use crate::index::Workload;
use crate::rule::{Context, Verdict, rule};
use crate::rules::alike;

const HELP: &str = "when that is away, all pods are restarted at once, and again and again, which mends nothing: let \
                    liveness ask only whether the program itself still works, and readiness the rest";

rule!(ProbeLivenessChecksDependency, "workload/probe-liveness-checks-dependency.md", |walk| probed_containers(
    walk, judge
));

fn judge(workload: &Workload<'_>, it: Probed<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(liveness) = it.liveness() else { return Verdict::NotApplicable };
    let Some(what) = dependency(workload, liveness) else { return Verdict::Pass };
    let is_page = liveness.command().is_empty();
    let end =
        if is_page { "which by its name is about more than the program itself" } else { "which is another program" };
    let message = format!("livenessProbe of {} {what}, {end}", it.title());
    let keys: &[&str] =
        if is_page { &["livenessProbe", "httpGet", "path"] } else { &["livenessProbe", "exec", "command"] };
    let verdict = "have liveness probes that ask about more than the program itself";
    cx.fail(it.object, it.object.place_in(it.container.node(), keys), message)
        .help(HELP)
        .listed_with_similar(alike::workloads(it.object, verdict, HELP))
        .verdict()
}
