//! Documents that were put together and came to the same: one base in many environments.

use super::document::{Document, Rare};
use super::packed::{Kind, Node, ONE_LINE};
use super::tree::{Content, TreeEntry};
use crate::source::Span;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, PoisonError};

/// What was put together so far. Equal documents become one, and of those that differ but in the namespace of their object
/// each knows the first one.
#[derive(Debug, Default)]
pub struct Alike(Mutex<HashMap<u64, Vec<Family>, FixedState>>);

/// Documents that differ but in the namespace.
#[derive(Debug)]
struct Family {
    first: Arc<Document>,
    /// The node of the namespace.
    namespace: Option<usize>,
    /// By the namespace, and where it is written.
    all: HashMap<(Box<str>, [Span; 2]), Arc<Document>, FixedState>,
}

impl Alike {
    /// The document that is equal to this one, if there is one already, or else this one.
    pub fn take(&self, mut document: Document) -> Arc<Document> {
        let namespace = namespace(&document);
        // Objects of one text in many places are not alike.
        let place = document.places().and_then(<[Span]>::first);
        let hash = FixedState::default().hash_one((common(&document, namespace), place));
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let families = known.entry(hash).or_default();
        let key = key(&document, namespace);
        let is_alike = |it: &&mut Family| it.namespace == namespace && is_alike(&it.first, &document, namespace);
        if let Some(family) = families.iter_mut().find(is_alike) {
            document.first = family.first.first;
            return Arc::clone(family.all.entry(key).or_insert_with(|| Arc::new(document)));
        }
        let first = Arc::new(document);
        let all = [(key, Arc::clone(&first))].into_iter().collect();
        families.push(Family { first: Arc::clone(&first), namespace, all });
        first
    }
}

/// The node of the namespace, where nothing that is said of the object can depend on which one it is: it is a name as
/// Kubernetes asks for, and no place but its own is told by where it stands.
fn namespace(document: &Document) -> Option<usize> {
    let metadata = document.root().get("metadata")?;
    let node = metadata.get("namespace")?;
    let is_first = node.id() <= metadata.id() + 2;
    let is_name = is_name(node.as_str()?);
    // The text of the namespace stands behind all others.
    let is_last = document.nodes[node.id() as usize].end as usize == document.text.len();
    (!is_first && is_last && is_name).then_some(node.id() as usize)
}

/// Whether a text can be the name of a namespace.
fn is_name(text: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    let is_name = text.len() < 64 && text.bytes().all(is_part) && !text.starts_with('-') && !text.ends_with('-');
    is_name && !text.is_empty()
}

impl Document {
    /// The same object in another namespace, which stands where the entry does; nothing where more than the namespace would
    /// have to change, or where this is no namespace.
    pub fn in_namespace(&self, entry: &TreeEntry) -> Option<Document> {
        let Content::Text(text) = &entry.value.content else { return None };
        let at = namespace(self).filter(|at| is_name(text) && self.nodes[*at].kind() == Kind::Text)?;
        let places = self.places()?;
        let rare = self.rare.as_ref().filter(|it| it.duplicates.is_empty() && it.dropped.is_none())?;
        let common = &self.text[..self.nodes[at].start as usize];
        let mut nodes = self.nodes.clone();
        nodes[at].end = nodes[at].start + u32::try_from(text.len()).ok()?;
        let key = nodes[at - 1];
        let flags = if entry.is_one_line { ONE_LINE } else { 0 };
        nodes[at - 1] = Node::new(key.start, key.end, key.kind(), flags, key.link());
        let mut places: Box<[Span]> = places.into();
        (places[at - 1], places[at]) = (entry.key_span, entry.value.span);
        let rare = Rare { places: Some(places), comments: rare.comments.clone(), ..Rare::default() };
        let document = Document::new(self.source, [common, text].concat().into(), nodes);
        Some(Document { first: self.first, rare: rare.boxed(), ..document })
    }
}

/// The text that documents with other namespaces have as well.
fn common(document: &Document, namespace: Option<usize>) -> &str {
    let end = namespace.map_or(document.text.len(), |it| document.nodes[it].start as usize);
    &document.text[..end]
}

fn key(document: &Document, namespace: Option<usize>) -> (Box<str>, [Span; 2]) {
    let nowhere = Span { source: document.source, start: 0, end: 0 };
    let Some((at, places)) = namespace.zip(document.places()) else { return (Box::default(), [nowhere; 2]) };
    (document.text[document.nodes[at].start as usize..].into(), [places[at - 1], places[at]])
}

/// Whether two documents are equal but for the namespace at this node of both.
fn is_alike(one: &Document, other: &Document, namespace: Option<usize>) -> bool {
    let same_but = |at: usize, one: Node, other: Node| {
        one.is_of_kind(other) && one.start == other.start && (one.end == other.end || Some(at) == namespace)
    };
    let same_places = |one: &[Span], other: &[Span]| match namespace {
        None => one == other,
        Some(at) => one[..at - 1] == other[..at - 1] && one[at + 1..] == other[at + 1..],
    };
    one.source == other.source
        && one.nodes.len() == other.nodes.len()
        && common(one, namespace) == common(other, namespace)
        && one.nodes.iter().zip(&other.nodes).enumerate().all(|(at, it)| same_but(at, *it.0, *it.1))
        && one.places().zip(other.places()).is_some_and(|it| same_places(it.0, it.1))
        && one.comments() == other.comments()
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::super::tree::{Content, Tree, TreeEntry};
    use super::*;
    use crate::source::SourceId;

    fn document(namespace: Option<&str>, replicas: &str) -> Document {
        let text: Arc<str> = format!("kind: A\nmetadata: {{name: a}}\nspec: {{replicas: {replicas}}}\n").into();
        let parsed = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        let mut tree = Tree::of(parsed.root()).expect("small");
        if let (Some(namespace), Some(metadata)) = (namespace, tree.get_mut("metadata")) {
            let value = Tree { content: Content::Text(namespace.into()), ..metadata.clone() };
            metadata.put(TreeEntry::made("namespace", value));
        }
        tree.freeze(SourceId(0), Vec::new())
    }

    #[test]
    fn equal_documents_are_one_and_others_know_the_first_with_another_namespace() {
        let alike = Alike::default();
        let first = alike.take(document(Some("one"), "1"));
        assert!(Arc::ptr_eq(&first, &alike.take(document(Some("one"), "1"))));
        let other = alike.take(document(Some("another"), "1"));
        assert_eq!(other.root().str_at(&["metadata", "namespace"]), Some("another"));
        assert_eq!(other.root().int_at(&["spec", "replicas"]), Some(1));
        assert!(other.id() != first.id() && other.first_alike() == first.id());
        for different in [(None, "1"), (Some("one"), "2"), (Some("No Name"), "1"), (Some("one"), "'1'")] {
            let different = alike.take(document(different.0, different.1));
            assert_eq!(different.first_alike(), different.id(), "{different:?}");
        }
    }
}
