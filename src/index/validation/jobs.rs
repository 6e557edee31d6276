//! Jobs and CronJobs.

use super::checker::{Checker, is_object, shown};
use super::pods::{self, Restart};
use super::workloads::spec;
use super::{metadata, names};
use crate::model::cron::{self, Dialect};
use crate::yaml::NodeRef;

/// The most pods of an indexed Job that run at once, and the most of its indexes that may fail.
const MOST_INDEXED: i64 = 100_000;
/// The longest value of a label.
const LONGEST_LABEL: usize = 63;

pub(super) fn job(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    if spec.bool_at(&["manualSelector"]) == Some(true) {
        checker.required(spec, &["selector"]);
        metadata::selector(checker, spec, &["selector"]);
    } else {
        generated_selector(checker, spec, false);
    }
    name_of_pods(checker, spec);
    job_spec(checker, spec);
}

/// The name of a Job becomes a label of its pods and, with an index behind it, their host name.
fn name_of_pods<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let root = checker.root();
    let Some(name) = Checker::text(root, &["metadata", "name"]).filter(|it| names::dns_subdomain(it).is_ok()) else {
        return;
    };
    let last = spec.int_at(&["completions"]).filter(|it| *it > 0).map(|it| it - 1);
    let is_indexed = Checker::text(spec, &["completionMode"]) == Some("Indexed");
    let reason = match last.filter(|_| is_indexed) {
        Some(last) => names::dns_label(&format!("{name}-{last}")).err(),
        None if name.len() > LONGEST_LABEL => Some("is longer than 63 characters"),
        None => None,
    };
    if let Some(reason) = reason {
        checker.refuse(root, &["metadata", "name"], format!("as a label of its pods, {} {reason}", shown(name)));
    }
}

/// A Job may ask for nothing by its selector, which the server then fills in; a template of Jobs has none at all.
fn generated_selector<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, is_template: bool) {
    let has_items = |it: NodeRef<'_>| it.entries().next().is_some() || it.items().next().is_some();
    let asks = |it: NodeRef<'_>| is_template || !it.is_map() || it.entries().any(|it| has_items(it.value));
    if spec.at(&["selector"]).is_some_and(|it| !it.is_null() && asks(it)) {
        let help = "leave it out: the server makes it";
        checker.refuse(spec, &["selector"], "a Job takes no selector").help = Some(help.to_owned());
    }
}

pub(super) fn cron_job(checker: &mut Checker<'_>) {
    let root = checker.root();
    let Some(spec) = root.get("spec").filter(|it| it.is_map()) else {
        checker.required(root, &["spec", "schedule"]);
        return;
    };
    if let Some(schedule) = checker.required_text(spec, &["schedule"])
        && let Some(reason) = wrong_schedule(schedule)
    {
        let refusal = checker.refuse(spec, &["schedule"], format!("\"{}\" {}", shown(schedule), reason.0));
        refusal.help = Some(reason.1.to_owned());
    }
    if Checker::has(spec, &["timeZone"])
        && let Some(zone) = Checker::known(spec, &["timeZone"]).map(NodeRef::text)
        && !cron::is_time_zone(zone)
    {
        let message = format!("there is no time zone \"{}\"", shown(zone));
        checker.refuse(spec, &["timeZone"], message).help = Some("write it as in Europe/Berlin or Etc/UTC".to_owned());
    }
    checker.one_of(spec, &["concurrencyPolicy"], &["Allow", "Forbid", "Replace"]);
    for key in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        checker.at_least(spec, &[key], 0);
    }
    let Some(job) = spec.at(&["jobTemplate", "spec"]).filter(|it| it.is_map()) else {
        checker.required(spec, &["jobTemplate", "spec", "template", "spec", "containers"]);
        return;
    };
    generated_selector(checker, job, true);
    if job.bool_at(&["manualSelector"]) == Some(true) {
        checker.refuse(job, &["manualSelector"], "Jobs of a CronJob take no selector of their own");
    }
    job_spec(checker, job);
}

/// What is wrong with the schedule of a CronJob, and what to do.
fn wrong_schedule(schedule: &str) -> Option<(String, &'static str)> {
    if schedule.contains("TZ") {
        return Some(("holds a time zone".to_owned(), "write the zone into timeZone"));
    }
    if schedule.starts_with(char::is_whitespace) && schedule.trim_start().starts_with('@') {
        return Some(("begins with a blank".to_owned(), "write the @ first"));
    }
    if cron::rhythm(schedule, Dialect::Five).is_some() {
        return None;
    }
    let fields = schedule.split_whitespace().count();
    if !schedule.trim_start().starts_with('@') && fields != 5 {
        let noun = if fields == 1 { "field" } else { "fields" };
        return Some((format!("has {fields} {noun}, not 5"), "minute, hour, day of the month, month, day of the week"));
    }
    Some(("cannot be read".to_owned(), "minute, hour, day of the month, month, day of the week, each in its range"))
}

fn job_spec<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    for entry in spec.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "parallelism"
            | "completions"
            | "backoffLimit"
            | "ttlSecondsAfterFinished"
            | "activeDeadlineSeconds"
            | "backoffLimitPerIndex"
            | "maxFailedIndexes" => checker.at_least(spec, &[key], 0),
            "completionMode" => checker.exactly_one_of(spec, &[key], &["NonIndexed", "Indexed"]),
            "managedBy" => checker.required_named(spec, &[key], names::domain_and_path),
            "podFailurePolicy" => failure_policy(checker, spec, entry.value),
            "podReplacementPolicy" => {
                let has_policy = Checker::has(spec, &["podFailurePolicy"]);
                let all: &[&str] = if has_policy { &["Failed"] } else { &["Failed", "TerminatingOrFailed"] };
                checker.exactly_one_of(spec, &[key], all);
            }
            _ => {}
        }
    }
    indexes(checker, spec);
    pods::template(checker, spec, Restart::Ends, &[]);
    let restart = Checker::text(spec, &["template", "spec", "restartPolicy"]);
    if Checker::has(spec, &["podFailurePolicy"]) && restart == Some("OnFailure") {
        let message = "a podFailurePolicy needs restartPolicy: Never";
        checker.refuse(spec, &["template", "spec", "restartPolicy"], message);
    }
}

/// What only Jobs with indexes have, and what those need.
fn indexes<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let mode = spec.get("completionMode").filter(|it| !it.is_null());
    if mode.is_none_or(|it| it.text() == "NonIndexed") {
        for key in ["backoffLimitPerIndex", "maxFailedIndexes", "successPolicy"] {
            if Checker::has(spec, &[key]) {
                checker.refuse(spec, &[key], format!("{key} needs completionMode: Indexed"));
            }
        }
        return;
    }
    if mode.is_none_or(|it| it.text() != "Indexed") {
        return;
    }
    // A Job that says nothing at all is for one pod; in a CronJob nothing is filled in.
    let is_filled = checker.object.is("batch", "Job") && !Checker::has(spec, &["parallelism"]);
    if !Checker::has(spec, &["completions"]) && !is_filled {
        checker.refuse(spec, &["completions"], "completionMode Indexed needs completions");
    }
    checker.within(spec, &["parallelism"], i64::MIN, MOST_INDEXED);
    checker.within(spec, &["maxFailedIndexes"], i64::MIN, MOST_INDEXED);
    let (most, all) = (spec.int_at(&["maxFailedIndexes"]), spec.int_at(&["completions"]));
    if let (Some(most), Some(all)) = (most, all)
        && most > all
    {
        checker.refuse(spec, &["maxFailedIndexes"], format!("{most} is above completions {all}"));
    }
    if Checker::has(spec, &["maxFailedIndexes"]) && !Checker::has(spec, &["backoffLimitPerIndex"]) {
        checker.refuse(spec, &["backoffLimitPerIndex"], "maxFailedIndexes needs backoffLimitPerIndex");
    }
    if spec.get("successPolicy").is_some_and(NodeRef::is_map) {
        checker.required(spec, &["successPolicy", "rules"]);
    }
}

fn failure_policy<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, policy: NodeRef<'o>) {
    for rule in policy.items_at(&["rules"]).filter(|it| is_object(*it)) {
        checker.required_one_of(rule, &["action"], &["Count", "FailIndex", "FailJob", "Ignore"]);
        if Checker::text(rule, &["action"]) == Some("FailIndex") && !Checker::has(spec, &["backoffLimitPerIndex"]) {
            checker.refuse(rule, &["action"], "FailIndex needs backoffLimitPerIndex");
        }
        let codes = rule.get("onExitCodes").filter(|it| it.is_map());
        let has_conditions = rule.items_at(&["onPodConditions"]).next().is_some();
        match (codes.is_some(), has_conditions) {
            (true, true) => {
                checker.refuse(rule, &["onPodConditions"], "either onExitCodes or onPodConditions, not both");
            }
            (false, false) => drop(checker.refuse(rule, &[], "needs onExitCodes or onPodConditions")),
            _ => {}
        }
        if let Some(codes) = codes {
            exit_codes(checker, spec, codes);
        }
        for condition in rule.items_at(&["onPodConditions"]).filter(|it| is_object(*it)) {
            checker.required_named(condition, &["type"], names::qualified);
            checker.one_of(condition, &["status"], &["True", "False", "Unknown"]);
        }
    }
}

fn exit_codes<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, codes: NodeRef<'o>) {
    checker.required_one_of(codes, &["operator"], &["In", "NotIn"]);
    let of = |key: &str| spec.items_at(&["template", "spec", key]).filter_map(|it| it.str_at(&["name"]));
    let names: Vec<&str> = of("containers").chain(of("initContainers")).collect();
    if Checker::has(codes, &["containerName"])
        && let Some(name) = Checker::known(codes, &["containerName"]).map(NodeRef::text)
        && !names.contains(&name)
    {
        let near = crate::suggest::nearest(name, names.iter().copied());
        checker.refuse(codes, &["containerName"], format!("the pod has no container {}", shown(name))).suggest(near);
    }
    checker.required(codes, &["values"]);
    let mut before = None;
    for value in codes.items_at(&["values"]) {
        let Some(code) = value.as_int() else { continue };
        if code == 0 && Checker::text(codes, &["operator"]) == Some("In") {
            checker.refuse(value, &[], "0 is no failure");
        } else if before == Some(code) {
            checker.refuse(value, &[], format!("{code} stands here twice"));
        } else if before.is_some_and(|it| it > code) {
            checker.refuse(codes, &["values"], "the codes are not in order");
        }
        before = Some(code);
    }
}
