//! `storageclass-undefined`

use super::reported::is_reported;
use super::users::one_a_claim;
use crate::index::{ClassName, StorageUse};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use std::collections::BTreeMap;

pub(crate) struct StorageclassUndefined;

/// So many further claims are shown.
const SHOWN: usize = 5;

cases!(StorageclassUndefined: ELSEWHERE = "elsewhere", SLIP = "slip", LOCAL = "local");

impl Rule for StorageclassUndefined {
    const PAGE: &'static str = include_str!("../../../rules/storage/storageclass-undefined.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let mut named: BTreeMap<&str, Vec<&StorageUse<'_>>> = BTreeMap::new();
            let uses = cx.index().storage_uses();
            for it in one_a_claim(uses) {
                if let Some(ClassName::Named(name)) = it.claim.class {
                    named.entry(name).or_default().push(it);
                }
            }
            for (name, uses) in named {
                check_name(name, &uses, cx);
            }
        });
    }
}

fn check_name(name: &str, uses: &[&StorageUse<'_>], cx: &mut Context<'_>) {
    let index = cx.index();
    let class = ClassName::Named(name);
    let is_told = index.config().storage_classes.contains_key(name) || index.storage_fact(class).durability.is_some();
    if is_told || cx.run().with_object("storage.k8s.io", "StorageClass", name).next().is_some() {
        return;
    }
    let has_volumes = cx.once_in_run("has volumes", |it| it.of_kind("", "PersistentVolume").next().is_some());
    if has_volumes && cx.once_in_run(&format!("volumes of {name}"), |it| !it.volumes_of_class(name).is_empty()) {
        return;
    }
    let Some((first, others)) = uses.split_first() else { return };
    let title = first.object.title();
    let is_fragment = index.environment().is_fragment;
    let near = index.storage_class_near(name).filter(|_| !is_fragment);
    let own = index.only_class().filter(|_| !is_fragment && index.any_unseen_maker().is_none());
    let (message, case) = match (near, own) {
        (Some(_), _) => (format!("no manifest has storage class {name}, which {title} asks for"), SLIP),
        (None, Some(own)) => {
            let rest = format!("the cluster comes with {own} only: the claim stays pending");
            (format!("no manifest has storage class {name}, which {title} asks for, and {rest}"), LOCAL)
        }
        (None, None) if is_fragment || !is_reported(StorageclassUndefined::ID, cx) => {
            let reason = format!("storage class {name} must exist in the cluster: no manifest has it");
            return cx.not_verifiable(first.object, reason);
        }
        (None, None) => {
            let rest = format!("{title} asks for it, and no manifest has it");
            (format!("storage class {name} must exist in the cluster: {rest}"), ELSEWHERE)
        }
    };
    let mut draft = cx.fail(first.object, first.claim.place.clone(), message).case(case);
    if case != ELSEWHERE {
        draft = draft.heuristic();
    }
    draft = match near {
        Some(near) => draft.label(near.name_span(), "this one is near").help(format!("did you mean {}?", near.name())),
        None => draft.help(
            "name a class that is there, add the manifest of this one, or say what it survives with storage-classes in \
             the configuration",
        ),
    };
    for other in others.iter().take(SHOWN) {
        draft = draft.label(other.claim.place.span, format!("{} asks for it, too", other.object.title()));
    }
}
