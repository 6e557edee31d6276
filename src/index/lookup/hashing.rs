//! How the index hashes what it looks up: the same way in every run, and quickly.

use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};

/// A map whose keys are few bytes and many.
pub(in crate::index) type Map<K, V> = HashMap<K, V, FixedState>;

/// Half of the hash of a key, for lists that are to be small: it is enough where what it finds is compared anyway.
pub(in crate::index) fn half(key: impl Hash) -> u32 {
    let [a, b, c, d, ..] = hash(key).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// The hash of a key. Different keys may share it.
pub(in crate::index) fn hash(key: impl Hash) -> u64 {
    FixedState::default().hash_one(key)
}
