//! `pod-security-forbids`

use crate::index::{Breach, ENFORCE, Enforced, Standard, Workload};
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::list;

pub(crate) struct PodSecurityForbids;

/// So many fields are shown at their places.
const SHOWN: usize = 6;

impl Rule for PodSecurityForbids {
    const PAGE: &'static str = include_str!("../../../rules/workload/pod-security-forbids.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let changer = index.changer_of_pods();
            for workload in
                index.workloads().iter().filter(|it| it.scale.ceiling != Some(0) || !it.kind.is_replicated())
            {
                let Some(enforced) = index.enforced_standard(workload.object) else { continue };
                check_workload(workload, &enforced, changer, cx);
            }
        });
    }
}

fn check_workload(workload: &Workload<'_>, enforced: &Enforced<'_>, changer: Option<&Object>, cx: &mut Context<'_>) {
    let object = workload.object;
    let Some(template) = workload.template else { return };
    let breaches = enforced.breaches(template);
    let Some(first) = breaches.first() else { return cx.pass(object) };
    if let Some(changer) = changer {
        let reason = format!("{} may change its pods before they are judged", changer.title());
        return cx.not_verifiable(object, reason);
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
    let mut draft = cx
        .fail(object, place(object, first), message)
        .evidence("fields", controls.len())
        .label(namespace.place(&["metadata", "labels", ENFORCE]).span, format!("enforces {}", standard.name()))
        .help(match standard {
            Standard::Restricted => {
                "set allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true and \
                 seccompProfile: {type: RuntimeDefault}, or move it to another namespace"
            }
            Standard::Baseline => "change these fields, or move it to a namespace that enforces privileged",
        });
    for breach in breaches.iter().skip(1).take(SHOWN) {
        draft = draft.label(place(object, breach).span, format!("{}, too", breach.control));
    }
}

/// Where a field is at fault, or the name of what lacks it.
fn place(object: &Object, breach: &Breach<'_>) -> Place {
    object.place_in_item(breach.at, breach.keys)
}
