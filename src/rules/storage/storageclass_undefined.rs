//! `storageclass-undefined`

use super::reported::is_reported;
use super::users::one_a_claim;
use crate::index::{ClassName, StorageUse};
use crate::rule::{Context, Verdict, cases, rule};
use std::collections::BTreeMap;

/// So many further claims are shown.
const SHOWN: usize = 5;

cases!(StorageclassUndefined: ELSEWHERE = "elsewhere", SLIP = "slip", LOCAL = "local");

rule!(StorageclassUndefined, "storage/storageclass-undefined.md", |walk| walk.environment(|cx| {
    let mut named: BTreeMap<&str, Vec<&StorageUse<'_>>> = BTreeMap::new();
    for it in one_a_claim(cx.index().storage_uses()) {
        if let Some(ClassName::Named(name)) = it.claim.class {
            named.entry(name).or_default().push(it);
        }
    }
    for (name, uses) in named {
        let verdict = judge(name, &uses, cx);
        if verdict == Verdict::Pass {
            cx.judge_each(uses, |_, _| Verdict::Pass);
        } else {
            cx.judge(uses[0].object, verdict);
        }
    }
}));

fn judge(name: &str, uses: &[&StorageUse<'_>], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let class = ClassName::Named(name);
    let is_told = index.config().storage_classes.contains_key(name) || index.storage_fact(class).durability.is_some();
    if is_told || cx.run().with_object("storage.k8s.io", "StorageClass", name).next().is_some() {
        return Verdict::Pass;
    }
    let has_volumes = cx.once_in_run("has volumes", |it| it.of_kind("", "PersistentVolume").next().is_some());
    if has_volumes && cx.once_in_run(&format!("volumes of {name}"), |it| !it.volumes_of_class(name).is_empty()) {
        return Verdict::Pass;
    }
    let (first, others) = (uses[0], &uses[1..]);
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
            return Verdict::open(reason);
        }
        (None, None) => {
            let rest = format!("{title} asks for it, and no manifest has it");
            (format!("storage class {name} must exist in the cluster: {rest}"), ELSEWHERE)
        }
    };
    let draft = cx.fail(first.object, first.claim.place.clone(), message).case(case);
    let draft = if case == ELSEWHERE { draft } else { draft.heuristic() };
    let others = others.iter().take(SHOWN);
    match near {
        Some(near) => draft.label(near.name_span(), "this one is near").help(format!("did you mean {}?", near.name())),
        None => draft.help(
            "name a class that is there, add the manifest of this one, or say what it survives with storage-classes in \
             the configuration",
        ),
    }
    .labels(others.map(|it| (it.claim.place.span, format!("{} asks for it, too", it.object.title()))))
    .verdict()
}
