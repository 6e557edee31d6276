//! Who keeps what must not be lost on a class.

use crate::index::{Keeper, StorageUse, StorageUses};
use crate::model::Object;
use crate::rule::Draft;
use std::collections::HashSet;

/// So many users of a class are shown.
const SHOWN: usize = 5;

/// The claims of PostgreSQL, Kafka and ZooKeeper on a class.
pub(super) fn stores_on<'u, 'a>(class: &Object, uses: &'u StorageUses<'a>) -> Vec<&'u StorageUse<'a>> {
    uses.of_class(class).filter(|it| it.keeper == Keeper::Store).collect()
}

/// Each claim once, whoever else mounts it.
pub(super) fn one_a_claim<'u, 'a>(uses: &'u StorageUses<'a>) -> impl Iterator<Item = &'u StorageUse<'a>> {
    let mut seen = HashSet::new();
    uses.all.iter().filter(move |it| seen.insert(it.claim.place.span))
}

/// Shows who uses a class.
pub(super) fn label_users<'c>(draft: Draft<'c>, uses: &[&StorageUse<'_>]) -> Draft<'c> {
    let shown = uses.iter().take(SHOWN);
    draft.labels(shown.map(|it| (it.claim.place.span, format!("used by {}", it.object.title()))))
}
