//! `bare-pod`

use crate::index::{Role, Workload};
use crate::model::{Place, WorkloadKind};
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::yaml::{Entry, Path};

cases!(BarePod: OTHER = "other");

rule!(BarePod, "workload/bare-pod.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let is_waived = workload.kind != WorkloadKind::Pod || matches!(workload.role, Role::Ignored | Role::Tool);
    if is_waived || runs_once(workload) || !has_name(workload) {
        return Verdict::NotApplicable;
    }
    let object = workload.object;
    let kind = object.node().entry("kind");
    let place = Place { span: kind.map_or_else(|| object.name_span(), Entry::line_span), path: Path::of(&["kind"]) };
    let message =
        format!("{} belongs to no controller: when its node is lost, nothing starts it again", object.title());
    let help = "a drain of its node deletes it, too: make it the template of a Deployment with replicas: 2 or more";
    let alike = Similar { noun: "Pods", verdict: "belong to no controller", name: object.name().to_owned(), help };
    let service = cx.index().services_of_workload(workload).next();
    let is_other = matches!(workload.role, Role::Platform | Role::Controller | Role::Datastore | Role::Singleton);
    cx.fail(object, place, message)
        .evidence("role", workload.role.name())
        .help(help)
        .listed_with_similar(alike)
        .labels(service.map(|it| (it.name_span(), "leads to this pod")))
        .maybe_case(is_other.then_some(OTHER))
        .verdict()
}

/// Whether the pod is a task that ends, or a hook of a deployment tool.
fn runs_once(workload: &Workload<'_>) -> bool {
    let policy = workload.object.node().str_at(&["spec", "restartPolicy"]);
    matches!(policy, Some("Never" | "OnFailure")) || workload.object.annotation("argocd.argoproj.io/hook").is_some()
}

/// Without a name it is no object but a template, as for the agents of a build server.
fn has_name(workload: &Workload<'_>) -> bool {
    !workload.object.name().is_empty() && workload.object.node().at(&["spec", "containers"]).is_some()
}
