//! `ingress-controller-single`

use crate::index::{ScaledBy, Workload};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::count;
use crate::rules::workload::WorkloadTooFewReplicas;
use crate::yaml::NodeRef;

const HELP: &str = "every request from outside goes through it: run two or more, on different nodes";

/// Charts of ingress controllers, with where their values hold the replicas, and their parts that run
/// several pods by themselves.
const CHARTS: &[(&str, &[&str], &[&[&str]])] = &[
    (
        "ingress-nginx",
        &["controller", "replicaCount"],
        &[&["controller", "kind"], &["controller", "autoscaling"], &["controller", "keda"]],
    ),
    ("traefik", &["deployment", "replicas"], &[&["deployment", "kind"], &["autoscaling"]]),
];

rule!(IngressControllerSingle, "workload/ingress-controller-single.md", |walk| {
    walk.each(|index| index.ingress_controllers(index.workloads()), judge_workload);
    walk.of_kinds(&[(products::FLUX_HELM, "HelmRelease")], judge_release);
});

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    match workload.scale.floor {
        _ if !workload.kind.is_replicated() => Verdict::NotApplicable,
        None => Verdict::open("the number of replicas is a template placeholder"),
        Some(0) => Verdict::NotApplicable,
        Some(1) => {
            let message = format!("{} answers for all Ingresses with {}", object.title(), count(1, "pod"));
            let text = "an ingress controller: every request from outside goes through it";
            let repair = Repair::new().set(object, &["spec", "replicas"], 2);
            cx.fail(object, workload.scale_place(), message)
                .help(HELP)
                .fix(matches!(workload.scale.by, ScaledBy::Replicas | ScaledBy::Default).then_some(repair))
                .merged_into(WorkloadTooFewReplicas::ID, object, object.name_span(), text)
                .verdict()
        }
        Some(_) => Verdict::Pass,
    }
}

fn judge_release(release: &Object, cx: &mut Context<'_>) -> Verdict {
    let chart = release.node().str_at(&["spec", "chart", "spec", "chart"]);
    let Some((_, keys, others)) = CHARTS.iter().find(|it| Some(it.0) == chart) else { return Verdict::NotApplicable };
    if release.node().at(&["spec", "valuesFrom"]).is_some() {
        return Verdict::open("its values stand elsewhere, too");
    }
    let values = release.node().at(&["spec", "values"]);
    if values.is_some_and(|values| others.iter().any(|it| values.at(it).is_some())) {
        return Verdict::NotApplicable; // As many as there are nodes, or as an autoscaler says.
    }
    let written = values.and_then(|it| it.at(keys));
    let Some(replicas) = written.map_or(Some(1), NodeRef::as_int) else {
        return Verdict::open("the number of replicas is a template placeholder");
    };
    if replicas != 1 {
        return Verdict::Pass;
    }
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let path: Vec<&str> = ["spec", "values"].into_iter().chain(keys.iter().copied()).collect();
    let message = format!("{} runs its ingress controller with 1 pod{by_default}", release.title());
    cx.fail(release, release.place(&path), message).help(HELP).verdict()
}
