//! YAML and JSON with places: split a stream as Kubernetes does, parse each document into a compact
//! tree in which every key and value has its byte span.

pub mod de;
pub mod json;
mod node;
mod parse;
mod path;
pub(crate) mod read_error;
pub mod scalar;
pub mod split;
pub mod stream;
pub mod tree;

pub use node::{Children as Items, Comment, Document, Duplicate, Entries, Entry, Kind, NodeRef};
pub use parse::{MAX_DEPTH, ParseError, parse};
pub use path::{Path, Step};
