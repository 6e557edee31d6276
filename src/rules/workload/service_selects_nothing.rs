//! `service-selects-nothing`

use crate::index::PodSetId;
use crate::model::{Object, PodTemplate, Selector};
use crate::rule::{Context, Verdict, rule};
use crate::rules::repairs::correct_label;
use crate::yaml::NodeRef;

const HELP: &str = "requests to the Service are refused or time out; its selector matches labels of the pods, in its \
                    own namespace";

rule!(ServiceSelectsNothing, "workload/service-selects-nothing.md", |walk| walk.of_kinds(&[("", "Service")], judge));

fn judge(service: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(selector) = index.selector_of_service(service) else { return Verdict::NotApplicable };
    if !index.pods_of_service(service).is_empty() {
        return Verdict::Pass;
    }
    if selector.is_open() {
        return Verdict::open("a label of the selector is a template placeholder");
    }
    let miss = index.near_miss_of_service(service, &selector);
    let elsewhere = index.selects_anywhere(&selector);
    if miss.is_none()
        && let Some(reason) = doubt(service, &selector, elsewhere, cx)
    {
        return Verdict::open(reason);
    }
    let there = match (&miss, elsewhere) {
        (Some(miss), _) => {
            let text = format!("its pods have {}: was that meant?", miss.label);
            Some((index.pods(miss.pods).owner.name_span(), text))
        }
        (None, Some(pods)) => {
            let owner = index.pods(pods).owner;
            let there = owner.namespace().unwrap_or("another namespace");
            let here = service.namespace().unwrap_or("default");
            Some((owner.name_span(), format!("has these labels, but in {there}, not in {here}")))
        }
        (None, None) => None,
    };
    let repair = miss.as_ref().and_then(|it| correct_label(service, service.node().at(&["spec", "selector"]), it));
    let ingresses = index.ingresses_of_service(service);
    let message = format!("{} leads to no pods: none has {selector}", service.title());
    cx.fail(service, service.place(&["spec", "selector"]), message)
        .help(HELP)
        .fix(repair)
        .labels(there)
        .labels(ingresses.first().map(|it| (it.name_span(), "requests come from here")))
        .verdict()
}

/// Why the pods may be there all the same.
fn doubt(service: &Object, selector: &Selector<'_>, elsewhere: Option<PodSetId>, cx: &Context<'_>) -> Option<String> {
    let index = cx.index();
    if let Some(pods) = index.may_get_labels(service, selector).or_else(|| index.may_be_labelled(service, selector)) {
        return Some(format!("pods of {} may get such labels while they run", index.pods(pods).owner.title()));
    }
    if index.may_select_owned(selector) {
        return Some("pods whose owner is not in the manifests have such labels".to_owned());
    }
    if service.namespace() == Some("kube-system") {
        return Some("the cluster itself runs pods in kube-system".to_owned());
    }
    if index.has_open_pods_near(service) {
        return Some("labels of pods in its namespace are template placeholders".to_owned());
    }
    if let Some(maker) = index.unseen_pod_maker_near(service, selector) {
        return Some(format!("{} may make the pods", maker.title()));
    }
    if cx.run().others_have_pods(index, selector) {
        return Some("the pods are in another environment of this run".to_owned());
    }
    if elsewhere.is_some() {
        return None;
    }
    if !index.has_candidate_in_namespace(service) {
        return Some("no workload of its namespace is in the manifests".to_owned());
    }
    if index.is_monitoring_service(service) {
        return Some("an exporter is often installed from elsewhere".to_owned());
    }
    if index.has_unread_templates() {
        return Some("the pods may stand in a template that is not read".to_owned());
    }
    let is_fragment = index.environment().is_fragment;
    (is_fragment && !has_listener(service, cx)).then(|| "the pods may stand in another file".to_owned())
}

/// Whether a workload that no Service selects listens where the Service sends its requests.
fn has_listener(service: &Object, cx: &Context<'_>) -> bool {
    let index = cx.index();
    let targets: Vec<NodeRef<'_>> = service
        .node()
        .items_at(&["spec", "ports"])
        .filter_map(|it| it.at(&["targetPort"]).or_else(|| it.at(&["port"])))
        .collect();
    let listens = |template: PodTemplate<'_>| {
        targets.iter().any(|target| {
            template.containers().any(|container| match target.as_int() {
                Some(number) => container.has_port(number),
                None => container.ports().any(|it| it.0 == Some(target.text())),
            })
        })
    };
    let mut workloads = index.workloads().iter().filter(|it| it.kind.is_replicated());
    workloads.any(|it| {
        index.services_of_workload(it).next().is_none()
            && index.nearness(service, it.object) != crate::index::Nearness::Different
            && it.template.is_some_and(listens)
    })
}
