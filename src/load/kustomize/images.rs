//! `images`: other names, tags and digests, by the rules of kustomize's `imagetag` filter.

use super::fields::{Field, Leaf, Visit, put_scalar};
use super::leaves::Leaves;
use super::resource::Resource;
use crate::model::{ImageName, Object, pattern};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Comment, Entry, NodeRef};
use regex::Regex;
use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
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
    /// The expression, and what it is compiled to once an image may fit.
    pattern: String,
    patterns: &'a Patterns,
    name: OnceCell<Option<Regex>>,
    /// How the last part of the image's name has to be called, where the expression says so.
    last: Option<&'a str>,
    new_name: Option<&'a str>,
    new_tag: Option<&'a str>,
    suffix: Option<&'a str>,
    digest: Option<&'a str>,
    /// What the new image is written as: the most telling of the fields above.
    entry: TreeEntry,
}

impl<'a> ImageChange<'a> {
    /// Reads an entry. None if it changes nothing.
    pub(super) fn read(node: NodeRef<'a>, patterns: &'a Patterns) -> Option<ImageChange<'a>> {
        let text = |key: &str| node.get(key).map(NodeRef::text).filter(|it| !it.is_empty());
        let written: Option<Entry<'_>> =
            ["digest", "newTag", "tagSuffix", "newName"].into_iter().find_map(|it| node.entry(it));
        let name = text("name").unwrap_or_default();
        // The name is taken for a regular expression; one that is none matches nothing.
        let digest = "(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?";
        Some(ImageChange {
            pattern: format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?{digest}$"),
            patterns,
            name: OnceCell::new(),
            last: literal_end(name),
            new_name: text("newName"),
            new_tag: text("newTag"),
            suffix: text("tagSuffix"),
            digest: text("digest"),
            entry: TreeEntry::of(written?)?,
        })
    }

    /// Whether it is an image that is meant.
    fn fits(&self, image: &str) -> bool {
        let may_be = self.last.is_none_or(|it| last_part(image) == it);
        let name = || self.name.get_or_init(|| self.patterns.get(&self.pattern));
        may_be && name().as_ref().is_some_and(|it| it.is_match(image))
    }

    /// The image as it becomes, if it is one that is meant.
    fn changed(&self, image: &str) -> Option<String> {
        if !self.fits(image) {
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

    /// Changes the images of all objects that may still be changed, of which `named` tells where images are. Definitions of
    /// custom resources are left alone.
    pub(super) fn apply(
        &self,
        fields: &[Field],
        comments: &[Comment],
        named: &mut Named,
        leaves: &Leaves,
        resources: &mut [Resource],
        may_change: &mut dyn FnMut(&mut Resource) -> bool,
    ) -> Result<(), String> {
        let visit = Visit { leaf: Leaf::Nothing, at: self.entry.key_span, entry: Some(&self.entry) };
        for at in named.candidates(self, fields, resources.len()) {
            let resource = &mut resources[at];
            if resource.id.kind == DEFINITION {
                continue;
            }
            if resource.only_moved().is_some_and(|it| self.stays(it, fields, leaves)) {
                continue;
            }
            if !may_change(resource) {
                continue;
            }
            let own: Vec<&Field> = fields.iter().filter(|it| it.is_of(&resource.id)).collect();
            let Some(tree) = resource.edit() else { continue };
            let mut is_changed = self.walk(tree);
            for field in own {
                visit.visit(tree, field, &mut |place, _| {
                    let Some(image) = self.replacement(place) else { return Ok(()) };
                    is_changed = true;
                    put_scalar(place, &image)
                })?;
            }
            if is_changed {
                resource.heed(comments);
                named.add(at, fields, resource);
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

    /// Whether it certainly changes nothing of an object as it is written.
    fn stays(&self, object: &Object, fields: &[Field], leaves: &Leaves) -> bool {
        leaves.all_images(object, fields, |it| self.changed(it).is_none()).unwrap_or(false)
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

/// The kind that definitions of custom resources have.
const DEFINITION: &str = "CustomResourceDefinition";

/// With fewer entries all objects are looked at for each of them.
const FEW: usize = 4;

/// Which objects have images, by the last parts of their names; nothing where that is not worth knowing.
#[derive(Debug, Default)]
pub(super) struct Named {
    by_last: Option<HashMap<String, BTreeSet<usize>>>,
    /// The same by all of their names.
    by_image: HashMap<String, BTreeSet<usize>>,
    /// Those whose fields for images cannot be followed, which is told of each entry.
    broken: BTreeSet<usize>,
    /// Whether fields that are made where they are missing were made in all objects.
    are_made: bool,
}

impl Named {
    /// Of some objects, for so many entries.
    pub(super) fn of(entries: usize, fields: &[Field], resources: &mut [Resource]) -> Named {
        let mut named = Named::default();
        if entries > FEW {
            named.by_last = Some(HashMap::new());
            for (at, resource) in resources.iter_mut().enumerate().filter(|it| it.1.id.kind != DEFINITION) {
                named.add(at, fields, resource);
            }
        }
        named
    }

    fn add(&mut self, at: usize, fields: &[Field], resource: &mut Resource) {
        let Some(by_last) = &mut self.by_last else { return };
        let (id, span) = (resource.id.clone(), resource.span());
        let Some(tree) = resource.edit() else { return };
        let mut images = Vec::new();
        gather(tree, &mut images);
        let visit = Visit { leaf: Leaf::Nothing, at: span, entry: None };
        for field in fields.iter().filter(|it| it.is_of(&id)) {
            let visited = visit.visit(tree, &Field::any(&field.path, false), &mut |place, _| {
                images.extend(place.scalar().map(str::to_owned));
                Ok(())
            });
            if visited.is_err() {
                self.broken.insert(at);
            }
        }
        for image in images {
            by_last.entry(last_part(&image).to_owned()).or_default().insert(at);
            self.by_image.entry(image).or_default().insert(at);
        }
    }

    /// Of so many objects those that may have an image whose name ends so, in order.
    fn candidates(&mut self, change: &ImageChange<'_>, fields: &[Field], count: usize) -> Vec<usize> {
        // A field that is made where it is missing concerns all objects, but once.
        let are_made = std::mem::replace(&mut self.are_made, true) || !fields.iter().any(|it| it.is_made);
        let Some(by_last) = self.by_last.as_ref().filter(|_| are_made) else { return (0..count).collect() };
        let mut found = self.broken.clone();
        if let Some(last) = change.last {
            found.extend(by_last.get(last).into_iter().flatten());
        } else {
            let fits = self.by_image.iter().filter(|it| change.fits(it.0));
            found.extend(fits.flat_map(|it| it.1));
        }
        found.into_iter().collect()
    }

    /// With how many images an entry has to be compared, because it names none.
    pub(super) fn compared(&self, change: &ImageChange<'_>, count: usize) -> usize {
        match &self.by_last {
            _ if change.last.is_some() => 0,
            Some(_) => self.by_image.len(),
            None => count,
        }
    }
}

/// The images of containers at any depth.
fn gather(tree: &Tree, images: &mut Vec<String>) {
    for entry in tree.entries() {
        gather(&entry.value, images);
        if matches!(&*entry.key, "containers" | "initContainers") {
            let own = entry.value.items().iter().filter_map(|it| it.get("image")?.scalar());
            images.extend(own.map(str::to_owned));
        }
    }
    tree.items().iter().for_each(|it| gather(it, images));
}

/// The last part of an image's name, behind the last slash.
fn last_part(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or_default();
    last.split([':', '@']).next().unwrap_or_default()
}

/// The same of a name that is looked for, if it can only be written as it is: a dot may be any letter,
/// and other signs may mean more.
fn literal_end(name: &str) -> Option<&str> {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let last = name.rsplit('/').next().filter(|it| !it.is_empty() && it.chars().all(is_plain))?;
    name.chars().all(|it| is_plain(it) || matches!(it, '/' | '.' | ':')).then_some(last)
}
