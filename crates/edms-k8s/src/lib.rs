//! What Kubernetes reads: whether an object fits its type, amounts, versions, and texts that stand for values not known yet.
//!
//! A crate of its own because the readers of some hundred types are generated here: they are compiled beside the rest,
//! and only when this crate changes.

pub mod placeholder;
pub mod products;
pub mod quantity;
pub mod typed;
pub mod version;
