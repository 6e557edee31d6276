//! `images`: other names, tags and digests, by the rules of kustomize's `imagetag` filter.

use super::build::Builder;
use super::resource::Resource;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Entry, NodeRef};
use std::sync::Arc;

/// One entry of `images`.
struct Change<'a> {
    name: &'a str,
    new_name: Option<&'a str>,
    new_tag: Option<&'a str>,
    suffix: Option<&'a str>,
    digest: Option<&'a str>,
    /// What the new image is written as: the most telling of the fields above.
    entry: TreeEntry,
}

impl<'a> Change<'a> {
    fn read(node: NodeRef<'a>) -> Option<Change<'a>> {
        let text = |key: &str| node.get(key).map(NodeRef::text).filter(|it| !it.is_empty());
        let written: Option<Entry<'_>> =
            ["digest", "newTag", "tagSuffix", "newName"].into_iter().find_map(|it| node.entry(it));
        Some(Change {
            name: text("name")?,
            new_name: text("newName"),
            new_tag: text("newTag"),
            suffix: text("tagSuffix"),
            digest: text("digest"),
            entry: TreeEntry::of(written?)?,
        })
    }

    /// The image as it becomes, if it is the one that is meant.
    fn changed(&self, image: &str) -> Option<String> {
        let (name, tag, digest) = parts(image);
        if name != self.name {
            return None;
        }
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

    /// Changes the image that an entry of this map holds.
    fn apply(&self, map: &mut Tree, key: &str) -> bool {
        let Some(image) = map.text_at(&[key]).and_then(|it| self.changed(it)) else { return false };
        let mut entry = self.entry.clone().named(key);
        entry.value.content = Content::Text(image.into());
        map.put(entry);
        true
    }

    /// Looks for containers at any depth, as kustomize does for kinds that it does not know.
    fn walk(&self, tree: &mut Tree) -> bool {
        let mut changed = false;
        match &mut tree.content {
            Content::Map(entries) => {
                for entry in entries {
                    changed |= self.walk(&mut entry.value);
                    let (items, nested) = match &*entry.key {
                        "containers" | "initContainers" => (entry.value.items_mut(), None),
                        "volumes" => (entry.value.items_mut(), Some("image")),
                        _ => continue,
                    };
                    for item in items {
                        changed |= match nested {
                            None => self.apply(item, "image"),
                            Some(key) => item.get_mut(key).is_some_and(|it| self.apply(it, "reference")),
                        };
                    }
                }
            }
            Content::List(items) => {
                for item in items {
                    changed |= self.walk(item);
                }
            }
            Content::Plain(_) | Content::Text(_) => {}
        }
        changed
    }
}

/// Name, tag and digest of an image. A colon before the last slash belongs to a port.
fn parts(image: &str) -> (&str, &str, &str) {
    let (rest, digest) = image.split_once('@').unwrap_or((image, ""));
    let from = rest.find('/').unwrap_or(0);
    match rest[from..].find(':') {
        Some(at) => (&rest[..from + at], &rest[from + at + 1..], digest),
        None => (rest, "", digest),
    }
}

impl Builder<'_> {
    /// Applies `images` and its old name `imageTags`.
    pub(super) fn images(&mut self, at: usize, resources: &mut [Resource]) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let root = document.root();
        let changes: Vec<Change<'_>> =
            root.items_at(&["images"]).chain(root.items_at(&["imageTags"])).filter_map(Change::read).collect();
        if changes.is_empty() {
            return;
        }
        for resource in resources.iter_mut().filter(|it| it.id.kind != "CustomResourceDefinition") {
            let Some(tree) = resource.edit() else {
                self.rigid(resource);
                continue;
            };
            let mut changed = false;
            for change in &changes {
                changed |= change.walk(tree);
            }
            if changed {
                resource.heed(document.comments());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_have_three_parts() {
        assert_eq!(parts("redis"), ("redis", "", ""));
        assert_eq!(parts("redis:7"), ("redis", "7", ""));
        assert_eq!(parts("host:5000/a/b"), ("host:5000/a/b", "", ""));
        assert_eq!(parts("host:5000/a/b:1@sha256:0"), ("host:5000/a/b", "1", "sha256:0"));
        assert_eq!(parts("a@sha256:0"), ("a", "", "sha256:0"));
    }
}
