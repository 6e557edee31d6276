//! What tags of YAML mean.

use super::super::document::TagMeaning;
use super::super::scalar::{self, Scalar};
use super::{Builder, ParseError, span};
use granit_parser::Tag;

/// Whether a plain scalar with a tag is the key that merges: `!!merge <<` is what some emitters make of `<<`.
pub(super) fn merges(tag: &Tag, text: &str) -> bool {
    let names_merge = || tag.suffix_in_namespace("tag:yaml.org,2002:").is_some_and(|it| it == "merge");
    text == "<<" && (tag.suffix() == "!" || tag.handle() == "!" && tag.suffix().is_empty() || names_merge())
}

impl Builder<'_> {
    /// What a tag makes of a text, and the text itself where the tag changes it.
    pub(super) fn meaning(
        &self,
        tag: &Tag,
        text: &str,
        start: usize,
        end: usize,
    ) -> Result<(TagMeaning, Option<String>), ParseError> {
        let refuse = || {
            let message = format!("cannot read `{text}` as a !!{}", tag.suffix());
            Err(ParseError { message, span: span(self.source, start, end) })
        };
        let Some(name) = tag.suffix_in_namespace("tag:yaml.org,2002:") else { return Ok((TagMeaning::Text, None)) };
        let resolved = scalar::resolve(text);
        match (name.as_ref(), resolved) {
            ("str", _) => Ok((TagMeaning::Text, None)),
            ("binary", _) => match crate::base64::decode(text) {
                // Bytes that are no text become U+FFFD, as in Go's JSON.
                Some(decoded) => Ok((TagMeaning::Text, Some(String::from_utf8_lossy(&decoded).into_owned()))),
                None => refuse(),
            },
            ("int", Scalar::Int(_) | Scalar::UInt(_))
            | ("float", Scalar::Float(_))
            | ("bool", Scalar::Bool(_))
            | ("null", Scalar::Null) => Ok((TagMeaning::Resolved, None)),
            #[expect(clippy::cast_precision_loss, reason = "the conversion that Kubernetes' reader makes")]
            ("float", Scalar::Int(value)) => Ok((TagMeaning::Float(value as f64), None)),
            ("int" | "float" | "bool" | "null", _) => refuse(),
            _ => Ok((TagMeaning::Text, None)),
        }
    }
}
