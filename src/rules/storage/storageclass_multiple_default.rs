//! `storageclass-multiple-default`

use crate::model::{Object, Place};
use crate::rule::{NoParams, Rule, Walk};
use crate::rules::words::list;

pub(crate) struct StorageclassMultipleDefault;

impl Rule for StorageclassMultipleDefault {
    const PAGE: &'static str = include_str!("../../../rules/storage/storageclass-multiple-default.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let classes: Vec<&Object> = cx.index().default_classes().collect();
            let Some((last, others)) = classes.split_last().filter(|it| !it.1.is_empty()) else { return };
            let names: Vec<String> = classes.iter().map(|it| it.name().to_owned()).collect();
            let message = format!("{} storage classes are marked as the default: {}", names.len(), list(&names));
            let mut draft = cx.fail(last, mark(last), message).help(
            "claims that name no class get the newest of them, which depends on the order in which they were created: \
             mark one",
        );
            for other in others {
                draft = draft.label(mark(other).span, format!("StorageClass {}", other.name()));
            }
        });
    }
}

/// Where a class is marked.
fn mark(class: &Object) -> Place {
    let keys = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
    let key = keys.iter().find(|it| class.annotation(it) == Some("true")).unwrap_or(&keys[0]);
    class.place(&["metadata", "annotations", key])
}
