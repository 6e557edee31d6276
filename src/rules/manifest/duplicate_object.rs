//! `duplicate-object`

use crate::model::{Object, ObjectId};
use crate::rule::{Context, Verdict, rule};
use crate::yaml::json;
use std::collections::BTreeMap;

rule!(DuplicateObject, "manifest/duplicate-object.md", |walk| {
    walk.environment(|cx| {
        // By the object that is kept, in order.
        let mut copies: BTreeMap<ObjectId, (&Object, Vec<&Object>)> = BTreeMap::new();
        for (replaced, kept) in cx.index().duplicates() {
            // One text that a kustomization reaches twice, or copies that say the same.
            if replaced.node().span() == kept.node().span() || is_harmless(replaced, kept) {
                continue;
            }
            copies.entry(kept.id()).or_insert((kept, Vec::new())).1.push(replaced);
        }
        cx.judge_each(cx.index().objects().filter(|it| !it.is_made()), |it, _| {
            if copies.contains_key(&it.id()) { Verdict::NotApplicable } else { Verdict::Pass }
        });
        for (kept, replaced) in copies.into_values() {
            let verdict = report(kept, &replaced, cx);
            cx.judge(kept, verdict);
        }
    });
});

fn report(kept: &Object, replaced: &[&Object], cx: &mut Context<'_>) -> Verdict {
    let times = match replaced.len() {
        1 => "twice".to_owned(),
        others => format!("{} times", others + 1),
    };
    let text = "lost when all are applied: the last one wins";
    cx.fail(kept, kept.name_place(), format!("{} is written {times} in this environment", kept.title()))
        .evidence("copies", replaced.len() + 1)
        .help("keep one, or put them into different environments with `environments` in .edms-lint.yaml")
        .labels(replaced.iter().take(4).map(|it| (it.name_span(), text)))
        .verdict()
}

/// Whether it makes no difference which of the two is applied last.
fn is_harmless(one: &Object, other: &Object) -> bool {
    let says_nothing = |it: &Object| {
        let metadata = it.node().get("metadata").map(|it| it.entries().count());
        it.is("", "Namespace") && metadata <= Some(1) && it.node().entries().count() <= 3
    };
    says_nothing(one) || says_nothing(other) || json::to_string(one.node()) == json::to_string(other.node())
}
