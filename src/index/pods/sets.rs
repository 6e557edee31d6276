//! Pods that look alike, and what selects them.

use crate::index::Nearness;
use crate::model::{Labels, Object};

/// The position of a [`PodSet`] in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodSetId(pub u32);

/// Whether the disruption controller can read the scale of what owns a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The owner has a scale subresource.
    Scalable,
    /// The owner has none: the resource as the API names it, as in `daemonsets.apps`.
    Unscalable(&'static str),
    /// The pods run to their end and are gone soon after.
    Finite,
    /// The pods run to their end, and are kept: no longer ready, but still selected.
    Kept,
    /// Nothing owns the pod.
    Bare,
}

/// Pods that look alike: those of one template, or those of one role that an operator makes.
#[derive(Clone, Debug)]
pub struct PodSet<'a> {
    /// The object that makes them.
    pub owner: &'a Object,
    /// Their labels.
    pub labels: Labels<'a>,
    /// How many there are at least, if known.
    pub floor: Option<i64>,
    /// How many there are at most, if known.
    pub ceiling: Option<i64>,
    /// The scale of the owner at least: more than `floor` where an owner has several kinds of pods.
    pub scale: Option<i64>,
    /// Whether the owner's scale can be read.
    pub control: Control,
    /// Whether an operator makes them, so that labels we do not know may be on them.
    pub is_virtual: bool,
}

/// A pod set that a selector matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The pods.
    pub pods: PodSetId,
    /// [`Nearness::Same`], or [`Nearness::Unknown`] where the namespaces leave it open.
    pub nearness: Nearness,
}
