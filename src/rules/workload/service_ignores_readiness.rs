//! `service-ignores-readiness`

use super::judged::is_store;
use crate::index::{Index, Selection, Workload};
use crate::model::{Container, Object};
use crate::rule::{Context, Verdict, rule};
use crate::source::Span;

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
    let probed = index.selection_of(service).and_then(|it| it.once(|it| Probed::read(it, index)).0.clone());
    let Some((workload, probe)) = probed else { return Verdict::NotApplicable };
    if index.has_open_readiness(service) {
        return Verdict::open("whether it waits for its pods is a template placeholder");
    }
    let Some(place) = index.unready_addresses(service) else { return Verdict::Pass };
    let message = format!(
        "{} sends requests to pods of {workload} before their readiness probe succeeds, and after it fails",
        service.title()
    );
    cx.fail(service, place, message)
        .label(probe, "nothing asks for its result")
        .help(
            "remove publishNotReadyAddresses: each rollout and restart sends requests to pods that do not answer yet; \
             peers that need it get a headless Service of their own",
        )
        .verdict()
}

/// The first workload behind a Service that has a readiness probe, and where; none where one of them is a store, whose
/// members may have to find each other before any of them is ready.
struct Probed(Option<(String, Span)>);

impl Probed {
    fn read(selection: &Selection<'_>, index: &Index<'_>) -> Probed {
        let owners = selection.pods.iter().map(|it| index.pods(*it).owner);
        let workloads: Vec<&Workload<'_>> = owners.filter_map(|it| index.workload_of(it)).collect();
        let probe_of = |it: &Workload<'_>| {
            let mut containers = it.main_containers().into_iter().map(Container::node);
            let probe = containers.find_map(|node| Some(node.entry("readinessProbe")?.key.span()))?;
            Some((it.object.title(), probe))
        };
        let has_store = workloads.iter().any(|it| is_store(it));
        Probed(if has_store { None } else { workloads.into_iter().find_map(probe_of) })
    }
}
