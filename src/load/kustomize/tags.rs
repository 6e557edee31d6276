//! Values whose types do not follow from their texts: a replacement changes a text and leaves its tag, and what a
//! path makes has no tag until it is written.
//!
//! From `setFieldValue` of `api/filters/replacement`, and `kyaml/yaml/fns.go` for what a merge makes of it.

use super::Refusal;
use super::shared::{Trail, find, find_mut};
use crate::source::Span;
use crate::yaml::scalar::{Scalar, resolve};
use crate::yaml::tree::{Content, Tree};
use std::collections::BTreeMap;

/// What kustomize holds for the type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// Nothing: the type is what the text looks like.
    Open,
    Text,
    Null,
    Bool,
    Int,
    Float,
}

impl Tag {
    fn of(scalar: Scalar<'_>) -> Tag {
        match scalar {
            Scalar::Str(_) => Tag::Text,
            Scalar::Null => Tag::Null,
            Scalar::Bool(_) => Tag::Bool,
            Scalar::Int(_) | Scalar::UInt(_) => Tag::Int,
            Scalar::Float(_) => Tag::Float,
        }
    }

    /// Whether a text can be written with this tag.
    fn takes(self, text: &str) -> bool {
        let is = Tag::of(resolve(text));
        match self {
            Tag::Open | Tag::Text | Tag::Null => true,
            Tag::Bool | Tag::Int => is == self,
            Tag::Float => matches!(is, Tag::Int | Tag::Float),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Tag::Bool => Scalar::Bool(true).describe(),
            Tag::Int => Scalar::Int(0).describe(),
            Tag::Float => Scalar::Float(0.0).describe(),
            Tag::Open | Tag::Text | Tag::Null => "a value",
        }
    }

    /// A scalar of this type.
    pub(super) fn content(self, text: &str) -> Content {
        if self == Tag::Text { Content::Text(text.into()) } else { Content::Plain(text.into()) }
    }
}

/// A value with an odd tag. It counts as long as its text stands there.
#[derive(Clone, Debug)]
struct Odd {
    text: Box<str>,
    tag: Tag,
    /// What put it there.
    span: Span,
}

/// The values of an object with odd tags, by their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags(BTreeMap<Trail, Odd>);

impl Tags {
    /// The tag of the scalar at a place. None if no scalar stands there.
    pub(super) fn of(&self, trail: &[String], place: &Tree) -> Option<Tag> {
        let odd = self.0.get(trail).filter(|it| place.scalar() == Some(&*it.text));
        odd.map(|it| it.tag).or_else(|| place.typed().map(Tag::of))
    }

    /// Notes that a text was put to a place, and the tag stayed what it was.
    pub(super) fn note(&mut self, trail: &[String], tag: Tag, text: &str, span: Span) {
        if tag == Tag::Open || !tag.takes(text) {
            self.0.insert(trail.to_vec(), Odd { text: text.into(), tag, span });
        } else {
            self.0.remove(trail);
        }
    }

    /// Does what a merge does: it quotes what has no tag and looks like something else than a text.
    pub(super) fn settle(&mut self, tree: &mut Tree) {
        self.0.retain(|trail, odd| {
            let is_in_map =
                trail.split_last().and_then(|it| find(tree, it.1)).is_some_and(|it| !it.entries().is_empty());
            let Some(place) = find_mut(tree, trail).filter(|it| it.scalar() == Some(&*odd.text)) else { return false };
            let is_quoted = odd.tag == Tag::Open && is_in_map && !odd.text.is_empty() && !is_text(&odd.text);
            if is_quoted {
                place.content = Tag::Text.content(&odd.text);
            }
            !is_quoted
        });
    }

    /// Makes texts of what has no tag at a place or right below it, as variables do.
    pub(super) fn settle_below(&mut self, trail: &[String], place: &mut Tree) {
        let from = self.0.range_mut(trail.to_vec()..);
        let below = from.take_while(|it| it.0.starts_with(trail)).filter(|it| it.0.len() <= trail.len() + 1);
        for (at, odd) in below.filter(|it| it.1.tag == Tag::Open) {
            if let Some(node) = find_mut(place, &at[trail.len()..]).filter(|it| it.scalar() == Some(&*odd.text)) {
                node.content = Tag::Text.content(&odd.text);
                odd.tag = Tag::Text;
            }
        }
    }

    /// Why the object cannot be written down: a text that its tag does not take.
    pub(super) fn refusal(&self, tree: &Tree) -> Option<Refusal> {
        let stands = |it: &(&Trail, &Odd)| find(tree, it.0).and_then(Tree::scalar) == Some(&*it.1.text);
        let (_, odd) = self.0.iter().filter(|it| !it.1.tag.takes(&it.1.text)).find(stands)?;
        let message = format!("`{}` cannot take the place of {}", odd.text, odd.tag.describe());
        Some(Refusal { message, span: odd.span })
    }
}

fn is_text(text: &str) -> bool {
    matches!(resolve(text), Scalar::Str(_))
}
