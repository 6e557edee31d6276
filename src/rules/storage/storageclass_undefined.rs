//! `storageclass-undefined`

use super::reported::is_reported;
use crate::index::{ClassName, StorageUse};
use crate::rule::{Context, Draft, NoParams, Rule};
use std::collections::BTreeMap;

pub(in crate::rules) struct StorageclassUndefined;

/// So many further claims are shown.
const SHOWN: usize = 5;

impl Rule for StorageclassUndefined {
    const PAGE: &'static str = include_str!("../../../rules/storage/storageclass-undefined.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        let mut named: BTreeMap<&str, Vec<&StorageUse<'_>>> = BTreeMap::new();
        let uses = cx.index().storage_uses();
        for it in &uses.all {
            if let Some(ClassName::Named(name)) = it.claim.class {
                named.entry(name).or_default().push(it);
            }
        }
        for (name, uses) in named {
            check_name(name, &uses, cx);
        }
    }
}

fn check_name(name: &str, uses: &[&StorageUse<'_>], cx: &mut Context<'_>) {
    let index = cx.index();
    let class = ClassName::Named(name);
    let is_told = index.config().storage_classes.contains_key(name) || index.storage_fact(class).durability.is_some();
    if is_told || cx.anywhere_in_run(|it| it.storage_class(class).is_some() || it.has_volumes_of_class(name)) {
        return;
    }
    let Some(first) = uses.first() else { return };
    let environment = index.environment();
    if environment.is_fragment {
        return cx.not_verifiable(first.object, format!("storage class {name} must exist in the cluster"));
    }
    let title = first.object.title();
    if let Some(near) = index.storage_class_near(name) {
        let message = format!("no manifest has storage class {name}, which {title} asks for");
        let draft = fail(uses, message, "slip", cx);
        let span = near.name_span();
        return drop(draft.heuristic().label(span, "this one is near").help(format!("did you mean {}?", near.name())));
    }
    if let Some(own) = index.only_class().filter(|_| index.any_unseen_maker().is_none()) {
        let message = format!(
            "no manifest has storage class {name}, which {title} asks for, and the cluster comes with {own} only: the \
             claim stays pending"
        );
        let help = "name a class that is there, or put the manifest of this one beside the others";
        return drop(fail(uses, message, "local", cx).heuristic().help(help));
    }
    if is_reported("storageclass-undefined", cx) {
        let message =
            format!("storage class {name} must exist in the cluster: {title} asks for it, and no manifest has it");
        let help = "say what it survives with storage-classes in the configuration, or add its manifest";
        return drop(fail(uses, message, "elsewhere", cx).help(help));
    }
    cx.not_verifiable(first.object, format!("storage class {name} must exist in the cluster: no manifest has it"));
}

/// One finding for a name, at the first claim; others are its labels.
fn fail<'c>(uses: &[&StorageUse<'_>], message: String, case: &'static str, cx: &'c mut Context<'_>) -> Draft<'c> {
    let first = uses[0];
    let mut draft = cx.fail(first.object, first.claim.place.clone(), message).case(case);
    for other in uses.iter().skip(1).take(SHOWN) {
        draft = draft.label(other.claim.place.span, format!("{} asks for it, too", other.object.title()));
    }
    draft
}
