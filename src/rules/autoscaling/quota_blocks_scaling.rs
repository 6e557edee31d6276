//! `quota-blocks-scaling`

use crate::index::{Nearness, Scale, ScaledBy, Workload, pod_demand, request};
use crate::model::{Container, Object, PodTemplate, Quantity, WorkloadKind};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::{count, list};
use crate::yaml::NodeRef;

cases!(QuotaBlocksScaling: REFUSED = "refused");

rule!(QuotaBlocksScaling, "autoscaling/quota-blocks-scaling.md", |walk| walk.of_kinds(&[("", "ResourceQuota")], judge));

/// What a key of a quota adds up.
#[derive(Clone, Copy)]
enum Sum {
    Pods,
    Of(&'static str, &'static str),
}

fn sum_of(key: &str) -> Option<Sum> {
    Some(match key {
        "pods" | "count/pods" => Sum::Pods,
        "cpu" | "requests.cpu" => Sum::Of("requests", "cpu"),
        "memory" | "requests.memory" => Sum::Of("requests", "memory"),
        "limits.cpu" => Sum::Of("limits", "cpu"),
        "limits.memory" => Sum::Of("limits", "memory"),
        _ => return None,
    })
}

fn judge(quota: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(hard) = quota.node().at(&["spec", "hard"]) else { return Verdict::NotApplicable };
    if ["scopes", "scopeSelector"].iter().any(|it| quota.node().at(&["spec", it]).is_some()) {
        return Verdict::open("its scopes take some pods only");
    }
    let (mut workloads, mut is_open) = (Vec::new(), false);
    for workload in index.workloads() {
        match index.nearness(quota, workload.object) {
            Nearness::Same => workloads.push(workload),
            Nearness::Unknown => is_open = true,
            Nearness::Different => {}
        }
    }
    if workloads.is_empty() {
        return Verdict::open("no workload of its namespace is in the manifests");
    }
    let mut is_right = true;
    for entry in hard.entries() {
        let Some(sum) = sum_of(entry.name()) else { continue };
        let verdict = match Quantity::read(entry.value) {
            None => Verdict::open("an amount is a template placeholder"),
            Some(limit) => match judge_containers(quota, entry.name(), sum, &workloads, cx) {
                Verdict::Pass => judge_amount(quota, entry.name(), (sum, limit), &workloads, cx),
                refused => refused,
            },
        };
        if verdict != Verdict::Pass {
            is_right = false;
            cx.judge(quota, verdict);
        }
    }
    if !is_right {
        Verdict::NotApplicable
    } else if is_open {
        Verdict::open("namespaces are left out, so more workloads may count")
    } else if index.unseen_maker_near(quota).is_some() {
        Verdict::open("pods that the manifests do not show count, too")
    } else {
        Verdict::Pass
    }
}

/// A quota of requests or limits refuses pods in which a container has none.
fn judge_containers(quota: &Object, key: &str, sum: Sum, workloads: &[&Workload<'_>], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Sum::Of(part, resource) = sum else { return Verdict::Pass };
    if index.default_request(quota, resource).is_some() || index.environment().is_fragment {
        return Verdict::Pass; // A LimitRange fills it in, or may stand in another file.
    }
    let mut bare: Vec<(&Object, Container<'_>)> = Vec::new();
    for workload in workloads {
        let Some(template) = workload.template.filter(|_| workload.scale.ceiling != Some(0) || is_job(workload)) else {
            continue;
        };
        bare.extend(first_bare(template, part, resource).map(|it| (workload.object, it)));
    }
    if bare.is_empty() {
        return Verdict::Pass;
    }
    let names: Vec<String> = bare.iter().map(|it| it.0.title()).collect();
    let message = format!(
        "{} demands {part}.{resource}, and no pod of {} is admitted: a container has none",
        quota.title(),
        list(&names)
    );
    let mut draft = cx
        .fail(quota, quota.place(&["spec", "hard", key]), message)
        .case(REFUSED)
        .evidence("workloads", bare.len())
        .help(format!("set resources.{part}.{resource} in each container, or a default in a LimitRange"));
    for (object, container) in bare.iter().take(3) {
        let place = container.place(object, &["resources", part, resource]);
        draft = draft.label(place.span, format!("has no {part}.{resource}"));
    }
    draft.verdict()
}

fn is_job(workload: &Workload<'_>) -> bool {
    matches!(workload.kind, WorkloadKind::Job | WorkloadKind::CronJob)
}

/// The first container, init containers among them, without a request or limit; limits stand for requests.
fn first_bare<'a>(template: PodTemplate<'a>, part: &str, resource: &str) -> Option<Container<'a>> {
    let has = |it: Option<NodeRef<'_>>| match part {
        "limits" => it.and_then(|it| it.at(&["limits", resource])).is_some(),
        _ => request(it, resource).is_some(),
    };
    // From Kubernetes 1.34 on what the whole pod has is enough.
    if has(template.node().at(&["spec", "resources"])) {
        return None;
    }
    let mut all = template.containers().chain(template.init_containers());
    all.find(|it| {
        let resources = it.node().at(&["resources"]);
        resources.is_none_or(NodeRef::is_map) && !has(resources)
    })
}

/// Whether the quota holds all pods at their most, and one more for a rollout.
fn judge_amount(
    quota: &Object,
    key: &str,
    (sum, limit): (Sum, Quantity),
    workloads: &[&Workload<'_>],
    cx: &mut Context<'_>,
) -> Verdict {
    let floor = total(workloads, sum, |it| it.floor);
    let ceiling = total(workloads, sum, |it| it.ceiling);
    let surge = surge(workloads, sum);
    let (need, when, case) = if floor > limit {
        (floor, "even at their least number", Some(REFUSED))
    } else if ceiling > limit {
        (ceiling, "at full scale", None)
    } else if ceiling.plus(surge) > limit {
        (ceiling.plus(surge), "at full scale, with one more in a rollout,", None)
    } else {
        return Verdict::Pass;
    };
    let message = match sum {
        Sum::Pods => format!("{when} there are {need} pods, and {} allows {limit}", quota.title()),
        Sum::Of(part, resource) => {
            let verb = if part == "limits" { "may use" } else { "request" };
            format!("{when} the pods {verb} {need} of {resource}, and {} allows {limit}", quota.title())
        }
    };
    let mut draft = cx
        .fail(quota, quota.place(&["spec", "hard", key]), message)
        .maybe_case(case)
        .evidence("need", need)
        .evidence("hard", limit)
        .help("pods above the quota are not created, and nothing but an event tells: raise it, or lower the maximum");
    for workload in largest(workloads, sum).into_iter().take(3) {
        let most = workload.scale.ceiling.unwrap_or(0);
        let each = demand(workload, sum);
        let place = match workload.scale.by {
            ScaledBy::Hpa(scaler) => scaler.place(&["spec", "maxReplicas"]),
            ScaledBy::Keda(scaler) => scaler.place(&["spec", "maxReplicaCount"]),
            _ => workload.scale_place(),
        };
        let each = if matches!(sum, Sum::Pods) { String::new() } else { format!(" of {each} each") };
        draft = draft.label(place.span, format!("{}: up to {}{each}", workload.object.title(), count(most, "pod")));
    }
    draft.verdict()
}

/// What one pod of a workload counts.
fn demand(workload: &Workload<'_>, sum: Sum) -> Quantity {
    match sum {
        Sum::Pods => Quantity(1000),
        Sum::Of(part, resource) => workload.template.map_or(Quantity(0), |it| pod_demand(it, part, resource)),
    }
}

fn total(workloads: &[&Workload<'_>], sum: Sum, number: impl Fn(&Scale<'_>) -> Option<i64>) -> Quantity {
    let each = workloads.iter().map(|it| demand(it, sum).times(number(&it.scale).unwrap_or(0).max(0)));
    each.fold(Quantity::default(), Quantity::plus)
}

/// The largest pod that a Deployment starts before it stops an old one.
fn surge(workloads: &[&Workload<'_>], sum: Sum) -> Quantity {
    let surges = |it: &&&Workload<'_>| {
        let strategy = it.object.node().at(&["spec", "strategy"]);
        let is_zero = |it: NodeRef<'_>| matches!(it.text(), "0" | "0%");
        let maximum = strategy.and_then(|it| it.at(&["rollingUpdate", "maxSurge"]));
        it.kind == WorkloadKind::Deployment
            && it.scale.ceiling.is_some_and(|it| it > 0)
            && strategy.and_then(|it| it.str_at(&["type"])) != Some("Recreate")
            && !maximum.is_some_and(is_zero)
    };
    workloads.iter().filter(surges).map(|it| demand(it, sum)).max().unwrap_or_default()
}

/// The workloads that ask for most, in that order.
fn largest<'w, 'a>(workloads: &[&'w Workload<'a>], sum: Sum) -> Vec<&'w Workload<'a>> {
    let most = |it: &Workload<'_>| demand(it, sum).times(it.scale.ceiling.unwrap_or(0).max(0));
    let mut sorted: Vec<&Workload<'_>> = workloads.iter().copied().filter(|it| most(it) > Quantity(0)).collect();
    sorted.sort_by_key(|it| std::cmp::Reverse(most(it)));
    sorted
}
