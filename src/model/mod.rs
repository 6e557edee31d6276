//! Typed views on objects: the value that a rule needs, with its place at hand.

mod environment;
mod kinds;
mod object;
mod place;
mod placeholder;
pub mod typed;

pub use environment::{Environment, Problem, ProblemKind};
pub use kinds::{is_built_in, is_known};
pub use object::{Object, ObjectId};
pub use place::Place;
pub use placeholder::is_placeholder;
