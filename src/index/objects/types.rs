//! What Kubernetes' own types say of each object, for the rules that ask.

use crate::model::Object;
use crate::model::typed::{self, TypedResult};

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
    /// Reads an object into its type.
    pub fn of(object: &Object) -> Typing {
        // The server took every value of what it holds, and dropped the fields that it does not know: what we do not
        // know of a live object is newer than we are.
        if object.is_live() {
            return Typing::Fits;
        }
        match typed::check(object.node(), object.group(), object.version(), object.kind()) {
            None => Typing::Untyped,
            Some(result) if result.errors.is_empty() && result.unknown_fields.is_empty() => Typing::Fits,
            Some(result) => Typing::Differs(Box::new(result)),
        }
    }
}
