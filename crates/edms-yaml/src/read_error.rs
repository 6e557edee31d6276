//! What is wrong with a value for the type it is read into, and where.

use super::scalar::Scalar;
use super::{NodeRef, Path, Step};
use crate::source::Span;
use crate::suggest;
use std::fmt;

/// A node that does not fit the type it is read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The value, the unknown key, or the key of the map that lacks one.
    pub span: Span,
    /// The way from the node that was read to the one that does not fit.
    pub path: Path,
    /// What to do, where there is a short word on it.
    pub help: Option<String>,
}

impl ReadError {
    /// The value of this key is of another type than the expected one.
    pub fn mismatch(expected: &str, node: NodeRef<'_>, key: NodeRef<'_>) -> ReadError {
        Error::mismatch(expected, node).at(node, Some(key)).finish()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

/// The error on its way up: the innermost reader knows the place, the outer ones add the path.
///
/// Boxed, because `Result`s of it are passed once for each node that is read.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug, Default)]
struct Inner {
    message: String,
    help: Option<String>,
    /// Something is absent from a map, so that the map itself is the wrong place to point at.
    is_missing: bool,
    span: Option<Span>,
    /// The node that did not fit.
    node: u32,
    /// Innermost first.
    steps: Vec<Step>,
}

impl Error {
    pub fn new(message: String, help: Option<String>) -> Error {
        Error(Box::new(Inner { message, help, ..Inner::default() }))
    }

    /// The node is of another type than the expected one.
    pub fn mismatch(expected: &str, node: NodeRef<'_>) -> Error {
        let help = match node.scalar() {
            Some(Scalar::Bool(_) | Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_))
                if expected.starts_with("a string") =>
            {
                Some(format!("quote it: \"{}\"", node.text()))
            }
            Some(Scalar::Str(text)) if is_number(text) && expected.contains("number") => {
                Some("remove the quotes".to_owned())
            }
            _ => None,
        };
        Error::new(format!("expected {expected}, found {}", describe(node)), help)
    }

    /// Sets the place unless a reader further in has.
    pub fn at(mut self, node: NodeRef<'_>, key: Option<NodeRef<'_>>) -> Error {
        if self.0.span.is_none() {
            let missing_in = key.filter(|_| self.0.is_missing);
            self.0.span = Some(missing_in.map_or_else(|| place(node, key), NodeRef::span));
            self.0.node = node.id();
        }
        self
    }

    /// The node that did not fit, by its position in the document.
    pub fn node(&self) -> u32 {
        self.0.node
    }

    /// Adds the key on the way up.
    pub fn in_entry(mut self, key: &str) -> Error {
        self.0.steps.push(Step::Key(key.to_owned()));
        self
    }

    /// Adds the list item on the way up.
    pub fn in_item(mut self, item: NodeRef<'_>, index: usize) -> Error {
        self.0.steps.push(item.str_at(&["name"]).map_or(Step::Index(index), |it| Step::Name(it.to_owned())));
        self
    }

    /// The error with its whole path.
    pub fn finish(self) -> ReadError {
        let Inner { message, help, span, mut steps, .. } = *self.0;
        steps.reverse();
        ReadError { message, help, span: span.expect("the reader of the outermost node sets it"), path: Path(steps) }
    }
}

/// More levels or nodes than any type has: aliases that multiply, or a text made to exhaust its reader.
pub fn too_large() -> Error {
    Error::new("nested too deep, or expanded by aliases to too much, to be read".to_owned(), None)
}

/// Where to point for a value: one line at most, and never at nothing.
pub fn place(node: NodeRef<'_>, key: Option<NodeRef<'_>>) -> Span {
    let span = node.span();
    if let Some(key) = key
        && span.start == span.end
    {
        return key.span();
    }
    if node.is_map() && node.is_flow() { first_line_of_flow(node) } else { node.first_line() }
}

/// The flow map itself where it is on one line.
fn first_line_of_flow(node: NodeRef<'_>) -> Span {
    let (span, first) = (node.span(), node.first_line());
    let is_one_line = !node.document().text_of(span).contains(['\n', '\r']);
    if is_one_line { span } else { first }
}

/// What stands there, in words.
pub fn describe(node: NodeRef<'_>) -> String {
    const SHORT: usize = 40;
    let text = node.text();
    match node.scalar() {
        None if node.is_map() => "a map".to_owned(),
        None => "a list".to_owned(),
        Some(Scalar::Null) if text.is_empty() => "nothing".to_owned(),
        Some(Scalar::Null) => "null".to_owned(),
        Some(Scalar::Bool(value)) if text == "true" || text == "false" => format!("the boolean {value}"),
        Some(Scalar::Bool(value)) => format!("`{text}`, which YAML reads as {value}"),
        Some(Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_)) => format!("the number {text}"),
        Some(Scalar::Str(text)) if text.chars().count() > SHORT || text.contains('\n') => "a string".to_owned(),
        Some(Scalar::Str(text)) => format!("the string {text:?}"),
    }
}

fn is_number(text: &str) -> bool {
    matches!(super::scalar::resolve(text), Scalar::Int(_) | Scalar::UInt(_) | Scalar::Float(_))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::new(message.to_string(), None)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Error::new(format!("unknown key `{field}`"), suggest::help(field, expected))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Error::new(format!("unknown value `{variant}`"), suggest::help(variant, expected))
    }

    fn missing_field(field: &'static str) -> Self {
        let mut error = Error::new(format!("`{field}` is missing"), None);
        error.0.is_missing = true;
        error
    }
}
