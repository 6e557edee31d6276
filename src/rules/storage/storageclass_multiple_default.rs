//! `storageclass-multiple-default`

use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;

rule!(StorageclassMultipleDefault, "storage/storageclass-multiple-default.md", |walk| walk
    .each(|index| index.default_classes().last(), judge));

fn judge(last: &Object, cx: &mut Context<'_>) -> Verdict {
    let others: Vec<&Object> = cx.index().default_classes().filter(|it| it.id() != last.id()).collect();
    if others.is_empty() {
        return Verdict::Pass;
    }
    let names: Vec<String> = others.iter().chain([&last]).map(|it| it.name().to_owned()).collect();
    let message = format!("{} storage classes are marked as the default: {}", names.len(), list(&names));
    let help = "claims that name no class get the newest of them, which depends on the order in which they were created: mark one";
    cx.fail(last, mark(last), message)
        .help(help)
        .labels(others.iter().map(|it| (mark(it).span, format!("StorageClass {}", it.name()))))
        .verdict()
}

/// Where a class is marked.
fn mark(class: &Object) -> Place {
    let keys = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    let key = keys.iter().find(|it| class.annotation(it) == Some("true")).unwrap_or(&keys[0]);
    class.place(&["metadata", "annotations", key])
}
