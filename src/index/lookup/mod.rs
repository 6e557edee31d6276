//! Data structures for look-ups.

pub(in crate::index) mod answers;
pub(in crate::index) mod directory;
pub(in crate::index) mod groups;
pub(in crate::index) mod hashing;
pub(in crate::index) mod memo;
pub(in crate::index) mod near_names;
