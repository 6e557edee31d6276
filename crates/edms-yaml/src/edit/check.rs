//! The check of an edited text: it is parsed again, and says what it said, but for what was meant to change.

use super::change::{Change, What};
use super::file::{File, Parsed, Read, Site};
use super::members::{Inserted, Members};
use super::refusal::Refusal;
use crate::value::Value;
use crate::{Document, NodeRef};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is meant to change in a file.
#[derive(Default)]
struct Meant<'c> {
    set: BTreeMap<Site, &'c Value>,
    members: BTreeMap<Site, Together<'c>>,
    /// By the document before them, in the order in which they stand.
    appended: BTreeMap<usize, BTreeMap<usize, Vec<&'c Value>>>,
}

/// All that happens to the members of a collection.
#[derive(Default)]
struct Together<'c> {
    removed: BTreeSet<u32>,
    renamed: BTreeMap<u32, &'c str>,
    /// By the member before them.
    inserted: BTreeMap<Option<u32>, Vec<&'c Inserted>>,
}

impl<'c> Together<'c> {
    fn add(&mut self, members: &'c Members) {
        self.removed.extend(members.removed.keys());
        self.renamed.extend(members.renamed.iter().map(|(key, name)| (*key, name.as_str())));
        for new in &members.inserted {
            self.inserted.entry(new.after).or_default().push(new);
        }
    }

    /// The new items behind this one, or before all.
    fn behind(&self, item: Option<u32>) -> impl Iterator<Item = Expected<'c>> {
        self.inserted.get(&item).into_iter().flatten().map(|it| Expected::New(&it.value))
    }
}

/// Why a changed text, of which `new` are the documents, is not right; nothing if it is. An error where it cannot be read.
pub(super) fn defect<'c>(
    old: &File,
    new: impl Iterator<Item = Result<Read, Refusal>>,
    changes: impl Iterator<Item = &'c Change>,
) -> Result<Option<&'static str>, Refusal> {
    let mut meant = Meant::default();
    let mut lost = 0;
    for change in changes {
        lost += change.lost.len();
        match &change.what {
            What::Set(site, _, value) => _ = meant.set.insert(*site, value),
            What::Members(site, members) => meant.members.entry(*site).or_default().add(members),
            What::Comment => {}
            What::Append(after, values) => {
                meant.appended.entry(*after).or_default().entry(change.rank()).or_default().extend(values);
            }
        }
    }
    let (mut refused, mut comments) = (None, 0);
    let mut documents = new.map_while(|it| {
        let document = it.map(|it| it.document).map_err(|it| refused = Some(it)).ok()?;
        comments += document.comments().len();
        Some(document)
    });
    let is_right = meant.documents_are_right(old, &mut documents);
    drop(documents);
    if let Some(refusal) = refused {
        return Err(refusal);
    }
    if !is_right {
        return Ok(Some("the edited file does not say what it should"));
    }
    let before: usize = old.documents.iter().map(|it| it.document.comments().len()).sum();
    let is_block = |it: &Parsed| !it.document.root().is_flow();
    if old.documents.iter().all(is_block) && before != comments + lost {
        return Ok(Some("the edited file has lost a comment"));
    }
    Ok(None)
}

/// A value as it is meant to be.
enum Expected<'e> {
    Old(NodeRef<'e>),
    New(&'e Value),
}

impl Meant<'_> {
    fn documents_are_right(&self, old: &File, documents: &mut dyn Iterator<Item = Arc<Document>>) -> bool {
        for (at, parsed) in old.documents.iter().enumerate() {
            // What no edit touches need not have been read again.
            let is_right = |it: Arc<Document>| {
                Arc::ptr_eq(&it, &parsed.document) || self.is_right(at, parsed.document.root(), it.root())
            };
            let is_same = documents.next().is_some_and(is_right);
            let mut appended = self.appended.get(&at).into_iter().flat_map(BTreeMap::values).flatten();
            if !is_same || !appended.all(|own| documents.next().is_some_and(|it| own.is_said_by(it.root()))) {
                return false;
            }
        }
        documents.next().is_none()
    }

    fn is_right(&self, document: usize, old: NodeRef<'_>, new: NodeRef<'_>) -> bool {
        let old = old.resolved();
        let site = Site { document, node: old.id() };
        if let Some(value) = self.set.get(&site) {
            return value.is_said_by(new);
        }
        let members = self.members.get(&site);
        if old.is_map() {
            return new.is_map() && self.is_right_map(document, members, old, new);
        }
        if old.is_seq() {
            return new.is_seq() && self.is_right_list(document, members, old, new);
        }
        old.scalar().is_some() && old.scalar() == new.scalar()
    }

    fn is_expected(&self, document: usize, expected: &Expected<'_>, new: NodeRef<'_>) -> bool {
        match expected {
            Expected::Old(old) => self.is_right(document, *old, new),
            Expected::New(value) => value.is_said_by(new),
        }
    }

    fn is_right_map(
        &self,
        document: usize,
        members: Option<&Together<'_>>,
        old: NodeRef<'_>,
        new: NodeRef<'_>,
    ) -> bool {
        let mut expected: BTreeMap<&str, Expected<'_>> = BTreeMap::new();
        for entry in old.entries() {
            let id = entry.key.id();
            if members.is_some_and(|it| it.removed.contains(&id)) {
                continue;
            }
            let name = members.and_then(|it| it.renamed.get(&id)).copied().unwrap_or(entry.name());
            expected.insert(name, Expected::Old(entry.value));
        }
        for new in members.iter().flat_map(|it| it.inserted.values().flatten()) {
            expected.insert(new.key.as_deref().unwrap_or_default(), Expected::New(&new.value));
        }
        let mut theirs: Vec<_> = new.entries().collect();
        theirs.sort_by_key(|it| it.name());
        let mut pairs = expected.iter().zip(&theirs);
        expected.len() == theirs.len()
            && pairs.all(|(own, it)| *own.0 == it.name() && self.is_expected(document, own.1, it.value))
    }

    fn is_right_list(
        &self,
        document: usize,
        members: Option<&Together<'_>>,
        old: NodeRef<'_>,
        new: NodeRef<'_>,
    ) -> bool {
        let mut expected = Vec::new();
        expected.extend(members.iter().flat_map(|it| it.behind(None)));
        for item in old.items() {
            if !members.is_some_and(|it| it.removed.contains(&item.id())) {
                expected.push(Expected::Old(item));
            }
            expected.extend(members.iter().flat_map(|it| it.behind(Some(item.id()))));
        }
        let mut theirs = new.items();
        expected.iter().all(|own| theirs.next().is_some_and(|it| self.is_expected(document, own, it)))
            && theirs.next().is_none()
    }
}
