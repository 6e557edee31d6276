//! `shutdown-cut-short`

use super::judged::{is_judged, is_other};
use super::probes::Probed;
use crate::index::Workload;
use crate::model::shell::{commands, program, script};
use crate::model::{Container, PodTemplate, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::repairs::restarts;
use crate::yaml::NodeRef;

/// The grace period of a pod that names none.
const DEFAULT_GRACE: i64 = 30;

const GRACE: &str = "terminationGracePeriodSeconds";

const SLEEP_HELP: &str = "Service proxies and load balancers still send requests while they learn that the pod goes: \
                          let preStop sleep for some 5 to 10 seconds, unless the program itself goes on serving for \
                          a while after SIGTERM";

cases!(ShutdownCutShort: OTHER_ROLE = "other-role", WITHOUT_PRE_STOP = "without-pre-stop");

rule!(ShutdownCutShort, "workload/shutdown-cut-short.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let Some(spec) = workload.template.filter(|_| is_judged(workload)).and_then(PodTemplate::spec) else {
        return Verdict::NotApplicable;
    };
    let Some(grace) = spec.at(&[GRACE]).map_or(Some(DEFAULT_GRACE), NodeRef::as_int) else {
        return Verdict::open("terminationGracePeriodSeconds is a template placeholder");
    };
    if grace == 0 {
        return judge_no_grace(workload, spec, cx);
    }
    let containers = Probed::of(workload, cx);
    let cut: Vec<(Probed<'a>, i64)> = containers
        .iter()
        .filter_map(|it| Some((*it, slept(it.container)?)))
        .filter(|it| it.1 >= grace && !is_refused(it.0.container, it.1, grace))
        .collect();
    if cut.is_empty() {
        return judge_entry(workload, cx);
    }
    for (it, slept) in cut {
        report_cut(workload, it, slept, (grace, spec), cx);
    }
    Verdict::Fail
}

/// A grace period of 0: the pod is gone from the API at once, and killed without a word.
fn judge_no_grace<'a>(workload: &Workload<'a>, spec: NodeRef<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let is_stateful = workload.kind == WorkloadKind::StatefulSet;
    if !is_stateful && cx.serving(workload).is_none() {
        return Verdict::Pass; // Nobody waits for its answers.
    }
    let message = format!("pods of {} are killed at once: {GRACE} is 0", object.title());
    let help = if is_stateful {
        "a pod is forgotten before it has stopped, so that its successor of the same name may run beside it, on the \
         same data: leave the field out (30 s)"
    } else {
        "requests that are being answered break off at each rollout and drain: leave the field out (30 s)"
    };
    let case = is_other(workload).then_some(OTHER_ROLE);
    cx.fail(object, object.place_in(spec, &[GRACE]), message).help(help).maybe_case(case).verdict()
}

fn report_cut<'a>(
    workload: &Workload<'a>,
    it: Probed<'a>,
    slept: i64,
    (grace, spec): (i64, NodeRef<'a>),
    cx: &mut Context<'a>,
) {
    let by_default = if spec.at(&[GRACE]).is_none() { ", by default," } else { "" };
    let message = format!(
        "preStop of {} sleeps {slept} s, and {GRACE}{by_default} is {grace}: 2 s are left to stop in",
        it.title()
    );
    let keys: &[&str] = if is_native(it.container) {
        &["lifecycle", "preStop", "sleep", "seconds"]
    } else {
        &["lifecycle", "preStop", "exec", "command"]
    };
    let written = spec.at(&[GRACE]).map(|_| spec.place(&[GRACE]));
    let enough = slept.checked_add(DEFAULT_GRACE);
    let repair = enough.map(|it| Repair::new().set_in(workload.object, spec, &[GRACE], it).effect(restarts(workload)));
    cx.fail(it.object, it.object.place_in(it.container.node(), keys), message)
        .evidence("sleep-seconds", slept)
        .evidence("grace-seconds", grace)
        .fix(repair)
        .help("the grace period begins with preStop: make it longer than the sleep and what the program needs to stop")
        .labels(written.map(|it| (it, "preStop, and then the program, have so long")))
        .maybe_case(is_other(workload).then_some(OTHER_ROLE));
}

/// Whether the API server does not take the pod, as `manifest-invalid` says.
fn is_refused(container: Container<'_>, slept: i64, grace: i64) -> bool {
    slept > grace && is_native(container)
}

fn is_native(container: Container<'_>) -> bool {
    container.node().at(&["lifecycle", "preStop", "sleep"]).is_some()
}

/// Judges whether requests from outside may meet a pod that has stopped.
fn judge_entry<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let Some(serving) = cx.serving(workload).filter(|_| workload.role.is_app()) else { return Verdict::Pass };
    let has_hook = |it: &Container<'a>| it.node().at(&["lifecycle", "preStop"]).is_some();
    let is_hooked = workload.containers().any(|it| has_hook(&it));
    let Some(((service, way), container)) = serving.entry.zip(serving.containers.first()).filter(|_| !is_hooked) else {
        return Verdict::Pass;
    };
    let object = workload.object;
    let message = format!(
        "container {} of {} is told to stop while requests from outside still reach it",
        container.name(),
        object.title()
    );
    let verdict = "are told to stop while requests from outside still come";
    cx.fail(object, container.place(object, &["lifecycle", "preStop"]), message)
        .label(service.name_span(), format!("{way} leads to {}", service.title()))
        .help(SLEEP_HELP)
        .listed_with_similar(alike::workloads(object, verdict, SLEEP_HELP))
        .heuristic()
        .case(WITHOUT_PRE_STOP)
        .verdict()
}

/// How long a container's preStop sleeps at least, in whole seconds; nothing where a script decides.
fn slept(container: Container<'_>) -> Option<i64> {
    let hook = container.node().at(&["lifecycle", "preStop"])?;
    if let Some(seconds) = hook.int_at(&["sleep", "seconds"]) {
        return Some(seconds);
    }
    let words: Vec<&str> = hook.items_at(&["exec", "command"]).map(NodeRef::text).collect();
    let is_conditional = |it: &str| matches!(it, "if" | "while" | "until" | "for" | "case") || it.contains("||");
    if script(&words).is_some_and(|it| it.split_whitespace().any(is_conditional)) {
        return None;
    }
    let commands = commands(&words);
    let sleeps = commands.iter().filter(|it| it.first().is_some_and(|it| program(it) == "sleep"));
    let seconds: Vec<i64> = sleeps.map(|it| it.get(1).and_then(|it| duration(it))).collect::<Option<_>>()?;
    (!seconds.is_empty()).then(|| seconds.into_iter().fold(0, i64::saturating_add))
}

/// `30`, `30s`, `5m`.
fn duration(text: &str) -> Option<i64> {
    let (digits, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    digits.parse::<i64>().ok()?.checked_mul(unit)
}
