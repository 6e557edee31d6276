//! Claims of storage, by themselves and as templates.

use super::checker::{Checker, shown};
use super::{metadata, names};
use crate::model::{Quantity, may_be_filled_in};
use crate::yaml::NodeRef;

const ACCESS_MODES: &[&str] = &["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"];
/// What people write in place of an access mode.
const SHORT_MODES: &[(&str, &str)] =
    &[("RWO", "ReadWriteOnce"), ("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWOP", "ReadWriteOncePod")];

pub(super) fn claim(checker: &mut Checker<'_>) {
    let root = checker.root();
    match root.get("spec").filter(|it| it.is_map()) {
        Some(it) => spec(checker, it, Of::Claim),
        None => drop(checker.required(root, &["spec", "accessModes"])),
    }
}

/// What a `spec` of claims belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A claim: its `dataSource` is dropped in silence unless it is another claim or a snapshot.
    Claim,
    /// A template of claims.
    Template,
}

/// The `spec` of a claim.
pub(super) fn spec<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, of: Of) {
    access_modes(checker, spec);
    size(checker, spec);
    for entry in spec.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "volumeMode" => checker.exactly_one_of(spec, &[key], &["Filesystem", "Block"]),
            "storageClassName" | "volumeAttributesClassName" => checker.dns_subdomain(spec, &[key]),
            "selector" => metadata::selector(checker, spec, &[key]),
            "dataSource" | "dataSourceRef" if entry.value.is_map() => source(checker, spec, key, of),
            _ => {}
        }
    }
}

/// The `accessModes` of a claim or volume.
pub(super) fn access_modes<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.required(spec, &["accessModes"]);
    let modes = || spec.items_at(&["accessModes"]).filter(|it| it.as_str().is_some() || it.is_null());
    for mode in modes() {
        let text = mode.as_str().unwrap_or_default();
        if ACCESS_MODES.contains(&text) || may_be_filled_in(text) {
            continue;
        }
        let meant = SHORT_MODES.iter().find(|it| it.0.eq_ignore_ascii_case(text)).map(|it| it.1);
        let meant = meant.or_else(|| crate::suggest::nearest(text, ACCESS_MODES.iter().copied()));
        let message = format!("{} is none of {}", shown(text), super::list(ACCESS_MODES));
        checker.refuse(mode, &[], message).suggest(meant);
    }
    let alone = modes().find(|it| it.text() == "ReadWriteOncePod");
    let others = modes().any(|it| it.text() != "ReadWriteOncePod" && ACCESS_MODES.contains(&it.text()));
    if let Some(alone) = alone.filter(|_| others) {
        checker.refuse(alone, &[], "ReadWriteOncePod excludes other access modes");
    }
}

fn size<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let keys = &["resources", "requests", "storage"];
    if !checker.required(spec, keys) {
        return;
    }
    let text = Checker::text(spec, keys).unwrap_or_default();
    let amount = Quantity::parse(text.strip_prefix('-').unwrap_or(text));
    if amount.is_some_and(|it| it.0 == 0 || text.starts_with('-')) {
        checker.refuse(spec, keys, format!("{} is not above 0", shown(text)));
    }
}

/// Whether a `dataSource` is one that the API server drops in silence: it keeps claims and snapshots alone.
fn is_dropped(source: NodeRef<'_>) -> bool {
    let text = |key: &str| source.str_at(&[key]).unwrap_or_default();
    !matches!(
        (text("apiGroup"), text("kind")),
        ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
    )
}

/// What a claim is filled from.
fn source<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, key: &str, of: Of) {
    let is_kept = |it: NodeRef<'o>| of == Of::Template || !is_dropped(it);
    let Some(source) = spec.get(key).filter(|it| key == "dataSourceRef" || is_kept(*it)) else { return };
    checker.required(source, &["name"]);
    if !checker.required(source, &["kind"]) {
        return;
    }
    let group = Checker::has(source, &["apiGroup"]).then(|| source.str_at(&["apiGroup"]).unwrap_or_default());
    let kind = Checker::text(source, &["kind"]).unwrap_or("PersistentVolumeClaim");
    if group.is_none_or(str::is_empty) && kind != "PersistentVolumeClaim" {
        checker.refuse(spec, &[key], format!("{} needs its apiGroup", shown(kind)));
    }
    checker.named(source, &["apiGroup"], names::dns_subdomain);
    if key == "dataSourceRef"
        && let Some(other) = spec.get("dataSource").filter(|it| it.is_map() && is_kept(*it))
        && ["kind", "name", "apiGroup"].iter().any(|it| source.str_at(&[it]) != other.str_at(&[it]))
    {
        checker.refuse(spec, &["dataSourceRef"], "dataSource and dataSourceRef differ");
    }
}
