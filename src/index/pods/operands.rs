//! Names of what operators make of the custom resources of an environment.

use crate::model::{Object, ObjectId};
use std::collections::{HashMap, HashSet};

/// What custom resources make or name.
#[derive(Debug, Default)]
pub(in crate::index) struct Operands {
    /// The positions of custom resources whose operator makes objects called after them, by name.
    pub(in crate::index) owners: HashMap<String, Vec<ObjectId>>,
    /// The hash of every text in custom resources and of the Secrets of Ingresses.
    pub(in crate::index) texts: HashSet<u64>,
}

impl Operands {
    /// Files a resource under its name.
    pub(in crate::index) fn own(&mut self, owner: &Object) {
        self.owners.entry(owner.name().to_owned()).or_default().push(owner.id());
    }
}
