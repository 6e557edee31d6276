//! `monitor-not-selected`

use crate::index::monitoring::{Refusal, Taken};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::words::list;
use crate::yaml::Value;

/// The kinds that a Prometheus of its operator selects.
const KINDS: &[&str] = &["ServiceMonitor", "PodMonitor", "Probe", "PrometheusRule"];

/// Labels by which installations commonly select.
const COMMON: &[&str] = &["release", "prometheus"];

cases!(MonitorNotSelected: NO_PROMETHEUS = "no-prometheus");

rule!(MonitorNotSelected, "monitoring/monitor-not-selected.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let mut unjudged = Vec::new();
    let objects = KINDS.iter().flat_map(|it| index.of_kind(products::PROMETHEUS, it));
    cx.judge_each(objects, |object, cx| match index.taken(object) {
        Taken::Yes => Verdict::Pass,
        Taken::No { .. } if is_taken_anywhere(object, cx) => Verdict::Pass,
        Taken::No { shown, count } => report(object, &shown, count, cx),
        Taken::Unknown(reason) => Verdict::open(reason),
        Taken::NoPrometheus => {
            unjudged.push(object);
            Verdict::NotApplicable
        }
    });
    hint(&unjudged, cx);
}));

/// Whether a Prometheus of any environment takes it, as far as that is known.
fn is_taken_anywhere(object: &Object, cx: &Context<'_>) -> bool {
    cx.run().with_prometheus().any(|it| matches!(it.taken(object), Taken::Yes | Taken::Unknown(_)))
}

fn report(object: &Object, refusals: &[Refusal<'_>], count: usize, cx: &mut Context<'_>) -> Verdict {
    let Some(first) = refusals.first() else { return Verdict::NotApplicable };
    let message = if count == 1 {
        format!("the Prometheus does not take {}: it {}", object.title(), first.says)
    } else {
        format!("none of {count} Prometheus takes {}: the first {}", object.title(), first.says)
    };
    let help = match refusals.iter().find_map(|it| it.label.as_ref()) {
        Some(label) => format!("nobody reports this: add the label {label} to its metadata"),
        None => "nobody reports this: let the selectors of the Prometheus match it".to_owned(),
    };
    let label = refusals.iter().find_map(|it| it.label.as_ref()).filter(|_| refusals.len() == 1);
    let repair = label.and_then(|it| selected(object, it));
    let mut draft = cx.fail(object, object.place(&["metadata", "labels"]), message).help(help).fix(repair);
    for refusal in refusals {
        draft = draft.label(refusal.place.span, format!("{} {}", refusal.object.title(), refusal.says));
    }
    draft.verdict()
}

/// The object with the label, which reads `key: value` or `key=value`.
fn selected(object: &Object, label: &str) -> Option<Repair> {
    let (key, value) = label.split_once('=').or_else(|| label.split_once(": "))?;
    let value = Value::text(value.trim());
    match object.node().at(&["metadata", "labels"]).filter(|it| it.is_map()) {
        Some(there) if there.get(key).is_some() => None,
        Some(there) => Some(Repair::new().insert(object, there, key.to_owned(), value)),
        None => Some(Repair::new().set(object, &["metadata", "labels"], Value::map([(key, value)]))),
    }
}

/// Without a Prometheus in the manifests: what the commonest installation would ignore.
fn hint(objects: &[&Object], cx: &mut Context<'_>) {
    let index = cx.index();
    let is_judged_elsewhere = cx.once_in_run("has a Prometheus", |it| it.has_prometheus());
    let can_tell = !is_judged_elsewhere && index.environment().is_directory;
    let lacks_all = |it: &&Object| can_tell && COMMON.iter().all(|key| it.label(key).is_none());
    let (without, open): (Vec<&Object>, Vec<&Object>) = objects.iter().copied().partition(lacks_all);
    for object in open {
        cx.judge(object, Verdict::open("which Prometheus takes it is not in the manifests"));
    }
    let Some(first) = without.first() else { return };
    let names: Vec<String> = without.iter().map(|it| it.title()).collect();
    let has = if without.len() == 1 { "has" } else { "have" };
    let message =
        format!("{} {has} no label release, by which the Prometheus of kube-prometheus-stack selects", list(&names));
    let place = first.place(&["metadata", "labels"]);
    let mut draft = cx.fail(first, place, message).heuristic().case(NO_PROMETHEUS).help(
        "if that chart installs your Prometheus, add the label release with the name of its Helm release, or set \
         serviceMonitorSelectorNilUsesHelmValues, podMonitorSelectorNilUsesHelmValues and \
         ruleSelectorNilUsesHelmValues to false",
    );
    for object in without.iter().skip(1).take(4) {
        draft = draft.label(object.name_span(), "has none either");
    }
}
