//! `duplicate-object`

use crate::rule::{Context, NoParams, Rule};

pub(in crate::rules) struct DuplicateObject;

impl Rule for DuplicateObject {
    const PAGE: &'static str = include_str!("../../../rules/manifest/duplicate-object.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for (replaced, kept) in cx.index().duplicates() {
            if replaced.node().span() == kept.node().span() {
                continue; // One text that a kustomization reaches twice.
            }
            cx.fail(kept, kept.name_place(), format!("{} is written twice in this environment", kept.title()))
                .label(replaced.name_span(), "lost when both are applied: the last one wins")
                .help("keep one, or put them into different environments with `environments` in .edms-lint.yaml");
        }
    }
}
