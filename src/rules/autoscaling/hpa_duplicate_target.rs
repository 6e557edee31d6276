//! `hpa-duplicate-target`

use crate::index::{Index, Nearness, scale_target};
use crate::model::{Object, ObjectId};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{is_open, list};
use std::collections::BTreeMap;

/// The annotation by which a `ScaledObject` takes an HPA over.
const TRANSFER: &str = "scaledobject.keda.sh/transfer-hpa-ownership";

/// What two autoscalers share: the target's place among the objects, or what they call it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Object(ObjectId),
    Name(Option<&'a str>, &'a str, &'a str, &'a str),
}

rule!(HpaDuplicateTarget, "autoscaling/hpa-duplicate-target.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let mut by_target: BTreeMap<Key<'_>, Vec<&Object>> = BTreeMap::new();
    for scaler in index.autoscalers() {
        if let Some(key) = key(index, scaler) {
            by_target.entry(key).or_default().push(scaler);
        }
    }
    for (last, others) in by_target.values().filter_map(|it| it.split_last()) {
        let verdict = judge(last, others, cx);
        cx.judge(last, verdict);
    }
}));

fn key<'a>(index: &Index<'a>, scaler: &'a Object) -> Option<Key<'a>> {
    if let Some(object) = index.target_of(scaler) {
        return Some(Key::Object(object.id()));
    }
    let target = scale_target(scaler)?;
    let is_known = !is_open(target.name) && !is_open(target.kind);
    target.group.filter(|_| is_known).map(|it| Key::Name(scaler.namespace(), it, target.kind, target.name))
}

fn judge(last: &Object, others: &[&Object], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let mut is_open = false;
    let mut rivals: Vec<&Object> = Vec::new();
    for other in others {
        match index.nearness(last, other) {
            Nearness::Same if !is_handed_over(last, other) => rivals.push(other),
            Nearness::Same | Nearness::Different => {}
            Nearness::Unknown => is_open = true,
        }
    }
    if !rivals.is_empty() {
        return report(last, &rivals, cx);
    }
    if is_open {
        return Verdict::open("namespaces are left out, so it may or may not share its target");
    }
    Verdict::Pass
}

/// Whether one of the two is a `ScaledObject` and the other the HPA that it works through.
fn is_handed_over(one: &Object, other: &Object) -> bool {
    let (keda, hpa) = match (one.kind(), other.kind()) {
        ("ScaledObject", "HorizontalPodAutoscaler") => (one, other),
        ("HorizontalPodAutoscaler", "ScaledObject") => (other, one),
        _ => return false,
    };
    let named = keda.node().str_at(&["spec", "advanced", "horizontalPodAutoscalerConfig", "name"]);
    let own = named.map_or_else(|| format!("keda-hpa-{}", keda.name()), str::to_owned);
    hpa.name() == own || keda.annotation(TRANSFER) == Some("true")
}

fn report(last: &Object, rivals: &[&Object], cx: &mut Context<'_>) -> Verdict {
    let Some(target) = scale_target(last) else { return Verdict::NotApplicable };
    let number = rivals.len() + 1;
    let names: Vec<String> = rivals.iter().chain([&last]).map(|it| it.title()).collect();
    let message = format!("{} {} has {number} autoscalers: {}", target.kind, target.name, list(&names));
    let has_keda = names.iter().any(|it| it.starts_with("ScaledObject"));
    let help = if has_keda {
        "KEDA refuses a second autoscaler for a target, and makes an HPA of its own: keep one, with all triggers in it"
    } else {
        "two HPAs of the same pods both stop scaling (AmbiguousSelector): keep one, with all metrics in it"
    };
    let mut draft =
        cx.fail(last, last.place(&["spec", "scaleTargetRef"]), message).evidence("autoscalers", number).help(help);
    for rival in rivals.iter().take(3) {
        let span = rival.place(&["spec", "scaleTargetRef"]).span;
        draft = draft.label(span, format!("{} has the same target", rival.title()));
    }
    draft.verdict()
}
