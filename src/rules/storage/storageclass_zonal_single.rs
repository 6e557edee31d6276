//! `storageclass-zonal-single`

use super::one_zone::{has_open_zones, pinned_zone};
use super::users::label_users;
use crate::config::Durability;
use crate::index::{Copies, Index, Keeper, Role, StorageUse, ZONE};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresTooFewInstances;
use crate::rules::single_copy;
use std::collections::HashSet;

rule!(StorageclassZonalSingle, "storage/storageclass-zonal-single.md", |walk| {
    walk.environment(|cx| {
        if has_one_zone(cx.index()) {
            return;
        }
        let mut told = HashSet::new();
        cx.judge_each(&cx.index().storage_uses().all, |it, cx| {
            if told.contains(&it.object.name_span()) {
                return Verdict::NotApplicable;
            }
            let verdict = judge_single_copy(it, cx);
            if verdict == Verdict::Fail {
                told.insert(it.object.name_span());
            }
            verdict
        });
    });
    walk.of_kinds(&[("storage.k8s.io", "StorageClass")], judge_class);
});

/// Whether there is no other zone to survive in.
fn has_one_zone(index: &Index<'_>) -> bool {
    index.domains(ZONE).is_some_and(|it| it.most.is_some_and(|it| it < 2))
}

/// Whether the claim keeps data of which Kafka's own rules do not speak.
fn is_kept(it: &StorageUse<'_>, cx: &Context<'_>) -> bool {
    let keeps_data = match cx.index().workload_of(it.object) {
        Some(workload) => workload.kind == WorkloadKind::StatefulSet || workload.role == Role::Postgres,
        None => !it.object.group().ends_with("strimzi.io"),
    };
    keeps_data && matches!(it.keeper, Keeper::Store | Keeper::OtherStore | Keeper::App)
}

/// One copy on a disk of one zone.
fn judge_single_copy(it: &StorageUse<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let (Copies::One(reason), Some(class)) = (&it.copies, it.claim.class) else { return Verdict::NotApplicable };
    if !is_kept(it, cx) {
        return Verdict::NotApplicable;
    }
    let fact = index.storage_fact(class);
    match fact.durability {
        Some(Durability::Zonal) => {}
        Some(Durability::MultiZone) => return Verdict::Pass,
        // What goes with its node is for other rules to say, and of a file server nobody knows.
        Some(_) | None => return Verdict::NotApplicable,
    }
    let object = it.object;
    let message = format!(
        "{} keeps data in one copy ({reason}) on {}, which survives a node, not a zone",
        object.title(),
        fact.title
    );
    let workload = index.workload_of(object);
    let (by, carrier) = workload.map_or((PostgresTooFewInstances::ID, object), single_copy::reported_by);
    let span = it.claim.place.span;
    cx.fail(object, it.claim.place.clone(), message)
        .labels(fact.span.filter(|it| *it != span).map(|it| (it, fact.reason.clone())))
        .help(
            "keep a second copy in another zone: an instance that replicates, or a class whose disks lie in two zones",
        )
        .merged_into(by, carrier, span, "its one copy survives a node, not a zone")
        .verdict()
}

/// Several copies, all of them in the zone to which their class is pinned.
fn judge_class(class: &Object, cx: &mut Context<'_>) -> Verdict {
    if has_one_zone(cx.index()) {
        return Verdict::NotApplicable;
    }
    let is_replicated = |it: &&StorageUse<'_>| matches!(it.copies, Copies::Several | Copies::Unsaid(2..));
    let uses: Vec<&StorageUse<'_>> = cx.index().storage_uses().of_class(class).filter(is_replicated).collect();
    let Some(first) = uses.first() else { return Verdict::NotApplicable };
    let Some((zone, span)) = pinned_zone(class) else {
        return if has_open_zones(class) {
            Verdict::open("the zones of the class are template placeholders")
        } else {
            Verdict::Pass
        };
    };
    let message = format!(
        "all volumes of {} lie in one zone: StorageClass {} has {zone} only",
        first.object.title(),
        class.name()
    );
    let place = crate::model::Place { span, ..class.place(&["allowedTopologies"]) };
    let draft = cx
        .fail(class, place, message)
        .help("copies in one zone are lost together: allow the others, with volumeBindingMode: WaitForFirstConsumer");
    label_users(draft, &uses).verdict()
}
