//! `vpa-duplicate-target`

use crate::index::{Index, sets_requests};
use crate::model::{Container, Object, ObjectId, products};
use crate::rule::{Context, Verdict, rule};
use std::collections::BTreeMap;

rule!(VpaDuplicateTarget, "autoscaling/vpa-duplicate-target.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let verticals = index.of_kind(products::VPA, "VerticalPodAutoscaler");
    let targets = verticals.filter_map(|it| index.target_of(it)).map(|it| (it.id(), it));
    for target in targets.collect::<BTreeMap<ObjectId, &Object>>().into_values() {
        judge_target(target, cx);
    }
}));

fn judge_target(target: &Object, cx: &mut Context<'_>) {
    let verticals = cx.index().vertical_scalers_of(target);
    let [first, others @ ..] = verticals.as_slice() else { return };
    let Some((other, container)) = others.iter().find_map(|it| Some((it, shared(first, it, target, cx.index())?)))
    else {
        return cx.judge(first, Verdict::Pass);
    };
    let message = format!(
        "{} and {} both set the requests of container {container} of {}: which of them counts is left to chance",
        other.title(),
        first.title(),
        target.title()
    );
    cx.fail(other, other.place(&["spec", "targetRef"]), message)
        .label(first.place(&["spec", "targetRef"]).span, "the same target")
        .help("keep one, or set updateMode: \"Off\" in the other, which then only recommends");
}

/// A container whose requests both set; `*` where the template is not there to see.
fn shared<'a>(one: &Object, other: &Object, target: &Object, index: &Index<'a>) -> Option<&'a str> {
    let workload = index.workload_of(target);
    let mut names: Vec<&'a str> = workload.into_iter().flat_map(|it| it.containers()).map(Container::name).collect();
    if names.is_empty() {
        names.push("*");
    }
    let both = |name: &str| [one, other].iter().all(|it| sets_requests(it, name, None));
    names.into_iter().find(|it| both(it))
}
