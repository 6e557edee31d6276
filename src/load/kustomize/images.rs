//! `images`: other names, tags and digests, by the rules of kustomize's `imagetag` filter.

use super::fields::{Field, Leaf, Visit, put_scalar};
use super::resource::Resource;
use crate::model::{ImageName, pattern};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Comment, Entry, NodeRef};
use regex::Regex;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Regular expressions by their texts: all environments name the same images.
#[derive(Debug, Default)]
pub(super) struct Patterns(Mutex<HashMap<String, Option<Regex>>>);

impl Patterns {
    /// The expression, if it is one.
    fn get(&self, text: &str) -> Option<Regex> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(text) {
            return known.clone();
        }
        known.entry(text.to_owned()).or_insert(pattern(text).ok()).clone()
    }
}

/// One entry of `images`.
pub(super) struct ImageChange<'a> {
    name: Option<Regex>,
    new_name: Option<&'a str>,
    new_tag: Option<&'a str>,
    suffix: Option<&'a str>,
    digest: Option<&'a str>,
    /// What the new image is written as: the most telling of the fields above.
    entry: TreeEntry,
}

impl<'a> ImageChange<'a> {
    /// Reads an entry. None if it changes nothing.
    pub(super) fn read(node: NodeRef<'a>, patterns: &Patterns) -> Option<ImageChange<'a>> {
        let text = |key: &str| node.get(key).map(NodeRef::text).filter(|it| !it.is_empty());
        let written: Option<Entry<'_>> =
            ["digest", "newTag", "tagSuffix", "newName"].into_iter().find_map(|it| node.entry(it));
        let name = text("name").unwrap_or_default();
        // The name is taken for a regular expression; one that is none matches nothing.
        let digest = "(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?";
        Some(ImageChange {
            name: patterns.get(&format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?{digest}$")),
            new_name: text("newName"),
            new_tag: text("newTag"),
            suffix: text("tagSuffix"),
            digest: text("digest"),
            entry: TreeEntry::of(written?)?,
        })
    }

    /// The image as it becomes, if it is one that is meant.
    fn changed(&self, image: &str) -> Option<String> {
        if !self.name.as_ref().is_some_and(|it| it.is_match(image)) {
            return None;
        }
        let ImageName { full: name, tag, digest } = ImageName::read(image);
        let (tag, digest) = (tag.unwrap_or_default(), digest.unwrap_or_default());
        let name = self.new_name.unwrap_or(name);
        let (tag, digest) = match (self.new_tag, self.digest) {
            (Some(tag), digest) => (tag.to_owned(), digest.unwrap_or_default()),
            (None, Some(digest)) => (String::new(), digest),
            (None, None) => match self.suffix {
                Some(suffix) => (format!("{tag}{suffix}"), ""),
                None => (tag.to_owned(), digest),
            },
        };
        let tag = if tag.is_empty() { String::new() } else { format!(":{tag}") };
        let digest = if digest.is_empty() { String::new() } else { format!("@{digest}") };
        Some(format!("{name}{tag}{digest}"))
    }

    /// The new image in its place, if it is one that is meant.
    fn replacement(&self, place: &Tree) -> Option<Tree> {
        let image = self.changed(place.scalar()?)?;
        Some(Tree { span: self.entry.value.span, content: Content::Text(image.into()) })
    }

    /// Changes the images of all objects. Definitions of custom resources are left alone.
    pub(super) fn apply(
        &self,
        fields: &[Field],
        comments: &[Comment],
        resources: &mut [Resource],
    ) -> Result<(), String> {
        let visit = Visit { leaf: Leaf::Nothing, at: self.entry.key_span, entry: Some(&self.entry) };
        for resource in resources.iter_mut().filter(|it| it.id.kind != "CustomResourceDefinition") {
            let id = resource.id.clone();
            let Some(tree) = resource.edit() else { continue };
            let mut is_changed = self.walk(tree);
            for field in fields.iter().filter(|it| it.is_of(&id)) {
                visit.visit(tree, field, &mut |place, _| {
                    let Some(image) = self.replacement(place) else { return Ok(()) };
                    is_changed = true;
                    put_scalar(place, &image)
                })?;
            }
            if is_changed {
                resource.heed(comments);
            }
        }
        Ok(())
    }

    /// Changes the image of one container.
    fn change(&self, container: &mut Tree) -> bool {
        let Some(image) = container.get("image").and_then(|it| self.replacement(it)) else { return false };
        container.put(TreeEntry { value: image, ..self.entry.clone().named("image") });
        true
    }

    /// Looks for containers at any depth.
    fn walk(&self, tree: &mut Tree) -> bool {
        let mut is_changed = false;
        match &mut tree.content {
            Content::Map(entries) => {
                for entry in entries {
                    is_changed |= self.walk(&mut entry.value);
                    if matches!(&*entry.key, "containers" | "initContainers") {
                        for item in entry.value.items_mut() {
                            is_changed |= self.change(item);
                        }
                    }
                }
            }
            Content::List(items) => {
                for item in items {
                    is_changed |= self.walk(item);
                }
            }
            Content::Plain(_) | Content::Text(_) => {}
        }
        is_changed
    }
}
