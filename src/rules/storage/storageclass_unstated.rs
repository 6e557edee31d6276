//! `storageclass-unstated`

use super::reported::is_reported;
use super::users::one_a_claim;
use crate::finding::Subject;
use crate::index::{ClassName, Index, StorageUse};
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::words::list;
use crate::yaml::NodeRef;

const HELP: &str = "name the class, so that the data does not depend on a mark in the cluster; or say what the default \
                    survives with the empty name under storage-classes in the configuration";

cases!(StorageclassUnstated: NO_VOLUME = "no-volume", VOLUME_ELSEWHERE = "volume-elsewhere");

rule!(StorageclassUnstated, "storage/storageclass-unstated.md", |walk| {
    walk.each(|index| one_a_claim(index.storage_uses()), judge_volume);
    walk.environment(judge_unnamed);
});

/// Judges the claims that name no class: each where somebody wants it, or else all together.
fn judge_unnamed(cx: &mut Context<'_>) {
    let index = cx.index();
    let open: Vec<&StorageUse<'_>> =
        one_a_claim(index.storage_uses()).filter(|it| it.claim.class == Some(ClassName::Default)).collect();
    let is_told = index.storage_fact(ClassName::Default).durability.is_some()
        || cx.once_in_run("default class", |it| it.default_classes().next().is_some());
    if is_told {
        return cx.judge_each(open, |_, _| Verdict::Pass);
    }
    if open.is_empty() {
        return;
    }
    if is_reported(StorageclassUnstated::ID, cx) && !index.environment().is_fragment {
        return cx.judge_each(open, report);
    }
    let names: Vec<String> = open.iter().map(|it| it.object.title()).collect();
    let reason = format!(
        "the cluster's default storage class decides for {}: no manifest marks one, and storage-classes in the \
         configuration would tell",
        list(&names)
    );
    cx.not_verifiable_for(Subject { name: index.environment().name.clone(), ..Subject::default() }, reason);
}

fn report(it: &StorageUse<'_>, cx: &mut Context<'_>) -> Verdict {
    let message = format!("{} names no storage class, and no manifest marks a default", title(it));
    let name = it.object.name().to_owned();
    let similar = Similar { noun: "claims", verdict: "name no storage class", name, help: HELP };
    cx.fail(it.object, it.claim.place.clone(), message).help(HELP).listed_with_similar(similar).verdict()
}

/// How messages name a claim.
fn title(it: &StorageUse<'_>) -> String {
    let owner = it.object.title();
    if it.object.kind() == "PersistentVolumeClaim" { owner } else { format!("claim {} of {owner}", it.claim.name) }
}

/// A class of `""`: only a volume made by hand, without a class, fits.
fn judge_volume(it: &StorageUse<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if matches!(it.claim.class, Some(ClassName::Named(_))) {
        return Verdict::Pass;
    }
    if it.claim.class != Some(ClassName::Volume(None)) {
        return Verdict::NotApplicable;
    }
    if index.environment().is_fragment || index.any_unseen_maker().is_some() {
        return Verdict::open("a volume without storage class must exist for it");
    }
    if cx.once_in_run("free volume", has_free_volume) {
        return Verdict::Pass;
    }
    let has_volumes = index.of_kind("", "PersistentVolume").next().is_some();
    let rest = if has_volumes { "every volume of the manifests has one" } else { "no manifest has a volume" };
    let message = format!("{} asks for a volume without storage class, and {rest}", title(it));
    cx.fail(it.object, it.claim.place.clone(), message)
        .case(if has_volumes { NO_VOLUME } else { VOLUME_ELSEWHERE })
        .heuristic()
        .help(
            "storageClassName: \"\" makes no volume: somebody must make one by hand, or the claim stays pending; leave \
             the field out for the cluster's default class",
        )
        .verdict()
}

/// Whether a manifest has a volume without a class.
fn has_free_volume(index: &Index<'_>) -> bool {
    let class = |it: &crate::model::Object| {
        it.node().at(&["spec", "storageClassName"]).map(NodeRef::text).is_none_or(str::is_empty)
    };
    index.of_kind("", "PersistentVolume").any(class)
}
