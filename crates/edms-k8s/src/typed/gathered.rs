//! What is gathered while one object is read into its type.

use crate::placeholder::is_placeholder;
use edms_yaml::NodeRef;
use edms_yaml::scalar::Scalar;
use std::cell::{Cell, RefCell};

/// The most collections that an object may expand to through aliases.
const MAX_COLLECTIONS: u32 = 1_000_000;

/// A key that the type of its map does not know.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnknownKey<'a> {
    pub(super) key: NodeRef<'a>,
    pub(super) suggestion: Option<&'static str>,
}

/// What is gathered while one object is read.
#[derive(Debug)]
pub(super) struct Gathered<'a> {
    pub(super) unknown: RefCell<Vec<UnknownKey<'a>>>,
    /// Nodes that are passed over, because an earlier reading found that they do not fit.
    refused: Vec<u32>,
    pub(super) budget: Cell<u32>,
}

impl Gathered<'_> {
    pub(super) fn without(refused: &[u32]) -> Self {
        Gathered { unknown: RefCell::default(), refused: refused.to_vec(), budget: Cell::new(MAX_COLLECTIONS) }
    }

    /// Whether Go leaves the zero value there, or nobody knows what will stand there, or it was reported.
    pub(super) fn is_open(&self, node: NodeRef<'_>) -> bool {
        let is_open = match node.scalar() {
            Some(Scalar::Null) => true,
            Some(Scalar::Str(text)) => is_placeholder(text),
            _ => false,
        };
        is_open || self.refused.contains(&node.id())
    }
}
