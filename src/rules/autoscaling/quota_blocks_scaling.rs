//! `quota-blocks-scaling`

use crate::index::{
    Index, Nearness, QuotaSum as Sum, Scale, ScaledBy, Workload, pod_demand, quota_sum as sum_of, request,
};
use crate::model::{Container, Object, PodTemplate, Quantity, WorkloadKind};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::{count, titles};
use crate::source::SourceId;
use crate::yaml::NodeRef;
use std::collections::HashMap;

cases!(QuotaBlocksScaling: REFUSED = "refused");

rule!(QuotaBlocksScaling, "autoscaling/quota-blocks-scaling.md", |walk| {
    let mut known = Known::new();
    walk.of_kinds(&[("", "ResourceQuota")], |it, cx| judge(it, &mut known, cx));
});

/// What is added up for quotas in one place, which those beside it ask for again: their namespace, file, and whether
/// something may set the namespace.
type Known<'a> = HashMap<(Option<&'a str>, SourceId, bool), Counted<'a>>;

/// The workloads that a quota counts.
struct Counted<'a> {
    workloads: Vec<&'a Workload<'a>>,
    /// Whether more of them may count.
    is_open: bool,
    bare: HashMap<(&'static str, &'static str), Bare<'a>>,
    needs: HashMap<Sum, Needs<'a>>,
}

/// The workloads in which a container has no request or limit.
struct Bare<'a> {
    number: usize,
    titles: String,
    first: Vec<(&'a Object, Container<'a>)>,
}

/// What pods need of one resource.
struct Needs<'a> {
    floor: Quantity,
    ceiling: Quantity,
    surge: Quantity,
    largest: Vec<&'a Workload<'a>>,
}

/// So many workloads are shown.
const SHOWN: usize = 3;

impl<'a> Counted<'a> {
    fn by(quota: &Object, index: &'a Index<'a>) -> Counted<'a> {
        let (mut workloads, mut is_open) = (Vec::new(), false);
        for workload in index.workloads() {
            match index.nearness(quota, workload.object) {
                Nearness::Same => workloads.push(workload),
                Nearness::Unknown => is_open = true,
                Nearness::Different => {}
            }
        }
        Counted { workloads, is_open, bare: HashMap::new(), needs: HashMap::new() }
    }

    fn bare(&mut self, part: &'static str, resource: &'static str) -> &Bare<'a> {
        let workloads = &self.workloads;
        self.bare.entry((part, resource)).or_insert_with(|| {
            let runs = |it: &&&'a Workload<'a>| it.scale.ceiling != Some(0) || is_job(it);
            let templates = workloads.iter().filter(runs).filter_map(|it| Some((it.object, it.template?)));
            let mut first: Vec<(&Object, Container<'a>)> =
                templates.filter_map(|(object, it)| Some((object, first_bare(it, part, resource)?))).collect();
            let objects: Vec<&Object> = first.iter().map(|it| it.0).collect();
            let (number, titles) = (first.len(), titles(objects.iter().copied()));
            first.truncate(SHOWN);
            Bare { number, titles, first }
        })
    }

    fn needs(&mut self, sum: Sum) -> &Needs<'a> {
        let workloads = &self.workloads;
        self.needs.entry(sum).or_insert_with(|| Needs {
            floor: total(workloads, sum, |it| it.floor),
            ceiling: total(workloads, sum, |it| it.ceiling),
            surge: surge(workloads, sum),
            largest: largest(workloads, sum),
        })
    }
}

fn judge<'a>(quota: &'a Object, known: &mut Known<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let Some(hard) = quota.node().at(&["spec", "hard"]) else { return Verdict::NotApplicable };
    if ["scopes", "scopeSelector"].iter().any(|it| quota.node().at(&["spec", it]).is_some()) {
        return Verdict::open("its scopes take some pods only");
    }
    let place = (quota.namespace(), quota.document().source(), quota.is_governed);
    let counted = known.entry(place).or_insert_with(|| Counted::by(quota, index));
    if counted.workloads.is_empty() {
        return Verdict::open("no workload of its namespace is in the manifests");
    }
    let mut is_right = true;
    for entry in hard.entries() {
        let Some(sum) = sum_of(entry.name()) else { continue };
        let verdict = match Quantity::read(entry.value) {
            None => Verdict::open("an amount is a template placeholder"),
            Some(limit) => match judge_containers(quota, entry.name(), sum, counted, cx) {
                Verdict::Pass => judge_amount(quota, entry.name(), (sum, limit), counted.needs(sum), cx),
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
    } else if counted.is_open {
        Verdict::open("namespaces are left out, so more workloads may count")
    } else if index.unseen_maker_near(quota).is_some() {
        Verdict::open("pods that the manifests do not show count, too")
    } else {
        Verdict::Pass
    }
}

/// A quota of requests or limits refuses pods in which a container has none.
fn judge_containers(quota: &Object, key: &str, sum: Sum, counted: &mut Counted<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Sum::Of(part, resource) = sum else { return Verdict::Pass };
    if index.default_request(quota, resource).is_some() || index.environment().is_fragment {
        return Verdict::Pass; // A LimitRange fills it in, or may stand in another file.
    }
    let bare = counted.bare(part, resource);
    if bare.number == 0 {
        return Verdict::Pass;
    }
    let message = format!(
        "{} demands {part}.{resource}, and no pod of {} is admitted: a container has none",
        quota.title(),
        bare.titles
    );
    let mut draft = cx
        .fail(quota, quota.place(&["spec", "hard", key]), message)
        .case(REFUSED)
        .evidence("workloads", bare.number)
        .help(format!("set resources.{part}.{resource} in each container, or a default in a LimitRange"));
    for (object, container) in &bare.first {
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
    needs: &Needs<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let Needs { floor, ceiling, surge, .. } = *needs;
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
    for workload in &needs.largest {
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

/// The first of the workloads that ask for most, in that order.
fn largest<'w, 'a>(workloads: &[&'w Workload<'a>], sum: Sum) -> Vec<&'w Workload<'a>> {
    let most = |it: &Workload<'_>| demand(it, sum).times(it.scale.ceiling.unwrap_or(0).max(0));
    let mut sorted: Vec<&Workload<'_>> = workloads.iter().copied().filter(|it| most(it) > Quantity(0)).collect();
    sorted.sort_by_key(|it| std::cmp::Reverse(most(it)));
    sorted.truncate(SHOWN);
    sorted
}
