//! `monitor-selects-nothing`

use crate::index::monitoring::{Monitor, Target};
use crate::model::{Labels, Object, Operator, Selector};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::source::Span;
use crate::yaml::Value;
use std::collections::HashMap;

/// Keys of labels of Services and pods that the cluster or the operator makes, and no manifest.
const MADE_ELSEWHERE: &[&str] = &["operated-", "component", "provider"];

rule!(MonitorSelectsNothing, "monitoring/monitor-selects-nothing.md", |walk| walk.environment(|cx| {
    let mut meant = HashMap::new();
    cx.judge_each(cx.index().monitors(), |it, cx| judge(it, &mut meant, cx));
}));

/// The first Service that a monitor means, and whether it is the only one, by the first monitor that selects the same.
type Meant<'a> = HashMap<usize, Option<(&'a Object, bool)>>;

fn judge<'a>(monitor: &Monitor<'a>, meant: &mut Meant<'a>, cx: &mut Context<'a>) -> Verdict {
    if !monitor.is_empty() {
        return Verdict::Pass;
    }
    let index = cx.index();
    let (object, selector) = (monitor.object, &monitor.selector);
    if selector.is_open() {
        return Verdict::open("a label of the selector is a template placeholder");
    }
    // Services whose pods have the labels, and that lack them themselves: nothing else can be meant.
    let find = || {
        let all = index.services_of_labelled_pods(monitor);
        all.first().map(|it| (*it, all.len() == 1))
    };
    let meant = match monitor.target {
        Target::Services => *meant.entry(monitor.alike).or_insert_with(find),
        Target::Pods => None,
    };
    let elsewhere = elsewhere(monitor, cx);
    if meant.is_none()
        && let Some(reason) = doubt(monitor, elsewhere, cx)
    {
        return Verdict::open(reason);
    }
    let (noun, help) = match monitor.target {
        Target::Services => (
            "Service",
            "a ServiceMonitor matches labels of the Service itself, not those of its pods: add the labels to the \
             Service's metadata",
        ),
        Target::Pods => {
            ("pods", "a PodMonitor matches labels of the pod template: name those of the pods that it means")
        }
    };
    let none = if selector.is_everything() { "there is none".to_owned() } else { format!("none has {selector}") };
    let message = format!("{} selects no {noun} in {}: {none}", object.title(), monitor.namespaces());
    let mut draft = cx.fail(object, object.place(&["spec", "selector"]), message).help(help);
    if let Some((service, is_only)) = meant {
        draft = draft.fix(is_only.then(|| labelled(service, selector)).flatten());
        let labels = Labels::read(service.node().at(&["metadata", "labels"]));
        let own = if labels.is_empty() { "no labels itself" } else { "other labels itself" };
        draft = draft.label(service.name_span(), format!("leads to pods with {selector}, but has {own}"));
        if let Some((place, port)) = unknown_port(monitor, service) {
            draft = draft.label(place, format!("nor has it a port named {port}"));
        }
    }
    if let Some(there) = elsewhere {
        let namespace = there.namespace().unwrap_or("another namespace");
        draft = draft.label(there.name_span(), format!("has these labels, but in {namespace}"));
    }
    draft.verdict()
}

/// The Service with the labels that the monitor asks for.
fn labelled(service: &Object, selector: &Selector<'_>) -> Option<Repair> {
    let mut labels = Vec::new();
    for requirement in &selector.requirements {
        let [value] = requirement.values.as_slice() else { return None };
        if requirement.operator != Operator::In {
            return None;
        }
        labels.push((requirement.key.to_string(), Value::text(value.to_string())));
    }
    let there = service.node().at(&["metadata", "labels"]);
    if there.is_some_and(|there| labels.iter().any(|(key, _)| there.get(key).is_some())) {
        return None; // Another value may have users of its own.
    }
    Some(match there.filter(|it| it.is_map()) {
        None => Repair::new().set(service, &["metadata", "labels"], Value::map(labels)),
        Some(there) => {
            labels.into_iter().fold(Repair::new(), |repair, (key, value)| repair.insert(service, there, key, value))
        }
    })
}

/// The first port of an endpoint that a Service does not have.
fn unknown_port<'a>(monitor: &Monitor<'a>, service: &Object) -> Option<(Span, &'a str)> {
    let has = |name: &str| service.node().items_at(&["spec", "ports"]).any(|it| it.str_at(&["name"]) == Some(name));
    monitor.endpoints.iter().find_map(|endpoint| {
        let port = endpoint.str_at(&["port"]).filter(|it| !has(it))?;
        Some((endpoint.place(&["port"]), port))
    })
}

/// What has the labels in a namespace where the monitor does not look.
fn elsewhere<'a>(monitor: &Monitor<'a>, cx: &Context<'a>) -> Option<&'a Object> {
    let (index, selector) = (cx.index(), &monitor.selector);
    if selector.is_everything() {
        return None;
    }
    match monitor.target {
        Target::Services => index.services_labelled(selector).next(),
        Target::Pods => index.selects_anywhere(selector).map(|it| index.pods(it).owner),
    }
}

/// Why they may be there all the same.
fn doubt(monitor: &Monitor<'_>, elsewhere: Option<&Object>, cx: &Context<'_>) -> Option<String> {
    let (index, object, selector) = (cx.index(), monitor.object, &monitor.selector);
    if let Some(owner) = index.made_for(selector) {
        return Some(format!("the operator of {} may make what it selects", owner.title()));
    }
    // What the cluster runs itself carries this label, in a namespace of its own.
    let is_of_the_cluster = monitor.looks_into("kube-system") && object.namespace().is_some()
        || object.namespace().is_none() && selector.requirements.iter().any(|it| it.key == "k8s-app");
    if is_made_elsewhere(selector) || is_of_the_cluster {
        return Some("the cluster or an operator makes what has such labels".to_owned());
    }
    let labelled = index.may_be_labelled(object, selector).filter(|_| matches!(monitor.target, Target::Pods));
    if let Some(pods) = labelled {
        return Some(format!("pods of {} may get such labels while they run", index.pods(pods).owner.title()));
    }
    if let Some(maker) = index.unseen_maker_in_sight(monitor) {
        return Some(format!("{} may make what it selects", maker.title()));
    }
    if index.has_open_pods_near(object) {
        return Some("labels of pods in its namespace are template placeholders".to_owned());
    }
    let is_elsewhere = match monitor.target {
        Target::Services => cx.run().others_have_services(index, selector),
        Target::Pods => cx.run().others_have_pods(index, selector),
    };
    if is_elsewhere {
        return Some("another environment of this run has such labels".to_owned());
    }
    if elsewhere.is_some() {
        return None;
    }
    if index.environment().is_fragment {
        return Some("what it selects may stand in another file: run on the whole directory".to_owned());
    }
    let has_candidate = match monitor.target {
        Target::Services => index.services_in_sight(monitor).next().is_some(),
        Target::Pods => index.workloads().iter().any(|it| monitor.is_in_sight(index, it.object)),
    };
    (!has_candidate).then(|| "nothing that it could mean is in the manifests".to_owned())
}

fn is_made_elsewhere(selector: &Selector<'_>) -> bool {
    let is_made = |key: &str| MADE_ELSEWHERE.iter().any(|it| key == *it || (it.ends_with('-') && key.starts_with(it)));
    selector.requirements.iter().any(|it| is_made(&it.key))
}
