//! Rules on volumes and storage classes.

pub(super) mod storage_not_redundant;
