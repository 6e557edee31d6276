//! `service-per-pod-dangling`

use crate::index::{Index, Nearness, Workload};
use crate::model::{Object, Operator, Requirement, Selector, WorkloadKind, is_placeholder};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
const POD_INDEX: &str = "apps.kubernetes.io/pod-index";

rule!(ServicePerPodDangling, "workload/service-per-pod-dangling.md", |walk| walk.of_kinds(&[("", "Service")], judge));

fn judge(service: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(selector) = index.selector_of_service(service) else { return Verdict::NotApplicable };
    let Some((set, ordinal, key)) = meant(service, &selector, index) else { return Verdict::NotApplicable };
    let Some(pods) = set.scale.ceiling else {
        return Verdict::open(format!("how many pods {} has is a template placeholder", set.object.title()));
    };
    let start = set.object.node().int_at(&["spec", "ordinals", "start"]).unwrap_or(0);
    if pods == 0 || (start..start.saturating_add(pods)).contains(&ordinal) {
        return Verdict::Pass;
    }
    let (first, last) = (start, start.saturating_add(pods) - 1);
    let name = set.object.name();
    let range = if first == last { format!("{name}-{first}") } else { format!("{name}-{first} to {name}-{last}") };
    let message = format!(
        "{} leads to pod {name}-{ordinal}, which never is: {} has {}, {range}",
        service.title(),
        set.object.title(),
        count(pods, "pod")
    );
    cx.fail(service, service.place(&["spec", "selector", key]), message)
        .evidence("ordinal", ordinal)
        .evidence("pods", pods)
        .label(set.scale_place().span, format!("{} at the most", count(pods, "pod")))
        .help("requests to it are refused: remove the Service, or name a pod that there is")
        .verdict()
}

/// The StatefulSet whose one pod a Service asks for, with the pod's number and the label that asks.
fn meant<'i, 'a>(
    service: &Object,
    selector: &Selector<'_>,
    index: &'i Index<'a>,
) -> Option<(&'i Workload<'a>, i64, &'static str)> {
    let is_asked = |it: &&Requirement<'_>| it.key == POD_NAME || it.key == POD_INDEX;
    let asked = selector.requirements.iter().find(is_asked)?;
    let [value] = asked.values.as_slice() else { return None };
    if asked.operator != Operator::In || is_placeholder(value) {
        return None;
    }
    if asked.key == POD_NAME {
        let (name, ordinal) = value.rsplit_once('-')?;
        let set = index.find(service, "apps", "StatefulSet", name)?;
        return Some((index.workload_of(set)?, ordinal.parse::<u32>().ok()?.into(), POD_NAME));
    }
    let rest = selector.requirements.iter().filter(|it| it.key != POD_INDEX).cloned().collect();
    let rest = Selector { requirements: rest };
    if rest.is_everything() {
        return None;
    }
    let selected = index.select(service, &rest);
    let mut sets = selected.iter().filter(|it| it.nearness == Nearness::Same);
    let only = sets.next().filter(|_| selected.len() == 1)?;
    let set = index.workload_of(index.pods(only.pods).owner).filter(|it| it.kind == WorkloadKind::StatefulSet)?;
    Some((set, value.parse::<u32>().ok()?.into(), POD_INDEX))
}
