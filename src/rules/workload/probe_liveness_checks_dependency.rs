//! `probe-liveness-checks-dependency`

use super::judged::judged;
use super::probes::{Probed, dependency, judge_each};
use crate::index::Workload;
use crate::rule::{Context, NoParams, Rule, Similar, Walk};

pub(crate) struct ProbeLivenessChecksDependency;

const HELP: &str = "when that is away, all pods are restarted at once, and again and again, which mends nothing: let \
                    liveness ask only whether the program itself still works, and readiness the rest";

impl Rule for ProbeLivenessChecksDependency {
    const PAGE: &'static str = include_str!("../../../rules/workload/probe-liveness-checks-dependency.md");
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
    let liveness = it.liveness()?;
    let Some(what) = dependency(workload, liveness) else { return Some(true) };
    let is_page = liveness.command().is_empty();
    let end =
        if is_page { "which by its name is about more than the program itself" } else { "which is another program" };
    let message = format!("livenessProbe of {} {what}, {end}", it.title());
    let keys: &[&str] =
        if is_page { &["livenessProbe", "httpGet", "path"] } else { &["livenessProbe", "exec", "command"] };
    let verdict = "have liveness probes that ask about more than the program itself";
    cx.fail(it.object, it.object.place_in(it.container.node(), keys), message)
        .help(HELP)
        .listed_with_similar(Similar { noun: "workloads", verdict, name: it.object.name().to_owned(), help: HELP });
    Some(false)
}
