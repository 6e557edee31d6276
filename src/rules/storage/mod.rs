//! Rules on volumes and storage classes.

mod storage_not_redundant;

rules! {
    storage_not_redundant::StorageNotRedundant,
}
