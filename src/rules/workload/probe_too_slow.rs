//! `probe-too-slow`

use super::judged::is_store;
use super::probes::{Probed, probed_containers};
use crate::index::Workload;
use crate::model::Probe;
use crate::model::shell::{commands, program};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::repairs::restarts;
use crate::rules::workload::LivenessOutrunsReadiness;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    readiness_seconds: i64,
    liveness_seconds: i64,
}

/// A start for which so many seconds are left was thought about.
const ENOUGH_TO_START: i64 = 300;

const SLOW_HELP: &str =
    "a failure goes unnoticed for periodSeconds times failureThreshold, plus timeoutSeconds: lower one of them";

const STARTUP_HELP: &str = "a start that takes longer, as on a busy node, is killed and begins anew: add a \
                            startupProbe with the same handler and a high failureThreshold, and drop \
                            initialDelaySeconds";

const TIMEOUT_HELP: &str = "starting a process takes a while on a busy node, and a command that is cut off counts as \
                            failed: set timeoutSeconds to 5 or more";

cases!(ProbeTooSlow: EXEC_TIMEOUT = "exec-timeout", STARTUP_PROBE_MISSING = "startup-probe-missing");

rule!(ProbeTooSlow, "workload/probe-too-slow.md", Params, |params, walk| probed_containers(
    walk,
    |workload, it, cx| judge(params, workload, it, cx)
));

fn judge<'a>(params: &Params, workload: &Workload<'a>, it: Probed<'a>, cx: &mut Context<'a>) -> Verdict {
    // The time for the last answer comes on top, and nobody counts it.
    let notices = |probe: Probe<'_>, most: i64| {
        let patience = probe.patience().filter(|it| *it > most)?;
        patience.checked_add(probe.timeout()?)
    };
    let mut is_right = true;
    // Only requests wait for readiness, and a store that recovers needs its time.
    let readiness = it.readiness().filter(|_| cx.serving(workload).is_some());
    if let Some(seconds) = readiness.and_then(|it| notices(it, params.readiness_seconds)) {
        let message = format!(
            "{} gets requests for up to {seconds} s after it has stopped answering, at most {} are meant",
            it.title(),
            params.readiness_seconds
        );
        report_slow(it, "readinessProbe", seconds, message, cx);
        is_right = false;
    }
    let liveness = it.liveness();
    if let Some(seconds) = liveness.filter(|_| !is_store(workload)).and_then(|it| notices(it, params.liveness_seconds))
    {
        let message = format!(
            "{} hangs for up to {seconds} s before it is restarted, at most {} are meant",
            it.title(),
            params.liveness_seconds
        );
        report_slow(it, "livenessProbe", seconds, message, cx);
        is_right = false;
    }
    is_right &= judge_timeout(workload, it, cx) != Verdict::Fail;
    is_right &= liveness.is_none_or(|liveness| judge_start(it, liveness, cx) != Verdict::Fail);
    match (liveness.or(readiness), is_right) {
        (None, _) => Verdict::NotApplicable,
        (Some(_), true) => Verdict::Pass,
        (Some(_), false) => Verdict::Fail,
    }
}

fn report_slow(it: Probed<'_>, key: &'static str, seconds: i64, message: String, cx: &mut Context<'_>) {
    let probe = it.object.place_in(it.container.node(), &[key, "periodSeconds"]);
    let span = probe.span;
    let draft = cx.fail(it.object, probe, message).evidence("seconds", seconds).help(SLOW_HELP);
    if key == "readinessProbe" && it.outrun().is_some() {
        let text = format!("nor does it notice before {seconds} s");
        draft.merged_into(LivenessOutrunsReadiness::ID, it.object, span, text);
    }
}

/// Commands that end at once.
const CHEAP: &[&str] = &[
    "cat", "test", "[", "[[", "ls", "stat", "true", "echo", "exit", "pgrep", "pidof", "ps", "grep", "kill", "find",
    "touch", "rm", ":", "wc", "awk", "expr", "date", "return", "fi", "done",
];

/// Judges whether a command has time enough.
fn judge_timeout(workload: &Workload<'_>, it: Probed<'_>, cx: &mut Context<'_>) -> Verdict {
    for key in ["livenessProbe", "readinessProbe"] {
        let Some(probe) = Probe::of(it.container, key) else { continue };
        let words = probe.command();
        let is_cheap = |command: &Vec<&str>| command.first().is_some_and(|it| CHEAP.contains(&program(it)));
        if words.is_empty() || commands(&words).iter().all(is_cheap) || probe.timeout() != Some(1) {
            continue;
        }
        let message = format!("{key} of {} counts its command as failed after 1 s", it.title());
        let verdict = "give the commands of their probes 1 s";
        // The other probe runs the same more often than not.
        return cx
            .fail(it.object, it.object.place_in(it.container.node(), &[key, "timeoutSeconds"]), message)
            .help(TIMEOUT_HELP)
            .fix(
                Repair::new()
                    .set_in(it.object, it.container.node(), &[key, "timeoutSeconds"], 5)
                    .effect(restarts(workload)),
            )
            .listed_with_similar(alike::workloads(it.object, verdict, TIMEOUT_HELP))
            .case(EXEC_TIMEOUT)
            .verdict();
    }
    Verdict::NotApplicable
}

/// Judges whether a slow start is cut off.
fn judge_start(it: Probed<'_>, liveness: Probe<'_>, cx: &mut Context<'_>) -> Verdict {
    let runtime = slow_runtime(it).filter(|_| it.container.node().at(&["startupProbe"]).is_none());
    let left = liveness.delay().zip(liveness.patience()).and_then(|(delay, patience)| delay.checked_add(patience));
    let Some((runtime, left)) = runtime.zip(left.filter(|it| *it < ENOUGH_TO_START)) else {
        return Verdict::NotApplicable;
    };
    let message =
        format!("{} is killed when its start takes longer than {left} s, and it runs on {runtime}", it.title());
    cx.fail(it.object, it.container.place(it.object, &["startupProbe"]), message)
        .evidence("seconds", left)
        .label(it.span("livenessProbe"), "initialDelaySeconds plus periodSeconds times failureThreshold")
        .help(STARTUP_HELP)
        .listed_with_similar(alike::workloads(it.object, "start slowly and have no startup probe", STARTUP_HELP))
        .heuristic()
        .case(STARTUP_PROBE_MISSING)
        .verdict()
}

/// Parts of the names of images that start slowly.
const RUNTIMES: &[(&str, &str)] = &[
    ("jdk", "the JVM"),
    ("jre", "the JVM"),
    ("java", "the JVM"),
    ("temurin", "the JVM"),
    ("corretto", "the JVM"),
    ("tomcat", "the JVM"),
    ("spring", "the JVM"),
    ("wildfly", "the JVM"),
    ("keycloak", "the JVM"),
    ("dotnet", ".NET"),
    ("aspnet", ".NET"),
];

/// Variables that such a runtime reads.
const VARIABLES: &[(&str, &str)] = &[
    ("JAVA_OPTS", "the JVM"),
    ("JAVA_TOOL_OPTIONS", "the JVM"),
    ("JDK_JAVA_OPTIONS", "the JVM"),
    ("SPRING_PROFILES_ACTIVE", "the JVM"),
    ("ASPNETCORE_ENVIRONMENT", ".NET"),
    ("ASPNETCORE_URLS", ".NET"),
];

fn slow_runtime(it: Probed<'_>) -> Option<&'static str> {
    let container = it.container;
    let image = container.repository();
    let words = |text: &str, part: &str| {
        text.split(['/', '-', '_', '.']).any(|it| it.trim_end_matches(|it: char| it.is_ascii_digit()) == part)
    };
    let named = RUNTIMES.iter().find(|known| words(image, known.0)).map(|it| it.1);
    let told = || container.env().find_map(|(name, _)| VARIABLES.iter().find(|it| it.0 == name)).map(|it| it.1);
    let started = || match container.words().next().map(program) {
        Some("java") => Some("the JVM"),
        Some("dotnet") => Some(".NET"),
        _ => None,
    };
    named.or_else(told).or_else(started)
}
