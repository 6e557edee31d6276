//! `storageclass-zonal-single`

use super::one_zone::pinned_zone;
use super::users::label_users;
use crate::config::Durability;
use crate::index::{Copies, Keeper, Role, StorageUse, StorageUses, ZONE};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::postgres::PostgresTooFewInstances;
use crate::rules::single_copy;
use std::collections::HashSet;

pub(crate) struct StorageclassZonalSingle;

impl Rule for StorageclassZonalSingle {
    const PAGE: &'static str = include_str!("../../../rules/storage/storageclass-zonal-single.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            if index.domains(ZONE).is_some_and(|it| it.most.is_some_and(|it| it < 2)) {
                return; // No other zone to survive in.
            }
            let mut told = HashSet::new();
            let uses = index.storage_uses();
            for it in &uses.all {
                let is_told = told.contains(&it.object.name_span());
                if !is_told && is_kept(it, cx) && check_single_copy(it, cx) {
                    told.insert(it.object.name_span());
                }
            }
            for class in index.of_kind("storage.k8s.io", "StorageClass") {
                check_class(class, uses, cx);
            }
        });
    }
}

/// Whether the claim keeps data of which Kafka's own rules do not speak.
fn is_kept(it: &StorageUse<'_>, cx: &Context<'_>) -> bool {
    let keeps_data = match cx.index().workload_of(it.object) {
        Some(workload) => workload.kind == WorkloadKind::StatefulSet || workload.role == Role::Postgres,
        None => !it.object.group().ends_with("strimzi.io"),
    };
    keeps_data && matches!(it.keeper, Keeper::Store | Keeper::OtherStore | Keeper::App)
}

/// One copy on a disk of one zone: whether there is a finding.
fn check_single_copy(it: &StorageUse<'_>, cx: &mut Context<'_>) -> bool {
    let index = cx.index();
    let (Copies::One(reason), Some(class)) = (&it.copies, it.claim.class) else { return false };
    let fact = index.storage_fact(class);
    if fact.durability != Some(Durability::Zonal) {
        return false;
    }
    let object = it.object;
    let message = format!(
        "{} keeps data in one copy ({reason}) on {}, which survives a node, not a zone",
        object.title(),
        fact.title
    );
    let mut draft = cx.fail(object, it.claim.place.clone(), message).help(
        "keep a second copy in another zone: an instance that replicates, or a class whose disks lie in two zones",
    );
    if let Some(span) = fact.span.filter(|span| *span != it.claim.place.span) {
        draft = draft.label(span, fact.reason.clone());
    }
    let workload = index.workload_of(object);
    let (by, carrier) = workload.map_or((PostgresTooFewInstances::ID, object), single_copy::reported_by);
    draft.merged_into(by, carrier, it.claim.place.span, "its one copy survives a node, not a zone");
    true
}

/// Several copies, all of them in the zone to which their class is pinned.
fn check_class(class: &Object, uses: &StorageUses<'_>, cx: &mut Context<'_>) {
    let Some((zone, span)) = pinned_zone(class) else { return };
    let is_replicated = |it: &&StorageUse<'_>| matches!(it.copies, Copies::Several | Copies::Unsaid(2..));
    let uses: Vec<&StorageUse<'_>> = uses.of_class(class).filter(is_replicated).collect();
    let Some(first) = uses.first() else { return };
    let message = format!(
        "all volumes of {} lie in one zone: StorageClass {} has {zone} only",
        first.object.title(),
        class.name()
    );
    let place = crate::model::Place { span, ..class.place(&["allowedTopologies"]) };
    let draft = cx
        .fail(class, place, message)
        .help("copies in one zone are lost together: allow the others, with volumeBindingMode: WaitForFirstConsumer");
    label_users(draft, &uses);
}
