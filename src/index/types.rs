//! What Kubernetes' own types say of each object, read once for all rules that ask.

use super::Index;
use crate::model::Object;
use crate::model::typed::{self, TypedResult};
use rayon::prelude::*;

/// What an object's type says of it.
#[derive(Debug)]
pub enum Typing {
    /// It is of no built-in type.
    Untyped,
    /// All values fit, and all fields are known.
    Fits,
    /// Some do not, or are not.
    Differs(Box<TypedResult>),
}

impl Typing {
    fn of(object: &Object) -> Typing {
        match typed::check(object.node(), object.group(), object.version(), object.kind()) {
            None => Typing::Untyped,
            Some(result) if result.errors.is_empty() && result.unknown_fields.is_empty() => Typing::Fits,
            Some(result) => Typing::Differs(Box::new(result)),
        }
    }
}

impl Index<'_> {
    /// Reads every object into its type. This is the most that the audit does after parsing, so that it is
    /// done before the rules ask, by all threads.
    pub fn check_types(&mut self) {
        self.typings = self.environment.objects.par_iter().map(Typing::of).collect();
    }

    /// What an object's type says of it.
    ///
    /// # Panics
    /// Before [`Index::check_types`].
    pub fn typing(&self, object: &Object) -> &Typing {
        &self.typings[self.position(object) as usize]
    }
}
