//! `pod-security-forbids`

use crate::index::{Breach, ENFORCE, Standard, Workload};
use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;

/// So many fields are shown at their places.
const SHOWN: usize = 6;

rule!(PodSecurityForbids, "workload/pod-security-forbids.md", |walk| walk.environment(|cx| {
    let changer = cx.index().changer_of_pods();
    cx.judge_each(cx.index().workloads(), |it, cx| judge(it, changer, cx));
}));

fn judge(workload: &Workload<'_>, changer: Option<&Object>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    if workload.kind.is_replicated() && workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let enforced = cx.index().enforced_standard(object);
    let Some((enforced, template)) = enforced.zip(workload.template) else { return Verdict::NotApplicable };
    let breaches = enforced.breaches(template);
    let Some(first) = breaches.first() else { return Verdict::Pass };
    if let Some(changer) = changer {
        return Verdict::open(format!("{} may change its pods before they are judged", changer.title()));
    }
    let mut controls: Vec<String> = Vec::new();
    for breach in &breaches {
        if !controls.iter().any(|it| it == breach.control) {
            controls.push(breach.control.to_owned());
        }
    }
    let (standard, namespace) = (enforced.standard, enforced.namespace);
    let message = format!(
        "namespace {} enforces {}, which refuses the pods of {}: {}",
        namespace.name(),
        standard.name(),
        object.title(),
        list(&controls)
    );
    let others = breaches.iter().skip(1).take(SHOWN);
    cx.fail(object, place(object, first), message)
        .evidence("fields", controls.len())
        .label(namespace.place(&["metadata", "labels", ENFORCE]).span, format!("enforces {}", standard.name()))
        .help(match standard {
            Standard::Restricted => {
                "set allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true and \
                 seccompProfile: {type: RuntimeDefault}, or move it to another namespace"
            }
            Standard::Baseline => "change these fields, or move it to a namespace that enforces privileged",
        })
        .labels(others.map(|it| (place(object, it).span, format!("{}, too", it.control))))
        .verdict()
}

/// Where a field is at fault, or the name of what lacks it.
fn place(object: &Object, breach: &Breach<'_>) -> Place {
    object.place_in_item(breach.at, breach.keys)
}
