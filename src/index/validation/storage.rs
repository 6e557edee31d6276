//! Claims, classes of storage and of priority, ConfigMaps and Secrets.

use crate::index::validation::{Checker, names};
use crate::model::is_placeholder;
use crate::yaml::NodeRef;

/// The highest priority that is not reserved for Kubernetes itself.
const HIGHEST_PRIORITY: i64 = 1_000_000_000;
const ACCESS_MODES: &[&str] = &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
/// What people write in place of an access mode.
const SHORT_MODES: &[(&str, &str)] =
    &[("RWO", "ReadWriteOnce"), ("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWOP", "ReadWriteOncePod")];

pub(super) fn claim(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    checker.required(spec, &["accessModes"]);
    for mode in spec.items_at(&["accessModes"]).filter(|it| it.as_str().is_some()) {
        let text = mode.text();
        if ACCESS_MODES.contains(&text) || is_placeholder(text) {
            continue;
        }
        let meant = SHORT_MODES.iter().find(|it| it.0.eq_ignore_ascii_case(text)).map(|it| it.1);
        let meant = meant.or_else(|| crate::suggest::nearest(text, ACCESS_MODES.iter().copied()));
        let refusal =
            checker.refuse(mode, &[], format!("{text} is none of {}", crate::index::validation::list(ACCESS_MODES)));
        refusal.help = meant.map(|it| format!("did you mean {it}?"));
    }
    checker.one_of(spec, &["volumeMode"], &["Filesystem", "Block"]);
    checker.required(spec, &["resources", "requests", "storage"]);
}

pub(super) fn class(checker: &mut Checker<'_>) {
    let root = checker.root();
    checker.required(root, &["provisioner"]);
    checker.one_of(root, &["reclaimPolicy"], &["Delete", "Retain"]);
    checker.one_of(root, &["volumeBindingMode"], &["Immediate", "WaitForFirstConsumer"]);
}

pub(super) fn priority_class(checker: &mut Checker<'_>) {
    let root = checker.root();
    let name = checker.object.name();
    if !name.starts_with("system-") {
        checker.within(root, &["value"], i64::MIN, HIGHEST_PRIORITY);
    }
    checker.one_of(root, &["preemptionPolicy"], &["PreemptLowerPriority", "Never"]);
}

pub(super) fn config(checker: &mut Checker<'_>) {
    let root = checker.root();
    for part in ["data", "binaryData"] {
        for entry in root.get(part).into_iter().flat_map(NodeRef::entries) {
            if is_placeholder(entry.name()) {
                continue;
            }
            if let Err(reason) = names::config_key(entry.name()) {
                checker.refuse(root, &[part, entry.name()], format!("the key \"{}\" {reason}", entry.name()));
            }
        }
    }
}
