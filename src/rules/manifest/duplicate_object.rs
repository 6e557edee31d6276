//! `duplicate-object`

use crate::model::Object;
use crate::rule::{Context, NoParams, Rule};
use std::collections::BTreeMap;

pub(in crate::rules) struct DuplicateObject;

impl Rule for DuplicateObject {
    const PAGE: &'static str = include_str!("../../../rules/manifest/duplicate-object.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        // By the object that is kept, in order.
        let mut copies: BTreeMap<u32, (&Object, Vec<&Object>)> = BTreeMap::new();
        for (replaced, kept) in cx.index().duplicates() {
            if replaced.node().span() == kept.node().span() {
                continue; // One text that a kustomization reaches twice.
            }
            copies.entry(cx.index().position(kept)).or_insert((kept, Vec::new())).1.push(replaced);
        }
        for (kept, replaced) in copies.into_values() {
            let times = match replaced.len() {
                1 => "twice".to_owned(),
                others => format!("{} times", others + 1),
            };
            let message = format!("{} is written {times} in this environment", kept.title());
            let mut draft = cx
                .fail(kept, kept.name_place(), message)
                .evidence("copies", replaced.len() + 1)
                .help("keep one, or put them into different environments with `environments` in .edms-lint.yaml");
            for copy in replaced.iter().take(4) {
                draft = draft.label(copy.name_span(), "lost when all are applied: the last one wins");
            }
        }
    }
}
