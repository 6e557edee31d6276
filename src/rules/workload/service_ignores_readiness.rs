//! `service-ignores-readiness`

use super::judged::is_store;
use crate::index::Workload;
use crate::model::{Container, Object};
use crate::rule::{Context, Verdict, rule};

/// Labels that are on one pod alone.
const ONE_POD: &[&str] = &["statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index", "strimzi.io/pod-name"];

rule!(ServiceIgnoresReadiness, "workload/service-ignores-readiness.md", |walk| walk
    .of_kinds(&[("", "Service")], judge));

fn judge(service: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let node = service.node();
    let is_headless = node.at(&["spec", "clusterIP"]).is_some_and(|it| it.text() == "None");
    let Some(selector) = index.selector_of_service(service).filter(|_| !is_headless) else {
        return Verdict::NotApplicable;
    };
    let is_for_one_pod = selector.requirements.iter().any(|it| ONE_POD.contains(&&*it.key));
    if is_for_one_pod || index.is_for_monitoring(service) {
        return Verdict::NotApplicable;
    }
    let pods = index.pods_of_service(service);
    let workloads: Vec<&Workload<'_>> = pods.iter().filter_map(|it| index.workload_of(index.pods(*it).owner)).collect();
    // Members of a store may have to find each other before any of them is ready.
    if workloads.iter().any(|it| is_store(it)) {
        return Verdict::NotApplicable;
    }
    let probe_of = |it: &&Workload<'_>| {
        let mut containers = it.main_containers().into_iter().map(Container::node);
        containers.find_map(|node| Some(node.entry("readinessProbe")?.key.span()))
    };
    let Some((workload, probe)) = workloads.iter().find_map(|it| Some((it, probe_of(it)?))) else {
        return Verdict::NotApplicable;
    };
    if index.has_open_readiness(service) {
        return Verdict::open("whether it waits for its pods is a template placeholder");
    }
    let Some(place) = index.unready_addresses(service) else { return Verdict::Pass };
    let message = format!(
        "{} sends requests to pods of {} before their readiness probe succeeds, and after it fails",
        service.title(),
        workload.object.title()
    );
    cx.fail(service, place, message)
        .label(probe, "nothing asks for its result")
        .help(
            "remove publishNotReadyAddresses: each rollout and restart sends requests to pods that do not answer yet; \
             peers that need it get a headless Service of their own",
        )
        .verdict()
}
