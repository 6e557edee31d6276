//! Who keeps what must not be lost on a class.

use crate::index::{Keeper, StorageUse, StorageUses};
use crate::model::Object;
use crate::rule::Draft;

/// So many users of a class are shown.
const SHOWN: usize = 5;

/// The claims of PostgreSQL, Kafka and ZooKeeper on a class.
pub(super) fn stores_on<'u, 'a>(class: &Object, uses: &'u StorageUses<'a>) -> Vec<&'u StorageUse<'a>> {
    uses.of_class(class).filter(|it| it.keeper == Keeper::Store).collect()
}

/// Shows who uses a class.
pub(super) fn label_users<'c>(mut draft: Draft<'c>, uses: &[&StorageUse<'_>]) -> Draft<'c> {
    for it in uses.iter().take(SHOWN) {
        draft = draft.label(it.claim.place.span, format!("used by {}", it.object.title()));
    }
    draft
}
