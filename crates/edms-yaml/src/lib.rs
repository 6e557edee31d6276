//! YAML and JSON with places: split a stream as Kubernetes does, parse each document into a compact
//! tree in which every key and value has its byte span.

mod alike;
pub mod base64;
pub mod de;
mod document;
pub mod edit;
pub mod emit;
mod entry;
pub mod json;
mod layout;
mod node;
mod objects;
pub mod outline;
mod packed;
mod parse;
mod path;
mod prune;
pub mod read_error;
mod same;
pub mod scalar;
pub mod source;
pub mod split;
pub mod stream;
pub mod suggest;
pub mod tree;
mod value;
mod wide;

pub use alike::Alike;
pub use document::{Comment, Document, DocumentId, Duplicate};
pub use entry::Entry;
pub use node::{Children as Items, Entries, NodeRef};
pub use packed::Kind;
pub use parse::{MAX_DEPTH, ParseError, parse, parse_json};
pub use path::{Path, Step};
pub use value::Value;
