//! `alert-target-unknown`

use crate::index::monitoring::{AlertRule, Selection, Wanted};
use crate::index::{Index, Workload};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use std::collections::BTreeSet;

/// Labels that name an object, with its kind.
const LABELS: &[(&str, &str, &[WorkloadKind])] = &[
    ("deployment", "Deployment", &[WorkloadKind::Deployment]),
    ("statefulset", "StatefulSet", &[WorkloadKind::StatefulSet]),
    ("daemonset", "DaemonSet", &[WorkloadKind::DaemonSet]),
];

rule!(AlertTargetUnknown, "monitoring/alert-target-unknown.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let mut alerts = index.alert_rules().iter().filter(|it| it.is_alert).peekable();
    if alerts.peek().is_some() {
        let there: BTreeSet<WorkloadKind> = index.workloads().iter().map(|it| it.kind).collect();
        cx.judge_each(alerts, |it, cx| judge(it, &there, cx));
    }
}));

/// The first object that an alert names.
fn wanted<'r>(rule: &'r AlertRule<'_>) -> Option<(Selection<'r>, &'static str, &'static str, &'static [WorkloadKind])> {
    let selections = rule.expression()?.selections();
    selections.into_iter().filter(|it| !it.is_open()).find_map(|selection| {
        let named = LABELS.iter().find(|it| selection.asks_for(it.0))?;
        Some((selection, named.0, named.1, named.2))
    })
}

fn judge(rule: &AlertRule<'_>, there: &BTreeSet<WorkloadKind>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some((selection, label, kind, kinds)) = wanted(rule) else { return Verdict::NotApplicable };
    let Some(name) = selection.wanted(label).find(Wanted::is_positive) else { return Verdict::NotApplicable };
    if name.text.contains('$') {
        return Verdict::NotApplicable; // A template, or the end of a pattern; either way not a name.
    }
    let fits = |it: &Index<'_>, in_namespace: bool| {
        let has_name = |it: &Workload<'_>| {
            let own = it.object.namespace();
            let is_there = selection.wanted("namespace").all(|wanted| own.is_none_or(|own| wanted.fits(own)));
            let is_named = selection.wanted(label).all(|wanted| wanted.fits(it.object.name()));
            kinds.contains(&it.kind) && is_named && (!in_namespace || is_there)
        };
        if !name.is_literal() {
            return it.workloads().iter().any(has_name);
        }
        it.named("apps", kind, name.text).into_iter().filter_map(|object| it.workload_of(object)).any(has_name)
    };
    let is_there = if name.is_literal() {
        cx.run().with_object("apps", kind, name.text).any(|it| fits(it, true))
    } else {
        cx.anywhere_in_run(|it| fits(it, true))
    };
    if is_there {
        return Verdict::Pass;
    }
    let slip = index.workload_named_nearly(kinds, name.text).filter(|_| name.is_literal());
    let is_elsewhere = fits(index, true) != fits(index, false);
    if slip.is_none()
        && !is_elsewhere
        && let Some(reason) = doubt(name.text, kinds.iter().any(|it| there.contains(it)), cx)
    {
        return Verdict::open(reason);
    }
    let message = if is_elsewhere {
        let namespace = selection.wanted("namespace").map(|it| it.text).next().unwrap_or_default();
        format!("alert {} watches {kind} {} in namespace {namespace}, where there is none", rule.name, name.text)
    } else {
        format!("alert {} watches {kind} {}, which is not in the manifests", rule.name, name.text)
    };
    let draft = cx
        .fail(rule.object, rule.place.clone(), message)
        .help("a selector without series never fires, and absent() of it always does: name what is there");
    let namesake = || {
        let mut all: Box<dyn Iterator<Item = &Object>> = if name.is_literal() {
            Box::new(index.named("apps", kind, name.text).into_iter())
        } else {
            Box::new(index.workloads().iter().map(|it| it.object).filter(|it| name.fits(it.name())))
        };
        all.find(|it| index.workload_of(it).is_some_and(|it| kinds.contains(&it.kind)))
    };
    let namesake = if is_elsewhere { namesake() } else { None };
    let there = slip.into_iter().chain(namesake).min_by_key(|it| it.id());
    let Some(there) = there else { return draft.verdict() };
    let text = match there.namespace().filter(|_| is_elsewhere) {
        Some(namespace) => format!("is in namespace {namespace}"),
        None => "was this meant?".to_owned(),
    };
    draft.label(there.name_span(), text).verdict()
}

/// Why it may be there all the same.
fn doubt(name: &str, has_kind: bool, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    if !index.environment().is_directory {
        return Some("what it watches may stand in another file: run on the whole directory".to_owned());
    }
    if !has_kind {
        return Some("nothing of that kind is in the manifests".to_owned());
    }
    // Operators name what they make for their resources.
    let made = index.pod_sets().iter().filter(|it| it.is_virtual).map(|it| it.owner);
    let mut made = made.chain(index.kafka_clusters().iter().map(|it| it.object));
    if let Some(owner) = made.find(|it| name.contains(it.name())) {
        return Some(format!("the operator of {} may make it", owner.title()));
    }
    if cx.once_in_run("has unseen makers", |it| it.has_unseen_makers()) {
        return Some("a chart, an application or an operator may make it".to_owned());
    }
    None
}
